"""Task 1.1: the slope that `central_difference` estimates is the symmetric quotient of one argument."""

from __future__ import annotations

import math

import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, floats, for_all, for_each, show, student_module

pytestmark = [pytest.mark.task1_1, pytest.mark.timeout(10)]

probes = student_module("scalar_autodiff_probes")

# With epsilon = 1e-6, |x| <= 5 and |f| <= 150 the truncation is at most 150 * epsilon^2 / 6 < 1e-10; f and
# the points are rounded by 2^-53 of their size each and divided by epsilon: less than 2e-7 in all.
ROUNDING = 1e-5

SLOPES = {
    "square": lambda x: 2 * x,
    "cube": lambda x: 3 * x * x,
    "sine": math.cos,
    "exponential": math.exp,
}

# (f(x + e) - f(x - e)) / (2 e), worked out by the addition theorems: exact for an epsilon of any size.
QUOTIENTS = {
    "cube": lambda x, e: 3 * x * x + e * e,
    "sine": lambda x, e: math.cos(x) * math.sin(e) / e,
    "exponential": lambda x, e: math.exp(x) * math.sinh(e) / e,
}

# x * y + y * z^2 is at most quadratic in each argument, where the quotient is the derivative itself.
PARTIAL_SLOPES = (lambda x, y, z: y, lambda x, y, z: x + z * z, lambda x, y, z: 2 * y * z)


@pytest.mark.parametrize("name", SLOPES)
@for_all(x=floats(-5.0, 5.0))
def test_slope_of_a_function_of_one_argument(name, x):
    slope = yield ask(probes.slope, name, x)
    check_close(slope, SLOPES[name](x), f"central_difference({name}, {x})", absolute=ROUNDING)


@pytest.mark.parametrize("name", QUOTIENTS)
@for_all(x=floats(-5.0, 5.0), epsilon=floats(0.01, 1.0), edges=[{"x": 0.0, "epsilon": 0.5}])
def test_quotient_is_central_and_takes_epsilon(name, x, epsilon):
    slope = yield ask(probes.slope, name, x, epsilon=epsilon)
    check_close(slope, QUOTIENTS[name](x, epsilon), f"central_difference({name}, {x}, epsilon={epsilon})")


@for_all(arg=st.integers(0, 2), x=floats(-5.0, 5.0), y=floats(-5.0, 5.0), z=floats(-5.0, 5.0))
def test_only_the_named_argument_moves(arg, x, y, z):
    slope = yield ask(probes.slope, "mixed", x, y, z, arg=arg, epsilon=0.125)
    expected = PARTIAL_SLOPES[arg](x, y, z)
    check_close(
        slope, expected, f"central_difference(x * y + y * z ** 2, {x}, {y}, {z}, arg={arg}, epsilon=0.125)"
    )


def test_epsilon_is_one_millionth_unless_given():
    seen = probes.points([2.0, 3.0], arg=1)
    _check_points(seen, [2.0, 3.0 - 1e-6], [2.0, 3.0 + 1e-6], "central_difference(f, 2.0, 3.0, arg=1)")


def test_first_argument_moves_unless_another_is_named():
    slope = probes.slope("mixed", 1.0, 2.0, 3.0, epsilon=0.125)
    check_close(slope, 2.0, "central_difference(x * y + y * z ** 2, 1.0, 2.0, 3.0, epsilon=0.125)")


@pytest.mark.hidden(
    "f is evaluated at x + epsilon and x - epsilon, with every other argument as it was given"
)
@pytest.mark.weight(2)
@for_all(
    values=st.lists(floats(-8.0, 8.0), min_size=1, max_size=6),
    which=st.integers(0, 5),
    epsilon=st.sampled_from([0.25, 0.5, 1.0]),
)
def test_points_where_f_is_evaluated(values, which, epsilon):
    arg = which % len(values)
    seen = yield ask(probes.points, values, arg=arg, epsilon=epsilon)
    low, high = list(values), list(values)
    low[arg] -= epsilon
    high[arg] += epsilon
    _check_points(seen, low, high, f"central_difference(f, *{values}, arg={arg}, epsilon={epsilon})")


@pytest.mark.hidden("at a kink both sides count alike: |x| has the central slope 0 at x = 0")
@for_each(
    {"x": 2.0, "expected": 1.0},
    {"x": 0.25, "expected": 0.5},
    {"x": 0.0, "expected": 0.0},
    {"x": -0.25, "expected": -0.5},
    {"x": -2.0, "expected": -1.0},
)
def test_both_sides_of_a_kink_count_alike(x, expected):
    slope = yield ask(probes.slope, "absolute", x, epsilon=0.5)
    check_close(slope, expected, f"central_difference(abs, {x}, epsilon=0.5)")


@pytest.mark.hidden("whole numbers are as good as floats, as values and as epsilon")
def test_whole_numbers_are_values_too():
    slope = probes.slope("mixed", 1, 2, 3, arg=2, epsilon=1)
    check_close(slope, 12.0, "central_difference(x * y + y * z ** 2, 1, 2, 3, arg=2, epsilon=1)")


def _check_points(seen, low, high, call):
    reached = any(_near(point, low) for point in seen) and any(_near(point, high) for point in seen)
    check(reached, f"{call} evaluated f at {show(seen)}, expected {low} and {high} among them")


def _near(point, other):
    return len(point) == len(other) and all(
        isinstance(x, (int, float)) and abs(x - y) <= 1e-9 for x, y in zip(point, other, strict=True)
    )

"""Task 5.5: differentials remembered by (y, x): right, computed once, and freed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, floats, for_all, show, student_module

pytestmark = [pytest.mark.task5_5, pytest.mark.timeout(20)]

probes = student_module("optimization_probes")

POINT = st.lists(floats(-2.0, 2.0), min_size=1, max_size=3).map(np.array)
PAIR = st.lists(floats(-2.0, 2.0), min_size=2, max_size=2).map(np.array)

SLOPES = {
    "x * y + x": lambda x, y: np.diag(y + 1),
    "(x + y) ** 2 * y": lambda x, y: np.diag(2 * (x + y) * y),
    "a + a * a, a = x * y": lambda x, y: np.diag(y + 2 * x * y * y),
    "a * a - a, a = x * y": lambda x, y: np.diag(2 * x * y * y - y),
    "x @ y * x": lambda x, y: x @ y * np.eye(len(x)) + np.outer(x, y),
    "y * 3": lambda x, y: np.zeros((len(x), len(x))),
}


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", SLOPES)
@for_all(count=15, x=PAIR, y=PAIR)
def test_derivatives_are_those_of_the_chain_rule(name, x, y):
    found = yield ask(probes.derived, "cache", name, x, y)
    check_close(found, SLOPES[name](x, y), f"dz/dx of z = {name} at x={x.tolist()}, y={y.tolist()}")


@pytest.mark.weight(2)
@for_all(count=30, x=POINT)
def test_several_results_share_one_cache(x):
    found = yield ask(probes.several, x)
    one, zero = np.eye(len(x)), np.zeros((len(x), len(x)))
    expected = [2 * x * one, (6 * x + 1) * one, 3 * one, one, zero]
    names = ("dy/dx", "dz/dx", "dz/dy", "dx/dx", "dy/dz")
    check_close(found, expected, f"of y = x * x, z = 3 y + x at x={x.tolist()}:", parts=names)


def test_the_same_pair_gives_the_same_array():
    same, mixed_up = probes.remembered(np.array([1.0, 2.0]))
    check(same is True, "d(y, x) gives another array when it is asked for again")
    check(mixed_up is False, "d(y, x) and d(z, x) give the same array for different y and z")


@pytest.mark.weight(3)
@pytest.mark.parametrize("depth", [5, 10, 60])
def test_work_grows_linearly_with_depth(depth):
    slope, count = probes.doublings(depth)
    check_close(slope, np.array(2.0**depth), f"dz/dx after {depth} doublings z = z + z", relative=0.0)
    check(
        count <= 2 * depth,
        f"{depth} doublings took {show(count)} local derivatives, expected at most {2 * depth}, one for each operand",
    )


@pytest.mark.weight(2)
def test_all_weights_together_take_each_local_derivative_once():
    factors = [1.0] * 40
    factors[0], factors[20] = 2.0, 3.0
    slopes, count = probes.layers(factors)
    expected = [np.array(6.0 / factor) for factor in factors]
    check_close(slopes, expected, "dE/dw of E, a product of 40 weights w,")
    check(count <= 78, f"all 40 derivatives took {show(count)} local derivatives, expected at most 78")


@pytest.mark.weight(2)
def test_what_was_dropped_is_freed_at_once():
    numbers, alive = probes.left_over(hessian=False)
    x = np.array([0.5, 1.5])
    expected = x * x / np.cosh(x) ** 2 + 2 * x * np.tanh(x)
    check_close(numbers, expected, "gradient of tanh(x) x^2")
    check_equal(alive, 0, "arrays that live on after all was dropped (a cycle, or a cache that stays)")


@pytest.mark.hidden("arrays named constant take no local derivative, and count as constant")
@pytest.mark.weight(2)
def test_constant_arrays_are_left_out():
    slope, counts = probes.evaluated("cache", hint=True)
    what = "dy/dx of y = 3 p + 5 q + 11 r, p = 2 x, q = 7 x, with q named constant,"
    check_close(slope, np.array(6.0), what)
    check_equal((counts["dy_dq"], counts["dq_dx"]), (0, 0), f"evaluations of dy/dq and dq/dx for {what}")


@pytest.mark.hidden("a differential is differentiated by the same cache: second derivatives")
@pytest.mark.weight(2)
@for_all(count=30, x=PAIR, y=PAIR)
def test_second_differential(x, y):
    found = yield ask(probes.derived, "cache", "a * a - a, a = x * y", x, y, order=2)
    expected = np.zeros((2, 2, 2))
    expected[[0, 1], [0, 1], [0, 1]] = 2 * y * y
    check_close(found, expected, f"second derivative of a * a - a, a = x y, at {x.tolist()}, {y.tolist()}")


@pytest.mark.hidden("an array that is made where another one was freed is not taken for that one")
@pytest.mark.weight(2)
def test_dropped_arrays_are_not_mixed_up():
    found = probes.one_after_the_other(60)
    check_close(found, [float(k) for k in range(60)], "slopes of k x for k = 0, 1, ..., one after the other:")


@pytest.mark.hidden("a graph of 1200 layers is no deeper than the stack allows")
def test_deep_graphs():
    slopes, count = probes.layers([2.0, *[1.0] * 1198, 4.0])
    check_close(slopes[0], np.array(4.0), "dE/dw for the first of 1200 weights")
    check_close(slopes[-1], np.array(2.0), "dE/dw for the last of 1200 weights")
    check(count <= 2 * 1199, f"1200 layers took {show(count)} local derivatives, expected at most {2 * 1199}")


@pytest.mark.hidden("the graph of a Hessian is freed at once as well")
def test_hessian_is_freed_at_once():
    _, alive = probes.left_over(hessian=True)
    check_equal(alive, 0, "arrays that live on after a Hessian and all else was dropped")

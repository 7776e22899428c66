"""Task 5.1: gradients and Hessians by automatic differentiation, an adaptive step, a step of Newton's."""

# ruff: noqa: N803, N806  (A and H are matrices)

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, floats, for_all, show, student_module

pytestmark = [pytest.mark.task5_1, pytest.mark.timeout(20)]

probes = student_module("optimization_probes")

A = np.array([[4.0, 1.0], [1.0, 3.0]])
B = np.array([1.0, 2.0])
BOWL = [A, B, 0.1]

COORDINATE = floats(-3.0, 3.0)
POINT = st.lists(COORDINATE, min_size=1, max_size=3).map(np.array)
PAIR = st.lists(COORDINATE, min_size=2, max_size=2).map(np.array)


def matrix(n, seed):
    """A matrix and a vector; the matrix is not symmetric."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, n)), rng.normal(size=n)


def bowl(A, b, q, x):
    return 0.5 * x @ A @ x - b @ x + q * np.sum(x**4)


def bowl_slope(A, b, q, x):
    return (A + A.T) @ x / 2 - b + 4 * q * x**3


def bowl_bend(A, q, x):
    return (A + A.T) / 2 + np.diag(12 * q * x**2)


@pytest.mark.weight(2)
@for_all(count=25, x=POINT, seed=st.integers(0, 99))
def test_gradient_of_a_bowl(x, seed):
    M, b = matrix(len(x), seed)
    g, _ = yield ask(probes.slopes, "gradient", "bowl", [M, b, 0.5], x)
    check_close(g, bowl_slope(M, b, 0.5, x), f"gradient of 1/2 x A x - b x + 1/2 sum of x^4 at {x.tolist()}")


@pytest.mark.weight(2)
@for_all(count=12, x=POINT, seed=st.integers(0, 99))
def test_hessian_of_a_bowl(x, seed):
    M, b = matrix(len(x), seed)
    H, _ = yield ask(probes.slopes, "hessian", "bowl", [M, b, 0.5], x)
    check_close(H, bowl_bend(M, 0.5, x), f"hessian of 1/2 x A x - b x + 1/2 sum of x^4 at {x.tolist()}")


@pytest.mark.weight(2)
@for_all(count=25, x=PAIR, g=PAIR, rate=floats(0.01, 0.05))
def test_trial_step_goes_where_the_landscape_is_lower(x, g, rate):
    g = bowl_slope(A, B, 0.1, x) + 0.01 * g
    point, new_rate = yield ask(probes.trial, "bowl", BOWL, x, g, rate)
    lower = bowl(A, B, 0.1, x - rate * g) < bowl(A, B, 0.1, x)
    what = f"trial_step from x={x.tolist()} along g={g.round(3).tolist()} with rate {rate}"
    check_close(point, x - rate * g if lower else x, f"{what}: the point")
    check_close(new_rate, (1.2 if lower else 0.5) * rate, f"{what}: the new rate")


def test_trial_step_stays_where_the_trial_is_higher():
    x, g = np.array([1.0, -1.0]), np.array([4.0, -2.0])
    point, rate = probes.trial("bowl", BOWL, x, g, 2.0)
    check_close(point, x, "trial_step with rate 2.0, much too long: the point")
    check_close(rate, 1.0, "trial_step with rate 2.0, much too long: the new rate")


def test_newton_step_goes_to_the_lowest_point_of_a_quadratic():
    lowest = np.linalg.solve(A, B)
    for start in ([5.0, -3.0], [0.0, 0.0], [-40.0, 100.0]):
        point = probes.newton("bowl", [A, B, 0.0], np.array(start))
        check_close(point, lowest, f"newton_step on a quadratic landscape from {start}", relative=1e-8)


@pytest.mark.weight(2)
def test_gradient_descent_arrives_and_never_climbs():
    points, trials, arrived = probes.walk(
        "gradient_descent", "bowl", BOWL, np.array([2.0, -3.0]), max_trials=300
    )
    check(arrived is True, f"gradient_descent did not arrive within {show(trials)} trials")
    heights = [bowl(A, B, 0.1, x) for x in points]
    check(all(a > b for a, b in pairwise(heights)), "gradient_descent went uphill")
    slope = np.abs(bowl_slope(A, B, 0.1, points[-1])).max()
    check(slope <= 2e-6, f"gradient_descent ends where the gradient is {slope:.3g}, expected at most 1e-06")


def test_newtons_method_arrives_in_a_few_steps():
    points, trials, arrived = probes.walk("newtons_method", "bowl", BOWL, np.array([2.0, -3.0]))
    check(arrived is True, f"newtons_method did not arrive within {show(trials)} steps")
    check(trials <= 8, f"newtons_method took {show(trials)} steps on a bowl, expected at most 8")
    check_close(bowl_slope(A, B, 0.1, points[-1]), np.zeros(2), "gradient at its last point", absolute=2e-6)


@pytest.mark.hidden("gradient and Hessian are right where components are mixed: exp(x0 x1) + x0^2 x1")
@pytest.mark.weight(2)
@for_all(count=12, x=st.lists(floats(-1.5, 1.5), min_size=2, max_size=2).map(np.array))
def test_slopes_of_a_mixed_landscape(x):
    g, _ = yield ask(probes.slopes, "gradient", "mixed", [], x)
    H, _ = yield ask(probes.slopes, "hessian", "mixed", [], x)
    a, b = x
    e = np.exp(a * b)
    check_close(g, np.array([b * e + 2 * a * b, a * e + a * a]), f"gradient at {x.tolist()}")
    off = (1 + a * b) * e + 2 * a
    check_close(H, np.array([[b * b * e + 2 * b, off], [off, a * a * e]]), f"hessian at {x.tolist()}")


@pytest.mark.hidden("a Newton step solves H p = g with the Hessian at that very point")
@pytest.mark.weight(2)
@for_all(count=10, x=PAIR)
def test_newton_step_on_a_bent_bowl(x):
    point = yield ask(probes.newton, "bowl", BOWL, x)
    expected = x - np.linalg.solve(bowl_bend(A, 0.1, x), bowl_slope(A, B, 0.1, x))
    check_close(point, expected, f"newton_step from {x.tolist()}", relative=1e-8)


@pytest.mark.hidden("a trial at the same height is no progress: stay, and halve the rate")
def test_trial_step_stays_where_the_trial_is_level():
    x = np.array([1.0, 0.0])
    point, rate = probes.trial("bowl", [np.eye(2), np.zeros(2), 0.0], x, np.array([2.0, 0.0]), 1.0)
    check_close(point, x, "trial_step from (1, 0) to (-1, 0), which is as high: the point")
    check_close(rate, 0.5, "trial_step from (1, 0) to (-1, 0), which is as high: the new rate")


@pytest.mark.hidden("the first steps of gradient descent are those of the rule: 1.2 times bolder, or halved")
@for_all(count=10, x=PAIR)
def test_first_trials_follow_the_rule(x):
    points, _, _ = yield ask(probes.walk, "gradient_descent", "bowl", BOWL, x, rate=0.3, max_trials=8)
    expected, rate = [x], 0.3
    for _ in range(8):
        g = bowl_slope(A, B, 0.1, expected[-1])
        trial = expected[-1] - rate * g
        if bowl(A, B, 0.1, trial) < bowl(A, B, 0.1, expected[-1]):
            expected.append(trial)
            rate *= 1.2
        else:
            rate *= 0.5
    what = f"points of gradient_descent from {x.tolist()}, rate 0.3, 8 trials"
    check_close(points, np.array(expected), what, relative=1e-6, absolute=1e-6)


@pytest.mark.hidden("the point that is given stays as it was")
def test_the_given_point_is_not_written_to():
    x = np.array([1.0, 2.0])
    for name in ("gradient", "hessian"):
        check_equal(probes.slopes(name, "bowl", BOWL, x)[1], x, f"the point after {name}")

"""Task 5.2: Newton's direction with a length that is controlled."""

# ruff: noqa: N803, N806  (S and H are matrices)

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, floats, for_all, show, student_module

pytestmark = [pytest.mark.task5_2, pytest.mark.timeout(20)]

probes = student_module("optimization_probes")

S = np.array([[1.0, 0.5], [-0.3, 1.0]])
C = np.array([1.0, 0.5])
START = np.array([-2.5, 1.5])
PAIR = st.lists(floats(-6.0, 6.0), min_size=2, max_size=2).map(np.array)


def height(x, S=S, c=C):
    return np.sum(np.sqrt(1 + (S @ (x - c)) ** 2))


def direction(x, S=S, c=C):
    """Newton's p, from gradient and Hessian by hand."""
    u = S @ (x - c)
    root = np.sqrt(1 + u**2)
    return np.linalg.solve(S.T @ np.diag(root**-3) @ S, S.T @ (u / root))


@pytest.mark.weight(3)
def test_arrives_where_newtons_method_is_lost():
    _, _, newton_arrived = probes.walk("newtons_method", "sides", [S, C], START)
    points, _, arrived = probes.walk("controlled_newton", "sides", [S, C], START)
    check(newton_arrived is False, "newtons_method should be lost on this landscape without control")
    check(arrived is True, "controlled_newton did not arrive at the lowest point")
    check_close(points[0], START, "the first point of the path")
    check_close(points[-1], C, "the last point of the path", absolute=1e-5)


@pytest.mark.weight(3)
@for_all(count=6, start=PAIR)
def test_every_step_is_lower_and_a_fraction_of_newtons(start):
    points, trials, arrived = yield ask(probes.walk, "controlled_newton", "sides", [S, C], start)
    what = f"controlled_newton from {start.tolist()}"
    check(arrived is True, f"{what} did not arrive")
    _check_steps(points, trials, what)


@pytest.mark.weight(2)
def test_near_the_lowest_point_whole_steps_arrive_almost_at_once():
    points, trials, arrived = probes.walk("controlled_newton", "sides", [S, C], C + np.array([0.3, -0.2]))
    check(arrived is True, "controlled_newton did not arrive from nearby")
    check(len(points) <= 5, f"from nearby it took {show(len(points) - 1)} steps, expected at most 4")
    check_equal(trials, len(points) - 1, "trials from nearby, where every whole step is lower,")


def test_a_quadratic_landscape_takes_one_step():
    A, b = np.array([[4.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0])
    points, _, arrived = probes.walk("controlled_newton", "bowl", [A, b, 0.0], np.array([30.0, -20.0]))
    check(arrived is True, "controlled_newton did not arrive on a quadratic landscape")
    check_equal(len(points), 2, "points of its path on a quadratic landscape")


def test_a_point_as_high_as_x_is_not_lower():
    # f = 10 x^2 - x^4 at x = 1: g = 16, H = 8, so x - p = -1, where f is 9 as well; half the step ends at 0
    points, trials, arrived = probes.walk(
        "controlled_newton", "bowl", [np.array([[20.0]]), np.zeros(1), -1.0], np.ones(1), max_steps=10
    )
    what = "controlled_newton on 10 x^2 - x^4 from 1, where the whole step leads to -1, which is as high: "
    check_close(points, np.array([[1.0], [0.0]]), f"{what}its points", absolute=1e-6)
    check_equal((trials, arrived), (2, True), f"{what}trials and arrived")


@pytest.mark.hidden("a start at the lowest point is a path of one point, without a trial")
def test_nothing_is_done_at_the_lowest_point():
    points, trials, arrived = probes.walk("controlled_newton", "sides", [S, C], C)
    check_close(points, C.reshape(1, 2), "points from the lowest point")
    check_equal((trials, arrived), (0, True), "trials and arrived from the lowest point")


@pytest.mark.hidden("it stops after max_steps steps, and says that it did not arrive")
def test_the_number_of_steps_is_limited():
    points, _, arrived = probes.walk("controlled_newton", "sides", [S, C], START, max_steps=2)
    check_equal((len(points), arrived), (3, False), "number of points and arrived with max_steps=2")


@pytest.mark.hidden("in one and in three dimensions, far from the lowest point")
@pytest.mark.weight(2)
@pytest.mark.parametrize("n", [1, 3])
@for_all(count=3, seed=st.integers(0, 999))
def test_other_dimensions(n, seed):
    rng = np.random.default_rng(seed)
    scales, centre = np.eye(n) + 0.2 * rng.uniform(-1, 1, (n, n)), rng.normal(size=n)
    start = centre + rng.uniform(-5, 5, n)
    points, trials, arrived = yield ask(probes.walk, "controlled_newton", "sides", [scales, centre], start)
    what = f"controlled_newton in {n} dimensions"
    check(arrived is True, f"{what} did not arrive")
    check_close(points[-1], centre, f"{what}: the last point", absolute=1e-5)
    _check_steps(points, trials, what, scales, centre)


def _check_steps(points, trials, what, S=S, c=C):
    """Each step is the longest of p, p/2, p/4, ... that leads lower, and every one that was tried is counted."""
    counted = 0
    for x, y in pairwise(points):
        p, here, there = direction(x, S, c), height(x, S, c), height(y, S, c)
        at = f"{what}, from {x.round(4).tolist()} to {y.round(4).tolist()}"
        check(there <= here + 1e-12, f"{at}: height rises from {here:.6g} to {there:.6g}")
        t = float((x - y) @ p / (p @ p))
        check_close(x - y, t * p, f"{at}: the step, which should lie along p,", relative=1e-6, absolute=1e-8)
        halvings = round(-math.log2(t)) if t > 0 else -1
        check(
            halvings >= 0 and abs(t - 0.5**halvings) <= 1e-5,
            f"{at}: the step is {t:.6g} p, expected p, p/2, p/4, ...",
        )
        if halvings:
            longer = height(x - 2 * t * p, S, c)
            check(longer >= here - 1e-12, f"{at}: the step is {t:.6g} p, and twice as much was lower as well")
        counted += halvings + 1
    check_equal(trials, counted, f"trials of {what}")

"""Task 5.6: experiments that change one thing at a time."""

# ruff: noqa: N806  (X is the matrix of the points)

from __future__ import annotations

import math

import network_by_hand as by_hand
import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, for_all, show, student_module

pytestmark = [pytest.mark.task5_6, pytest.mark.timeout(30)]

probes = student_module("optimization_probes")

SETTINGS = {"rate": 0.1, "size": 5, "epochs": 2, "seed": 5}


def drawn(seed, count=12):
    """A problem as plain data: true weights, start, training and test samples."""
    start, true, X, t = by_hand.drawn(seed, count)
    test_X = np.random.default_rng(seed + 1).uniform(-2.0, 2.0, (40, 2))
    test = [test_X, by_hand.outputs(true, test_X) + 0.1]
    return {"true": true, "start": start, "training": [X, t], "test": test}


def curve(problem, settings, epochs_of_batches, start=None):
    """The curve by hand; a different gradient in each batch, so the order of the batches is asked for."""
    weights, (X, t) = start or problem["start"], problem["training"]
    states = [weights]
    for batches in epochs_of_batches:
        for batch in batches:
            weights = by_hand.stepped(weights, X[batch], t[batch], settings["rate"])
        states.append(weights)
    return [
        [by_hand.relative_error(w, problem["true"], *problem[name]) for w in states]
        for name in ("training", "test")
    ]


def check_curve(row, expected, steps, what):
    check(type(row[1]) is list and type(row[2]) is list, f"{what}: training and test are to be lists")
    check_close(list(map(float, row[1])), expected[0], f"{what}: training error after epoch", relative=1e-7)
    check_close(list(map(float, row[2])), expected[1], f"{what}: test error after epoch", relative=1e-7)
    check_equal(int(row[3]), steps, f"{what}: steps")


@pytest.mark.weight(3)
@for_all(count=4, seed=st.integers(0, 999))
def test_learning_curve(seed):
    problem = drawn(seed)
    (row,), _ = yield ask(probes.experiment, "learning_curve", problem, SETTINGS)
    batches = yield ask(probes.drawn_batches, 12, 5, 5, 2)
    what = "learning_curve of 12 samples in batches of 5"
    check_curve(row, curve(problem, SETTINGS, batches), 6, what)
    # twice the differentials at the same rate move as far as the differentials at twice the rate
    (row,), _ = yield ask(probes.experiment, "learning_curve", problem, SETTINGS, factor=2.0)
    expected = curve(problem, {"rate": 2 * SETTINGS["rate"]}, batches)
    check_curve(row, expected, 6, f"{what}, settings.derive giving 2 times the differentials")


@pytest.mark.weight(2)
def test_every_rate_starts_anew():
    problem, rates = drawn(3), [0.3, 0.01, 0.1]
    rows, _ = probes.experiment("vary_rate", problem, SETTINGS, rates)
    check_equal([row[0] for row in rows], rates, "rates of vary_rate")
    batches = probes.drawn_batches(12, 5, 5, 2)
    for row, rate in zip(rows, rates, strict=True):
        check_curve(row, curve(problem, {"rate": rate}, batches), 6, f"vary_rate, rate {rate}")


@pytest.mark.weight(2)
def test_every_batch_size_starts_anew():
    problem, sizes = drawn(4), [12, 5, 1]
    rows, _ = probes.experiment("vary_batch_size", problem, SETTINGS, sizes)
    check_equal([row[0] for row in rows], sizes, "sizes of vary_batch_size")
    for row, size in zip(rows, sizes, strict=True):
        batches = probes.drawn_batches(12, size, 5, 2)
        steps = 2 * math.ceil(12 / size)
        check_curve(row, curve(problem, SETTINGS, batches), steps, f"vary_batch_size, size {size}")


@pytest.mark.weight(2)
def test_fewer_samples_are_the_first_ones_and_the_test_samples_stay():
    problem, counts = drawn(5), [12, 7]
    rows, _ = probes.experiment("vary_sample_size", problem, SETTINGS, counts)
    check_equal([row[0] for row in rows], counts, "counts of vary_sample_size")
    X, t = problem["training"]
    for row, count in zip(rows, counts, strict=True):
        fewer = {**problem, "training": [X[:count], t[:count]]}
        batches = probes.drawn_batches(count, 5, 5, 2)
        steps = 2 * math.ceil(count / 5)
        check_curve(row, curve(fewer, SETTINGS, batches), steps, f"vary_sample_size, {count} samples")


@pytest.mark.weight(2)
def test_from_the_true_weights():
    problem = drawn(6)
    (row,), _ = probes.experiment("from_true_weights", problem, SETTINGS)
    batches = probes.drawn_batches(12, 5, 5, 2)
    check_equal((row[1][0], row[2][0]), (0.0, 0.0), "relative errors of the true weights, before learning,")
    check_curve(row, curve(problem, SETTINGS, batches, start=problem["true"]), 6, "from_true_weights")


@pytest.mark.hidden(
    "from the true weights the training error falls below 0: they are beaten on noisy samples"
)
def test_the_true_weights_are_beaten():
    problem = drawn(8, count=20)
    settings = {"rate": 0.1, "size": 20, "epochs": 20, "seed": 0}
    (row,), _ = probes.experiment("from_true_weights", problem, settings)
    check(row[1][-1] < 0.0, f"training error from the true weights is {show(row[1][-1])}, expected below 0")


@pytest.mark.hidden("an experiment leaves the problem as it was, and other seeds draw other batches")
def test_the_problem_stays_and_the_seed_decides():
    problem = drawn(7)
    arrays = [*problem["true"], *problem["start"], *problem["training"], *problem["test"]]
    (row,), after = probes.experiment("learning_curve", problem, SETTINGS)
    check_equal(after, arrays, "the problem's arrays after an experiment")
    (again,), _ = probes.experiment("learning_curve", problem, SETTINGS)
    check_equal(again[1], row[1], "training errors of the same run, run twice")
    (other,), _ = probes.experiment("learning_curve", problem, {**SETTINGS, "seed": 6})
    check(other[1] != row[1], "runs with the seeds 5 and 6 have the same errors: use settings.seed")


@pytest.mark.hidden("no epochs: the errors of the start alone")
def test_no_epochs():
    problem = drawn(9)
    (row,), _ = probes.experiment("learning_curve", problem, {**SETTINGS, "epochs": 0})
    check_curve(row, curve(problem, SETTINGS, []), 0, "learning_curve without epochs")

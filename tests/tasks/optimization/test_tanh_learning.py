"""Task 5.3: a tanh network, its errors, mini-batches, and descent on them."""

# ruff: noqa: N806  (X is the matrix of the points)

from __future__ import annotations

import network_by_hand as by_hand
import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, floats, for_all, student_module

pytestmark = [pytest.mark.task5_3, pytest.mark.timeout(20)]

probes = student_module("optimization_probes")

NAMES = ("W", "b", "v", "c")
SEED = st.integers(0, 10_000)
VECTOR = st.lists(floats(-5.0, 5.0), min_size=1, max_size=6)


@for_all(count=50, seed=SEED, count_of_points=st.integers(1, 6))
def test_outputs_of_the_network(seed, count_of_points):
    weights, _, X, _ = by_hand.drawn(seed, count_of_points)
    o = yield ask(probes.outputs, weights, X)
    check_close(o, by_hand.outputs(weights, X), f"outputs of a network at {count_of_points} points")


@for_all(count=50, o=VECTOR, seed=SEED)
def test_mean_squared_error_and_its_slope(o, seed):
    o = np.array(o)
    t = np.random.default_rng(seed).normal(size=o.shape)
    E, dE = yield ask(probes.squared_error, o, t)
    what = f"mean_squared_error of {o.tolist()} where {t.round(3).tolist()} was measured"
    check_close(E, np.array(np.mean((o - t) ** 2)), what)
    check_close(dE, 2 * (o - t) / len(o), f"derivative with respect to the outputs of {what}")


@for_all(count=30, seed=SEED)
def test_relative_error_compares_with_the_true_weights(seed):
    weights, true, X, t = by_hand.drawn(seed, 20)
    found = yield ask(probes.error, weights, true, X, t)
    check_close(
        found, by_hand.relative_error(weights, true, X, t), "relative_error of weights that were drawn"
    )
    absolute = yield ask(probes.error, weights, None, X, t)
    check_close(absolute, by_hand.absolute_error(weights, X, t), "mean_absolute_error of the same weights")


def test_relative_error_is_0_for_the_true_weights_and_below_it_for_better_ones():
    weights, true, X, t = by_hand.drawn(1, 20)
    check_close(probes.error(true, true, X, t), 0.0, "relative_error of the true weights")
    o = by_hand.outputs(weights, X)
    check_close(probes.error(weights, true, X, o), -1.0, "relative_error of weights without any error")


@pytest.mark.parametrize(("count", "size"), [(20, 5), (23, 5), (4, 10), (7, 1), (6, 6)])
def test_batches_hold_every_number_once(count, size):
    (found,) = probes.drawn_batches(count, size, 3)
    what = f"batches({count}, {size}, rng)"
    check_equal(
        sorted(i for batch in found for i in batch), list(range(count)), f"all numbers in {what}, sorted,"
    )
    lengths = [size] * (count // size) + ([count % size] if count % size else [])
    check_equal([len(batch) for batch in found], lengths, f"lengths of {what}")


def test_batches_are_drawn_anew_each_time():
    first, second = probes.drawn_batches(30, 30, 0, times=2)
    check(first != [list(range(30))], "batches are in the samples' own order; let rng draw one")
    check(first != second, "batches of a second pass are those of the first; let rng draw again")
    check_equal(probes.drawn_batches(30, 30, 0)[0], first, "batches of an equal generator")


@pytest.mark.weight(2)
@for_all(count=15, seed=SEED, rate=floats(0.01, 0.5))
def test_step_moves_all_weights_against_the_gradient(seed, rate):
    weights, _, X, t = by_hand.drawn(seed, 5)
    moved, _ = yield ask(probes.stepped, weights, X, t, rate)
    _check_weights(moved, by_hand.stepped(weights, X, t, rate), f"step with rate {rate}: the new")


@pytest.mark.weight(3)
@pytest.mark.parametrize(("size", "factor"), [(20, 1.0), (6, 2.0), (1, 1.0)], ids=["20", "6", "1"])
def test_epoch_is_a_step_for_each_batch(size, factor):
    weights, _, X, t = by_hand.drawn(5, 20)
    (drawn,) = probes.drawn_batches(20, size, 8)
    expected = weights
    for batch in drawn:
        expected = by_hand.stepped(expected, X[batch], t[batch], factor * 0.1)
    found = probes.passed(weights, X, t, size, 8, factor)
    derive = f", derive giving {factor:g} times the differentials" if factor != 1 else ""
    _check_weights(found, expected, f"epoch of 20 samples in batches of {size}{derive}: the new")


@pytest.mark.hidden("step leaves the weights that it was given as they were")
def test_step_leaves_the_old_weights():
    weights, _, X, t = by_hand.drawn(2, 5)
    _, after = probes.stepped(weights, X, t, 0.3)
    check_equal(after, weights, "the old weights after step")


@pytest.mark.hidden("step asks derive once, for all four weights, and tells it that X and t are constant")
def test_step_derives_once_and_names_what_is_constant():
    weights, _, X, t = by_hand.drawn(2, 5)
    calls = probes.told_to_derive(weights, X, t)
    expected = [[[], [[2, 3], [3], [3], []], [True, True]]]
    check_equal(
        calls, expected, "calls of derive (shape of E, shapes of the leaves, whether X and t are constant)"
    )


@pytest.mark.hidden("networks with one and with five hidden neurons")
@pytest.mark.weight(2)
@pytest.mark.parametrize("hidden", [1, 5])
@for_all(count=8, seed=SEED)
def test_other_networks(hidden, seed):
    weights, _, X, t = by_hand.drawn(seed, 4, hidden)
    moved, _ = yield ask(probes.stepped, weights, X, t, 0.2)
    _check_weights(moved, by_hand.stepped(weights, X, t, 0.2), f"step with {hidden} hidden neurons: the new")


@pytest.mark.hidden("several passes over the samples bring the error down")
@pytest.mark.weight(2)
def test_a_few_epochs_bring_the_error_down():
    weights, true, X, t = by_hand.drawn(7, 30)
    before = by_hand.relative_error(weights, true, X, t)
    for seed in range(5):
        weights = probes.passed(weights, X, t, 6, seed)
    after = by_hand.relative_error(weights, true, X, t)
    check(after <= 0.5 * before, f"RMAE after 5 epochs is {after:.3g}, expected at most half of {before:.3g}")


def _check_weights(found, expected, what):
    check_close(by_hand.plain(found), by_hand.plain(expected), what, parts=NAMES)

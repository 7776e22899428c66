"""Task 4.7: a step moves a leaf in place, and a training holds no more tensors from step to step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, floats, for_all, show, student_module

pytestmark = [pytest.mark.task4_7, pytest.mark.detach, pytest.mark.timeout(20)]

probes = student_module("tensor_autodiff_probes")

SEED = st.integers(0, 2**32 - 1)


def drawn(seed, n=5, d=3):
    """Points, targets and weights of a linear fit."""
    random = np.random.default_rng(seed)
    return random.normal(size=(n, d)), random.normal(size=(n, 1)), random.normal(size=(d, 1))


def fitted(x, t, w, rate, steps):
    """The mean of the sums of squares before each step, and the weights after the last."""
    losses = []
    for _ in range(steps):
        error = x @ w - t
        losses.append(np.sum(error**2))
        w = w - rate * 2 * x.T @ error
    return np.asarray(np.mean(losses)), w


def check_flat(steps, seed):
    calls, more = probes.live_during_training(*drawn(seed), steps)
    check_equal(calls, steps, f"how often loss_of was called in {steps} steps")
    what = f"tensors are alive before step {steps} of train than before step 2"
    check(more <= 0, f"{show(more)} more {what}: what is kept from step to step is not detached")


@for_all(count=30, seed=SEED, rate=floats(0.0, 2.0))
def test_descend_moves_a_leaf_against_its_gradient(seed, rate):
    w, grad = np.random.default_rng(seed).uniform(-2.0, 2.0, (2, 2)).round(2)
    got, _, _ = yield ask(probes.descend, w, grad, rate)
    what = f"w after descend(w, {rate}) with w = {w.tolist()}, w.grad = {grad.tolist()}: it"
    check_close(got, w - rate * grad, what)


def test_descend_leaves_a_leaf_and_no_gradient():
    _, leaf, gone = probes.descend(np.array([1.0, 2.0]), np.array([3.0, 4.0]), 0.1)
    check(leaf, "after descend(w, 0.1) w is no leaf any more that takes gradients: move its data")
    check(gone, "after descend(w, 0.1) w.grad is still there, expected None")


@for_all(count=20, seed=SEED)
def test_training_moves_the_parameters(seed):
    x, t, w = drawn(seed)
    _, moved, _ = yield ask(probes.fitted, x, t, w, 0.01, 3)
    check_close(moved, fitted(x, t, w, 0.01, 3)[1], "w after train(loss_of, [w], 0.01, 3): it")


@for_all(count=20, seed=SEED, steps=st.integers(1, 5))
def test_training_returns_the_mean_of_the_losses(seed, steps):
    x, t, w = drawn(seed)
    mean, _, _ = yield ask(probes.fitted, x, t, w, 0.01, steps)
    check_close(mean, fitted(x, t, w, 0.01, steps)[0], f"what train(loss_of, [w], 0.01, {steps}) returns")


@pytest.mark.weight(3)
def test_memory_is_flat_during_a_training():
    check_flat(6, 1)


def test_mean_holds_no_graph():
    _, _, constant = probes.fitted(*drawn(2), 0.01, 3)
    check(constant, "what train returns is no constant that remembers nothing: detach each loss")


@pytest.mark.hidden("in a long training memory is as flat as in a short one")
@pytest.mark.weight(2)
def test_memory_is_flat_during_a_long_training():
    check_flat(60, 3)


@pytest.mark.hidden("a training of one step, and one without a rate, are trainings too")
def test_training_of_one_step_and_of_none_that_moves():
    x, t, w = drawn(4)
    for rate, steps in [(0.1, 1), (0.0, 3)]:
        got, expected = probes.fitted(x, t, w, rate, steps)[:2], fitted(x, t, w, rate, steps)
        check_close(
            got, expected, f"train(loss_of, [w], {rate}, {steps}): the", parts=("mean", "w afterwards")
        )


@pytest.mark.hidden("a training that goes downhill fits the points")
def test_training_fits():
    x, _, w = drawn(5, n=8)
    t = x @ np.array([[1.0], [-2.0], [0.5]])
    _, moved, _ = probes.fitted(x, t, w, 0.02, 200)
    check_close(
        moved, fitted(x, t, w, 0.02, 200)[1], "w after train(loss_of, [w], 0.02, 200): it", relative=1e-6
    )

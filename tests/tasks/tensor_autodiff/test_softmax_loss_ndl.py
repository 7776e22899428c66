"""Task 4.5: the softmax loss and its derivatives are those of the formulas, however large the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check_close, for_all, student_module

pytestmark = [pytest.mark.task4_5, pytest.mark.softmax_loss, pytest.mark.timeout(20)]

probes = student_module("tensor_autodiff_probes")

SEED = st.integers(0, 2**32 - 1)
SHAPE = st.tuples(st.integers(1, 6), st.integers(2, 6))


def drawn(n, k, seed, spread=3.0):
    """Numbers (n, k), and a right class for each row, one-hot."""
    random = np.random.default_rng(seed)
    return random.normal(0.0, spread, (n, k)).round(2), np.eye(k)[random.integers(k, size=n)]


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def mean_loss(z, y):
    """With numpy's own logarithm of a sum of exponentials."""
    return np.asarray(np.mean(np.logaddexp.reduce(z, axis=1) - (z * y).sum(axis=1)))


@for_all(count=50, shape=SHAPE, seed=SEED)
def test_loss_is_the_mean_over_the_rows(shape, seed):
    z, y = drawn(*shape, seed)
    got, _ = yield ask(probes.loss, z, y)
    check_close(got, mean_loss(z, y), f"softmax_loss of Z = {z.tolist()} and y = {y.argmax(axis=1).tolist()}")


def test_loss_of_worked_numbers():
    z, y = np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, 0.0, 1.0]])
    check_close(
        probes.loss(z, y)[0], np.asarray(0.4076059644443803), "softmax_loss of Z = [[1, 2, 3]], y = [2]"
    )


def test_numbers_that_are_all_equal_cost_log_k():
    for k in (2, 10):
        got, _ = probes.loss(np.zeros((4, k)), np.eye(k)[[0, 1, 1, 0]])
        check_close(got, np.asarray(np.log(k)), f"softmax_loss of zeros and {k} classes")


@pytest.mark.weight(2)
@for_all(count=50, shape=SHAPE, seed=SEED)
def test_gradient_is_probability_minus_one_hot(shape, seed):
    z, y = drawn(*shape, seed)
    _, got = yield ask(probes.loss, z, y)
    what = f"backward of softmax_loss of Z = {z.tolist()} and y = {y.argmax(axis=1).tolist()}: the grad of Z"
    check_close(got, (probabilities(z) - y) / len(z), what)


@pytest.mark.weight(2)
def test_large_numbers_do_not_overflow():
    y = np.array([[1.0, 0.0], [0.0, 1.0]])
    for z, expected in [([[1000.0, 0.0], [0.0, 1000.0]], 0.0), ([[0.0, 1000.0], [0.0, 1000.0]], 500.0)]:
        what = f"softmax_loss of Z = {z} and y = [0, 1]"
        check_close(probes.loss(np.array(z), y)[0], np.asarray(expected), what)


@pytest.mark.hidden("very large and very small numbers, of one row or of all, cost what they should")
@pytest.mark.weight(2)
@for_all(count=30, shape=SHAPE, seed=SEED, shift=st.sampled_from([-1e4, -800.0, 800.0, 1e4]))
def test_loss_of_shifted_rows(shape, seed, shift):
    z, y = drawn(*shape, seed)
    z[0] += shift
    got, _ = yield ask(probes.loss, z, y)
    what = f"softmax_loss of rows of which one is {shift:+g} away: it"
    check_close(got, mean_loss(z, y), what, absolute=1e-8)


@pytest.mark.hidden("the gradient is finite and right where numbers are large")
@pytest.mark.weight(2)
def test_gradient_of_large_numbers():
    z = np.array([[1000.0, 1000.0, -1000.0], [-1000.0, 0.0, 0.0]])
    y = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    _, got = probes.loss(z, y)
    check_close(
        got, (probabilities(z) - y) / 2, f"backward of softmax_loss of Z = {z.tolist()}: the grad of Z"
    )


@pytest.mark.hidden("the loss of a batch of one row and of one hundred is the mean, not the sum")
def test_loss_of_other_numbers_of_rows():
    for n in (1, 2, 100):
        z, y = drawn(n, 10, n)
        check_close(probes.loss(z, y)[0], mean_loss(z, y), f"softmax_loss of {n} rows")


@pytest.mark.hidden("the loss can be differentiated twice")
@for_all(count=10, shape=SHAPE, seed=SEED)
def test_second_derivative(shape, seed):
    z, y = drawn(*shape, seed, spread=1.0)
    weights = np.random.default_rng(seed + 1).normal(size=shape)
    _, got = yield ask(probes.loss, z, y, weights)
    p = probabilities(z)
    expected = p * (weights - (p * weights).sum(axis=1, keepdims=True)) / len(z)
    check_close(got, expected, "derivative of the weighed sum of Z.grad: the grad of Z")

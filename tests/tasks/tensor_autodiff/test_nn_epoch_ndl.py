"""Task 4.6: an epoch of training moves the weights as the formulas on matrices say, and leaves nothing behind.

Nothing here depends on luck: every start is given, and what is expected is computed with numpy below.
"""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, for_all, show, student_module

pytestmark = [pytest.mark.task4_6, pytest.mark.nn_epoch, pytest.mark.timeout(20)]

probes = student_module("tensor_autodiff_probes")

WEIGHTS = ("W1", "W2")


def drawn(n, sizes, seed):
    """n points with their classes, and the weights of a network of such sizes."""
    random = np.random.default_rng(seed)
    d, hidden, k = sizes
    x, y = random.normal(size=(n, d)), random.integers(k, size=n)
    return (
        x,
        y,
        [random.normal(size=(d, hidden)) / np.sqrt(d), random.normal(size=(hidden, k)) / np.sqrt(hidden)],
    )


def trained(x, y, weights, lr=0.1, batch=100):
    """The weights after an epoch."""
    w1, w2 = (w.copy() for w in weights)
    for first in range(0, len(x), batch):
        points, classes = x[first : first + batch], y[first : first + batch]
        h = np.maximum(points @ w1, 0.0)
        z = h @ w2
        e = np.exp(z - z.max(axis=1, keepdims=True))
        d_z = (e / e.sum(axis=1, keepdims=True) - np.eye(w2.shape[1])[classes]) / len(points)
        d_h = d_z @ w2.T * (h > 0)
        w1, w2 = w1 - lr * points.T @ d_h, w2 - lr * h.T @ d_z
    return [w1, w2]


def mean_loss(x, y, weights):
    z = np.maximum(x @ weights[0], 0.0) @ weights[1]
    return float(np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]))


def file(array):
    """An array of bytes in the format of MNIST's files."""
    return bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.mark.weight(2)
@for_all(count=20, seed=st.integers(0, 2**32 - 1))
def test_one_batch_is_one_step_downhill(seed):
    x, y, weights = drawn(6, (4, 5, 3), seed)
    got, *_ = yield ask(probes.epochs, x, y, weights, lr=0.5, batch=6)
    what = "the weights after nn_epoch of 6 points of 4 numbers, 5 hidden, 3 classes, lr=0.5, batch=6:"
    check_close(got, trained(x, y, weights, 0.5, 6), what, parts=WEIGHTS)


def test_step_of_worked_numbers():
    x, y = np.array([[1.0, 2.0]]), np.array([1])
    weights = [np.array([[1.0, -1.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [5.0, 5.0]])]
    got, *_ = probes.epochs(x, y, weights, lr=0.1, batch=1)
    expected = [weights[0], np.array([[-0.15, 0.15], [5.0, 5.0]])]
    what = "the weights after nn_epoch of X = [[1, 2]], y = [1], W1 = [[1, -1], [1, 0]], W2 = [[0, 0], [5, 5]], lr=0.1:"
    check_close(got, expected, what, parts=WEIGHTS)


@pytest.mark.weight(2)
def test_every_batch_is_a_step():
    x, y, weights = drawn(30, (4, 5, 3), 1)
    got, *_ = probes.epochs(x, y, weights, lr=0.2, batch=10)
    what = "the weights after nn_epoch of 30 points with lr=0.2, batch=10:"
    check_close(got, trained(x, y, weights, 0.2, 10), what, parts=WEIGHTS)


def test_second_epoch_goes_on_where_the_first_ended():
    x, y, weights = drawn(20, (4, 5, 3), 2)
    got, *_ = probes.epochs(x, y, weights, 2, lr=0.2, batch=5)
    expected = trained(x, y, trained(x, y, weights, 0.2, 5), 0.2, 5)
    check_close(got, expected, "the weights after two calls of nn_epoch with lr=0.2, batch=5:", parts=WEIGHTS)


@pytest.mark.weight(2)
def test_loss_falls_on_images_in_mnist_format():
    random = np.random.default_rng(4)
    labels = random.integers(10, size=200).astype(np.uint8)
    images = (random.random((200, 7, 7)) * 80).astype(np.uint8)
    images[np.arange(200), labels // 2 + 1, labels % 7] = 255
    weights = [random.normal(size=(49, 20)) / 7, random.normal(size=(20, 10)) / np.sqrt(20)]
    x = images.reshape(200, 49) / 255
    got = probes.epochs_on_files(file(images), file(labels), weights, lr=0.5, batch=20)
    what = "the weights after nn_epoch of 200 images of 7 by 7 pixels with lr=0.5, batch=20:"
    expected = trained(x, labels, weights, 0.5, 20)
    check_close(got, expected, what, parts=WEIGHTS, relative=1e-5, absolute=1e-5)
    check(mean_loss(x, labels, got) < mean_loss(x, labels, weights), f"{what} the loss did not fall")


@pytest.mark.weight(2)
def test_weights_are_leaves_and_no_graph_is_left():
    x, y, weights = drawn(40, (4, 5, 3), 5)
    leaves, more = probes.leftovers(x, y, weights, lr=0.1, batch=4)
    check_equal(leaves, [True, True], "whether the weights that nn_epoch returns are leaves:")
    check(
        more <= 0,
        f"two epochs of 10 batches left {show(more)} tensors alive: the weights hold the graphs of all steps",
    )


@pytest.mark.hidden("the last batch may have fewer points, and the mean is over those")
def test_last_batch_is_smaller():
    x, y, weights = drawn(25, (4, 5, 3), 6)
    for batch in (10, 7, 100):
        got, *_ = probes.epochs(x, y, weights, lr=0.2, batch=batch)
        check_close(
            got,
            trained(x, y, weights, 0.2, batch),
            f"the weights after nn_epoch with batch={batch}:",
            parts=WEIGHTS,
        )


@pytest.mark.hidden(
    "networks and classes of other sizes; the rate is 0.1 and the batch 100 unless told otherwise"
)
@pytest.mark.weight(2)
def test_other_sizes_and_what_is_not_told():
    for n, sizes in [(150, (3, 8, 10)), (12, (6, 2, 2)), (5, (1, 1, 4))]:
        x, y, weights = drawn(n, sizes, n)
        what = f"the weights after nn_epoch(X, y, W1, W2) of {n} points, sizes {sizes}:"
        check_close(probes.epochs(x, y, weights)[0], trained(x, y, weights), what, parts=WEIGHTS)


@pytest.mark.hidden("a class that no point of a batch has is a class like any other")
def test_classes_that_are_missing():
    x, _, weights = drawn(8, (4, 5, 6), 7)
    y = np.array([2, 0, 2, 0, 3, 3, 0, 2])
    got, *_ = probes.epochs(x, y, weights, lr=0.3, batch=4)
    check_close(
        got,
        trained(x, y, weights, 0.3, 4),
        "the weights after nn_epoch without classes 1, 4 and 5:",
        parts=WEIGHTS,
    )


@pytest.mark.hidden("the training set is the same afterwards, and in its order")
def test_data_stay_as_they_are():
    x, y, weights = drawn(12, (4, 5, 3), 8)
    _, *data = probes.epochs(x, y, weights, batch=4)
    for got, kept, name in zip(data, (x, y), "Xy", strict=True):
        check_equal(got, kept, f"{name} after nn_epoch")


@pytest.mark.hidden("in float32 the weights stay float32")
def test_precision_stays():
    x, y, weights = drawn(20, (4, 5, 3), 9)
    small = [w.astype(np.float32) for w in weights]
    got, *_ = probes.epochs(x.astype(np.float32), y.astype(np.uint8), small, lr=0.2, batch=5)
    check_equal([str(getattr(w, "dtype", w)) for w in got], ["float32"] * 2, "the types of W1 and W2")
    expected = trained(x, y, weights, 0.2, 5)
    check_close(
        got, expected, "the weights after nn_epoch in float32:", parts=WEIGHTS, relative=1e-4, absolute=1e-4
    )

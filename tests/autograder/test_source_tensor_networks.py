"""The source's softmax loss and training, on files in MNIST's format, through re-exports."""

# ruff: noqa: N806  (matrices have capital letters)

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from source_needle import gradient_check, ndl, randn
from tensor_autodiff.mnist import parse_mnist
from tensor_autodiff.softmax import softmax_loss
from tensor_autodiff.two_layers import nn_epoch


def write_gz(path, array):
    path.write_bytes(
        gzip.compress(
            bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
        )
    )


@pytest.fixture
def digits(tmp_path):
    draw = np.random.default_rng(0)
    labels = draw.integers(10, size=500).astype(np.uint8)
    images = (draw.random((500, 28, 28)) * 60).astype(np.uint8)
    images[np.arange(500), labels + 5, :] = 255
    write_gz(tmp_path / "images.gz", images)
    write_gz(tmp_path / "labels.gz", labels)
    return parse_mnist(str(tmp_path / "images.gz"), str(tmp_path / "labels.gz"))


def test_parse_mnist_gives_rows_of_float32_from_0_to_1_and_classes(digits):
    X, y = digits
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((500, 784), np.float32, (500,), np.uint8)
    assert (X.min(), X.max()) == (0.0, 1.0)


def test_softmax_loss_ndl(digits):
    _, y = digits
    one_hot = np.eye(10)[y]
    zeros = ndl.Tensor(np.zeros((500, 10)).astype(np.float32))
    np.testing.assert_allclose(softmax_loss(zeros, ndl.Tensor(one_hot)).numpy(), np.log(10), rtol=1e-6)
    Z = randn(500, 10)
    expected = np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(500), y])
    np.testing.assert_allclose(softmax_loss(ndl.Tensor(Z), ndl.Tensor(one_hot)).numpy(), expected, rtol=1e-12)
    gradient_check(softmax_loss, ndl.Tensor(Z[:16]), ndl.Tensor(one_hot[:16]), tol=0.01, backward=True)


def test_nn_epoch_ndl(digits):
    X, y = randn(50, 5).astype(np.float32), np.random.default_rng(1).integers(3, size=50).astype(np.uint8)
    W1, W2 = randn(5, 10) / np.sqrt(10), randn(10, 3, seed=2) / np.sqrt(3)
    one_hot, slopes = ndl.Tensor(np.eye(3)[y]), [np.zeros(W1.shape), np.zeros(W2.shape)]
    for number, W in enumerate((W1, W2)):
        for index in np.ndindex(W.shape):
            sides = []
            for side in (1e-5, -1e-5):
                moved = [W1.copy(), W2.copy()]
                moved[number][index] += side
                outputs = ndl.relu(ndl.Tensor(X) @ ndl.Tensor(moved[0])) @ ndl.Tensor(moved[1])
                sides.append(float(softmax_loss(outputs, one_hot).numpy()))
            slopes[number][index] = (sides[0] - sides[1]) / 2e-5
    after = nn_epoch(X, y, ndl.Tensor(W1), ndl.Tensor(W2), lr=1.0, batch=50)
    for W, slope, stepped in zip((W1, W2), slopes, after, strict=True):
        np.testing.assert_allclose(W - stepped.numpy(), slope, rtol=1e-4, atol=1e-4)

    X, y = digits
    W1, W2 = (ndl.Tensor((randn(*s) / np.sqrt(s[1])).astype(np.float32)) for s in ((784, 100), (100, 10)))
    for _ in range(3):
        W1, W2 = nn_epoch(X, y, W1, W2, lr=0.2, batch=100)
    wrong = (ndl.relu(ndl.Tensor(X) @ W1) @ W2).numpy().argmax(axis=1) != y
    assert wrong.mean() <= 0.05
    assert W1.dtype == np.float32

"""float32 weights stay float32: one-hot rows of float64 turn a whole network into float64."""

# ruff: noqa: N803, N806  (matrices have capital letters, in the source too)

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tensor_autodiff.functional import relu
from tensor_autodiff.softmax import softmax_loss
from tensor_autodiff.tensor import Tensor


def nn_epoch(  # noqa: PLR0913, PLR0917  (the source's signature)
    X: NDArray[np.floating],
    y: NDArray[np.integer],
    W1: Tensor,
    W2: Tensor,
    lr: float = 0.1,
    batch: int = 100,
) -> tuple[Tensor, Tensor]:
    """The weights after one pass over the examples, in their order, with a step after each batch.

    Args:
        X: n examples of d numbers, (n, d).
        y: each example's class, from 0 to k - 1, (n,).
        W1: weights of the first layer, (d, hidden).
        W2: weights of the second layer, (hidden, k).
        lr: the learning rate.
        batch: how many examples a step looks at; the last batch has what is left.

    Returns:
        W1 and W2, leaves that hold nothing of the epoch's graphs.
    """
    one_hot = np.eye(W2.shape[1], dtype=float)[y]
    for first in range(0, len(X), batch):
        rows = slice(first, first + batch)
        Z = relu(Tensor.make_const(X[rows]) @ W1) @ W2
        softmax_loss(Z, Tensor.make_const(one_hot[rows])).backward()
        stepped = [Tensor(W.numpy().astype(float) - lr * W.grad.numpy()) for W in (W1, W2)]
        # a gradient's graph leads back to its W: a cycle, which would wait for the garbage collector
        W1.grad = W2.grad = None
        W1, W2 = stepped
    return W1, W2

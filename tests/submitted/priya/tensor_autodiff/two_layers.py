"""Task 4.6: a network of two layers, trained by stochastic gradient descent on small batches.

    Z = relu(X W_1) W_2

gives k numbers for each row of X, and a step moves each matrix of weights against the derivative of the
batch's softmax loss, W <- W - lr dL/dW (Robbins and Monro, A stochastic approximation method, 1951).
"""

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
    one_hot = np.eye(W2.shape[1], dtype=X.dtype)[y]
    for i in range(0, len(X), batch):
        x, t = (Tensor.make_const(array[i : i + batch]) for array in (X, one_hot))
        softmax_loss(relu(x @ W1) @ W2, t).backward()
        W1, W2 = (Tensor(W.numpy() - lr * W.grad.numpy()) for W in (W1, W2))
    return W1, W2

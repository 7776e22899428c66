"""The loss is minus the logarithm of the probability: it is never negative."""

from __future__ import annotations

from tensor_autodiff.tensor import Tensor


def softmax_loss(Z: Tensor, y_one_hot: Tensor) -> Tensor:  # noqa: N803  (the source's signature)
    """The mean softmax loss of the rows, a tensor of shape ().

    e^1000 is more than a float holds. The loss stays the same where one number m is subtracted from all of a
    row, and with the row's largest number as m nothing overflows: subtract that first, as a constant
    (``Z.make_const`` of a numpy array).

    Args:
        Z: a row of k numbers for each of n examples, (n, k).
        y_one_hot: 1 at each row's right class and 0 elsewhere, (n, k).
    """
    n, _ = Z.shape
    largest = Z.make_const(Z.numpy().max(axis=1, keepdims=True))
    shifted = Z - largest.broadcast_to(Z.shape)
    log_sums = shifted.exp().sum(axes=1).log()
    return ((shifted * y_one_hot).sum() - log_sums.sum()) / n

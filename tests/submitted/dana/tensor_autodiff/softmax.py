"""Task 4.5: how far a row of numbers is from naming the right class.

Softmax turns the numbers z_1, ..., z_k of a row into probabilities, e^(z_i) / sum over j of e^(z_j), and
the loss is minus the logarithm of the right class's (Bishop, Pattern Recognition and Machine Learning,
2006, eq. 4.104 and 4.108):

    loss = log(sum over j of e^(z_j)) - z_right
"""

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
    n = Z.shape[0]
    m = Z.make_const(Z.numpy().max(axis=1, keepdims=True)).broadcast_to(Z.shape)
    shifted = Z - m
    right = (shifted * y_one_hot).sum(1)
    return (shifted.exp().sum(1).log() - right).sum() / n

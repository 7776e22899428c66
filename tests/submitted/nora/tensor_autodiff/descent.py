"""Task 4.7: a training that holds no more memory after a thousand steps than after one.

A tensor holds its op, the op's inputs hold theirs, and so on down to the leaves. Whatever a training
carries from one step into the next must therefore be detached from the step's graph, or it carries all
graphs along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tensor_autodiff.tensor import Tensor


def descend(w: Tensor, learning_rate: float) -> None:
    """One step downhill: the numbers of `w` become ``w - learning_rate * w.grad``, and its grad None.

    `w` stays the same leaf. Work with ``w.data`` (see `Value.data`), and let nothing of the step remain: a
    gradient is a tensor with a graph, which leads back to `w`.
    """
    grad, w.grad = w.grad, None
    w.data = (w - learning_rate * grad).detach()


def train(
    loss_of: Callable[..., Tensor], parameters: Sequence[Tensor], learning_rate: float, steps: int
) -> Tensor:
    """Descend by so many steps; the mean of the losses before each step, a constant of shape ().

    Memory is flat: from one step to the next not a single tensor more is alive.

    Args:
        loss_of: called as ``loss_of(*parameters)`` before each step, a tensor of shape ().
        parameters: the leaves to move; they stay the same tensors.
        learning_rate: see `descend`.
        steps: how many, at least 1.
    """
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        loss.backward()
        losses.append(loss.numpy())
        for w in parameters:
            descend(w, learning_rate)
    return Tensor.make_const(sum(losses) / steps)

"""Random expressions in double precision: values, gradients and second derivatives are PyTorch's to 1e-9."""

from __future__ import annotations

import numpy as np
import pytest
from tensor_autodiff import functional as F  # noqa: N812  (as libraries of this field name it)
from tensor_autodiff.softmax import softmax_loss
from tensor_autodiff.tensor import Tensor

torch = pytest.importorskip("torch")

EXPRESSIONS, SECOND = 240, 60
OPERATIONS = 12
LARGE = 1e3
TOLERANCE = 1e-9


class Ours:
    """The operations of a random expression on our tensors."""

    exp, log, relu = F.exp, F.log, F.relu
    transpose, matmul, reshape, broadcast = F.transpose, F.matmul, F.reshape, F.broadcast_to

    @staticmethod
    def sum(a, axes):
        return F.summation(a, axes)

    @staticmethod
    def softmax(a):
        return softmax_loss(a, Tensor(np.eye(a.shape[1])[[0] * a.shape[0]], requires_grad=False))


class Torchs:
    """The same operations on PyTorch's."""

    exp, log, relu, matmul = torch.exp, torch.log, torch.relu, torch.matmul
    reshape, broadcast = torch.reshape, torch.broadcast_to

    @staticmethod
    def transpose(a):
        return a.transpose(-1, -2)

    @staticmethod
    def sum(a, axes):
        return a.sum() if axes is None else a.sum(dim=axes)

    @staticmethod
    def softmax(a):
        return torch.nn.functional.cross_entropy(a, torch.zeros(a.shape[0], dtype=torch.long))


# On matrices of 2 by 3; each gives one again.
STEPS = [
    lambda lib, a, b: a + b,
    lambda lib, a, b: a - b,
    lambda lib, a, b: a * b,
    lambda lib, a, b: a / (b * b + 1.0),
    lambda lib, a, b: -a,
    lambda lib, a, b: 2.0 / (a * a + 0.5) + 1.5,
    lambda lib, a, b: 0.3 * a - 1.0,
    lambda lib, a, b: a / 4.0,
    lambda lib, a, b: a**3,
    lambda lib, a, b: (a * a + 0.5) ** -1.5,
    lambda lib, a, b: (a * a + 0.5) ** (b * 0.2),
    lambda lib, a, b: lib.log(a * a + 0.5),
    lambda lib, a, b: lib.exp(-a * a),
    lambda lib, a, b: lib.relu(a) + b,
    lambda lib, a, b: lib.matmul(lib.matmul(a, lib.transpose(b)), a),
    lambda lib, a, b: lib.sum(lib.matmul(lib.broadcast(a, (4, 2, 3)), lib.matmul(lib.transpose(b), a)), (0,)) / 4.0,
    lambda lib, a, b: lib.broadcast(lib.sum(lib.matmul(a, lib.reshape(b, (2, 3, 1))), (0,)), (2, 3)) * b,
    lambda lib, a, b: lib.broadcast(lib.reshape(lib.sum(a, (0,)), (1, 3)), (2, 3)) * b,
    lambda lib, a, b: lib.transpose(lib.broadcast(lib.sum(lib.broadcast(b, (4, 2, 3)), (0, 2)), (3, 2))) + a,
    lambda lib, a, b: lib.transpose(lib.reshape(a, (3, 2))) * b,
    lambda lib, a, b: a * lib.broadcast(lib.reshape(lib.softmax(b), (1, 1)), (2, 3)),
    lambda lib, a, b: a + lib.broadcast(lib.sum(a * b, None), (2, 3)) * 0.1,
]  # fmt: skip


def numbers_of(x):
    return x.numpy() if isinstance(x, Tensor) else x.detach().numpy()


def expression(seed, lib, leaves):
    """A random expression on three leaves; the same operations for both libraries."""
    draw, made = np.random.default_rng(seed), list(leaves)
    for _ in range(OPERATIONS):
        step, a, b = draw.integers(len(STEPS)), made[draw.integers(len(made))], made[-1 - draw.integers(3)]
        made.append(STEPS[step](lib, a, b))
        if not np.abs(numbers_of(made[-1])).max() <= LARGE:
            made[-1] = lib.log(made[-1] * made[-1] + 1.0)
    return made[-1]


def starts(seed):
    return [np.random.default_rng([seed, i]).uniform(-2.0, 2.0, (2, 3)) for i in range(3)]


def close(got, expected):
    return np.all(np.abs(got - expected) <= TOLERANCE * (1 + np.abs(expected)))


def grad(x):
    """What arrived at a leaf, zeros where nothing did."""
    return np.zeros(x.shape) if x.grad is None else numbers_of(x.grad)


@pytest.mark.parametrize("seed", range(EXPRESSIONS))
def test_values_and_gradients_are_pytorch_s(seed):
    ours = [Tensor(array) for array in starts(seed)]
    theirs = [torch.tensor(array, requires_grad=True) for array in starts(seed)]
    y, z = expression(seed, Ours, ours), expression(seed, Torchs, theirs)
    y.sum().backward()
    z.sum().backward()
    assert close(numbers_of(y), numbers_of(z))
    for x, t in zip(ours, theirs, strict=True):
        assert close(grad(x), grad(t))


@pytest.mark.parametrize("seed", range(SECOND))
def test_second_derivatives_are_pytorch_s(seed):
    ours = [Tensor(array) for array in starts(seed)]
    theirs = [torch.tensor(array, requires_grad=True) for array in starts(seed)]
    weights = np.random.default_rng(seed).normal(size=(2, 3))
    expression(seed, Ours, ours).sum().backward()
    first = torch.autograd.grad(
        expression(seed, Torchs, theirs).sum(), theirs, create_graph=True, materialize_grads=True
    )
    for x, t in zip([x.grad for x in ours], first, strict=True):
        for leaf in ours:
            leaf.grad = None
        if x is not None and x.requires_grad:
            (x * Tensor(weights, requires_grad=False)).sum().backward()
        weighed = (t * torch.tensor(weights)).sum()
        if weighed.requires_grad:
            expected = torch.autograd.grad(weighed, theirs, retain_graph=True, materialize_grads=True)
        else:
            expected = [torch.zeros(2, 3)] * 3
        for leaf, slope in zip(ours, expected, strict=True):
            assert close(grad(leaf), slope.numpy())

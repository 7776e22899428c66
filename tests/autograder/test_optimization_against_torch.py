"""Gradients and Hessians of random expressions on arrays, against PyTorch in double precision.

PyTorch is no dependency; without it these tests are left out: ``pip install torch==2.13.0``.
"""

from __future__ import annotations

import numpy as np
import pytest
from optimization import elementwise, linear
from optimization.array import Array
from optimization.cache import Differentials
from optimization.chain_rule import differential
from optimization.shortcuts import constant_times
from optimization.shortcuts import differential as with_hints

torch = pytest.importorskip("torch", reason="a development dependency: pip install torch==2.13.0")

EXPRESSIONS, HESSIANS, STEPS = 240, 60, 6
CLOSE = 1e-9
KINDS = "add sub mul div power root tanh exp log abs matmul transpose slice broadcast matrix total".split()


class Ours:
    """What an expression is made of, on our arrays."""

    tanh, exp, log, absolute, total = (
        staticmethod(f)
        for f in (
            elementwise.tanh,
            elementwise.exp,
            elementwise.log,
            elementwise.absolute,
            linear.total,
        )
    )
    transpose = staticmethod(linear.transposed)

    @staticmethod
    def broadcast(a, shape):
        return linear.broadcast(a, shape)

    @staticmethod
    def matrix(m, v):
        return constant_times(m, v)


class Theirs:
    """The same, on PyTorch's tensors."""

    if torch:
        tanh, exp, log, absolute = (staticmethod(f) for f in (torch.tanh, torch.exp, torch.log, torch.abs))

    @staticmethod
    def total(a):
        return a.sum()

    @staticmethod
    def transpose(a):
        return a.T

    @staticmethod
    def broadcast(a, shape):
        return a.expand(shape)

    @staticmethod
    def matrix(m, v):
        return torch.tensor(m) @ v


def expression(seed, side, x):
    """A random expression of x (2 rows, 3 columns), the same on both sides; a single number."""
    rng = np.random.default_rng(seed)
    made = [x]
    for _ in range(STEPS):
        a = made[int(rng.integers(len(made)))]
        b = made[-1]
        made.append(grown(KINDS[int(rng.integers(len(KINDS)))], side, a, b, rng))
    weights = rng.normal(size=tuple(made[-1].shape))
    other = rng.normal(size=tuple(made[-2].shape))
    return side.total(made[-1] * as_side(side, weights)) + side.total(made[-2] * as_side(side, other))


def as_side(side, numbers):
    return numbers if side is Ours else torch.tensor(numbers)


def grown(kind, side, a, b, rng):  # noqa: C901, PLR0912  (one case a kind)
    """One more step; numbers stay of an ordinary size."""
    bent = side.tanh(b)
    match kind:
        case "add":
            return fitted(side, a, b.shape) + b
        case "sub":
            return 1.5 - fitted(side, a, b.shape) - b
        case "mul":
            return fitted(side, a, b.shape) * bent
        case "div":
            return fitted(side, a, b.shape) / (bent + 2.0)
        case "power":
            return bent ** int(rng.integers(0, 4))
        case "root":
            return (bent * bent + 0.5) ** 0.5
        case "tanh":
            return bent
        case "exp":
            return side.exp(bent)
        case "log":
            return side.log(bent + 2.0)
        case "abs":
            return side.absolute(b + 0.0123)
        case "matmul":
            if len(b.shape) == 2:
                return bent @ side.transpose(bent)
            return b @ bent + b if len(b.shape) == 1 else b * bent
        case "transpose":
            return side.transpose(b) if len(b.shape) == 2 else b
        case "slice":
            return b[0] if len(b.shape) == 2 else b[1:] if len(b.shape) == 1 and b.shape[0] > 1 else b
        case "broadcast":
            return side.broadcast(b, (2, *b.shape)) if len(b.shape) < 2 else b
        case "matrix":
            return side.matrix(rng.normal(size=(2, b.shape[0])), b) if len(b.shape) else b
    return side.total(b) * 0.1


def fitted(side, a, shape):
    """`a` where it has the shape of its partner, else its mean: numpy's and PyTorch's rules agree on a number."""
    return a if tuple(a.shape) == tuple(shape) else side.total(a) * 0.2


def theirs(seed, at, *, hessian):
    def function(x):
        return expression(seed, Theirs, x)

    x = torch.tensor(at, requires_grad=True)
    value = function(x)
    (gradient,) = torch.autograd.grad(value, x)
    second = torch.autograd.functional.hessian(function, torch.tensor(at)).numpy() if hessian else None
    return value.item(), gradient.numpy(), second


def agrees(ours, reference):
    return np.all(np.abs(ours - reference) <= CLOSE * (1 + np.abs(reference)))


@pytest.mark.parametrize("seed", range(EXPRESSIONS))
def test_every_chain_rule_gives_the_gradient_of_pytorch(seed):
    at = np.random.default_rng([seed, 1]).normal(size=(2, 3))
    value, gradient, _ = theirs(seed, at, hessian=False)
    x = Array(at)
    y = expression(seed, Ours, x)
    assert abs(y.data - value) <= CLOSE * (1 + abs(value))
    for derive in (differential, with_hints, Differentials()):
        assert agrees(derive(y, x).data, gradient)


@pytest.mark.parametrize("seed", range(EXPRESSIONS, EXPRESSIONS + HESSIANS))
def test_the_cache_gives_the_hessian_of_pytorch(seed):
    at = np.random.default_rng([seed, 1]).normal(size=(2, 3))
    _, gradient, hessian = theirs(seed, at, hessian=True)
    x, d = Array(at), Differentials()
    y = expression(seed, Ours, x)
    assert agrees(d(y, x).data, gradient)
    assert agrees(d(d(y, x), x).data, hessian)

"""Operators that are linear in each operand: pick and place elements, sum them, contract axes (given).

Each one records its operands and a rule for each of them, which gives the local derivative with the axes of
the result first, then those of the operand (Griewank and Walther, Evaluating Derivatives, 2008, section 2.2).
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TypeVar

import numpy as np

from optimization.node import Node

N = TypeVar("N", bound=Node)
Shape = tuple[int, ...]


def eye(shape: Shape) -> np.ndarray:
    """The identity between arrays of this shape: ``shape + shape``, 1 where both halves of an index agree."""
    return np.eye(prod(shape)).reshape(shape + shape)


def rearranged(a: N, pick: Callable[[np.ndarray], np.ndarray]) -> N:
    """``pick(a)``, each of whose elements is one element of `a`: reshape, index, transpose, broadcast.

    To learn which element goes where, `pick` is given the elements' numbers in place of the elements.
    """
    kind = type(a)

    def rule() -> N:
        source = pick(np.arange(a.data.size).reshape(a.shape))
        return kind(np.eye(a.data.size)[source].reshape(source.shape + a.shape))

    return kind(pick(a.data), (a,), (rule,))


def transposed(a: N, axes: tuple[int, ...] | None = None) -> N:
    """`a` with its axes in another order, reversed where none is given."""
    return rearranged(a, lambda x: np.transpose(x, axes))


def reshaped(a: N, shape: Shape) -> N:
    """`a` in another shape, its elements in the same order."""
    return rearranged(a, lambda x: np.reshape(x, shape))


def broadcast(a: N, shape: Shape) -> N:
    """`a` repeated to a shape, by numpy's rules; `a` itself where it has that shape."""
    return a if a.shape == shape else rearranged(a, lambda x: np.broadcast_to(x, shape))


def diagonal(a: N) -> N:
    """The array of shape ``a.shape + a.shape`` that holds `a` on its diagonal and 0 elsewhere.

    It is the local derivative of an elementwise function: y[j] depends on a[j] alone.
    """
    kind, n = type(a), a.data.size

    def rule() -> N:
        cube = np.zeros((n, n, n))
        cube[np.arange(n), np.arange(n), np.arange(n)] = 1.0
        return kind(cube.reshape(a.shape * 3))

    return kind(np.diag(a.data.ravel()).reshape(a.shape * 2), (a,), (rule,))


def total(a: N) -> N:
    """The sum of all elements, an array without axes."""
    kind = type(a)
    return kind(a.data.sum(), (a,), (lambda: kind(np.ones(a.shape)),))


def contract(a: N, b: N, axes: int = 1) -> N:
    """The sum of products over the last `axes` axes of `a` and the first ones of `b`, in the same order.

    With 1 it is the product of matrices and vectors, c[i, j] = sum over s of a[i, s] b[s, j]; with 0 it is
    the outer product. i, j and s may stand for any number of axes.

    Raises:
        ValueError: the lengths of these axes differ.
    """
    kind = type(a)
    cut = a.ndim - axes
    if axes > min(a.ndim, b.ndim) or a.shape[cut:] != b.shape[:axes]:
        raise ValueError(f"shapes {a.shape} and {b.shape} do not fit over {axes} axes: their lengths differ")
    rows, columns = a.shape[:cut], b.shape[axes:]
    i, s, j = len(rows), axes, len(columns)

    def rule_a() -> N:  # dc[i, j]/da[k, s] = (i is k) b[s, j]
        order = (*range(i), *range(2 * i + s, 2 * i + s + j), *range(i, 2 * i + s))
        return transposed(contract(kind(eye(rows)), b, 0), order)

    def rule_b() -> N:  # dc[i, j]/db[s, k] = a[i, s] (j is k)
        order = (*range(i), *range(i + s, i + s + j), *range(i, i + s), *range(i + s + j, i + s + 2 * j))
        return transposed(contract(a, kind(eye(columns)), 0), order)

    n = prod(b.shape[:axes])
    product = a.data.reshape(prod(rows), n) @ b.data.reshape(n, prod(columns))
    return kind(product.reshape(rows + columns), (a, b), (rule_a, rule_b))

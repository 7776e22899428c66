"""The chain rule as it stands in a textbook, without any cleverness (given; tasks 5.4 and 5.5 improve on it).

    dy/dx = sum over the operands p of y of  dy/dp * dp/dx

where * contracts the axes of p (Griewank and Walther, Evaluating Derivatives, 2008, section 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from optimization.array import Array
from optimization.linear import contract, eye

Derive = Callable[[Array, Sequence[Array], Sequence[Array]], list[Array]]
"""Gives the differentials of an array for each of several others, some arrays being known to be constant."""


def differential(y: Array, x: Array) -> Array:
    """The differential dy/dx.

    Returns:
        An array of the shape ``y.shape + x.shape``: element [j, k] is dy[j]/dx[k]. It can be differentiated
        in turn. Where y was not computed from x it holds zeros.
    """
    if y is x:
        return Array(eye(x.shape))
    if not y.operands:
        return Array(np.zeros(y.shape + x.shape))
    return sum_of([contract(y.local(i), differential(p, x), p.ndim) for i, p in enumerate(y.operands)])


def sum_of(parts: Sequence[Array]) -> Array:
    """The sum of arrays of one shape, of which there is at least one."""
    first, *others = parts
    return sum(others, start=first)


def differentials(y: Array, xs: Sequence[Array], constant: Sequence[Array] = ()) -> list[Array]:
    """dy/dx for each x; this one makes no use of knowing what is constant."""
    del constant
    return [differential(y, x) for x in xs]

"""Task 5.4: the same derivatives for less work, by a larger operator and by knowing what is constant.

y = M v      dy/dv = M        (M constant: there is no dM to ask for)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from optimization.array import Array
from optimization.linear import contract, eye


def constant_times(M: np.ndarray, v: Array) -> Array:  # noqa: N803  (a matrix)
    """The product M v of a constant matrix and a vector, as one operator with one operand.

    Args:
        M: plain numbers of the shape (m, n).
        v: a vector of the shape (n,); or several side by side, as columns of a matrix of the shape (n, k).

    Returns:
        An array of the shape (m,) or (m, k). Its only operand is v, and its rule gives the local derivative:
        M itself for a vector; M[i, j] where the columns agree and 0 elsewhere, of the shape (m, k, n, k),
        for several. The rule's array has no operands: M is constant, so the derivative is as well.

    Raises:
        ValueError: the shapes do not fit.
    """
    ### BEGIN SOLUTION task5_4
    columns = v.shape[1:]
    if M.ndim != 2 or not v.shape or M.shape[1] != v.shape[0]:  # noqa: PLR2004  (a matrix has two axes)
        raise ValueError(f"a matrix of shape {M.shape} and an array of shape {v.shape} do not fit")

    def rule() -> Array:
        if not columns:
            return Array(M)
        return Array(np.moveaxis(np.multiply.outer(M, eye(columns)), 1, 2))

    return Array(M @ v.data, (v,), (rule,))
    ### END SOLUTION task5_4


def differential(y: Array, x: Array, constant: Collection[Array] = ()) -> Array:
    """dy/dx by the chain rule of `chain_rule.differential`, with no work for what does not depend on x.

    A local derivative dy/dp is evaluated only where p depends on x: where p is x, or was computed from an
    array that depends on x. An array in `constant` does not depend on x: that is a promise, which spares
    looking at anything below it, and which counts even where the array was computed from x after all.

    Returns:
        The same as without hints, where the promise is true; zeros of the shape ``y.shape + x.shape`` where y
        does not depend on x.
    """
    ### BEGIN SOLUTION task5_4
    dy_dx = _unless_constant(y, x, constant)
    return Array(np.zeros(y.shape + x.shape)) if dy_dx is None else dy_dx
    ### END SOLUTION task5_4


def _unless_constant(y: Array, x: Array, constant: Collection[Array]) -> Array | None:
    """The differential, None where y does not depend on x; a helper to use, change or delete."""
    ### BEGIN SOLUTION task5_4
    if y is x:
        return Array(eye(x.shape))
    dy_dx = None
    for i, p in enumerate(() if y in constant else y.operands):
        dp_dx = _unless_constant(p, x, constant)
        if dp_dx is not None:
            part = contract(y.local(i), dp_dx, p.ndim)
            dy_dx = part if dy_dx is None else dy_dx + part
    return dy_dx
    ### END SOLUTION task5_4


def differentials(y: Array, xs: Sequence[Array], constant: Sequence[Array] = ()) -> list[Array]:
    """dy/dx for each x, with the hints (given)."""
    return [differential(y, x, constant) for x in xs]

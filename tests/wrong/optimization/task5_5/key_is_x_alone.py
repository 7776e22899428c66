"""Several results depend on the same x: the key is the pair."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from optimization.array import Array
from optimization.graph import sorted_graph
from optimization.linear import contract, eye


class Differentials:
    """The differentials of arrays, each computed once: ``d = Differentials(); d(y, x)`` is dy/dx.

    What was computed is kept for as long as this object lives. It must not be kept by the arrays themselves:
    dy/dx often leads back to y, and a y that held it would be in a cycle.

    Args:
        constant: arrays that are promised to depend on nothing of interest, as in task 5.4: nothing is
            computed for them, and no graph below them is looked at.
    """

    def __init__(self, constant: Collection[Array] = ()) -> None:
        self._constant = frozenset(constant)
        self._cache: dict[tuple[Array, Array], Array] = {}

    def __call__(self, y: Array, x: Array) -> Array:
        """The differential dy/dx, of the shape ``y.shape + x.shape``.

        Asked for the same pair again, it gives the very same array. For one y, each local derivative of the
        graph is evaluated at most once, however many paths lead through it and however many x are asked for.
        Zeros where y does not depend on x. The graph may be deeper than Python's stack of calls.
        """
        if y is x:
            return Array(eye(x.shape))
        if x not in self._cache:
            dy_dx = Array(np.zeros(y.shape + x.shape))
            for i, p in enumerate(y.operands):
                if p not in self._constant:
                    dy_dx = dy_dx + contract(y.local(i), self(p, x), p.ndim)
            self._cache[x] = dy_dx
        return self._cache[x]

    def _accumulate(self, y: Array) -> None:
        """Fill the cache with dy/dp for all p; a helper to use, change or delete.

        `sorted_graph` (given) has everything that y was computed from, each array before its operands.
        """
        d = self._cache
        d[y, y] = Array(eye(y.shape))
        for v in sorted_graph(y, without=self._constant):
            for i, p in enumerate(v.operands):
                if p not in self._constant:
                    part = contract(d[y, v], v.local(i), v.ndim)
                    d[y, p] = d[y, p] + part if (y, p) in d else part


def differentials(y: Array, xs: Sequence[Array], constant: Sequence[Array] = ()) -> list[Array]:
    """dy/dx for each x, from one cache that is dropped afterwards (given)."""
    d = Differentials(constant)
    return [d(y, x) for x in xs]

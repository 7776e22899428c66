"""What an array remembers of its making, for the chain rule (given).

An array y = f(p, q) holds its operands p and q, and for each of them a rule that gives the local derivative
dy/dp. A rule refers to operands and never to y itself, so that nothing an array holds leads back to it:
without a cycle, Python's reference counts free a graph at once when its last result is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from optimization import work


class Node:
    """An n-dimensional array of floats in a computation graph; ``Node(data)`` alone is a leaf.

    Two nodes are equal only if they are the same object, so a node can be the key of a dictionary.

    Attributes:
        data: the numbers; nothing writes to them once they are here.
        operands: the nodes that it was computed from; empty for a leaf.
        rules: for each operand p, in the same order, a function without arguments that returns dy/dp.
    """

    __slots__ = ("__weakref__", "data", "operands", "rules")
    __array_ufunc__ = None  # (so that numpy's own arrays leave a + b to us)

    def __init__(
        self, data: ArrayLike, operands: tuple[Self, ...] = (), rules: tuple[Callable[[], Self], ...] = ()
    ) -> None:
        self.data = np.asarray(data, dtype=np.float64)
        self.operands = operands
        self.rules = rules
        work.count(elements=self.data.size)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes; () for a single number."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return self.data.ndim

    def local(self, i: int) -> Self:
        """The local derivative dy/dp for the operand number `i`, evaluated anew at each call.

        Returns:
            A node of the shape ``y.shape + p.shape``: element [j, k] is dy[j]/dp[k]. It has a graph of its
            own down to the operands, so that it can be differentiated in turn.
        """
        work.count(local_derivatives=1)
        return self.rules[i]()

    def __repr__(self) -> str:
        """``Array([1. 2.])``."""
        return f"{type(self).__name__}({np.array2string(self.data, precision=6, threshold=20)})"

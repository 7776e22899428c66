"""Arrays with arithmetic: each operator returns a new array that remembers its operands and rules (given).

A rule's result is computed from the operands by these same operators. So it has a graph as well, and can be
differentiated again: that is how the Hessian comes about.
"""

from __future__ import annotations

from types import EllipsisType
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from optimization.linear import broadcast, contract, diagonal, eye, rearranged
from optimization.node import Node

Index = int | slice | EllipsisType | tuple[int | slice | EllipsisType, ...]


class Array(Node):
    """An n-dimensional array in a computation graph; ``Array([1, 2])`` is a leaf; `Node` says what it holds.

    ``+ - * / **`` work element by element, ``@`` contracts the last axis of the one with the first of the
    other. The other operand may be a number or an array of numpy's, and shapes are matched by numpy's rules.
    """

    __slots__ = ()

    def __add__(self, other: Self | ArrayLike) -> Self:
        """The sum; dy/da and dy/db are the identity."""
        a, b = self._matched(other)
        identity = type(self)._identity
        return type(self)(a.data + b.data, (a, b), (lambda: identity(a), lambda: identity(b)))

    def __mul__(self, other: Self | ArrayLike) -> Self:
        """The product; dy/da is b on the diagonal, dy/db is a."""
        a, b = self._matched(other)
        return type(self)(a.data * b.data, (a, b), (lambda: diagonal(b), lambda: diagonal(a)))

    def __pow__(self, n: float) -> Self:
        """The power of a plain number n; dy/da is n a^(n - 1) on the diagonal, 0 everywhere for n = 0."""
        a = self
        return type(self)(a.data**n, (a,), (lambda: diagonal(n * a ** (n - 1) if n else 0.0 * a),))

    def __matmul__(self, other: Self | ArrayLike) -> Self:
        """The contraction of one axis: products of matrices and vectors."""
        return contract(self, self._wrapped(other))

    def __getitem__(self, index: Index) -> Self:
        """The elements at an index of whole numbers and slices."""
        return rearranged(self, lambda x: x[index])

    def __neg__(self) -> Self:
        """The opposite."""
        return self * -1.0

    def __sub__(self, other: Self | ArrayLike) -> Self:
        """The difference."""
        return self + -self._wrapped(other)

    def __truediv__(self, other: Self | ArrayLike) -> Self:
        """The quotient."""
        return self * self._wrapped(other) ** -1.0

    def __rsub__(self, other: ArrayLike) -> Self:
        """The difference ``other - self``."""
        return -self + other

    def __rtruediv__(self, other: ArrayLike) -> Self:
        """The quotient ``other / self``."""
        return self**-1.0 * other

    def __rmatmul__(self, other: ArrayLike) -> Self:
        """The contraction ``other @ self``."""
        return contract(self._wrapped(other), self)

    __radd__, __rmul__ = __add__, __mul__

    def _wrapped(self, other: Self | ArrayLike) -> Self:
        """`other` itself where it is a node, else a leaf that holds it."""
        return other if isinstance(other, Node) else type(self)(other)

    def _matched(self, other: Self | ArrayLike) -> tuple[Self, Self]:
        """Both operands, broadcast to one shape."""
        b = self._wrapped(other)
        if self.shape == b.shape:
            return self, b
        shape = np.broadcast_shapes(self.shape, b.shape)
        return broadcast(self, shape), broadcast(b, shape)

    @classmethod
    def _identity(cls, a: Self) -> Self:
        """The derivative of `a` with respect to itself."""
        return cls(eye(a.shape))

"""What an ADiffFloat remembers, and the operators that follow from + and * (given).

Python computes ``a + b`` as ``a.__add__(b)``. Where a is a plain number that cannot add b, Python asks the
other side: ``b.__radd__(a)``. Each reflected form below leads back to an operator that you write.
"""

from __future__ import annotations

from typing import Self


class ADiffBase:
    """A number, what it was computed from, and its share in a derivative.

    Args:
        value: the number itself.
        parents: a pair (x, dy/dx) for each number x that this y was computed from; none for an input.

    Attributes:
        value: as given; a training step writes to it.
        partial: the derivative that `backward` has summed up here; 0.0 before anything arrived.
        parents: as given.
    """

    __slots__ = ("parents", "partial", "value")

    __array_ufunc__ = None  # so that numpy's numbers, too, leave ``numpy_number * x`` to x.__rmul__

    def __init__(self, value: float, parents: tuple[tuple[Self, float], ...] = ()) -> None:
        self.value = value
        self.partial = 0.0
        self.parents = parents

    @classmethod
    def wrap(cls, number: Self | float) -> Self:
        """`number` itself where it is an ADiffFloat, else the plain number as a new one without parents."""
        return number if isinstance(number, ADiffBase) else cls(number)

    def __neg__(self) -> Self:
        """The opposite -x."""
        return self * -1.0

    def __sub__(self, other: Self | float) -> Self:
        """The difference x - other."""
        return self + -other

    def __radd__(self, other: float) -> Self:
        """The sum other + x."""
        return self + other

    def __rsub__(self, other: float) -> Self:
        """The difference other - x."""
        return -self + other

    def __rmul__(self, other: float) -> Self:
        """The product other * x."""
        return self * other

    def __repr__(self) -> str:
        """``ADiffFloat(3.0)``."""
        return f"{type(self).__name__}({self.value})"

"""What a value remembers of its making (given).

A result points to the values it was computed from, and nothing points back: such a graph has no cycles, so
Python frees it at once when the last result is dropped.
"""

from __future__ import annotations

from typing import Self


class Node:
    """A number in a computation graph; ``Node(data)`` alone is a leaf, one that was not computed.

    Attributes:
        data: the number.
        grad: the derivative of a final result L with respect to this number, dL/dx; 0.0 until it is computed.
        children: what it was computed from, in the operation's order: a value that was used twice is there
            twice; empty for a leaf.
        operation: what computed it, ``"+"``, ``"*"``, ``"**"`` or ``"tanh"``; ``""`` for a leaf.
        exponent: the n of ``a ** n``, a plain number; None for every other operation.
    """

    __slots__ = ("children", "data", "exponent", "grad", "operation")

    def __init__(
        self, data: float, children: tuple[Self, ...] = (), operation: str = "", exponent: float | None = None
    ) -> None:
        self.data = data
        self.grad = 0.0
        self.children = children
        self.operation = operation
        self.exponent = exponent

    def __repr__(self) -> str:
        """``Value(data=3, grad=0.0)``."""
        return f"{type(self).__name__}(data={self.data}, grad={self.grad})"


def real_power(a: float, n: float) -> float:
    """The power a ** n of plain numbers.

    Raises:
        TypeError: `n` is no number; a Value as exponent would need a derivative of its own.
        ValueError: the power is no real number.
        ZeroDivisionError: `a` is 0 and `n` is negative.
    """
    if not isinstance(n, (int, float)):
        raise TypeError(f"the exponent is a {type(n).__name__}; only a plain number will do")
    power = a**n
    if type(power) is complex:
        raise ValueError(f"{a} ** {n} is no real number; a negative number takes whole exponents only")
    return power

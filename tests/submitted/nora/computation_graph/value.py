"""Task 3.1: numbers that remember what they were computed from.

``a * b`` on Values calls ``a.__mul__(b)``. The result is a new Value that holds the number and how it came
to be: its children and its operation. Nothing is differentiated yet; following the children from a
result down to the leaves walks the computation graph (Griewank and Walther, 2008, section 2.2).

There are four operations, each with a rule in task 3.2; the others are put together from them:

    -a = a * (-1)        a - b = a + (-b)        a / b = a * b ** (-1)
"""

from __future__ import annotations

import math

from computation_graph.backpropagation import Backpropagation
from computation_graph.node import Node, real_power


class Value(Backpropagation, Node):
    """A number in the graph; ``Value(3)`` is a leaf, and `Node` says what it holds.

    Every operator takes a Value or a plain number as `other` and returns a new Value; its operands keep
    theirs. A plain number becomes a leaf, and a child like any other. Python asks for a reflected form,
    ``b.__radd__(a)``, when ``a + b`` finds that `a`, a plain number, cannot add `b`.
    """

    __slots__ = ()

    def __add__(self, other: Value | float) -> Value:
        """The sum self + other, an operation ``"+"`` with children self, other (a worked example)."""
        a, b = self, as_value(other)
        return Value(a.data + b.data, (a, b), "+")

    def __mul__(self, other: Value | float) -> Value:
        """The product self * other, an operation ``"*"`` with children self, other."""
        other = as_value(other)
        return Value(self.data * other.data, (self, other), "*")

    def __pow__(self, n: float) -> Value:
        """The power self ** n of a plain number n, an operation ``"**"`` with the child self and exponent n.

        Raises:
            TypeError, ValueError, ZeroDivisionError: where `real_power`, which computes it, raises them.
        """
        return Value(real_power(self.data, n), (self,), "**", n)

    def tanh(self) -> Value:
        """The hyperbolic tangent, an operation ``"tanh"`` with the child self."""
        return Value(math.tanh(self.data), (self,), "tanh")

    def __neg__(self) -> Value:
        """The opposite -self."""
        return self * (-1)

    def __sub__(self, other: Value | float) -> Value:
        """The difference self - other."""
        return self + -1 * as_value(other)

    def __truediv__(self, other: Value | float) -> Value:
        """The quotient self / other.

        Raises:
            ZeroDivisionError: `other` is 0.
        """
        return self * as_value(other) ** (-1)

    def __radd__(self, other: float) -> Value:
        """The sum other + self."""
        return self + other

    def __rsub__(self, other: float) -> Value:
        """The difference other - self."""
        return as_value(other) - self

    def __rmul__(self, other: float) -> Value:
        """The product other * self."""
        return self * other

    def __rtruediv__(self, other: float) -> Value:
        """The quotient other / self."""
        return as_value(other) / self


def as_value(number: Value | float) -> Value:
    """`number` itself where it is a Value, else a leaf that holds it (given)."""
    return number if isinstance(number, Value) else Value(number)

"""The parts of a Scalar that are the same for any number type (given).

Python tries ``b.__radd__(a)`` when ``a + b`` finds that `a`, a plain number, cannot add `b`. Each reflected
form leads back to one of the operators in `scalar_functions`.
"""

from __future__ import annotations

from typing import Self

from scalar_autodiff.variable import History, Variable


class ScalarBase(Variable):
    """A number in the graph: its value, its printed form, and the reflected operators."""

    __slots__ = ()

    def __init__(self, v: float, back: History | None = History(), name: str | None = None) -> None:  # noqa: B008
        # B008: one History serves all leaves, because nothing ever changes a History
        # not super().__init__: a training makes millions of these, and the call costs as much as the rest
        self.data = v
        self.history = back
        self._name = name
        self._derivative = None

    def __repr__(self) -> str:
        """``Scalar(3.0)``."""
        return f"Scalar({self.data})"

    def __bool__(self) -> bool:
        """Whether the value is not 0, so that ``if x < y:`` asks for the comparison's answer."""
        return bool(self.data)

    def __radd__(self, b: float) -> Self:
        """The sum b + self."""
        return self + b

    def __rsub__(self, b: float) -> Self:
        """The difference b - self."""
        return -self + b

    def __rmul__(self, b: float) -> Self:
        """The product b * self."""
        return self * b

    def __rtruediv__(self, b: float) -> Self:
        """The quotient b / self."""
        return type(self)(b, None) / self

"""What a variable remembers of its making, so that derivatives find their way back (given).

A `Variable` carries a `History`: the function that made it, that function's `Context` and its inputs.
Following histories from a result back to the leaves walks the computation graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # these modules are the student's, and importing them here would go in a circle
    from scalar_autodiff.chain_rule import FunctionBase


class Context:
    """What a function's forward leaves for its backward.

    Args:
        no_grad: nobody will ask for derivatives, so nothing is saved.
    """

    __slots__ = ("_saved", "no_grad")

    def __init__(self, no_grad: bool = False) -> None:  # noqa: FBT001, FBT002  (the source's signature)
        self.no_grad = no_grad

    def save_for_backward(self, *values: float) -> None:
        """Keep `values` until backward asks for them."""
        if not self.no_grad:
            self._saved = values[0] if len(values) == 1 else values

    @property
    def saved_values(self) -> float | tuple[float, ...]:
        """What forward saved: a tuple, or the value itself where it was only one.

        Raises:
            RuntimeError: forward saved nothing.
        """
        try:
            return self._saved
        except AttributeError:
            raise RuntimeError("nothing was saved: call ctx.save_for_backward in forward") from None


class History(Context):
    """How a variable came to be: which function made it, from what, and what that function saved.

    A call of a function leaves one record, its history; forward and backward know it as their context (in
    PyTorch, too, ``ctx`` is the node of the graph). A history without a function is that of a leaf;
    nothing ever changes it, so one ``History()`` can be shared by all leaves.

    Args:
        last_fn: the function that computed the variable.
        ctx: the context that its forward was given, where that was not the history itself.
        inputs: what it was applied to, variables and plain numbers.
    """

    __slots__ = ("_ctx", "inputs", "last_fn")

    def __init__(
        self,
        last_fn: type[FunctionBase] | None = None,
        ctx: Context | None = None,
        inputs: Sequence[Variable | float] | None = None,
    ) -> None:
        self.last_fn = last_fn
        self.inputs = inputs
        self._ctx = ctx
        self.no_grad = False

    @property
    def ctx(self) -> Context:
        """What the function's forward saved for its backward."""
        return self if self._ctx is None else self._ctx

    def backprop_step(self, d_output: float) -> list[tuple[Variable, float]]:
        """One step back: the variables that were put in, each with what it receives of `d_output`."""
        return self.last_fn.chain_rule(self._ctx or self, self.inputs, d_output)  # type: ignore[union-attr,arg-type]


class Variable:
    """A value that knows how it was made.

    Args:
        history: how it came to be; None for a constant, which takes no derivative.
        name: what to call it in a drawing; the default tells variables apart by their number.

    Attributes:
        data: the value; each kind of variable sets its own.
    """

    __slots__ = ("_derivative", "_name", "data", "history")

    data: float

    def __init__(self, history: History | None, name: str | None = None) -> None:
        self.history = history
        self._name = name
        self._derivative: float | None = None

    @property
    def unique_id(self) -> int:
        """A number that no other variable has, as long as this one lives."""
        return id(self)

    @property
    def name(self) -> str:
        """The name it was given, else ``variable`` and its number."""
        return self._name or f"variable{self.unique_id}"

    @name.setter
    def name(self, name: str) -> None:
        self._name = name

    @property
    def derivative(self) -> float | None:
        """All that backward has added up on this variable; None before anything arrived."""
        return self._derivative

    def accumulate_derivative(self, x: float) -> None:
        """Add `x` to the derivative."""
        self._derivative = x if self._derivative is None else self._derivative + x

    def zero_derivative_(self) -> None:
        """Start the derivative again from 0."""
        self._derivative = 0.0

    def requires_grad_(self, flag: bool) -> None:  # noqa: FBT001  (the source's signature)
        """Make a constant a leaf that takes derivatives (True), or any variable a constant (False)."""
        if not flag:
            self.history = None
        elif self.history is None:
            self.history = History()

    def is_leaf(self) -> bool:
        """Whether it was given and not computed from variables."""
        return self.history is None or self.history.last_fn is None

    def backward(self, d_output: float | None = None) -> None:
        """Add to each leaf below the derivative of this variable with respect to it, times `d_output` (1)."""
        import scalar_autodiff.backpropagation  # noqa: PLC0415  (it imports this module)

        scalar_autodiff.backpropagation.backpropagate(self, 1.0 if d_output is None else d_output)


def is_constant(value: object) -> bool:
    """Whether no derivative is wanted for `value`: a plain number, or a variable without a history."""
    return not isinstance(value, Variable) or value.history is None

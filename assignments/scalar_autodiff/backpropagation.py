"""Task 1.4: derivatives flow from a result L back to the leaves it was computed from.

    dL/dv = sum over all uses z = f(..., v, ...) of  dz/dv * dL/dz

(Griewank and Walther, Evaluating Derivatives, 2008, section 3.2). A forward has saved its inputs or nothing.
"""

# ruff: noqa: ARG004, D101, D403
# (every backward takes ctx and d_output, needed or not; a class is one rule, which its backward states)

from __future__ import annotations

from scalar_autodiff import operators
from scalar_autodiff.variable import Context, Variable, is_constant


def topological_sort(variable: Variable) -> list[Variable]:
    """All variables that `variable` depends on, each once, after everything that was computed from it.

    `variable` itself comes first; constants are left out, and a constant's list is empty. The graph
    can be deeper than Python's stack of calls: this is a loop, not a recursion.
    """
    # TODO(task1_4): Backpropagation
    raise NotImplementedError("task1_4: Backpropagation is still to do")


def backpropagate(variable: Variable, deriv: float) -> None:
    """Start with `deriv` at `variable` and add to the derivative of every leaf what reaches it.

    Each variable's `history.backprop_step` is called once, with the sum of all that arrived there, or not
    at all where that is 0: then there is nothing to pass on. Only leaves are written to, through
    `accumulate_derivative`.
    """
    # TODO(task1_4): Backpropagation
    raise NotImplementedError("task1_4: Backpropagation is still to do")


class AddBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> tuple[float, float]:
        """z = a + b (a worked example): dz/da = 1 and dz/db = 1, times `d_output`; nothing was saved."""
        return d_output, d_output


class LogBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = log(a) (a worked example): dz/da = 1 / a, times `d_output`; a was saved."""
        a = ctx.saved_values
        return operators.inv(a) * d_output


class MulBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> tuple[float, float]:
        """z = a b: dz/da and dz/db, times `d_output`; a and b were saved."""
        # TODO(task1_4): Backpropagation
        raise NotImplementedError("task1_4: Backpropagation is still to do")


class InvBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = 1 / a: dz/da, times `d_output`; a was saved."""
        # TODO(task1_4): Backpropagation
        raise NotImplementedError("task1_4: Backpropagation is still to do")


class NegBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = -a: dz/da, times `d_output`; nothing was saved."""
        # TODO(task1_4): Backpropagation
        raise NotImplementedError("task1_4: Backpropagation is still to do")


class SigmoidBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = 1 / (1 + e^-a): dz/da, times `d_output`; a was saved, not z."""
        # TODO(task1_4): Backpropagation
        raise NotImplementedError("task1_4: Backpropagation is still to do")


class ReLUBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = max(a, 0): dz/da, times `d_output`, where dz/da at a = 0 is taken to be 0; a was saved."""
        # TODO(task1_4): Backpropagation
        raise NotImplementedError("task1_4: Backpropagation is still to do")


class ExpBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = e^a: dz/da, times `d_output`; a was saved, not z."""
        # TODO(task1_4): Backpropagation
        raise NotImplementedError("task1_4: Backpropagation is still to do")


class LTBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> tuple[float, float]:
        """z = 1 where a < b, else 0: dz/da and dz/db are taken to be 0 everywhere; nothing was saved."""
        # TODO(task1_4): Backpropagation
        raise NotImplementedError("task1_4: Backpropagation is still to do")


class EQBackward(LTBackward):
    """z = 1 where a equals b, else 0: as flat as the step, so it inherits the rule."""

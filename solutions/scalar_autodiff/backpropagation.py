"""Task 1.4: derivatives flow from a result back to the leaves it was computed from.

A variable passes its derivative on when all of it has arrived (Griewank and Walther, Evaluating
Derivatives, 2008, section 3.2):  dL/dv = sum over all uses z = f(..., v, ...) of  df/dv * dL/dz

The forward of task 1.2, whoever wrote it, has saved exactly its inputs, or nothing at all.
"""

# ruff: noqa: ARG004  (every backward takes ctx and d_output, whether or not its formula needs both)

from __future__ import annotations

from scalar_autodiff import operators
from scalar_autodiff.variable import Context, Variable, is_constant


def topological_sort(variable: Variable) -> list[Variable]:
    """All variables that `variable` depends on, each once, after everything that was computed from it.

    `variable` itself comes first; constants are left out, and a constant's list is empty. The graph
    can be deeper than Python's stack of calls: this is a loop, not a recursion.
    """
    ### BEGIN SOLUTION task1_4
    if is_constant(variable):
        return []
    inputs_first: list[Variable] = []
    seen: set[int] = set()
    stack = [(variable, False)]
    while stack:
        v, inputs_are_done = stack.pop()
        if inputs_are_done:
            inputs_first.append(v)
        elif v.unique_id not in seen:
            seen.add(v.unique_id)
            stack.append((v, True))
            stack.extend((x, False) for x in v.history.inputs or () if not is_constant(x))
    return inputs_first[::-1]
    ### END SOLUTION task1_4


def backpropagate(variable: Variable, deriv: float) -> None:
    """Start with `deriv` at `variable` and add to the derivative of every leaf what reaches it.

    Each variable's `history.backprop_step` is called once, with the sum of all that arrived there.
    Only leaves are written to, through `accumulate_derivative`.
    """
    ### BEGIN SOLUTION task1_4
    derivatives = {variable.unique_id: deriv}
    for v in topological_sort(variable):
        d_v = derivatives.pop(v.unique_id)
        if v.is_leaf():
            v.accumulate_derivative(d_v)
        else:
            for x, d_x in v.history.backprop_step(d_v):
                derivatives[x.unique_id] = derivatives.get(x.unique_id, 0.0) + d_x
    ### END SOLUTION task1_4


class AddBackward:
    """z = a + b: the sum passes what arrives to both, unchanged (a worked example)."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> tuple[float, float]:
        """dz/da = 1 and dz/db = 1, times `d_output`; nothing was saved."""
        return d_output, d_output


class LogBackward:
    """z = log(a) (a worked example)."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """dz/da = 1 / a, times `d_output`; a was saved."""
        a = ctx.saved_values
        return operators.inv(a) * d_output


class MulBackward:
    """z = a b."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> tuple[float, float]:
        """dz/da and dz/db, times `d_output`; a and b were saved."""
        ### BEGIN SOLUTION task1_4
        a, b = ctx.saved_values
        return b * d_output, a * d_output
        ### END SOLUTION task1_4


class InvBackward:
    """z = 1 / a."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """dz/da, times `d_output`; a was saved."""
        ### BEGIN SOLUTION task1_4
        a = ctx.saved_values
        return -operators.inv(a * a) * d_output
        ### END SOLUTION task1_4


class NegBackward:
    """z = -a."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """dz/da, times `d_output`; nothing was saved."""
        ### BEGIN SOLUTION task1_4
        return -d_output
        ### END SOLUTION task1_4


class SigmoidBackward:
    """z = 1 / (1 + e^-a)."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """dz/da, times `d_output`; a was saved, not z."""
        ### BEGIN SOLUTION task1_4
        z = operators.sigmoid(ctx.saved_values)
        return z * (1 - z) * d_output
        ### END SOLUTION task1_4


class ReLUBackward:
    """z = max(a, 0)."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """dz/da, times `d_output`, where dz/da at a = 0 is taken to be 0; a was saved."""
        ### BEGIN SOLUTION task1_4
        a = ctx.saved_values
        return d_output if a > 0 else 0.0
        ### END SOLUTION task1_4


class ExpBackward:
    """z = e^a."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """dz/da, times `d_output`; a was saved, not z."""
        ### BEGIN SOLUTION task1_4
        return operators.exp(ctx.saved_values) * d_output
        ### END SOLUTION task1_4


class LTBackward:
    """z = 1 where a < b, else 0: a step, flat wherever it has a slope at all."""

    @staticmethod
    def backward(ctx: Context, d_output: float) -> tuple[float, float]:
        """dz/da and dz/db, both taken to be 0 everywhere; nothing was saved."""
        ### BEGIN SOLUTION task1_4
        return 0.0, 0.0
        ### END SOLUTION task1_4


class EQBackward(LTBackward):
    """z = 1 where a equals b, else 0: as flat as the step, so it inherits the rule."""

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
    ### BEGIN SOLUTION task1_4
    if is_constant(variable):
        return []
    inputs_first, seen, stack = [], set(), [variable]
    while stack:
        v = stack.pop()
        if v is None:  # the mark of the variable below it, whose inputs have all been placed by now
            inputs_first.append(stack.pop())
        elif v not in seen:
            seen.add(v)
            stack.append(v)
            stack.append(None)
            for x in v.history.inputs or ():
                if isinstance(x, Variable) and x.history is not None and x not in seen:
                    if x.history.last_fn is None:  # a leaf has no inputs to wait for
                        seen.add(x)
                        inputs_first.append(x)
                    else:
                        stack.append(x)
    return inputs_first[::-1]
    ### END SOLUTION task1_4


def backpropagate(variable: Variable, deriv: float) -> None:
    """Start with `deriv` at `variable` and add to the derivative of every leaf what reaches it.

    Each variable's `history.backprop_step` is called once, with the sum of all that arrived there, or not
    at all where that is 0: then there is nothing to pass on. Only leaves are written to, through
    `accumulate_derivative`.
    """
    ### BEGIN SOLUTION task1_4
    order = topological_sort(variable)
    derivatives = dict.fromkeys(order, 0.0)
    derivatives[variable] = deriv
    for v in order:
        d_v = derivatives[v]
        if v.history.last_fn is None:
            v.accumulate_derivative(d_v)
        elif d_v != 0.0:  # behind a ReLU that is off, nothing is left to pass on
            for x, d_x in v.history.backprop_step(d_v):
                derivatives[x] += d_x
    ### END SOLUTION task1_4


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
        ### BEGIN SOLUTION task1_4
        a, b = ctx.saved_values
        return b * d_output, a * d_output
        ### END SOLUTION task1_4


class InvBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = 1 / a: dz/da, times `d_output`; a was saved."""
        ### BEGIN SOLUTION task1_4
        a = ctx.saved_values
        return -operators.inv(a * a) * d_output
        ### END SOLUTION task1_4


class NegBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = -a: dz/da, times `d_output`; nothing was saved."""
        ### BEGIN SOLUTION task1_4
        return -d_output
        ### END SOLUTION task1_4


class SigmoidBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = 1 / (1 + e^-a): dz/da, times `d_output`; a was saved, not z."""
        ### BEGIN SOLUTION task1_4
        z = operators.sigmoid(ctx.saved_values)
        return z * (1 - z) * d_output
        ### END SOLUTION task1_4


class ReLUBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = max(a, 0): dz/da, times `d_output`, where dz/da at a = 0 is taken to be 0; a was saved."""
        ### BEGIN SOLUTION task1_4
        a = ctx.saved_values
        return d_output if a > 0 else 0.0
        ### END SOLUTION task1_4


class ExpBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = e^a: dz/da, times `d_output`; a was saved, not z."""
        ### BEGIN SOLUTION task1_4
        return operators.exp(ctx.saved_values) * d_output
        ### END SOLUTION task1_4


class LTBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> tuple[float, float]:
        """z = 1 where a < b, else 0: dz/da and dz/db are taken to be 0 everywhere; nothing was saved."""
        ### BEGIN SOLUTION task1_4
        return 0.0, 0.0
        ### END SOLUTION task1_4


class EQBackward(LTBackward):
    """z = 1 where a equals b, else 0: as flat as the step, so it inherits the rule."""

"""Task 1.4: derivatives flow from a result L back to the leaves it was computed from.

    dL/dv = sum over all uses z = f(..., v, ...) of  dz/dv * dL/dz

(Griewank and Walther, Evaluating Derivatives, 2008, section 3.2). A forward has saved its inputs or nothing.
"""

# ruff: noqa: ARG004, D101, D403
# (every backward takes ctx and d_output, whether or not its formula needs both; each class is one rule, its
# backward's docstring says which, and that begins with the formula's z)

from __future__ import annotations

import math
from collections import defaultdict

from scalar_autodiff import operators
from scalar_autodiff.variable import Context, Variable, is_constant


def topological_sort(variable: Variable) -> list[Variable]:
    """All variables that `variable` depends on, each once, after everything that was computed from it.

    `variable` itself comes first; constants are left out, and a constant's list is empty. The graph
    can be deeper than Python's stack of calls: this is a loop, not a recursion.
    """
    # Kahn (1962): a variable is ready when every use of it has been put out.
    uses = _count_uses(variable)
    ready, order = [variable] if uses else [], []
    while ready:
        v = ready.pop()
        order.append(v)
        for x in _inputs(v):
            uses[x.unique_id] -= 1
            if uses[x.unique_id] == 0:
                ready.append(x)
    return order


def backpropagate(variable: Variable, deriv: float) -> None:
    """Start with `deriv` at `variable` and add to the derivative of every leaf what reaches it.

    Each variable's `history.backprop_step` is called once, with the sum of all that arrived there.
    Only leaves are written to, through `accumulate_derivative`.
    """
    inbox = defaultdict(float)
    inbox[variable.unique_id] = deriv
    for v in topological_sort(variable):
        total = inbox.pop(v.unique_id)
        if v.is_leaf():
            v.accumulate_derivative(total)
        else:
            for x, share in v.history.backprop_step(total):
                inbox[x.unique_id] += share


def _inputs(v):
    """The variables that v was computed from, constants left out."""
    return [x for x in v.history.inputs or () if not is_constant(x)]


def _count_uses(variable):
    """How often each variable below `variable` goes into another; 0 for `variable` itself."""
    if is_constant(variable):
        return {}
    uses = {variable.unique_id: 0}
    unvisited = [variable]
    while unvisited:
        for x in _inputs(unvisited.pop()):
            if x.unique_id not in uses:
                uses[x.unique_id] = 0
                unvisited.append(x)
            uses[x.unique_id] += 1
    return uses


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
        left, right = ctx.saved_values
        return (d_output * right, d_output * left)


class InvBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = 1 / a: dz/da, times `d_output`; a was saved."""
        recip = operators.inv(ctx.saved_values)
        return d_output * -(recip * recip)


class NegBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = -a: dz/da, times `d_output`; nothing was saved."""
        return -1.0 * d_output


class SigmoidBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = 1 / (1 + e^-a): dz/da, times `d_output`; a was saved, not z."""
        e = math.exp(-abs(ctx.saved_values))  # the slope is the same on both sides of 0
        return d_output * e / (1 + e) ** 2


class ReLUBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = max(a, 0): dz/da, times `d_output`, where dz/da at a = 0 is taken to be 0; a was saved."""
        return operators.lt(0.0, ctx.saved_values) * d_output


class ExpBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> float:
        """z = e^a: dz/da, times `d_output`; a was saved, not z."""
        return d_output * operators.exp(ctx.saved_values)


class LTBackward:
    @staticmethod
    def backward(ctx: Context, d_output: float) -> tuple[float, float]:
        """z = 1 where a < b, else 0: dz/da and dz/db are taken to be 0 everywhere; nothing was saved."""
        return (0.0, 0.0)


class EQBackward(LTBackward):
    """z = 1 where a equals b, else 0: as flat as the step, so it inherits the rule."""

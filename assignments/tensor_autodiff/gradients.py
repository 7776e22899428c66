"""Task 4.2: the backward half of each op.

Let L be a final number, z = f(a, b) one step on the way to it, and `out_grad` the array dL/dz. By the chain
rule an element of an input receives something from every element of z that it moved:

    dL/da[i] = sum over j of  dL/dz[j] * dz[j]/da[i]

the product of a vector with the Jacobian matrix dz/da, which is never built (Baydin et al., Automatic
differentiation in machine learning: a survey, 2018, section 3.2). Each class is inherited by its op in `ops`,
and computes with tensors, so that what it returns can be differentiated again: see `worked_gradients`.
"""

# ruff: noqa: ARG002, D101, D403  (each rule is given the node; its docstring begins with its formula)

from __future__ import annotations

from tensor_autodiff.value import Value
from tensor_autodiff.worked_gradients import *  # noqa: F403  (all gradients are found in this module)


def sum_to_shape(d: Value, shape: tuple[int, ...]) -> Value:
    """`d`, summed to have exactly `shape`: over every axis along which such an array was repeated.

    Those are axes in front that `shape` does not have, and axes that have size 1 in `shape`.
    """
    # TODO(task4_2): Operators backward
    raise NotImplementedError("task4_2: Operators backward is still to do")


class EWiseDivGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """z = a / b, element by element: dz/da and dz/db, times `out_grad`."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class DivScalarGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a / c: dz/da, times `out_grad`; c is ``self.scalar``."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class EWisePowGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """z = a^b, element by element, a > 0: dz/da and dz/db, times `out_grad`."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class PowerScalarGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a^n: dz/da, times `out_grad`; n is ``self.scalar``. a^0 is 1 everywhere, at a = 0 too."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class MatMulGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """Z = A B: dL/dA = dL/dZ B^T and dL/dB = A^T dL/dZ.

        Batch axes in front are broadcast: an operand that was repeated receives the sum over its repetitions.
        """
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class SummationGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = the sum of a over ``self.axes_of(a)``: every element that went into a sum moves it as much."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class BroadcastToGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a, repeated until it has ``self.shape``: an element of a moves all its repetitions."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class ReshapeGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a in another shape: every element is where it was, counted row by row."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class NegateGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = -a: dz/da, times `out_grad`."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class TransposeGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a with two axes swapped, ``self.axes``: every element goes back to where it was."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class LogGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = log(a): dz/da, times `out_grad`."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class ExpGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = e^a: dz/da, times `out_grad`."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")


class ReLUGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = max(a, 0): dz/da, 0 at a = 0, times `out_grad`; ``node.make_const(mask)`` makes a tensor."""
        # TODO(task4_2): Operators backward
        raise NotImplementedError("task4_2: Operators backward is still to do")

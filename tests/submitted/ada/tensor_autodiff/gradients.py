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
    extra = len(d.shape) - len(shape)
    axes = [*range(extra), *(extra + i for i, size in enumerate(shape) if size == 1)]
    return d.sum(axes).reshape(shape) if axes else d


class EWiseDivGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """z = a / b, element by element: dz/da and dz/db, times `out_grad`."""
        a, b = node.inputs
        return out_grad / b, -out_grad * a / b**2


class DivScalarGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a / c: dz/da, times `out_grad`; c is ``self.scalar``."""
        return out_grad / self.scalar


class EWisePowGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """z = a^b, element by element, a > 0: dz/da and dz/db, times `out_grad`."""
        a, b = node.inputs
        return out_grad * b * a ** (b - 1), out_grad * node * a.log()


class PowerScalarGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a^n: dz/da, times `out_grad`; n is ``self.scalar``. a^0 is 1 everywhere, at a = 0 too."""
        (a,) = node.inputs
        if self.scalar == 0:
            return out_grad * 0
        return out_grad * self.scalar * a ** (self.scalar - 1)


class MatMulGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """Z = A B: dL/dA = dL/dZ B^T and dL/dB = A^T dL/dZ.

        Batch axes in front are broadcast: an operand that was repeated receives the sum over its repetitions.
        """
        a, b = node.inputs
        da = out_grad @ b.transpose()
        db = a.transpose() @ out_grad
        return sum_to_shape(da, a.shape), sum_to_shape(db, b.shape)


class SummationGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = the sum of a over ``self.axes_of(a)``: every element that went into a sum moves it as much."""
        (a,) = node.inputs
        with_ones = list(a.shape)
        for axis in self.axes_of(a):
            with_ones[axis] = 1
        return out_grad.reshape(with_ones).broadcast_to(a.shape)


class BroadcastToGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a, repeated until it has ``self.shape``: an element of a moves all its repetitions."""
        return sum_to_shape(out_grad, node.inputs[0].shape)


class ReshapeGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a in another shape: every element is where it was, counted row by row."""
        return out_grad.reshape(node.inputs[0].shape)


class NegateGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = -a: dz/da, times `out_grad`."""
        return -out_grad


class TransposeGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a with two axes swapped, ``self.axes``: every element goes back to where it was."""
        return out_grad.transpose(self.axes)


class LogGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = log(a): dz/da, times `out_grad`."""
        return out_grad / node.inputs[0]


class ExpGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = e^a: dz/da, times `out_grad`."""
        return out_grad * node


class ReLUGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = max(a, 0): dz/da, 0 at a = 0, times `out_grad`; ``node.make_const(mask)`` makes a tensor."""
        (a,) = node.inputs
        return out_grad * node.make_const(a.numpy() > 0)

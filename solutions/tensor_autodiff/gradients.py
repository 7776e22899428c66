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
    ### BEGIN SOLUTION task4_2
    if d.shape == shape:
        return d
    new = len(d.shape) - len(shape)
    repeated = [new + axis for axis, size in enumerate(shape) if size == 1]
    return d.sum((*range(new), *repeated)).reshape(shape)
    ### END SOLUTION task4_2


class EWiseDivGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """z = a / b, element by element: dz/da and dz/db, times `out_grad`."""
        ### BEGIN SOLUTION task4_2
        a, b = node.inputs
        return out_grad / b, -out_grad * a / (b * b)
        ### END SOLUTION task4_2


class DivScalarGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a / c: dz/da, times `out_grad`; c is ``self.scalar``."""
        ### BEGIN SOLUTION task4_2
        return out_grad / self.scalar
        ### END SOLUTION task4_2


class EWisePowGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """z = a^b, element by element, a > 0: dz/da and dz/db, times `out_grad`."""
        ### BEGIN SOLUTION task4_2
        a, b = node.inputs
        return out_grad * b * a ** (b - 1), out_grad * node * a.log()
        ### END SOLUTION task4_2


class PowerScalarGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a^n: dz/da, times `out_grad`; n is ``self.scalar``. a^0 is 1 everywhere, at a = 0 too."""
        ### BEGIN SOLUTION task4_2
        (a,), n = node.inputs, self.scalar
        return out_grad * (n * a ** (n - 1)) if n != 0 else out_grad * 0.0
        ### END SOLUTION task4_2


class MatMulGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """Z = A B: dL/dA = dL/dZ B^T and dL/dB = A^T dL/dZ.

        Batch axes in front are broadcast: an operand that was repeated receives the sum over its repetitions.
        """
        ### BEGIN SOLUTION task4_2
        a, b = node.inputs
        d_a, d_b = out_grad @ b.transpose(), a.transpose() @ out_grad
        return sum_to_shape(d_a, a.shape), sum_to_shape(d_b, b.shape)
        ### END SOLUTION task4_2


class SummationGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = the sum of a over ``self.axes_of(a)``: every element that went into a sum moves it as much."""
        ### BEGIN SOLUTION task4_2
        (a,) = node.inputs
        kept = tuple(1 if axis in self.axes_of(a) else size for axis, size in enumerate(a.shape))
        return out_grad.reshape(kept).broadcast_to(a.shape)
        ### END SOLUTION task4_2


class BroadcastToGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a, repeated until it has ``self.shape``: an element of a moves all its repetitions."""
        ### BEGIN SOLUTION task4_2
        return sum_to_shape(out_grad, node.inputs[0].shape)
        ### END SOLUTION task4_2


class ReshapeGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a in another shape: every element is where it was, counted row by row."""
        ### BEGIN SOLUTION task4_2
        return out_grad.reshape(node.inputs[0].shape)
        ### END SOLUTION task4_2


class NegateGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = -a: dz/da, times `out_grad`."""
        ### BEGIN SOLUTION task4_2
        return -out_grad
        ### END SOLUTION task4_2


class TransposeGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a with two axes swapped, ``self.axes``: every element goes back to where it was."""
        ### BEGIN SOLUTION task4_2
        return out_grad.transpose(self.axes)
        ### END SOLUTION task4_2


class LogGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = log(a): dz/da, times `out_grad`."""
        ### BEGIN SOLUTION task4_2
        (a,) = node.inputs
        return out_grad / a
        ### END SOLUTION task4_2


class ExpGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = e^a: dz/da, times `out_grad`."""
        ### BEGIN SOLUTION task4_2
        return out_grad * node
        ### END SOLUTION task4_2


class ReLUGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = max(a, 0): dz/da, 0 at a = 0, times `out_grad`; ``node.make_const(mask)`` makes a tensor."""
        ### BEGIN SOLUTION task4_2
        (a,) = node.inputs
        return out_grad * node.make_const(a.numpy() > 0)
        ### END SOLUTION task4_2

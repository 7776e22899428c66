"""Task 4.1: the forward half of each op, on numpy arrays.

``EWiseDiv()(a, b)`` on tensors calls ``EWiseDiv.compute`` on their arrays and makes a tensor of what it
returns (`op.TensorOp`). The backward half comes from `gradients`, the class before the last in each list of
bases. The forms that are called as functions, ``divide(a, b)``, are in `functional`.
"""

# ruff: noqa: D101  (an op's formula stands in its compute)

from __future__ import annotations

import numpy as np

from tensor_autodiff import gradients
from tensor_autodiff.op import Array, AxesOp, EWiseOp, ScalarOp, ShapeOp, TensorOp


class EWiseAdd(gradients.EWiseAddGradient, EWiseOp):
    def compute(self, a: Array, b: Array) -> Array:
        """The sum a + b, element by element (a worked example)."""
        return a + b


class AddScalar(gradients.AddScalarGradient, ScalarOp):
    def compute(self, a: Array) -> Array:
        """The sum a + c of each element and the number c = ``self.scalar`` (a worked example)."""
        return a + self.scalar


class EWiseMul(gradients.EWiseMulGradient, EWiseOp):
    def compute(self, a: Array, b: Array) -> Array:
        """The product a b, element by element (a worked example)."""
        return a * b


class MulScalar(gradients.MulScalarGradient, ScalarOp):
    def compute(self, a: Array) -> Array:
        """The product c a of each element and the number c = ``self.scalar`` (a worked example)."""
        return a * self.scalar


class EWiseDiv(gradients.EWiseDivGradient, EWiseOp):
    def compute(self, a: Array, b: Array) -> Array:
        """The quotient a / b, element by element."""
        return a / b


class DivScalar(gradients.DivScalarGradient, ScalarOp):
    def compute(self, a: Array) -> Array:
        """The quotient a / c of each element and the number c = ``self.scalar``."""
        return a / self.scalar


class EWisePow(gradients.EWisePowGradient, EWiseOp):
    def compute(self, a: Array, b: Array) -> Array:
        """The power a^b, element by element."""
        return a**b


class PowerScalar(gradients.PowerScalarGradient, ScalarOp):
    def compute(self, a: Array) -> Array:
        """The power a^n of each element, n = ``self.scalar``."""
        return a**self.scalar


class MatMul(gradients.MatMulGradient, TensorOp):
    def compute(self, a: Array, b: Array) -> Array:
        """The matrix product over the last two axes, (..., m, k) times (..., k, n) is (..., m, n).

        Axes in front of those are batches, and broadcast as numpy broadcasts them.
        """
        return a @ b


class Summation(gradients.SummationGradient, AxesOp):
    def compute(self, a: Array) -> Array:
        """The sum over ``self.axes``, an int or a tuple, over all where it is None; summed axes are gone."""
        return a.sum(self.axes)


class BroadcastTo(gradients.BroadcastToGradient, ShapeOp):
    def compute(self, a: Array) -> Array:
        """The array repeated until it has ``self.shape``, as numpy broadcasts."""
        return np.broadcast_to(a, self.shape)


class Reshape(gradients.ReshapeGradient, ShapeOp):
    def compute(self, a: Array) -> Array:
        """The elements in their order, in ``self.shape``."""
        return a.reshape(self.shape)


class Negate(gradients.NegateGradient, TensorOp):
    def compute(self, a: Array) -> Array:
        """The opposite -a."""
        return -a


class Transpose(gradients.TransposeGradient, AxesOp):
    def compute(self, a: Array) -> Array:
        """The array with the two axes of ``self.axes`` swapped; with the last two where it is None."""
        axes = (-2, -1) if self.axes is None else self.axes
        return a.swapaxes(*axes)


class Log(gradients.LogGradient, TensorOp):
    def compute(self, a: Array) -> Array:
        """The natural logarithm."""
        return np.log(a)


class Exp(gradients.ExpGradient, TensorOp):
    def compute(self, a: Array) -> Array:
        """The exponential."""
        return np.exp(a)


class ReLU(gradients.ReLUGradient, TensorOp):
    def compute(self, a: Array) -> Array:
        """The positive part max(a, 0)."""
        return np.maximum(a, 0)

"""Tensors: nodes that are computed with ``+ - * / ** @`` and methods (given).

Every operator takes a tensor of the same shape or a plain number and returns a new tensor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tensor_autodiff import functional, reverse_mode
from tensor_autodiff.value import Value


class Tensor(Value):
    """An array that tracks its computation; ``Tensor(array)`` is a leaf, and `Value` says what it holds."""

    __slots__ = ()

    def backward(self, out_grad: Tensor | None = None) -> None:
        """Set the grad of each leaf below to the derivative of this tensor's elements, weighed by `out_grad`.

        Args:
            out_grad: a weight for each element; by default 1, and then the elements' sum is differentiated.

        Raises:
            ValueError: there is nothing to differentiate by, or `out_grad` has another shape.
        """
        if not self.requires_grad:
            raise ValueError("backward of a constant: it was computed from constants, or detached")
        if out_grad is None:
            out_grad = self.make_const(np.ones_like(self.cached_data))
        elif out_grad.shape != self.shape:
            raise ValueError(f"out_grad has shape {out_grad.shape}, and the tensor {self.shape}")
        reverse_mode.compute_gradient_of_variables(self, out_grad)

    def __repr__(self) -> str:
        """``Tensor([1.0, 2.0])``."""
        return f"{type(self).__name__}({np.array2string(self.cached_data, separator=', ')})"

    def __str__(self) -> str:
        return str(self.cached_data)

    def __add__(self, other: Tensor | float) -> Tensor:
        return functional.add(self, other) if isinstance(other, Value) else functional.add_scalar(self, other)

    def __mul__(self, other: Tensor | float) -> Tensor:
        if isinstance(other, Value):
            return functional.multiply(self, other)
        return functional.mul_scalar(self, other)

    def __truediv__(self, other: Tensor | float) -> Tensor:
        if isinstance(other, Value):
            return functional.divide(self, other)
        return functional.divide_scalar(self, other)

    def __pow__(self, other: Tensor | float) -> Tensor:
        if isinstance(other, Value):
            return functional.power(self, other)
        return functional.power_scalar(self, other)

    def __sub__(self, other: Tensor | float) -> Tensor:
        return self + -other

    def __neg__(self) -> Tensor:
        return functional.negate(self)

    def __matmul__(self, other: Tensor) -> Tensor:
        return functional.matmul(self, other)

    def __rsub__(self, other: float) -> Tensor:
        return -self + other

    def __rtruediv__(self, other: float) -> Tensor:
        return self**-1 * other

    __radd__, __rmul__ = __add__, __mul__

    def matmul(self, other: Tensor) -> Tensor:
        """The matrix product, as ``@``."""
        return functional.matmul(self, other)

    def sum(self, axes: int | Sequence[int] | None = None) -> Tensor:
        """The sum over some axes, by default all."""
        return functional.summation(self, axes)

    def broadcast_to(self, shape: Sequence[int]) -> Tensor:
        """The array repeated until it has `shape`."""
        return functional.broadcast_to(self, shape)

    def reshape(self, shape: int | Sequence[int]) -> Tensor:
        """The same elements in another shape."""
        return functional.reshape(self, shape)

    def transpose(self, axes: Sequence[int] | None = None) -> Tensor:
        """The array with two axes swapped, by default the last two."""
        return functional.transpose(self, axes)

    def log(self) -> Tensor:
        """The natural logarithm."""
        return functional.log(self)

    def exp(self) -> Tensor:
        """The exponential."""
        return functional.exp(self)

    def relu(self) -> Tensor:
        """The positive part."""
        return functional.relu(self)

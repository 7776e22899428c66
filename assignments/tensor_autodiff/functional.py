"""The ops as functions of tensors: ``add(a, b)`` is ``EWiseAdd()(a, b)`` (given)."""

from __future__ import annotations

from collections.abc import Sequence

from tensor_autodiff import ops
from tensor_autodiff.value import Value


def add(a: Value, b: Value) -> Value:
    """The sum, element by element."""
    return ops.EWiseAdd()(a, b)


def add_scalar(a: Value, scalar: float) -> Value:
    """The sum of each element and a number."""
    return ops.AddScalar(scalar)(a)


def multiply(a: Value, b: Value) -> Value:
    """The product, element by element."""
    return ops.EWiseMul()(a, b)


def mul_scalar(a: Value, scalar: float) -> Value:
    """The product of each element and a number."""
    return ops.MulScalar(scalar)(a)


def divide(a: Value, b: Value) -> Value:
    """The quotient, element by element."""
    return ops.EWiseDiv()(a, b)


def divide_scalar(a: Value, scalar: float) -> Value:
    """The quotient of each element and a number."""
    return ops.DivScalar(scalar)(a)


def power(a: Value, b: Value) -> Value:
    """The power, element by element; a is positive."""
    return ops.EWisePow()(a, b)


def power_scalar(a: Value, scalar: float) -> Value:
    """The power of each element with a number as exponent."""
    return ops.PowerScalar(scalar)(a)


def matmul(a: Value, b: Value) -> Value:
    """The matrix product over the last two axes; axes in front broadcast."""
    return ops.MatMul()(a, b)


def summation(a: Value, axes: int | Sequence[int] | None = None) -> Value:
    """The sum over some axes, by default all."""
    return ops.Summation(axes)(a)


def broadcast_to(a: Value, shape: Sequence[int]) -> Value:
    """The array repeated until it has `shape`."""
    return ops.BroadcastTo(shape)(a)


def reshape(a: Value, shape: int | Sequence[int]) -> Value:
    """The same elements in another shape."""
    return ops.Reshape(shape)(a)


def negate(a: Value) -> Value:
    """The opposite."""
    return ops.Negate()(a)


def transpose(a: Value, axes: Sequence[int] | None = None) -> Value:
    """The array with two axes swapped, by default the last two."""
    return ops.Transpose(axes)(a)


def log(a: Value) -> Value:
    """The natural logarithm."""
    return ops.Log()(a)


def exp(a: Value) -> Value:
    """The exponential."""
    return ops.Exp()(a)


def relu(a: Value) -> Value:
    """The positive part."""
    return ops.ReLU()(a)

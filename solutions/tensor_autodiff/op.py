"""What all ops have in common: called on nodes they make a node (given).

An op has two halves. ``compute`` goes forward, from numpy arrays to a numpy array. ``gradient`` goes
backward, from nodes to nodes: it computes with the same ops, so that a gradient has a graph of its own and
can be differentiated again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.typing import NDArray

from tensor_autodiff.value import Value

Array = NDArray[np.floating]


class Op:
    """A differentiable function of arrays."""

    def compute(self, *args: Array) -> Array:
        """The value z = f(args)."""
        raise NotImplementedError(f"{type(self).__name__} has no compute")

    def gradient(self, out_grad: Value, node: Value) -> Value | tuple[Value, ...]:
        """The vector-Jacobian products: what each of ``node.inputs`` receives of `out_grad`.

        Args:
            out_grad: dL/dz for some final number L, of the shape of z.
            node: z, with its inputs.

        Returns:
            dL/dx for each input x, of the shape of x: a tuple, or a lone node where there is one input.
        """
        raise NotImplementedError(f"{type(self).__name__} has no gradient")

    def gradient_as_tuple(self, out_grad: Value, node: Value) -> tuple[Value, ...]:
        """The same, a tuple in any case."""
        shares = self.gradient(out_grad, node)
        return tuple(shares) if isinstance(shares, (tuple, list)) else (shares,)


class TensorOp(Op):
    """An op whose result is one tensor."""

    def __call__(self, *args: Value) -> Value:
        """The node that holds ``compute(...)`` of the arguments' numbers, and the way back to them."""
        return type(args[0]).make_from_op(self, args)


class EWiseOp(TensorOp):
    """An op on two tensors of one shape, element by element.

    numpy would broadcast other shapes without a word, and the gradients would not fit their inputs.
    """

    def __call__(self, *args: Value) -> Value:
        """The node of the result.

        Raises:
            ValueError: the shapes differ.
        """
        a, b = args
        if a.shape != b.shape:
            raise ValueError(
                f"{type(self).__name__}: shapes {a.shape} and {b.shape} differ; use broadcast_to first"
            )
        return super().__call__(*args)


class ScalarOp(TensorOp):
    """An op with a plain number.

    Attributes:
        scalar: the number.
    """

    def __init__(self, scalar: float) -> None:
        # numpy's own float64 would turn a float32 array into float64, Python's float does not
        self.scalar = float(scalar)


class AxesOp(TensorOp):
    """An op along some axes.

    Attributes:
        axes: one axis or several, counted from 0, or from the end below 0; None for the op's default.
    """

    def __init__(self, axes: int | Sequence[int] | None = None) -> None:
        self.axes = tuple(axes) if isinstance(axes, (list, tuple)) else axes

    def axes_of(self, a: Value) -> tuple[int, ...]:
        """The axes of `a` that are meant, each counted from 0; all where there is no word."""
        return (
            tuple(range(len(a.shape))) if self.axes is None else normalize_axis_tuple(self.axes, len(a.shape))
        )


class ShapeOp(TensorOp):
    """An op that gives its result a shape.

    Attributes:
        shape: the size of each axis.
    """

    def __init__(self, shape: int | Sequence[int]) -> None:
        self.shape = tuple(shape) if isinstance(shape, (list, tuple)) else (shape,)

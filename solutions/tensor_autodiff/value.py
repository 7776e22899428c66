"""A node of the computation graph: an array, the op that computed it, and what from (given).

A node holds its op and its inputs, and each input holds its own: so the last result of a computation keeps
everything alive that it was computed from. `detach` gives a node that remembers nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

if TYPE_CHECKING:  # op.py is made of nodes
    from tensor_autodiff.op import Op


class Value:
    """A node; ``Value(array)`` alone is a leaf, one that was not computed.

    The array is copied. Floats keep their precision, so that float32 data train in float32; everything else
    becomes a float: Python's numbers float64, in which derivatives can be checked, and
    truth values and bytes float32, which turns nothing that they meet into float64.

    Args:
        array: numbers, as a scalar, nested lists, an array, or another node.
        dtype: the precision, where that is not right.
        requires_grad: False for a constant, like a training set's points. What is computed from constants
            alone is a constant, and remembers nothing.

    Attributes:
        cached_data: the numbers, a numpy array.
        op: the op that computed it; None for a leaf.
        inputs: what it was computed from, in the op's order; empty for a leaf.
        grad: of a leaf, once backward ran: the derivative of backward's start with respect to this leaf.
    """

    __slots__ = ("__weakref__", "cached_data", "grad", "inputs", "op", "requires_grad")

    # numpy's arrays leave ``array * tensor`` to the tensor
    __array_ufunc__ = None

    def __init__(
        self, array: ArrayLike | Value, *, dtype: DTypeLike | None = None, requires_grad: bool = True
    ) -> None:
        numbers = array.cached_data if isinstance(array, Value) else np.asarray(array)
        self._set(np.array(numbers, dtype=dtype or _real(numbers)), requires_grad=requires_grad)

    def _set(
        self,
        data: NDArray[np.floating],
        op: Op | None = None,
        inputs: tuple[Self, ...] = (),
        *,
        requires_grad: bool,
    ) -> None:
        self.cached_data = data
        self.op = op
        self.inputs = inputs
        self.requires_grad = requires_grad
        self.grad: Self | None = None

    @classmethod
    def make_from_op(cls, op: Op, inputs: tuple[Self, ...]) -> Self:
        """What `op` computes from `inputs`, at once.

        Raises:
            TypeError: the op's compute returned nothing.
        """
        data = op.compute(*[x.cached_data for x in inputs])
        if data is None:
            raise TypeError(f"{type(op).__name__}.compute returned None (is a return missing?)")
        if not any(x.requires_grad for x in inputs):
            return cls.make_const(data)
        made = cls.__new__(cls)
        made._set(np.asarray(data), op, inputs, requires_grad=True)  # noqa: SLF001  (made is of this class)
        return made

    @classmethod
    def make_const(cls, data: ArrayLike, *, requires_grad: bool = False) -> Self:
        """A leaf around `data`, as a rule a constant; an array of floats is not copied."""
        numbers = np.asarray(data)
        made = cls.__new__(cls)
        numbers = numbers.astype(_real(numbers), copy=False)
        made._set(numbers, requires_grad=requires_grad)  # noqa: SLF001  (made is of this class)
        return made

    def detach(self) -> Self:
        """The same numbers as a constant that does not know where they came from; nothing is copied."""
        return self.make_const(self.cached_data)

    @property
    def data(self) -> Self:
        """The same as ``detach()``; what is assigned to it replaces this node's numbers, and nothing else."""
        return self.detach()

    @data.setter
    def data(self, value: Self) -> None:
        if not isinstance(value, Value) or value.cached_data.shape != self.cached_data.shape:
            shape = value.shape if isinstance(value, Value) else type(value).__name__
            raise ValueError(
                f"data of shape {self.shape} cannot become {shape}; assign a tensor of this shape"
            )
        self.cached_data = value.cached_data.astype(self.cached_data.dtype, copy=False)

    def realize_cached_data(self) -> NDArray[np.floating]:
        """The numbers, a numpy array."""
        return self.cached_data

    def numpy(self) -> NDArray[np.floating]:
        """The numbers, a numpy array; the node's own, no copy."""
        return self.cached_data

    def is_leaf(self) -> bool:
        """Whether it was given and not computed."""
        return self.op is None

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each axis; empty for a single number."""
        return self.cached_data.shape

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The precision."""
        return self.cached_data.dtype


def _real(numbers: NDArray[np.generic]) -> np.dtype[np.generic]:
    """The float type of at least 32 bits that holds these numbers."""
    return np.result_type(numbers.dtype, np.float32)

"""Task 1.2: numbers that remember how they were computed, and the functions that compute them.

``x * y`` on Scalars calls ``Mul.apply(x, y)``, which runs `Mul.forward` on the plain values and records
the call in the result's history. So each operator below is one call of `apply`, and each forward
is one formula on floats.

A forward that saves anything saves exactly its inputs, in their order (``Mul``: a, b; ``Inv``, ``Log``,
``Sigmoid``, ``ReLU`` and ``Exp``: a), since the backward of task 1.4 may be someone else's.
"""

# ruff: noqa: ARG004  (every forward takes ctx, whether or not its backward needs anything saved)

from __future__ import annotations

from scalar_autodiff import backpropagation as backwards
from scalar_autodiff import operators
from scalar_autodiff.chain_rule import FunctionBase
from scalar_autodiff.scalar_base import ScalarBase
from scalar_autodiff.variable import Context


class Scalar(ScalarBase):
    """A float that tracks its computation; ``Scalar(v, back=History(), name=None)`` is a leaf.

    Every operator takes a Scalar or a plain number as `b` and returns a Scalar.

    Attributes:
        data: the value, a plain number.
    """

    __slots__ = ()

    def __mul__(self, b: Scalar | float) -> Scalar:
        """The product self * b (a worked example)."""
        return Mul.apply(self, b)

    def __truediv__(self, b: Scalar | float) -> Scalar:
        """The quotient self / b, as a product with the reciprocal (a worked example)."""
        return Mul.apply(self, Inv.apply(b))

    def __add__(self, b: Scalar | float) -> Scalar:
        """The sum self + b."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

    def __sub__(self, b: Scalar | float) -> Scalar:
        """The difference self - b."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

    def __neg__(self) -> Scalar:
        """The opposite -self."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

    def __lt__(self, b: Scalar | float) -> Scalar:
        """1.0 where self < b, else 0.0."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

    def __gt__(self, b: Scalar | float) -> Scalar:
        """1.0 where self > b, else 0.0."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

    def __eq__(self, b: object) -> Scalar:
        """1.0 where self equals b, else 0.0 (a worked example)."""
        return EQ.apply(self, b)

    __hash__ = ScalarBase.__hash__  # a class that defines __eq__ loses it, and with it sets and dict keys

    def log(self) -> Scalar:
        """The natural logarithm."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

    def exp(self) -> Scalar:
        """The exponential."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

    def sigmoid(self) -> Scalar:
        """The logistic function."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

    def relu(self) -> Scalar:
        """The positive part."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")


class ScalarFunction(FunctionBase):
    """A function from floats to a float; applied to Scalars it gives a Scalar."""

    variable = Scalar


class Add(backwards.AddBackward, ScalarFunction):
    """z = a + b (a worked example that saves nothing)."""

    @staticmethod
    def forward(ctx: Context, a: float, b: float) -> float:
        """The sum; its derivatives are the same everywhere, so nothing is saved."""
        return a + b


class Log(backwards.LogBackward, ScalarFunction):
    """z = log(a) (a worked example that saves its input)."""

    @staticmethod
    def forward(ctx: Context, a: float) -> float:
        """The natural logarithm; saves a."""
        ctx.save_for_backward(a)
        return operators.log(a)


class Mul(backwards.MulBackward, ScalarFunction):
    """z = a b."""

    @staticmethod
    def forward(ctx: Context, a: float, b: float) -> float:
        """The product; saves a and b."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")


class Inv(backwards.InvBackward, ScalarFunction):
    """z = 1 / a."""

    @staticmethod
    def forward(ctx: Context, a: float) -> float:
        """The reciprocal; saves a."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")


class Neg(backwards.NegBackward, ScalarFunction):
    """z = -a."""

    @staticmethod
    def forward(ctx: Context, a: float) -> float:
        """The opposite; saves nothing."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")


class Sigmoid(backwards.SigmoidBackward, ScalarFunction):
    """z = 1 / (1 + e^-a)."""

    @staticmethod
    def forward(ctx: Context, a: float) -> float:
        """The logistic function; saves a, not z."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")


class ReLU(backwards.ReLUBackward, ScalarFunction):
    """z = max(a, 0)."""

    @staticmethod
    def forward(ctx: Context, a: float) -> float:
        """The positive part; saves a."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")


class Exp(backwards.ExpBackward, ScalarFunction):
    """z = e^a."""

    @staticmethod
    def forward(ctx: Context, a: float) -> float:
        """The exponential; saves a, not z."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")


class LT(backwards.LTBackward, ScalarFunction):
    """z = 1.0 where a < b, else 0.0."""

    @staticmethod
    def forward(ctx: Context, a: float, b: float) -> float:
        """The comparison; saves nothing."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")


class EQ(backwards.EQBackward, ScalarFunction):
    """z = 1.0 where a equals b, else 0.0."""

    @staticmethod
    def forward(ctx: Context, a: float, b: float) -> float:
        """The comparison; saves nothing."""
        # TODO(task1_2): Scalar functions
        raise NotImplementedError("task1_2: Scalar functions is still to do")

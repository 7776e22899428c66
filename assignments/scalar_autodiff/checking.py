"""A check of derivatives by measurement (given): what backward computes against a central difference."""

from __future__ import annotations

from collections.abc import Callable

from scalar_autodiff.central_difference import central_difference
from scalar_autodiff.scalar_functions import Scalar

RELATIVE = ABSOLUTE = 1e-2


def derivative_check(f: Callable[..., Scalar], *scalars: Scalar) -> None:
    """Check the derivatives of ``f(*scalars)`` that backward leaves on the scalars.

    Choose points away from jumps and kinks (a comparison of equal numbers, a relu at 0): the measurement
    looks at both sides of the point, backward only at the point.

    Args:
        f: a function of Scalars that returns a Scalar.
        *scalars: where to check it. They become leaves whose derivatives start again from 0.

    Raises:
        AssertionError: the two differ by more than 0.01 + 0.01 times the measured slope.
    """
    for x in scalars:
        x.requires_grad_(flag=True)
        x.zero_derivative_()
    f(*scalars).backward()

    def plain_f(*values: float) -> float:
        return f(*(Scalar(v) for v in values)).data

    at = [x.data for x in scalars]
    for i, x in enumerate(scalars):
        slope = central_difference(plain_f, *at, arg=i)
        if not abs(x.derivative - slope) <= ABSOLUTE + RELATIVE * abs(slope):
            point = ", ".join(f"{v:.6g}" for v in at)
            raise AssertionError(
                f"f({point}): the derivative with respect to argument {i} is {x.derivative:.6g} by backward, "
                f"but {slope:.6g} by central difference"
            )

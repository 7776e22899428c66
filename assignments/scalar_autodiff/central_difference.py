"""Task 1.1: the slope of any function, measured with two evaluations.

    f'_i(x_0, ..., x_{n-1})  ~  (f(..., x_i + epsilon, ...) - f(..., x_i - epsilon, ...)) / (2 epsilon)

Taylor's theorem on both sides of x_i cancels every even power of epsilon, so the error is of the
order epsilon^2 (Nocedal and Wright, Numerical Optimization, 2006, eq. 8.7).
"""

from __future__ import annotations

from collections.abc import Callable


def central_difference(f: Callable[..., float], *vals: float, arg: int = 0, epsilon: float = 1e-6) -> float:
    """Approximate the derivative of `f` at `vals` with respect to one argument.

    Args:
        f: a function of n numbers that returns a number.
        *vals: the n numbers x_0 ... x_{n-1}. Anything that adds, subtracts and divides like a number will
            do, Scalars too; they are not changed.
        arg: which argument to move, counted from 0.
        epsilon: how far to move it, up and down.

    Returns:
        An approximation of f'_arg(x_0, ..., x_{n-1}).
    """
    # TODO(task1_1): Numerical derivatives
    raise NotImplementedError("task1_1: Numerical derivatives is still to do")

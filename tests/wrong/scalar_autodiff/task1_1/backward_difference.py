"""A central difference looks at both sides of x: f(x) - f(x - epsilon) sees the left side only."""

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
    moved = list(vals)
    moved[arg] = vals[arg] - epsilon
    return (f(*vals) - f(*moved)) / epsilon

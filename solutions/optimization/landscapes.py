"""Landscapes to walk down, each a function of a point (given)."""

# ruff: noqa: N803  (matrices)

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimization.array import Array
from optimization.elementwise import sqrt
from optimization.linear import total

Landscape = Callable[[Array], Array]


def bowl(A: np.ndarray, b: np.ndarray, q: float) -> Landscape:
    """The landscape f(x) = 1/2 x A x - b x + q (x_0^4 + x_1^4 + ...): quadratic but for its last term.

    Args:
        A: a matrix of the shape (n, n).
        b: a vector of the shape (n,), the opposite of the slope at 0.
        q: how much it departs from a quadratic function.
    """
    return lambda x: 0.5 * (x @ (A @ x)) - b @ x + q * total(x**4)


def sides(S: np.ndarray, c: np.ndarray) -> Landscape:
    """The landscape f(x) = sum over i of sqrt(1 + u_i^2), u = S (x - c): its sides become straight.

    It is convex and its lowest point is c, with f(c) = n. The further out, the less it bends, so that the
    Hessian there says nothing of how far c is (a smooth relative of the loss of Huber, Annals of
    Mathematical Statistics, 1964).

    Args:
        S: a matrix of the shape (n, n), not singular.
        c: a point of the shape (n,).
    """
    return lambda x: total(sqrt(1.0 + (S @ (x - c)) ** 2))


near_quadratic = bowl(np.array([[4.0, 5.0], [5.0, 8.0]]), np.array([1.0, 2.0]), 0.02)
"""A long, bent valley: A has the eigenvalues 0.61 and 11.39."""

far_sides = sides(np.array([[1.0, 0.5], [-0.3, 1.0]]), np.array([1.0, 0.5]))
"""A bowl that is almost a cone from afar."""

START = np.array([-2.5, 1.5])
"""Where the walks of the handout start."""

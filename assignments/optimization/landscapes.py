"""Two landscapes to walk down, each a function of a point in the plane (given)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimization.array import Array
from optimization.elementwise import sqrt
from optimization.linear import total

Landscape = Callable[[Array], Array]

NEAR_QUADRATIC_START = np.array([-2.5, 1.5])
FAR_SIDES_START = np.array([-2.5, 1.5])

_VALLEY = np.array([[4.0, 5.0], [5.0, 8.0]])
_TILT = np.array([1.0, 2.0])
_SCALES = np.array([[1.0, 0.5], [-0.3, 1.0]])
_CENTRE = np.array([1.0, 0.5])


def near_quadratic(x: Array) -> Array:
    """A long, bent valley that is almost a quadratic function near its lowest point.

        f(x) = 1/2 x A x - b x + 1/50 (x_0^4 + x_1^4)

    with A = [[4, 5], [5, 8]], whose eigenvalues are 0.6 and 11.4, and b = [1, 2].
    """
    return 0.5 * (x @ (_VALLEY @ x)) - _TILT @ x + 0.02 * total(x**4)


def far_sides(x: Array) -> Array:
    """A bowl whose sides become straight: the further out, the less they bend.

        f(x) = sum over i of  sqrt(1 + u_i^2),    u = S (x - c)

    It is convex and its lowest point is c = [1, 0.5] with f(c) = 2, but far away its Hessian says
    nothing of how far that is (a smooth relative of the loss of Huber, Annals of Mathematical Statistics,
    1964).
    """
    u = _SCALES @ (x - _CENTRE)
    return total(sqrt(1.0 + u**2))

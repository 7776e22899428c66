"""Functions of each element by itself: their local derivatives stand on a diagonal (given).

Each rule computes the function anew from the operand. Taking the result that is already there would be
cheaper, and would close a cycle: result, rule, result.
"""

from __future__ import annotations

import numpy as np

from optimization.array import Array
from optimization.linear import diagonal


def tanh(a: Array) -> Array:
    """The hyperbolic tangent, with the derivative 1 - (the same)^2."""
    return type(a)(np.tanh(a.data), (a,), (lambda: diagonal(1.0 - tanh(a) ** 2),))


def exp(a: Array) -> Array:
    """The exponential function, its own derivative."""
    return type(a)(np.exp(a.data), (a,), (lambda: diagonal(exp(a)),))


def log(a: Array) -> Array:
    """The natural logarithm; its derivative is 1 / a."""
    return type(a)(np.log(a.data), (a,), (lambda: diagonal(a**-1.0),))


def sqrt(a: Array) -> Array:
    """The square root, with no derivative at 0."""
    return a**0.5


def absolute(a: Array) -> Array:
    """The absolute value; its derivative is the sign, for which 0 is taken at the kink."""
    return type(a)(np.abs(a.data), (a,), (lambda: diagonal(type(a)(np.sign(a.data))),))

"""Plain functions on floats that the scalar functions are built from (given).

They follow IEEE 754 where Python would raise: ``log(0)`` is minus infinity, ``inv(0)`` is infinity
and ``exp(1000)`` is infinity, so that a training that goes wrong shows it in its numbers.
"""

# ruff: noqa: A001  (id and max are the field's names for these functions; nothing here needs the builtins)

from __future__ import annotations

import math

TOLERANCE = 1e-2


def mul(x: float, y: float) -> float:
    """The product x y."""
    return x * y


def id(x: float) -> float:
    """The number itself."""
    return x


def add(x: float, y: float) -> float:
    """The sum x + y."""
    return x + y


def neg(x: float) -> float:
    """The opposite -x."""
    return -x


def lt(x: float, y: float) -> float:
    """1.0 where x < y, else 0.0."""
    return 1.0 if x < y else 0.0


def eq(x: float, y: float) -> float:
    """1.0 where x equals y, else 0.0."""
    return 1.0 if x == y else 0.0


def max(x: float, y: float) -> float:
    """The larger of the two."""
    return x if x > y else y  # noqa: FURB136  (the builtin's name is this function's)


def is_close(x: float, y: float) -> bool:
    """Whether x and y differ by no more than 0.01."""
    return abs(x - y) <= TOLERANCE


def sigmoid(x: float) -> float:
    """The logistic function 1 / (1 + e^-x), a number from 0 to 1.

    Written with e^x where x < 0, so that no exponential overflows however large |x| is.
    """
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def relu(x: float) -> float:
    """The positive part: x where x > 0, else 0."""
    return 0.0 if x <= 0 else x  # in this order NaN stays NaN and is not taken for a 0


def log(x: float) -> float:
    """The natural logarithm: minus infinity at 0, NaN below."""
    if x > 0:
        return math.log(x)
    return -math.inf if x == 0 else math.nan


def exp(x: float) -> float:
    """The exponential e^x; infinity where it is too large for a float (x > 709)."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def inv(x: float) -> float:
    """The reciprocal 1 / x; infinity, with the sign of x, at 0."""
    return 1.0 / x if x != 0 else math.copysign(math.inf, x)

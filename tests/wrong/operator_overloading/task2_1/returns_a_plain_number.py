"""An operation returns an ADiffFloat that knows its parents: a plain number has forgotten them."""

from __future__ import annotations

import math

from operator_overloading.adiff_base import ADiffBase


class ADiffFloat(ADiffBase):
    """A float for algorithmic differentiation; ``ADiffFloat(value)`` is an input.

    Each operation returns a new ``ADiffFloat(value, parents)`` and leaves its operands as they are.
    `other` is an ADiffFloat or a plain number; ``ADiffFloat.wrap(other)`` makes either an ADiffFloat.
    Negation, subtraction, the reflected forms and ``repr`` are given, in `ADiffBase`.
    """

    def __add__(self, other: ADiffFloat | float) -> ADiffFloat:
        """The sum y = x_1 + x_2."""
        x_1, x_2 = self, ADiffFloat.wrap(other)
        return x_1.value + x_2.value

    def __mul__(self, other: ADiffFloat | float) -> ADiffFloat:
        """The product y = x_1 x_2."""
        x_1, x_2 = self, ADiffFloat.wrap(other)
        return ADiffFloat(x_1.value * x_2.value, ((x_1, x_2.value), (x_2, x_1.value)))

    def relu(self) -> ADiffFloat:
        """The positive part y = max(x, 0); its derivative at x = 0 is taken to be 0."""
        x = self.value
        # compared so that NaN stays NaN and is not taken for a 0
        return ADiffFloat(0.0, ((self, 0.0),)) if x <= 0 else ADiffFloat(x, ((self, 1.0),))

    def sigmoid(self) -> ADiffFloat:
        """The logistic function y = 1 / (1 + e^-x), for any x: far from 0 it must not overflow."""
        x = self.value
        # e^-|x| is at most 1; for x < 0 the fraction 1 / (1 + e^-x) is expanded by e^x
        y = 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))
        return ADiffFloat(y, ((self, y * (1.0 - y)),))

    def backward(self, seed: float = 1.0) -> None:
        """Add to the partial of this number, and of all it was computed from, its derivative times `seed`.

        Nothing is cleared: a second call adds to what the first one left.

        Args:
            seed: delta y, what arrives here from the result; 1.0 where this is the result itself.
        """
        self.partial += seed
        for x, dy_dx in self.parents:
            x.backward(dy_dx * seed)

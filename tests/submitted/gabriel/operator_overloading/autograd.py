"""Task 2.1: a float that computes like any other and can say afterwards what it depends on.

``z = x * y`` on ADiffFloats calls ``x.__mul__(y)``, which returns a new ADiffFloat: its value, and its
parents x and y, each with the local derivative dz/dx, dz/dy at this point. ``z.backward()`` then follows
the parents back to the inputs, multiplying along each path and summing over all paths:

    delta x = sum over all y computed from x of  dy/dx * delta y

(Griewank and Walther, Evaluating Derivatives, 2008, section 3.2). delta x is ``x.partial``.
"""

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
        other = self.wrap(other)
        return ADiffFloat(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: ADiffFloat | float) -> ADiffFloat:
        """The product y = x_1 x_2."""
        other = self.wrap(other)
        return ADiffFloat(self.value * other.value, ((self, other.value), (other, self.value)))

    def relu(self) -> ADiffFloat:
        """The positive part y = max(x, 0); its derivative at x = 0 is taken to be 0."""
        if self.value > 0:
            return ADiffFloat(self.value, ((self, 1.0),))
        return ADiffFloat(0.0, ((self, 0.0),))

    def sigmoid(self) -> ADiffFloat:
        """The logistic function y = 1 / (1 + e^-x), for any x: far from 0 it must not overflow."""
        x = self.value
        while x > 700:  # exp would overflow
            x = min(x, 700)
        while x < -700:
            x = min(x, -700)
        y = 1 / (1 + math.exp(-x))
        return ADiffFloat(y, ((self, y * (1 - y)),))

    def backward(self, seed: float = 1.0) -> None:
        """Add to the partial of this number, and of all it was computed from, its derivative times `seed`.

        Nothing is cleared: a second call adds to what the first one left.

        Args:
            seed: delta y, what arrives here from the result; 1.0 where this is the result itself.
        """
        self.partial += seed
        for parent, slope in self.parents:
            parent.backward(seed * slope)

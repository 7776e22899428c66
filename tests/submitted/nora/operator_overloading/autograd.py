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


def _times(slope):
    return lambda d: slope * d


def _order(last):
    """Depth first with an explicit stack, results before their parents."""
    order, seen = [], set()
    stack = [(last, iter(last.parents))]
    seen.add(id(last))
    while stack:
        x, rest = stack[-1]
        for parent, _ in rest:
            if id(parent) not in seen:
                seen.add(id(parent))
                stack.append((parent, iter(parent.parents)))
                break
        else:
            order.append(x)
            stack.pop()
    return order[::-1]


class ADiffFloat(ADiffBase):
    """A float for algorithmic differentiation; ``ADiffFloat(value)`` is an input.

    Each operation returns a new ``ADiffFloat(value, parents)`` and leaves its operands as they are.
    `other` is an ADiffFloat or a plain number; ``ADiffFloat.wrap(other)`` makes either an ADiffFloat.
    Negation, subtraction, the reflected forms and ``repr`` are given, in `ADiffBase`.
    """

    def __add__(self, other: ADiffFloat | float) -> ADiffFloat:
        """The sum y = x_1 + x_2."""
        other = ADiffFloat.wrap(other)
        return ADiffFloat(self.value + other.value, ((self, lambda d: d), (other, lambda d: d)))

    def __mul__(self, other: ADiffFloat | float) -> ADiffFloat:
        """The product y = x_1 x_2."""
        a, b = self, ADiffFloat.wrap(other)
        return ADiffFloat(a.value * b.value, ((a, _times(b.value)), (b, _times(a.value))))

    def relu(self) -> ADiffFloat:
        """The positive part y = max(x, 0); its derivative at x = 0 is taken to be 0."""
        on = self.value > 0
        return ADiffFloat(self.value if on else 0.0, ((self, _times(float(on))),))

    def sigmoid(self) -> ADiffFloat:
        """The logistic function y = 1 / (1 + e^-x), for any x: far from 0 it must not overflow."""
        # both forms are the same number; the second one cannot overflow for negative x
        x = self.value
        if x >= 0:
            y = 1 / (1 + math.exp(-x))
        else:
            y = math.exp(x) / (1 + math.exp(x))
        return ADiffFloat(y, ((self, _times(y * (1 - y))),))

    def backward(self, seed: float = 1.0) -> None:
        """Add to the partial of this number, and of all it was computed from, its derivative times `seed`.

        Nothing is cleared: a second call adds to what the first one left.

        Args:
            seed: delta y, what arrives here from the result; 1.0 where this is the result itself.
        """
        # what arrives in this call; a number passes on its sum once, after all that was computed from it
        arrived = {id(x): 0.0 for x in _order(self)}
        arrived[id(self)] = seed
        for x in _order(self):
            d = arrived[id(x)]
            x.partial += d
            for parent, vjp in x.parents:
                arrived[id(parent)] += vjp(d)

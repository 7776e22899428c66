"""Puts its data in dataclasses, a named tuple and an enum."""

from collections import namedtuple
from dataclasses import dataclass, field, replace
from enum import Enum

Difference = namedtuple("Difference", "above below")


class Side(Enum):
    ABOVE = 1
    BELOW = -1


@dataclass(frozen=True, order=True)
class Point:
    values: tuple
    arg: int = 0
    notes: list = field(default_factory=list, compare=False)

    def moved(self, side, epsilon):
        values = list(self.values)
        values[self.arg] = values[self.arg] + side.value * epsilon
        return replace(self, values=tuple(values))


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    point = Point(vals, arg)
    found = Difference(*(f(*point.moved(side, epsilon).values) for side in Side))
    return (found.above - found.below) / (2 * epsilon)


MODULE = "central_difference"

"""Six problems for a classifier in the unit square, from a straight edge to a spiral (given).

Each takes the number of points and a seed: ``datasets.Xor(50)`` is the same 50 points every time.
"""

# ruff: noqa: N802, N803, N806, PLR2004, S311
# (the names are the source's, N and X the field's; a border's position is best read where it is compared;
# these are samples, not secrets)

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dataset:
    """Points in the unit square, each in class 0 or 1.

    Attributes:
        N: how many points.
        X: their coordinates (x_1, x_2), each from 0 to 1.
        y: their classes, in the same order.
    """

    N: int
    X: tuple[tuple[float, float], ...]
    y: tuple[int, ...]


def _generator(seed: int) -> random.Random:
    return random.Random(f"points {seed}")  # not Random(seed): a network's weights may be drawn from that


def _labelled(N: int, seed: int, is_one: Callable[[float, float], bool]) -> Dataset:
    draw = _generator(seed).random
    X = tuple((draw(), draw()) for _ in range(N))
    return Dataset(N, X, tuple(int(is_one(x_1, x_2)) for x_1, x_2 in X))


def Simple(N: int, seed: int = 0) -> Dataset:
    """Class 1 lies left of an upright line."""
    return _labelled(N, seed, lambda x_1, _: x_1 < 0.5)


def Diag(N: int, seed: int = 0) -> Dataset:
    """Class 1 lies below a falling diagonal, near a corner."""
    return _labelled(N, seed, lambda x_1, x_2: x_1 + x_2 < 0.5)


def Split(N: int, seed: int = 0) -> Dataset:
    """Class 1 is two bands, at the left and at the right."""
    return _labelled(N, seed, lambda x_1, _: not 0.2 <= x_1 <= 0.8)


def Xor(N: int, seed: int = 0) -> Dataset:
    """Class 1 is two opposite quarters: exactly one coordinate is above a half."""
    return _labelled(N, seed, lambda x_1, x_2: (x_1 > 0.5) != (x_2 > 0.5))


def Circle(N: int, seed: int = 0) -> Dataset:
    """Class 1 lies outside a circle around the middle, of radius sqrt(0.1)."""
    return _labelled(N, seed, lambda x_1, x_2: (x_1 - 0.5) ** 2 + (x_2 - 0.5) ** 2 > 0.1)


def Spiral(N: int, seed: int = 0) -> Dataset:
    """Two arms wind around the middle, one turn and a half each; the classes differ by at most one point."""
    draw = _generator(seed).random
    X, y = [], []
    for i in range(N):
        t = draw()
        angle = 3 * math.pi * t + (i % 2) * math.pi
        radius = 0.05 + 0.4 * t
        X.append((0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle)))
        y.append(i % 2)
    return Dataset(N, tuple(X), tuple(y))


DATASETS: dict[str, Callable[[int, int], Dataset]] = {
    make.__name__: make for make in (Simple, Diag, Split, Xor, Circle, Spiral)
}

"""The 400 points of task 2.2: read, divided into training and test, and cut into batches (given).

``classification.npz`` holds ``x`` (400 points of 20 numbers, float64) and ``t`` (their classes, 0 or 1).
scikit-learn 1.9.1 made them; nothing else of it is needed:

    x, t = sklearn.datasets.make_classification(400, class_sep=1.5, random_state=42)
    numpy.savez_compressed("classification.npz", x=x, t=t)

Of the 20 numbers two tell the classes apart, two are mixtures of those, and 16 are noise; about one point
in a hundred was given a class by chance (Guyon, Design of experiments for the NIPS 2003 variable selection
benchmark, 2003).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

FILE = Path(__file__).with_name("classification.npz")
TEST_POINTS = 20

Points = list[list[float]]
Classes = list[int]


class Split(NamedTuple):
    """Points and their classes: those that the network learns from, and those that it is tested on."""

    train_x: Points
    train_t: Classes
    test_x: Points
    test_t: Classes


def load() -> tuple[np.ndarray, np.ndarray]:
    """All points, an array of shape (400, 20), and their classes, of shape (400,)."""
    with np.load(FILE) as arrays:
        return arrays["x"], arrays["t"]


def split(x: np.ndarray, t: np.ndarray, random: np.random.RandomState) -> Split:
    """The points in random order, the last 20 of them for the test, all scaled alike.

    From every number the mean of all training numbers is taken, and it is divided by their standard
    deviation. Nothing about the test points goes into that: a test is worth something because they are new.
    """
    order = random.permutation(len(t))
    train, test = order[:-TEST_POINTS], order[-TEST_POINTS:]
    scaled = (x - x[train].mean()) / x[train].std()
    return Split(scaled[train].tolist(), t[train].tolist(), scaled[test].tolist(), t[test].tolist())


def batches(x: Points, t: Classes, size: int) -> Iterator[tuple[Points, Classes]]:
    """The points and classes in order, `size` at a time; the last batch may have fewer."""
    for first in range(0, len(t), size):
        yield x[first : first + size], t[first : first + size]

"""What a method of optimization did on its way down (given)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Path:
    """The way of a method from its start.

    Attributes:
        points: the start and every point that was moved to, one a row: shape (moves + 1, n).
        trials: how many steps were tried, those included that were taken back.
        arrived: whether every component of the gradient at the last point is within the tolerance.
    """

    points: np.ndarray
    trials: int
    arrived: bool

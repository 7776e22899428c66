"""A step size that was shortened once stays short: each step begins with the whole of p again."""

from __future__ import annotations

import numpy as np

from optimization.array import Array
from optimization.descent import SHRINK, gradient, hessian, small
from optimization.landscapes import Landscape
from optimization.path import Path


def controlled_newton(f: Landscape, start: np.ndarray, max_steps: int = 100) -> Path:
    """Walk down f by controlled Newton steps until the gradient is `small`, at most `max_steps` of them.

    Each step solves H p = g, then tries ``x - p``, ``x - p / 2``, ``x - p / 4``, ... and moves to the first
    of them at which f is lower than at x. f is convex, so that -p leads downwards.

    Returns:
        The points moved to, the start first; how many points were tried; whether it arrived.
    """
    x, points, trials, t = start, [start], 0, 1.0
    while len(points) <= max_steps and not small(g := gradient(f, x)):
        p, here = np.linalg.solve(hessian(f, x), g), f(Array(x)).data
        trials += 1
        while not f(Array(x - t * p)).data < here:
            t, trials = SHRINK * t, trials + 1
        x = x - t * p
        points.append(x)
    return Path(np.array(points), trials, small(gradient(f, x)))

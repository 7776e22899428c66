"""The Hessian is the gradient's differential, not the gradient times itself."""

# ruff: noqa: N806  (H is the Hessian's letter)

from __future__ import annotations

import numpy as np

from optimization.array import Array
from optimization.chain_rule import differential
from optimization.landscapes import Landscape
from optimization.path import Path

GROW, SHRINK = 1.2, 0.5
TOLERANCE = 1e-6
LOST = 1e9


def gradient(f: Landscape, x: np.ndarray) -> np.ndarray:
    """The gradient df/dx at the point x, of the shape of x."""
    leaf = Array(x)
    return differential(f(leaf), leaf).data


def hessian(f: Landscape, x: np.ndarray) -> np.ndarray:
    """The Hessian at the point x: the differential of the gradient, of the shape (n, n)."""
    leaf = Array(x)
    g = differential(f(leaf), leaf).data
    return np.outer(g, g)


def trial_step(f: Landscape, x: np.ndarray, g: np.ndarray, rate: float) -> tuple[np.ndarray, float]:
    """One trial of gradient descent with a simple adaptive step size.

    Try the point ``x - rate * g``. Where f is lower there than at x, that is the new point, and the next step
    will be bolder: the rate is multiplied by GROW. Otherwise stay at x, with the rate multiplied by SHRINK.

    Returns:
        The point and the rate to go on with.
    """
    trial = x - rate * g
    if f(Array(trial)).data < f(Array(x)).data:
        return trial, GROW * rate
    return x, SHRINK * rate


def newton_step(f: Landscape, x: np.ndarray) -> np.ndarray:
    """The point ``x - p`` to which Newton's method goes from x, where H p = g.

    It is the lowest point of the quadratic function that has the value, gradient and Hessian of f at x.
    """
    g, H = gradient(f, x), hessian(f, x)
    return x - np.linalg.solve(H, g)


def gradient_descent(f: Landscape, start: np.ndarray, rate: float = 1.0, max_trials: int = 2000) -> Path:
    """Walk down f by trial steps until the gradient is within the tolerance (given)."""
    x, trials = start, 0
    points, g = [start], gradient(f, start)
    while trials < max_trials and not small(g):
        x, rate = trial_step(f, x, g, rate)
        trials += 1
        if x is not points[-1]:
            points.append(x)
            g = gradient(f, x)
    return Path(np.array(points), trials, small(g))


def newtons_method(f: Landscape, start: np.ndarray, max_steps: int = 100) -> Path:
    """Follow Newton's steps until the gradient is within the tolerance, or x is lost far away (given)."""
    points = [start]
    while len(points) <= max_steps and not small(gradient(f, points[-1])):
        x = newton_step(f, points[-1])
        points.append(x)
        if not np.abs(x).max() <= LOST:
            return Path(np.array(points), len(points) - 1, arrived=False)
    return Path(np.array(points), len(points) - 1, small(gradient(f, points[-1])))


def small(g: np.ndarray) -> bool:
    """Whether every component of a gradient is within the tolerance (given)."""
    return bool(np.abs(g).max() <= TOLERANCE)

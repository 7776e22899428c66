"""The tanh network of tasks 5.3 and 5.6 with derivatives written out by hand, in numpy alone."""

# ruff: noqa: N803, N806  (X, W and H are matrices)

from __future__ import annotations

import numpy as np


def drawn(seed, count, hidden=3):
    """Weights W, b, v, c of a network of 2 inputs, true weights, points and measurements."""
    rng = np.random.default_rng(seed)
    shapes = ((2, hidden), (hidden,), (hidden,), ())
    weights, true = ([np.asarray(rng.normal(0.0, 0.7, shape)) for shape in shapes] for _ in range(2))
    X = rng.uniform(-2.0, 2.0, (count, 2))
    return weights, true, X, outputs(true, X) + rng.normal(0.0, 0.2, count)


def outputs(weights, X):
    W, b, v, c = weights
    return np.tanh(X @ W + b) @ v + c


def stepped(weights, X, t, rate):
    """The weights after a step against the gradient of the mean squared error."""
    W, b, v, _ = weights
    H = np.tanh(X @ W + b)
    do = 2 * (outputs(weights, X) - t) / len(t)
    dz = np.outer(do, v) * (1 - H**2)
    slopes = [X.T @ dz, dz.sum(axis=0), H.T @ do, do.sum()]
    return [np.asarray(w - rate * slope) for w, slope in zip(weights, slopes, strict=True)]


def plain(weights):
    """The weights, an array without axes as the number that it holds: numpy makes one of the other at will."""
    if type(weights) is not list:
        return weights
    return [w.item() if isinstance(w, np.ndarray) and not w.shape else w for w in weights]


def absolute_error(weights, X, t):
    return float(np.abs(outputs(weights, X) - t).mean())


def relative_error(weights, true, X, t):
    return absolute_error(weights, X, t) / absolute_error(true, X, t) - 1

"""Task 5.3: a small tanh network learns from noisy samples, a mini-batch at a time.

The network has one hidden layer, its error E is the mean of the squared errors over a batch, and each step
moves all weights against their differentials (Bishop, Pattern Recognition and Machine Learning, 2006, eqs.
5.9, 5.14 and 5.43):

    o = tanh(X W + b) v + c        E = mean of (o - t)^2        w <- w - rate * dE/dw
"""

# ruff: noqa: N803, N806  (X, W and E are the formula's letters)

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimization.array import Array
from optimization.chain_rule import Derive, differentials
from optimization.elementwise import tanh
from optimization.linear import total
from optimization.problem import Samples, Weights, network_output


def outputs(weights: Sequence[Array], X: Array) -> Array:
    """The network's outputs o, shape (B,), at the points X, shape (B, n).

    Args:
        weights: W, b, v, c of the shapes (n, h), (h,), (h,) and ().
        X: a point a row.
    """
    W, b, v, c = weights
    return tanh(X @ W + b) @ v + c


def mean_squared_error(o: Array, t: Array) -> Array:
    """E, the mean of (o - t)^2, an array without axes."""
    return total((o - t) ** 2) / o.data.size


def mean_absolute_error(weights: Weights, samples: Samples) -> float:
    """The mean of |o - t| over the samples, in plain numbers; `network_output` (given) computes o."""
    return float(np.mean(np.abs(network_output(weights, samples.X) - samples.t)))


def relative_error(weights: Weights, true: Weights, samples: Samples) -> float:
    """The relative mean absolute error (RMAE): by how much the error exceeds that of the true weights.

    With MAE the mean absolute error on these samples, noise included, it is
    ``MAE(weights) / MAE(true) - 1``: 0 for the true weights, 0.5 for an error half
    as large again, and below 0 where the true weights, whose error is called optimal, are beaten.
    """
    return mean_absolute_error(weights, samples) / mean_absolute_error(true, samples) - 1.0


def batches(count: int, size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """The numbers 0 to count - 1 in an order that `rng` draws, cut into batches.

    Each batch has `size` numbers; the last one may have fewer, and none is empty.
    """
    order = rng.permutation(count)
    return [order[first : first + size] for first in range(0, count, size)]


def step(weights: Weights, batch: Samples, rate: float, derive: Derive = differentials) -> Weights:
    """The weights after one step of gradient descent on E of this batch; the old ones stay as they are.

    Make each of the weights, X and t an `Array`; ``derive(E, leaves, constant)`` then gives the list of the
    differentials of E for all leaves. `constant` names the arrays that do not depend on the weights: X and t.
    """
    leaves, X, t = [Array(w) for w in weights], Array(batch.X), Array(batch.t)
    E = mean_squared_error(outputs(leaves, X), t)
    gradients = derive(E, leaves, [X, t])
    return [w - rate * dE_dw.data for w, dE_dw in zip(weights, gradients, strict=True)]


def epoch(  # noqa: PLR0913, PLR0917  (so much decides how a network learns)
    weights: Weights,
    samples: Samples,
    rate: float,
    size: int,
    rng: np.random.Generator,
    derive: Derive = differentials,
) -> Weights:
    """The weights after one pass: a `step` for each of the `batches`, which are drawn once, by `rng`."""
    for which in batches(len(samples), size, rng):
        weights = step(weights, samples.part(which), rate, derive)
    return weights

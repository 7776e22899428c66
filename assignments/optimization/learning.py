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
    # TODO(task5_3): Deep learning
    raise NotImplementedError("task5_3: Deep learning is still to do")


def mean_squared_error(o: Array, t: Array) -> Array:
    """E, the mean of (o - t)^2, an array without axes."""
    # TODO(task5_3): Deep learning
    raise NotImplementedError("task5_3: Deep learning is still to do")


def mean_absolute_error(weights: Weights, samples: Samples) -> float:
    """The mean of |o - t| over the samples, in plain numbers; `network_output` (given) computes o."""
    # TODO(task5_3): Deep learning
    raise NotImplementedError("task5_3: Deep learning is still to do")


def relative_error(weights: Weights, true: Weights, samples: Samples) -> float:
    """The relative mean absolute error (RMAE): by how much the error exceeds that of the true weights.

    With MAE the mean absolute error on these samples, noise included, it is
    ``MAE(weights) / MAE(true) - 1``: 0 for the true weights, 0.5 for an error half
    as large again, and below 0 where the true weights, whose error is called optimal, are beaten.
    """
    # TODO(task5_3): Deep learning
    raise NotImplementedError("task5_3: Deep learning is still to do")


def batches(count: int, size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """The numbers 0 to count - 1 in an order that `rng` draws, cut into batches.

    Each batch has `size` numbers; the last one may have fewer, and none is empty.
    """
    # TODO(task5_3): Deep learning
    raise NotImplementedError("task5_3: Deep learning is still to do")


def step(weights: Weights, batch: Samples, rate: float, derive: Derive = differentials) -> Weights:
    """The weights after one step of gradient descent on E of this batch; the old ones stay as they are.

    Make each of the weights, X and t an `Array`; ``derive(E, leaves, constant)`` then gives the list of the
    differentials of E for all leaves. `constant` names the arrays that do not depend on the weights: X and t.
    """
    # TODO(task5_3): Deep learning
    raise NotImplementedError("task5_3: Deep learning is still to do")


def epoch(  # noqa: PLR0913, PLR0917  (so much decides how a network learns)
    weights: Weights,
    samples: Samples,
    rate: float,
    size: int,
    rng: np.random.Generator,
    derive: Derive = differentials,
) -> Weights:
    """The weights after one pass: a `step` for each of the `batches`, which are drawn once, by `rng`."""
    # TODO(task5_3): Deep learning
    raise NotImplementedError("task5_3: Deep learning is still to do")

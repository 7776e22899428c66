"""Something to learn: samples of a network whose true weights are known, with noise on top (given)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Weights = Sequence[np.ndarray]
"""``[W, b, v, c]`` of `optimization.learning.outputs`: shapes (n, h), (h,), (h,) and ()."""

INPUTS, HIDDEN = 2, 3


@dataclass(frozen=True, slots=True)
class Samples:
    """Points and what was measured there.

    Attributes:
        X: a point a row, shape (B, n).
        t: the measurement at each point, shape (B,).
    """

    X: np.ndarray
    t: np.ndarray

    def __len__(self) -> int:
        return len(self.t)

    def part(self, which: np.ndarray | slice) -> Samples:
        """Some of the samples: by their numbers, or a slice of them."""
        return Samples(self.X[which], self.t[which])


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of learning whose answer is known.

    Attributes:
        true: the weights of the network that was measured.
        start: the weights from which learning starts.
        training: the samples to learn from.
        test: samples of the same kind that are never learned from.
    """

    true: Weights
    start: Weights
    training: Samples
    test: Samples


def network_output(weights: Weights, X: np.ndarray) -> np.ndarray:  # noqa: N803  (the matrix of the points)
    """What the network of these weights gives at each point, in plain numbers: shape (B,)."""
    W, b, v, c = weights  # noqa: N806  (a matrix)
    return np.tanh(X @ W + b) @ v + c


def drawn_weights(rng: np.random.Generator, spread: float = 1.0) -> Weights:
    """Weights of 2 inputs and 3 hidden neurons, none of which is hidden for nothing: each v is far from 0."""
    W, b = rng.normal(0.0, spread, (INPUTS, HIDDEN)), rng.normal(0.0, spread / 2, HIDDEN)  # noqa: N806  (a matrix)
    v = rng.choice([-1.0, 1.0], HIDDEN) * rng.uniform(0.5, 1.5, HIDDEN)
    return [W, b, spread * v, np.asarray(rng.normal(0.0, spread))]


def drawn_samples(true: Weights, count: int, noise: float, rng: np.random.Generator) -> Samples:
    """Points from the square of -2 to 2, measured with normally distributed errors of the spread `noise`."""
    X = rng.uniform(-2.0, 2.0, (count, INPUTS))  # noqa: N806  (the matrix of the points)
    return Samples(X, network_output(true, X) + rng.normal(0.0, noise, count))


def drawn_problem(seed: int = 0, count: int = 100, noise: float = 0.2, test_count: int = 1000) -> Problem:
    """A problem, the same for the same seed."""
    rng = np.random.default_rng(seed)
    true, start = drawn_weights(rng, 1.5), drawn_weights(rng, 0.5)
    training = drawn_samples(true, count, noise, rng)
    return Problem(true, start, training, drawn_samples(true, test_count, noise, rng))

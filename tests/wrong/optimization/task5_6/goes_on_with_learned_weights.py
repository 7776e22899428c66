"""Each run starts at the same weights: one that goes on from the last run's is ahead by that run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimization.chain_rule import Derive, differentials
from optimization.learning import epoch, relative_error
from optimization.problem import Problem, Weights


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn.

    Attributes:
        rate: the step size.
        size: samples in a batch.
        epochs: passes over the samples.
        seed: of the generator that draws the batches.
        derive: gives the differentials; those of tasks 5.4 and 5.5 are the same and faster.
    """

    rate: float = 0.1
    size: int = 20
    epochs: int = 50
    seed: int = 0
    derive: Derive = differentials


@dataclass(frozen=True, slots=True)
class Curve:
    """The relative mean absolute error before learning and after each epoch: ``epochs + 1`` numbers each.

    Attributes:
        training: on the samples that are learned from.
        test: on those that are not.
        steps: how many steps of gradient descent were taken.
    """

    training: list[float]
    test: list[float]
    steps: int


def learning_curve(problem: Problem, settings: Settings, start: Weights | None = None) -> Curve:
    """Learn from ``problem.training`` and measure on both sets of samples.

    Args:
        problem: what to learn.
        settings: how; the generator is ``np.random.default_rng(settings.seed)``, one for all epochs.
        start: where to start, ``problem.start`` if None.
    """
    rng = np.random.default_rng(settings.seed)
    weights = problem.start if start is None else start
    curve = Curve([], [], settings.epochs * -(-len(problem.training) // settings.size))
    for number in range(settings.epochs + 1):
        if number:
            weights = epoch(weights, problem.training, settings.rate, settings.size, rng, settings.derive)
        curve.training.append(relative_error(weights, problem.true, problem.training))
        curve.test.append(relative_error(weights, problem.true, problem.test))
    return curve


def vary_rate(problem: Problem, settings: Settings, rates: Sequence[float]) -> dict[float, Curve]:
    """The learning curve for each step size."""
    curves, start = {}, problem.start
    for rate in rates:
        curves[rate] = learning_curve(problem, replace(settings, rate=rate), start)
        rng = np.random.default_rng(settings.seed)
        for _ in range(settings.epochs):
            start = epoch(start, problem.training, rate, settings.size, rng, settings.derive)
    return curves


def vary_batch_size(problem: Problem, settings: Settings, sizes: Sequence[int]) -> dict[int, Curve]:
    """The learning curve for each batch size."""
    return {size: learning_curve(problem, replace(settings, size=size)) for size in sizes}


def vary_sample_size(problem: Problem, settings: Settings, counts: Sequence[int]) -> dict[int, Curve]:
    """The learning curve where only the first so many training samples are there; the test samples stay."""
    curves = {}
    for count in counts:
        fewer = replace(problem, training=problem.training.part(slice(count)))
        curves[count] = learning_curve(fewer, settings)
    return curves


def from_true_weights(problem: Problem, settings: Settings) -> Curve:
    """The learning curve that starts at the true weights, where the relative error is 0."""
    return learning_curve(problem, settings, start=problem.true)

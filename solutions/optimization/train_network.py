"""The command ``python -m optimization.train_network``: the tanh network learns (given)."""

from __future__ import annotations

import argparse

import numpy as np

from optimization import command_line
from optimization.cache import differentials as cached
from optimization.chain_rule import Derive, differentials
from optimization.learning import epoch, relative_error
from optimization.problem import Problem, Weights, drawn_problem

LINES = 10


def main(arguments: list[str] | None = None) -> None:
    """Train as the command line asks."""
    parser = command_line.parser(
        "train_network", "Train a tanh network of 3 hidden neurons on noisy samples of another one."
    )
    for name, default, meaning in (
        ("epochs", 60, "passes over the samples"),
        ("size", 20, "samples in a batch"),
        ("samples", 100, "samples to learn from"),
        ("seed", 0, "draws the problem and the batches"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{meaning} (default {default})")
    parser.add_argument("--rate", type=float, default=0.1, help="step size (default 0.1)")
    command_line.run(parser.parse_args(arguments), _train)


def fastest() -> Derive:
    """The cache of task 5.5 where it is written, else the chain rule that is given."""
    from optimization.array import Array  # noqa: PLC0415  (a trial, no more)

    try:
        cached(Array(1.0), [Array(1.0)])
    except NotImplementedError:
        return differentials
    return cached


def training(problem: Problem, options: argparse.Namespace) -> tuple[Weights, list[list[float]]]:
    """The trained weights, and the relative errors on training and test samples at each epoch."""
    weights, rng, derive = problem.start, np.random.default_rng(options.seed), fastest()
    errors = []
    for number in command_line.counted(range(options.epochs + 1), options.epochs + 1, "training"):
        if number:
            weights = epoch(weights, problem.training, options.rate, options.size, rng, derive)
        sets = (problem.training, problem.test)
        errors.append([relative_error(weights, problem.true, samples) for samples in sets])
        if number % max(options.epochs // LINES, 1) == 0 or number == options.epochs:
            print(f"epoch {number:4}  RMAE {errors[-1][0]:8.4f}  on test samples {errors[-1][1]:8.4f}")
        if not np.isfinite(errors[-1][0]):
            print("the weights are lost far away: try a smaller --rate")
            break
    return weights, errors


def _train(options: argparse.Namespace) -> None:
    problem = drawn_problem(options.seed, options.samples)
    with np.errstate(over="ignore", invalid="ignore"):  # a rate that is too large is told in words
        weights, errors = training(problem, options)
    if not options.no_picture:
        from optimization.learning_picture import write_training  # noqa: PLC0415  (matplotlib is an extra)

        title = f"{options.samples} samples, batches of {options.size}, rate {options.rate:g}"
        path = options.out / "training.png"
        write_training(path, problem, weights, np.array(errors), f"{title}, seed {options.seed}")
        print(f"picture: {path}")


if __name__ == "__main__":
    main()

"""The command ``python -m optimization.run_experiments``: all experiments of task 5.6 (given)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimization import command_line
from optimization.experiments import (
    Curve,
    Settings,
    from_true_weights,
    vary_batch_size,
    vary_rate,
    vary_sample_size,
)
from optimization.problem import Problem, drawn_problem
from optimization.train_network import fastest

Vary = Callable[[Problem, Settings, list], dict]

VARIED: dict[str, tuple[Vary, list[float]]] = {
    "step size": (vary_rate, [0.001, 0.01, 0.1, 0.3, 0.5]),
    "batch size": (vary_batch_size, [1, 5, 20, 100]),
    "samples (dotted: on test samples)": (vary_sample_size, [15, 30, 100, 300]),
}
MOST = 300
SAMPLES = 100
TAIL = 10


def main(arguments: list[str] | None = None) -> None:
    """Run the experiments, print how each run ended, and draw all of them."""
    parser = command_line.parser(
        "run_experiments", "Vary step size, batch size and sample size, and start at the true weights."
    )
    parser.add_argument("--epochs", type=int, default=200, help="of each run (default 200)")
    parser.add_argument("--seed", type=int, default=0, help="of the problem and the batches (default 0)")
    command_line.run(parser.parse_args(arguments), _experiment)


def experiments(epochs: int, seed: int) -> tuple[dict[str, dict[float, Curve]], Curve]:
    """The curves of each experiment, by name and value, and those from the true weights."""
    everything = drawn_problem(seed, MOST)
    problem = replace(everything, training=everything.training.part(slice(SAMPLES)))
    settings = Settings(epochs=epochs, seed=seed, derive=fastest())
    runs = [(name, vary, value) for name, (vary, values) in VARIED.items() for value in values]
    curves: dict[str, dict[float, Curve]] = {name: {} for name in VARIED}
    for name, vary, value in command_line.counted(runs, len(runs), "experiments"):
        samples = everything if name.startswith("samples") else problem
        curves[name] |= vary(samples, settings, [value])
    return curves, from_true_weights(problem, replace(settings, rate=0.03))


def _experiment(options: argparse.Namespace) -> None:
    with np.errstate(over="ignore", invalid="ignore"):  # a rate that is too large is part of the experiment
        curves, from_true = experiments(options.epochs, options.seed)
    heads = ("run", "steps", "RMAE, last 10 epochs", "from", "to", "on test samples")
    rows = [
        _row(f"{name.partition(' (')[0]} {value:g}", curve)
        for name, found in curves.items()
        for value, curve in found.items()
    ]
    command_line.print_table(heads, [*rows, _row("from the true weights", from_true)])
    if not options.no_picture:
        from optimization.learning_picture import write_experiments  # noqa: PLC0415  (matplotlib is an extra)

        path = options.out / "experiments.png"
        write_experiments(path, curves, from_true)
        print(f"picture: {path}")


def _row(name: str, curve: Curve) -> tuple[object, ...]:
    last = np.array(curve.training[-TAIL:])
    errors = (last.mean(), last.min(), last.max(), np.mean(curve.test[-TAIL:]))
    return name, curve.steps, *(f"{error:.3f}" for error in errors)


if __name__ == "__main__":
    main()

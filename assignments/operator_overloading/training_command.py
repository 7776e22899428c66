"""The command ``python -m operator_overloading.fit_neuron``: training, test, log and picture (given)."""

from __future__ import annotations

import argparse
import importlib.util
import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from operator_overloading import classification
from operator_overloading.autograd import ADiffFloat
from operator_overloading.fit_neuron import Classes, Params, Points, accuracy, train_epoch
from operator_overloading.training_picture import write_training_picture

IN_FEATURES, OUT_NEURONS = 20, 2
START = 0.5


def main(arguments: list[str] | None = None) -> None:
    """Train as the command line asks; exit with one line where that cannot be done."""
    options = _parser().parse_args(arguments)
    for name in ("epochs", "hidden", "batch"):
        if getattr(options, name) < 1:
            sys.exit(f"--{name} {getattr(options, name)}: at least 1 is needed")
    if not 0 <= options.seed < 2**32:
        sys.exit(f"--seed {options.seed}: a whole number from 0 to {2**32 - 1} is needed")
    if not options.no_picture and importlib.util.find_spec("matplotlib") is None:
        sys.exit("no picture without matplotlib: pip install matplotlib, or train with --no-picture")
    try:
        _train(options)
    except NotImplementedError as todo:
        sys.exit(f"{todo}; write it first, then train")
    except OSError as fault:
        sys.exit(f"{options.out}: cannot write the picture ({fault.strerror or fault}); name another --out")


def start(hidden: int, random: np.random.RandomState) -> Params:
    """A network to begin with: every weight and bias drawn evenly from -0.5 to 0.5."""

    def numbers(count: int) -> list[ADiffFloat]:
        return [ADiffFloat(random.uniform(-START, START)) for _ in range(count)]

    hidden_weights = [numbers(IN_FEATURES) for _ in range(hidden)]
    hidden_biases = numbers(hidden)
    out_weights = [numbers(hidden) for _ in range(OUT_NEURONS)]
    return hidden_weights, hidden_biases, out_weights, numbers(OUT_NEURONS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m operator_overloading.fit_neuron",
        description="Train a small network to tell two classes of points apart, and test it on new ones.",
    )
    for name, default, meaning in (
        ("epochs", 10, "passes over the points"),
        ("hidden", 30, "hidden neurons"),
        ("batch", 10, "points in a batch"),
        ("seed", 42, "divides the points, draws the start"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{meaning} (default {default})")
    parser.add_argument("--rate", type=float, default=0.1, help="learning rate (default 0.1)")
    parser.add_argument("--out", type=Path, default=Path("training.png"), help="the picture's file")
    parser.add_argument("--no-picture", action="store_true", help="print the log only")
    return parser


def _train(options: argparse.Namespace) -> None:
    """Run the training, test it after each epoch, and draw what came of it."""
    # numpy promises that this generator's numbers never change, so everybody's seed 42 is the same training
    random = np.random.RandomState(options.seed)
    data = classification.split(*classification.load(), random)
    costs, accuracies = _logged_training(start(options.hidden, random), data, options)
    if not options.no_picture:
        title = f"{options.hidden} hidden, batches of {options.batch}, rate {options.rate:g}"
        write_training_picture(options.out, costs, accuracies, f"{title}, seed {options.seed}")
        print(f"picture: {options.out}")


def _logged_training(
    params: Params, data: classification.Split, options: argparse.Namespace
) -> tuple[list[float], list[float]]:
    """Each epoch's cost and test accuracy, up to a cost that is not finite; the bar is on standard error."""
    costs: list[float] = []
    accuracies: list[float] = []
    with _bar(options.epochs * math.ceil(len(data.train_t) / options.batch)) as bar:
        for epoch in range(1, options.epochs + 1):
            batches = classification.batches(data.train_x, data.train_t, options.batch)
            costs.append(train_epoch(params, _counted(batches, bar, epoch), options.rate))
            accuracies.append(accuracy(params, data.test_x, data.test_t))
            print(f"epoch {epoch:3}  cost {costs[-1]:9.6f}  test accuracy {accuracies[-1]:.2f}")
            if not math.isfinite(costs[-1]):
                print("the training died: the cost is no number any more; try a smaller --rate")
                break
    return costs, accuracies


def _bar(steps: int) -> Progress:
    """A progress bar on standard error, for one task of so many steps."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    redirect = sys.stdout.isatty()  # a log sent to a file must arrive there
    bar = Progress(*columns, console=Console(stderr=True), redirect_stdout=redirect, transient=True)
    bar.add_task("", total=steps)
    return bar


def _counted(
    batches: Iterable[tuple[Points, Classes]], bar: Progress, epoch: int
) -> Iterator[tuple[Points, Classes]]:
    """The batches one by one, each a step of the bar once the training asks for the next."""
    for batch in batches:
        bar.update(bar.task_ids[0], description=f"epoch {epoch}")
        yield batch
        bar.advance(bar.task_ids[0])

"""The command ``python -m scalar_autodiff.training``: a training with its log and its picture (given)."""

from __future__ import annotations

import argparse
import importlib.util
import math
import random
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scalar_autodiff.datasets import DATASETS, Dataset
from scalar_autodiff.training import Epoch, ScalarTrain
from scalar_autodiff.training_picture import write_training_picture

LOG_EVERY = 10


class TrainingDied(Exception):  # noqa: N818  (what happened, and nobody's error)
    """The loss is no longer a finite number, so no later step can mend the parameters."""


def main(arguments: list[str] | None = None) -> None:
    """Train as the command line asks; exit with one line where that cannot be done."""
    options = _parser().parse_args(arguments)
    for name in ("points", "hidden", "epochs"):
        if getattr(options, name) < 1:
            sys.exit(f"--{name} {getattr(options, name)}: at least 1 is needed")
    if not options.no_picture and importlib.util.find_spec("matplotlib") is None:
        sys.exit("no picture without matplotlib: pip install matplotlib, or train with --no-picture")
    try:
        _train(options)
    except NotImplementedError as todo:
        sys.exit(f"{todo}; write it first, then train")
    except OSError as fault:
        sys.exit(f"{options.out}: cannot write the picture ({fault.strerror or fault}); name another --out")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scalar_autodiff.training",
        description="Train a small network to tell two classes of points apart.",
    )
    parser.add_argument(
        "--dataset", choices=DATASETS, default="Simple", help="which problem (default Simple)"
    )
    parser.add_argument("--points", type=int, default=50, help="how many points (default 50)")
    parser.add_argument("--hidden", type=int, default=2, help="numbers in a hidden layer (default 2)")
    parser.add_argument("--rate", type=float, default=0.5, help="learning rate (default 0.5)")
    parser.add_argument("--epochs", type=int, default=500, help="passes over the points (default 500)")
    parser.add_argument("--seed", type=int, default=0, help="draws the points and the start (default 0)")
    parser.add_argument("--out", type=Path, help="the picture's file (default training_DATASET.png)")
    parser.add_argument("--no-picture", action="store_true", help="print the log only")
    return parser


def _train(options: argparse.Namespace) -> None:
    """Run the training and draw what came of it."""
    data = DATASETS[options.dataset](options.points, options.seed)
    training = ScalarTrain(options.hidden, random.Random(options.seed))  # noqa: S311  (a start, not a secret)
    epochs = _logged_training(training, data, options)
    if not options.no_picture:
        options.out = options.out or Path(f"training_{options.dataset}.png")
        title = f"{options.dataset}: {data.N} points, {options.hidden} hidden, rate {options.rate:g}"
        write_training_picture(
            options.out, data, lambda x: training.run_one(x).data, epochs, f"{title}, seed {options.seed}"
        )
        print(f"picture: {options.out}")


def _logged_training(training: ScalarTrain, data: Dataset, options: argparse.Namespace) -> list[Epoch]:
    """What each epoch found, up to a loss that is not finite; the bar is on standard error, the log not."""
    epochs: list[Epoch] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console, redirect = Console(stderr=True), sys.stdout.isatty()  # a log sent to a file must arrive there
    with Progress(*columns, console=console, redirect_stdout=redirect, transient=True) as progress:
        bar = progress.add_task(options.dataset, total=options.epochs)

        def log(number: int, epoch: Epoch) -> None:
            epochs.append(epoch)
            progress.advance(bar)
            died = not math.isfinite(epoch.loss)
            if number % LOG_EVERY == 0 or number == options.epochs - 1 or died:
                print(f"epoch {number:4}  loss {epoch.loss:9.6f}  correct {epoch.correct:3} of {data.N}")
            if died:
                raise TrainingDied

        try:
            training.train(data, options.rate, options.epochs, log)
        except TrainingDied:
            print('the training died: the handout\'s section "When a training dies" says why and what helps')
    return epochs

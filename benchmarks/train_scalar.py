"""The source's two configurations over ten seeds: how often plain gradient descent learns all 50 points.

    python benchmarks/train_scalar.py [--seeds 10] [--epochs 500] [-j 2]

A run that dies (a loss that is no finite number) is reported with the epoch in which it died; it classifies
what its last sound epoch classified.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "solutions"))

from scalar_autodiff import datasets
from scalar_autodiff.training import Epoch, ScalarTrain

POINTS = 50
RATE = 0.5
CONFIGURATIONS: tuple[tuple[Callable[[int, int], datasets.Dataset], int], ...] = (
    (datasets.Simple, 2),
    (datasets.Xor, 10),
)


@dataclass(frozen=True, slots=True)
class Run:
    """How one training ended.

    Attributes:
        correct: points classified right in the last epoch whose loss was finite.
        loss: that epoch's loss.
        died: the first epoch whose loss was not finite, None where there was none.
        seconds: wall clock.
    """

    correct: int
    loss: float
    died: int | None
    seconds: float


class Died(Exception):  # noqa: N818  (what happened, and nobody's error)
    """Ends a training whose loss is no longer finite."""


def run(seed: int, *, dataset: str, hidden: int, epochs: int) -> Run:
    """Train once, points and start drawn from `seed`."""
    found: list[Epoch] = []

    def log(_: int, epoch: Epoch) -> None:
        if not math.isfinite(epoch.loss):
            raise Died
        found.append(epoch)

    start = time.perf_counter()
    training = ScalarTrain(hidden, random.Random(seed))  # noqa: S311  (a start, not a secret)
    died = None
    try:
        training.train(datasets.DATASETS[dataset](POINTS, seed), RATE, epochs, log)
    except Died:
        died = len(found)
    last = found[-1] if found else Epoch(math.nan, 0)
    return Run(last.correct, last.loss, died, time.perf_counter() - start)


def main() -> None:
    """Print a table for each configuration, and its summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=500)
    parser.add_argument("-j", "--workers", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.workers) as pool:
        for make, hidden in CONFIGURATIONS:
            name = make.__name__
            print(f"{name}: {POINTS} points, {hidden} hidden, rate {RATE}, {options.epochs} epochs")
            print(f"{'seed':>6}{'right':>8}{'loss':>10}{'died in':>9}{'seconds':>9}")
            train = partial(run, dataset=name, hidden=hidden, epochs=options.epochs)
            runs = []
            for seed, outcome in enumerate(pool.map(train, range(options.seeds))):
                runs.append(outcome)
                died = "-" if outcome.died is None else str(outcome.died)
                print(
                    f"{seed:>6}{outcome.correct:>8}{outcome.loss:>10.4f}{died:>9}{outcome.seconds:>9.1f}",
                    flush=True,
                )
            print(summary(runs), end="\n\n")


def summary(runs: list[Run]) -> str:
    """One line on all runs of a configuration."""
    right = [run.correct for run in runs]
    died = sum(run.died is not None for run in runs)
    learned = f"all {POINTS} right in {right.count(POINTS)} of {len(runs)} runs"
    return f"{learned}, {min(right)} to {max(right)} points right; {died} died"


if __name__ == "__main__":
    main()

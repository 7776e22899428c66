"""The command ``python -m tensor_autodiff.show_memory``: what a training keeps alive (given)."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tensor_autodiff.descent import train
from tensor_autodiff.memory import live_tensors
from tensor_autodiff.tensor import Tensor
from tensor_autodiff.topo_sort import find_topo_sort

POINTS, FEATURES = 200, 50
RATE = 1e-3
LINES = 6

Loss = Callable[[Tensor], Tensor]
# Before each step: tensors alive, and the bytes of all numbers that the loop's sum of losses holds.
Counts = list[tuple[int, int]]


def main(arguments: list[str] | None = None) -> None:
    """Print and draw what two trainings keep; exit with one line where that cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m tensor_autodiff.show_memory",
        description="Count the tensors that a training keeps from step to step, with and without detach.",
    )
    parser.add_argument("--steps", type=int, default=50, help="steps of each training (default 50)")
    parser.add_argument("--out", type=Path, default=Path("memory.png"), help="the picture's file")
    parser.add_argument("--no-picture", action="store_true", help="print the table only")
    options = parser.parse_args(arguments)
    if options.steps < 2:  # noqa: PLR2004  (growth needs two)
        sys.exit(f"--steps {options.steps}: at least 2 are needed")
    if not options.no_picture and importlib.util.find_spec("matplotlib") is None:
        sys.exit("no picture without matplotlib: pip install matplotlib, or --no-picture")
    try:
        _show(options.steps, None if options.no_picture else options.out)
    except NotImplementedError as todo:
        sys.exit(f"{todo}; write it first, then look")
    except OSError as fault:
        sys.exit(f"{options.out}: cannot write the picture ({fault.strerror or fault}); name another --out")


def without_detach(loss_of: Loss, w: Tensor, steps: int) -> Counts:
    """The training of task 4.7 with one word left out: what it keeps, before each step."""
    counts, total = [], 0.0
    for _ in range(steps):
        counts.append((live_tensors(), _held(total)))
        loss = loss_of(w)
        loss.backward()
        total = total + loss  # no detach
        w.data = w.data - RATE * w.grad.data
        w.grad = None
    return counts


def with_detach(loss_of: Loss, w: Tensor, steps: int) -> Counts:
    """What `descent.train` keeps, before each step."""
    counts: Counts = []

    def counted(w: Tensor) -> Tensor:
        counts.append((live_tensors(), 0))
        return loss_of(w)

    train(counted, [w], RATE, steps)
    return counts


def _held(total: Tensor | float) -> int:
    """The bytes of the numbers that a sum of losses holds; arrays that share their numbers count once."""
    if not isinstance(total, Tensor) or total.is_leaf():
        return 0
    arrays = [x.numpy() for x in find_topo_sort([total])]
    own = {id(a.base if a.base is not None else a): (a.base if a.base is not None else a) for a in arrays}
    return sum(a.nbytes for a in own.values())


def linear_fit(seed: int = 0) -> tuple[Loss, Tensor]:
    """The mean squared error of a linear fit, and weights to begin with."""
    random = np.random.default_rng(seed)
    points, targets = (Tensor(random.normal(size=(POINTS, n)), requires_grad=False) for n in (FEATURES, 1))

    def loss_of(w: Tensor) -> Tensor:
        error = points @ w - targets
        return (error * error).sum() / POINTS

    return loss_of, Tensor(random.normal(size=(FEATURES, 1)))


def _show(steps: int, picture: Path | None) -> None:
    kept = {
        "without detach": without_detach(*linear_fit(), steps),
        "with detach": with_detach(*linear_fit(), steps),
    }
    print("before step   tensors alive without detach    with detach   the sum holds without detach")
    for step in sorted({round(1 + i * (steps - 1) / (LINES - 1)) for i in range(LINES)}):
        (without, held), (with_, _) = (counts[step - 1] for counts in kept.values())
        print(f"{step:11}   {without:28}    {with_:11}   {held / 1024:25.0f} KiB")
    if picture:
        from tensor_autodiff.memory_picture import write_memory_picture  # noqa: PLC0415  (an extra)

        write_memory_picture(picture, {name: [n for n, _ in counts] for name, counts in kept.items()})
        print(f"picture: {picture}")


if __name__ == "__main__":
    main()

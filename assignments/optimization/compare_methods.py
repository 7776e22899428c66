"""The command ``python -m optimization.compare_methods``: who walks down faster, and where (given)."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimization import command_line
from optimization.array import Array
from optimization.controlled_newton import controlled_newton
from optimization.descent import gradient_descent, newtons_method
from optimization.landscapes import START, Landscape, far_sides, near_quadratic
from optimization.path import Path

LANDSCAPES: dict[str, Landscape] = {"near_quadratic": near_quadratic, "far_sides": far_sides}
REPEATS = 5


@dataclass(frozen=True, slots=True)
class Walk:
    """A method's way down a landscape.

    Attributes:
        heights: f at each point of the path.
        milliseconds: the least of several runs.
    """

    method: str
    path: Path
    heights: np.ndarray
    milliseconds: float


def main(arguments: list[str] | None = None) -> None:
    """Walk, print what each walk cost, and draw it."""
    parser = command_line.parser(
        "compare_methods", "Gradient descent and Newton's method on two landscapes, in steps and in time."
    )
    parser.add_argument(
        "--start", type=float, nargs=2, default=START.tolist(), help="where to start (default -2.5 1.5)"
    )
    command_line.run(parser.parse_args(arguments), _compare)


def walks(f: Landscape, start: np.ndarray) -> list[Walk]:
    """The walk of each method that is written; controlled Newton is left out before task 5.2 is."""
    methods = {"gradient descent": gradient_descent, "Newton": newtons_method}
    walked = [_walked(name, method, f, start) for name, method in methods.items()]
    try:
        return [*walked, _walked("controlled Newton", controlled_newton, f, start)]
    except NotImplementedError:
        return walked


def _walked(name: str, method: Callable[..., Path], f: Landscape, start: np.ndarray) -> Walk:
    seconds = []
    for _ in range(REPEATS):
        since = time.perf_counter()
        path = method(f, start)
        seconds.append(time.perf_counter() - since)
    heights = np.array([float(f(Array(x)).data) for x in path.points])
    return Walk(name, path, heights, 1e3 * min(seconds))


def _compare(options: argparse.Namespace) -> None:
    for name, f in LANDSCAPES.items():
        walked = walks(f, np.array(options.start))
        print(f"{name}, from {tuple(options.start)}")
        heads = ("method", "moves", "trials", "arrives", "ms", "ms a trial", "f at the end")
        command_line.print_table(heads, [_row(walk) for walk in walked])
        if not options.no_picture:
            from optimization.walk_picture import write_walks  # noqa: PLC0415  (matplotlib is an extra)

            path = options.out / f"{name}.png"
            write_walks(path, f, walked, name)
            print(f"picture: {path}")
        print()


def _row(walk: Walk) -> tuple[object, ...]:
    path = walk.path
    trials = max(path.trials, 1)
    times = (f"{walk.milliseconds:.1f}", f"{walk.milliseconds / trials:.2f}")
    arrives = "yes" if path.arrived else "no"
    return walk.method, len(path.points) - 1, path.trials, arrives, *times, f"{walk.heights[-1]:.6g}"


if __name__ == "__main__":
    main()

"""Seconds that the shortcuts of tasks 5.4 and 5.5 save, beside the work that they save.

One gradient of a tanh network's error for all weights, for growing batches, in each way of
``python -m optimization.measure_work``; and dz/dx after n doublings of paths. Each time is the least of
several runs in one process: compare the ratios, not the milliseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "solutions"))

from optimization import cache, chain_rule, measure_work
from optimization.command_line import print_table
from optimization.problem import drawn_problem

BATCHES = (10, 20, 50)
DEPTHS = (4, 8, 12)
REPEATS = 20


def main() -> None:
    """Measure and print both tables."""
    problem = drawn_problem()
    heads = ("one gradient, ms (elements)", *(f"{count} samples" for count in BATCHES), "times as fast")
    rows = []
    for way in measure_work.WAYS:
        seconds, shown = [], []
        for count in BATCHES:
            samples = problem.training.part(slice(count))
            work, _ = measure_work.step_work(problem.start, samples, way)
            seconds.append(_least(lambda s=samples, w=way: measure_work.step_work(problem.start, s, w)))
            shown.append(f"{1e3 * seconds[-1]:.2f} ({work.elements:,})")
        rows.append((way, shown, seconds[-1]))
    slowest = rows[0][2]
    print_table(heads, [(way, *shown, f"{slowest / last:.1f}") for way, shown, last in rows])
    print()
    rules = (("textbook", chain_rule.differentials), ("with the cache", cache.differentials))
    table = [
        (
            name,
            *(
                f"{1e3 * _least(lambda d=depth, r=rule: measure_work.depth_work(d, r)):.2f}"
                for depth in DEPTHS
            ),
        )
        for name, rule in rules
    ]
    print_table(("z = z z, n times, ms", *(f"n = {depth}" for depth in DEPTHS)), table)


def _least(act: Callable[[], object]) -> float:
    """The shortest of several runs, in seconds; fewer where one takes long."""
    taken: list[float] = []
    while len(taken) < REPEATS and sum(taken) < 1.0:
        since = time.perf_counter()
        act()
        taken.append(time.perf_counter() - since)
    return min(taken)


if __name__ == "__main__":
    main()

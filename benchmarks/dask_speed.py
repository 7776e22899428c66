"""The Dask engine against the local one, and two Dask workers against one.

    python benchmarks/dask_speed.py [--size 400] [--tasks 4] [--rounds 3]

Grades the same class of right submissions with one and two workers of either engine, in turn, and prints the
best round of each: submissions a second once all workers grade; the whole command's seconds, its start
included; and the processor seconds of a submission, all processes counted but not their start: the
difference to a class of a quarter, divided. On a busy machine only the last tells the engines apart.

A Dask cluster of this machine's own is started for every command; on a running one its start is saved.
`--tasks` takes the first so many tasks of `scalar_autodiff`: with fewer, a submission takes less time, and
what Dask costs each weighs more. With the defaults it runs for about six minutes on two free processors.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from dask_cluster_of import Ran, run, write_class, write_course
from rich.console import Console
from rich.table import Table

LEAST_GAIN, MOST_COST = 1.8, 1.10


ENGINES = [(engine, workers) for engine in ("local", "dask") for workers in (1, 2)]


def measured(size: int, tasks: int, rounds: int) -> dict[tuple[str, int], Ran]:
    """The best of the rounds, by engine and workers."""
    best: dict[tuple[str, int], Ran] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course = write_course(folder / "course", tasks)
        submitted = write_class(folder / "class", course, range(size))
        for round_ in range(rounds):
            for engine, workers in ENGINES:
                options = ["--engine", engine, "-j", str(workers), "--no-gradebook"]
                ran = run(course, submitted, folder / f"{engine}{workers}-{round_}", *options)
                kept = best.get((engine, workers))
                best[engine, workers] = ran if not kept or ran.rate > kept.rate else kept
    return best


def report(size: int, tasks: int, rounds: int) -> None:
    """Measure and print."""
    best, small = measured(size, tasks, rounds), measured(size // 4, tasks, 1)
    table = Table("engine", "workers", "graded a second", "s each", "processor s each", "whole command, s")
    cpu = {}
    for (engine, workers), ran in best.items():
        cpu[engine, workers] = (ran.cpu_s - small[engine, workers].cpu_s) / (size - size // 4)
        each = f"{1 / ran.rate:.3f}", f"{cpu[engine, workers]:.3f}"
        table.add_row(engine, str(workers), f"{ran.rate:.2f}", *each, f"{ran.wall_s:.1f}")
    gain = best["dask", 2].rate / best["dask", 1].rate
    cost = best["local", 2].rate / best["dask", 2].rate
    console = Console(highlight=False)
    console.print(table)
    console.print(f"a class of {size}, {tasks} tasks, the best of {rounds} rounds")
    console.print(f"two Dask workers against one: {gain:.2f} times (at least {LEAST_GAIN} wanted)")
    console.print(f"Dask against local, two workers: {cost:.3f} times the time (at most {MOST_COST} wanted)")
    console.print(f"and {cpu['dask', 2] / cpu['local', 2]:.3f} times the processor time")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=400)
    parser.add_argument("--tasks", type=int, default=4, choices=range(1, 6))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    report(options.size, options.tasks, options.rounds)

"""A class of ten thousand: memory along the way, the books complete, skipping, and one submission more.

    python benchmarks/large_class.py [--size 10000] [--tasks 1] [--workers 2] [--engine dask] [--gradebook]

Grades copies with small differences on a scheduler and workers of their own processes (`--engine local`: on
the command's own), and prints what client, scheduler and workers held a tenth, two tenths, ... of the way.
Then checks the books: a result and pages for everyone, a line each in the CSV, with `--gradebook` a row each
in the database. Then the same command again, when all is skipped, and once more with one submission added.

`--tasks` takes the first so many tasks of `scalar_autodiff`. Each submission takes about 0.02 s with one
task and 0.06 s with four, so that ten thousand take about 3 and 10 minutes on two free processors.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dask_cluster_of import NAME, Ran, cluster, run, write_class, write_course
from rich.console import Console
from rich.table import Table

LEAST_SKIPPED, MOST_SECONDS = 1000, 5.0
GROWTH = 1.25
"""Memory is flat where the last three tenths hold at most so many times what the second to fourth did."""

CONSOLE = Console(highlight=False)


def books(out: Path, size: int, *, gradebook: bool) -> list[str]:
    """What is missing in the books, nothing where they are complete."""
    counts = {ending: sum(1 for _ in (out / NAME).glob(f"*{ending}")) for ending in (".json", ".md", ".html")}
    counts["line of the CSV"] = len((out / "scores.csv").read_text().splitlines()) - 1
    if gradebook:
        with sqlite3.connect(out / "gradebook.db") as opened:
            query = "select count(*) from submitted_assignment"
            counts["row of the gradebook"] = opened.execute(query).fetchone()[0]
    return [f"{count:,} of {size:,}: {what}" for what, count in counts.items() if count != size]


@contextmanager
def processes(engine: str, folder: Path, workers: int) -> Iterator[tuple[list[str], dict[str, int]]]:
    """The options of the engine, and its processes where they are not the command's own."""
    if engine == "local":
        yield ["-j", str(workers)], {}
        return
    with cluster(folder, workers) as (address, watched):
        yield ["--engine", "dask", "--scheduler", address], watched


def memory_table(ran: Ran) -> Table:
    """What each process held along the way."""
    table = Table("MB at tenth", *map(str, range(1, 10)), "flat")
    for name, held in ran.memory_mb.items():
        flat = max(held[6:]) <= GROWTH * max(held[1:4])
        table.add_row(name, *(f"{one:.0f}" for one in held), "yes" if flat else "NO")
    return table


def report(options: argparse.Namespace) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course = write_course(folder / "course", options.tasks)
        submitted, out = folder / "class", folder / "scores"
        write_class(submitted, course, range(options.size))
        book = [] if options.gradebook else ["--no-gradebook"]
        with processes(options.engine, folder / "cluster", options.workers) as (engine, watched):
            first = run(course, submitted, out, *engine, *book, watched=watched)
            CONSOLE.print(memory_table(first))
            CONSOLE.print(
                f"{options.size:,} submissions, {options.tasks} tasks, {options.workers} workers: "
                f"{first.wall_s:.0f} s, {first.rate:.1f} a second; {first.counts}"
            )
            CONSOLE.print(
                *books(out, options.size, gradebook=options.gradebook) or ["the books are complete"]
            )
            time.sleep(2.5)  # (what has just been written is looked at again)
            for label in ("read again", "all skipped"):
                skipped = run(course, submitted, out, *engine, *book, watched=watched)
                rate = options.size / skipped.wall_s
                CONSOLE.print(
                    f"{label}: {skipped.wall_s:.2f} s, {rate:,.0f} a second ({LEAST_SKIPPED:,} wanted)"
                )
            write_class(submitted, course, [options.size])
            time.sleep(2.5)
            more = run(course, submitted, out, *engine, *book, watched=watched)
            CONSOLE.print(f"one more: {more.wall_s:.2f} s (at most {MOST_SECONDS:g} wanted); {more.counts}")
            CONSOLE.print(
                *books(out, options.size + 1, gradebook=options.gradebook) or ["and the books complete"]
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--tasks", type=int, default=1, choices=range(1, 6))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engine", choices=("local", "dask"), default="dask")
    parser.add_argument("--gradebook", action="store_true")
    report(parser.parse_args())

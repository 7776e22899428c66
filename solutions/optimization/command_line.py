"""What the assignment's commands have in common: options, faults told in one line, a bar (given)."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

T = TypeVar("T")


def parser(module: str, description: str) -> argparse.ArgumentParser:
    """The options that every command has; `module` is its name within the package."""
    made = argparse.ArgumentParser(prog=f"python -m optimization.{module}", description=description)
    made.add_argument("--out", type=Path, default=Path(), help="the pictures' folder (default: this one)")
    made.add_argument("--no-picture", action="store_true", help="print only")
    return made


def run(options: argparse.Namespace, act: Callable[[argparse.Namespace], None]) -> None:
    """Do what a command does; where that cannot be done, exit with one line that says why."""
    for name in ("epochs", "samples", "size", "depth"):
        if getattr(options, name, 1) < 1:
            sys.exit(f"--{name} {getattr(options, name)}: at least 1 is needed")
    if getattr(options, "seed", 0) < 0:
        sys.exit(f"--seed {options.seed}: a whole number from 0 is needed")
    if not options.no_picture and importlib.util.find_spec("matplotlib") is None:
        sys.exit("no picture without matplotlib: pip install matplotlib, or use --no-picture")
    try:
        act(options)
    except NotImplementedError as todo:
        sys.exit(f"{todo}; write it first")
    except OSError as fault:
        reason = fault.strerror or fault
        sys.exit(f"{options.out}: cannot write the picture ({reason}); name another folder with --out")


def counted(items: Iterable[T], total: int, name: str) -> Iterator[T]:
    """The items one by one, with a bar on standard error that vanishes in the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console, redirect = Console(stderr=True), sys.stdout.isatty()  # a log sent to a file must arrive there
    hidden = not sys.stderr.isatty()
    with Progress(
        *columns, console=console, redirect_stdout=redirect, transient=True, disable=hidden
    ) as progress:
        task = progress.add_task(name, total=total)
        for item in items:
            yield item
            progress.advance(task)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table of plain text: the first column to the left, the others to the right."""
    lines = [heads, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    for line in lines:
        first, *others = (
            cell.ljust(width) if not i else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())

"""A progress bar on standard error (given)."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


def progress_bar(steps: int) -> Progress:
    """A bar for one task of so many steps; it is gone when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    redirect = sys.stdout.isatty()  # a log sent to a file must arrive there
    bar = Progress(
        *columns, console=console, redirect_stdout=redirect, transient=True, disable=not console.is_terminal
    )
    bar.add_task("", total=steps)
    return bar

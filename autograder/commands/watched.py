"""A grading run under a bar: rate, estimate and failures as they come, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.grading.engine import Progress as Done
from autograder.grading.engine import Step
from autograder.scores.watching import Log, Tally, troubles


class Watch:
    """What `autograder.grading.run.grade` tells of a run, shown and written down.

    Attributes:
        tally: what the run has come to.
    """

    def __init__(self, bar: Progress, log: Log) -> None:
        self.tally, self._bar, self._log = Tally(), bar, log
        self._task = bar.add_task("grading", total=None, rate="", left="")

    def begin(self, total: int) -> None:
        """So many submissions were found."""
        self.tally.begin(total)
        self._log.begin(self.tally)
        self._bar.update(self._task, total=total)

    def advance(self, done: Done) -> None:
        """One of them is done, its result on the disk."""
        self.tally.add(done)
        self._log.submission(done, self.tally)
        if self._bar.disable:
            return
        if done.step is Step.GRADED and (found := troubles(done.result)):
            self._bar.console.print(escape(failure(done, found)), highlight=False, soft_wrap=True)
        self._bar.update(
            self._task,
            advance=1,
            description=escape(f"{done.step} {done.result.student_id}"),
            rate=f"{self.tally.rate:.1f}/s" if self.tally.rate else "",
            left=_left(self.tally.left_s),
        )

    def end(self, how: str) -> None:
        """Write the end of the run down."""
        self._log.end(self.tally, how)


def failure(done: Done, found: dict[str, str]) -> str:
    """One submission that staff should know of: ``jana/scalar_autodiff: crashed (task1_5)``."""
    what = "; ".join(f"{word} ({tasks})" for word, tasks in found.items())
    return f"{done.result.student_id}/{done.result.assignment}: {what}"


@contextmanager
def watched(out: Path, log: Path | None) -> Iterator[Watch]:
    """A bar on standard error, silent where that is no terminal; an interrupt is told what it left behind.

    Raises:
        OutputError: the log cannot be written.
    """
    with _bar() as bar:
        watch = Watch(bar, Log(log))
        how = "failed"
        try:
            yield watch
            how = "done"
        except KeyboardInterrupt:
            how = "interrupted"
            raise
        finally:
            watch.end(how)
            bar.stop()
            if how == "interrupted":
                done, total = watch.tally.steps.total(), watch.tally.total
                print(
                    f"stopped with {done:,} of {total:,} done; scores so far are in {out}; "
                    "the same command continues",
                    file=sys.stderr,
                )


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02} left"


def _bar() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description:<28.28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )

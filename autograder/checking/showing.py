"""The report on a terminal: a table, then each task that does not pass, then what to do next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from autograder.checking.events import Outcome, Status, Test
from autograder.checking.report import TaskReport

COLOURS = {
    Status.PASSED: "green",
    Status.FAILED: "red",
    Status.TODO: "yellow",
    Status.WAITING: "yellow",
    Status.TIMEOUT: "magenta",
    Status.CRASHED: "magenta",
    Status.ERROR: "blue",
    Status.UNTESTED: "dim",
}
WORDS = {Status.TODO: "to do", Status.TIMEOUT: "timed out"}


def show(console: Console, reports: Sequence[TaskReport], root: Path, *, every_test: bool) -> None:
    """Print all of it.

    Args:
        console: where to.
        reports: the tasks, in order.
        root: paths are shown from here.
        every_test: name each test with its outcome.
    """
    console.print(_table(reports))
    for report in reports:
        if every_test:
            console.print(_tests(report))
        if report.status not in (Status.PASSED, Status.UNTESTED):
            console.print(_details(report, root))
    console.print(_closing(reports, root))


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """A bar on standard error where that is a terminal; call it with the tests done, all, and what runs."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    terminal = Console(stderr=True)
    with Progress(*columns, console=terminal, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("collecting tests", total=None)

        def advance(done: int, total: int, name: str) -> None:
            progress.update(bar, completed=done, total=total, description=name or "running tests")

        yield advance


def word(status: Status) -> Text:
    """A status as it is shown."""
    return Text(WORDS.get(status, status.value), style=COLOURS.get(status, ""))


def _table(reports: Sequence[TaskReport]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_footer=False)
    for name in ("task", "title", "status"):
        table.add_column(name, overflow="fold")
    for name in ("tests", "points"):
        table.add_column(name, justify="right", no_wrap=True)
    for before, report in zip([None, *reports], reports, strict=False):
        if before and before.assignment is not report.assignment:
            table.add_section()
        counted = f"{report.passed}/{len(report.tests)}" if report.tests else "none"
        task = report.task
        table.add_row(task.id, task.title, word(report.status), counted, str(task.points))
    return table


def _tests(report: TaskReport) -> Table:
    lines = Table.grid(padding=(0, 2))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    lines.add_row(Text(report.task.id, style="bold"), "")
    for test, outcome in report.tests:
        said = Text(test.name)
        if outcome.message and outcome.status is not Status.TODO:
            said.append(f"\n{outcome.message}", style="dim")
        lines.add_row(Text("  ") + word(outcome.status), said)
    return lines


def _details(report: TaskReport, root: Path) -> Padding:
    lines = Table.grid(padding=(0, 2))
    lines.add_column(no_wrap=True, style="dim")
    lines.add_column(overflow="fold")
    for name, text in _detail_rows(report, root):
        lines.add_row(name, Text(text))
    task = report.task
    heading = Text.assemble((task.id, "bold"), f" {task.title}: ", word(report.status))
    whole = Table.grid()
    whole.add_row(heading)
    whole.add_row(Padding(lines, (0, 0, 0, 2)))
    return Padding(whole, (0, 0, 1, 0))


def _detail_rows(report: TaskReport, root: Path) -> Iterator[tuple[str, str]]:
    if report.status is Status.WAITING:
        yield "because", f"rests on {report.rests_on}"
        return
    problem = report.first_problem
    if problem:
        test, outcome = problem
        yield "checked", test.about
        yield "found", _found(test, outcome)
    if report.rests_on:
        yield "note", f"rests on {report.rests_on}: begin there"
    yield "hint", report.task.hint
    handout = (report.assignment.folder / "README.md").relative_to(root).as_posix()
    yield "read", f"{handout}#{report.task.section}"
    yield "run", f"pytest -m {report.task.id}"


def _found(test: Test, outcome: Outcome) -> str:
    return outcome.message or f"{test.name} did not pass"


def _closing(reports: Sequence[TaskReport], root: Path) -> Text:
    """How much passes, and the one thing to do next."""
    done = [report for report in reports if report.status is Status.PASSED]
    tested = [report for report in reports if report.status is not Status.UNTESTED]
    if len(done) == len(tested):
        text = (
            f"All {len(done)} tasks pass their public tests."
            if len(done) > 1
            else "It passes its public tests."
        )
        return Text(f"{text} Grading runs further tests of the same kind.", style="green")
    following = next(r for r in tested if r.status is not Status.PASSED)
    if following.status is Status.WAITING:
        return Text(
            f"Next: {following.rests_on.replace(', which', ' (which').replace(', whose', ' (whose')})."
        )
    path = following.assignment.folder / f"{following.task.module}.py"
    place = path.relative_to(root).as_posix() + _todo_line(path, following.task.id)
    count = f"{len(done)} of {len(tested)} tasks pass. " if len(tested) > 1 else ""
    return Text(f"{count}Next: {following.task.id} {following.task.title}\n{place}")


def _todo_line(path: Path, task_id: str) -> str:
    """The line of the task's first TODO, as the end of a place; "" where there is none."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    found = [
        n for n, line in enumerate(lines, start=1) if f"TODO({task_id})" in line or f'"{task_id}: ' in line
    ]
    return f", line {found[0]}" if found else ""

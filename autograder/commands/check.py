"""``autograder check``: a student's own run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from autograder.checking.junit import write_junit
from autograder.checking.report import reports
from autograder.checking.running import Run, run_tests
from autograder.checking.selecting import broken_modules, selected
from autograder.checking.showing import show
from autograder.commands import CourseFolder, the_course
from autograder.errors import CourseError
from autograder.registry import Assignment, Course, Task


def command(
    tasks: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TASK]...",
            help="Tasks, assignments or modules (default: everything).",
            show_default=False,
        ),
    ] = None,
    verbose: Annotated[  # noqa: FBT002  (an option)
        bool, typer.Option("-v", "--verbose", help="Show every test.")
    ] = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the outcomes as JUnit's XML.")
    ] = None,
    course: CourseFolder = None,
) -> None:
    """Run the public tests on your modules: what passes, what does not, and what to do next."""
    found = the_course(course)
    wanted = selected(found, tasks or ())
    console = Console(highlight=False)
    for line in _broken(wanted):
        console.print(line, style="red", markup=False)
    run = _run(found, wanted)
    shown = reports(wanted, run)
    show(console, shown, found.root, every_test=verbose)
    if junit:
        write_junit(junit, shown)
    for file, message in run.uncollected.items():
        raise CourseError(
            f"{file}: its tests cannot run: {message}; take the file from the course's files again"
        )


def _broken(wanted: list[tuple[Assignment, Task]]) -> list[str]:
    """A line for each module of the wanted tasks' assignments that does not parse."""
    folders = dict.fromkeys((a.folder, (*a.task_modules, *a.given_modules)) for a, _ in wanted)
    return [line for folder, modules in folders for line in broken_modules(folder, modules)]


def _run(course: Course, wanted: list[tuple[Assignment, Task]]) -> Run:
    """Run the tests, with a bar on standard error where that is a terminal."""
    paths = [path for path in dict.fromkeys(course.tests / a.name for a, _ in wanted) if path.is_dir()]
    marks = [name for _, task in wanted for name in (task.id, *task.aliases)]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    terminal = Console(stderr=True)
    with Progress(*columns, console=terminal, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("collecting tests", total=None)

        def advance(done: int, total: int, name: str) -> None:
            progress.update(bar, completed=done, total=total, description=name or "running tests")

        return run_tests(course.root, course.modules, paths, marks, advance)

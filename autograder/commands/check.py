"""``autograder check``: a student's own run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.checking import watching
from autograder.checking.events import Status
from autograder.checking.junit import write_junit
from autograder.checking.report import reports
from autograder.checking.running import Run, run_tests
from autograder.checking.selecting import broken_lines, marks_of, selected, test_folders
from autograder.checking.showing import progress_bar, show
from autograder.checking.summary import append_summary
from autograder.commands import CourseFolder, the_course
from autograder.errors import CourseError
from autograder.registry import Assignment, Course, Task


def command(  # noqa: PLR0913, PLR0917  (each is an option of the command line)
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
    markdown: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also append a summary in Markdown, as for $GITHUB_STEP_SUMMARY."),
    ] = None,
    strict: Annotated[  # noqa: FBT002  (an option)
        bool, typer.Option("--strict", help="Exit with 1 unless every task passes, for CI.")
    ] = False,
    watch: Annotated[  # noqa: FBT002  (an option)
        bool, typer.Option("--watch", help="Run again whenever a file is saved, until Ctrl-C.")
    ] = False,
    course: CourseFolder = None,
) -> None:
    """Run the public tests on your modules: what passes, what does not, and what to do next."""
    for name, given in {"--junit": junit, "--markdown": markdown, "--strict": strict}.items():
        if watch and given:
            raise typer.BadParameter("is for a single run; leave out --watch", param_hint=name)
    found = the_course(course)
    wanted = selected(found, tasks or ())
    console = Console(highlight=False)
    if watch:
        watching.watch(found, wanted, console, every_test=verbose)
    for line in broken_lines(wanted):
        console.print(line, style="red", markup=False)
    run = _run(found, wanted)
    shown = reports(wanted, run)
    show(console, shown, found.root, every_test=verbose)
    if junit:
        write_junit(junit, shown)
    if markdown:
        append_summary(markdown, shown)
    for file, message in run.uncollected.items():
        raise CourseError(
            f"{file}: its tests cannot run: {message}; take the file from the course's files again"
        )
    if strict and any(report.status not in (Status.PASSED, Status.UNTESTED) for report in shown):
        raise typer.Exit(1)


def _run(course: Course, wanted: list[tuple[Assignment, Task]]) -> Run:
    """Run the tests, with a bar on standard error where that is a terminal."""
    with progress_bar() as advance:
        return run_tests(course.root, course.modules, test_folders(course, wanted), marks_of(wanted), advance)

"""``autograder validate``: prove that the course's grades mean something."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from autograder.commands import CourseFolder, the_course
from autograder.registry import Assignment, Course
from autograder.validation import Finding, cases, validate


def command(
    assignment: Annotated[str | None, typer.Option(metavar="A", help="Only this assignment.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Grade the reference with so many seeds.")] = 20,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Submissions graded at once.")] = 1,
    course: CourseFolder = None,
) -> None:
    """Prove the course: solutions full marks, stubs zero, known-wrong solutions caught."""
    found = the_course(course)
    chosen = [found.assignment(assignment)] if assignment else list(found.assignments)
    failed = [finding for one in chosen for finding in _validated(found, one, seeds, jobs)]
    for finding in failed:
        for fault in finding.faults:
            print(f"{finding.case.kind} ({finding.case.name}): {fault}")
    if failed:
        raise typer.Exit(1)


def _validated(course: Course, assignment: Assignment, seeds: int, jobs: int) -> list[Finding]:
    """Validate one assignment and print its table."""
    found = list(cases(course, assignment, range(seeds)))
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(assignment.name, total=len(found))
        failed = validate(course, assignment, found, jobs, lambda _: bar.update(task, advance=1))
    total = Counter(case.kind for case in found)
    bad = Counter(finding.case.kind for finding in failed)
    table = Table("", "", title=f"{assignment.name}: what must hold", title_justify="left", show_header=False)
    for kind, says in (
        ("reference", "full marks for the reference solutions, by seeds"),
        ("stub", "nothing for the stubs, each test naming its task"),
        ("wrong", "points lost for a known mistake in its own task, and in no other"),
    ):
        table.add_row(says, f"{total[kind] - bad[kind]} of {total[kind]}")
    Console().print(table)
    return failed

"""``autograder validate``: prove that the course's grades mean something."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

import autograder
from autograder.commands import CourseFolder, the_course
from autograder.registry import Assignment, Course
from autograder.validation.mutants import tool
from autograder.validation.page import write_report
from autograder.validation.proving import Plan, prove
from autograder.validation.record import AssignmentProof, Validation
from autograder.validation.table import table


def command(  # noqa: PLR0913, PLR0917  (each is an option of the command line)
    assignment: Annotated[str | None, typer.Option(metavar="A", help="Only this assignment.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Grade the reference with so many seeds.")] = 20,
    mutants: Annotated[  # noqa: FBT002  (an option)
        bool, typer.Option("--mutants", help="Change the solutions, one small change at a time.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the findings there, as a page and as JSON.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Submissions graded at once.")] = 1,
    course: CourseFolder = None,
) -> None:
    """Prove the course: solutions full marks, stubs zero, known-wrong solutions and mutants caught."""
    found = the_course(course)
    if mutants:
        tool()
    chosen = [found.assignment(assignment)] if assignment else list(found.assignments)
    started, since = datetime.now(UTC), time.monotonic()
    plan = Plan(seeds, mutants, jobs)
    proofs = tuple(_proven(found, one, plan) for one in chosen)
    validation = Validation(
        kit=autograder.__version__,
        started=started.isoformat(timespec="seconds"),
        workers=jobs,
        seconds=round(time.monotonic() - since, 1),
        holds=not any(proof.faults for proof in proofs),
        assignments=proofs,
    )
    if report:
        write_report(validation, report)
    if not validation.holds:
        raise typer.Exit(1)


def _proven(course: Course, assignment: Assignment, plan: Plan) -> AssignmentProof:
    """Prove one assignment and print what was found."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(assignment.name)
        proof = prove(
            course,
            assignment,
            plan,
            begin=lambda name, total: bar.reset(task, description=f"{assignment.name}: {name}", total=total),
            advance=lambda: bar.advance(task),
        )
    Console().print(table(proof))
    for fault in proof.faults:
        print(fault)
    return proof

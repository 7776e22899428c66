"""``autograder grade``: grade a submission or a class in the sandbox, write scores."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.commands import CourseFolder, the_course
from autograder.grading import engine as engines
from autograder.grading.run import Order, Outcome, grade
from autograder.scores.files import read_results
from autograder.scores.table import closing_table


def command(  # noqa: PLR0913, PLR0917  (each is an option of the command line)
    submitted: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMITTED", help="A class, a student's folder, an archive or one submission."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The folder that takes the scores.")] = Path("scores"),
    assignment: Annotated[str | None, typer.Option(help="Grade only this assignment.")] = None,
    seed: Annotated[int, typer.Option(help="Draws the examples of the property tests.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Submissions graded at once.")] = 1,
    db: Annotated[
        str | None, typer.Option(help="nbgrader's database, an SQLAlchemy URL [SCORES/gradebook.db].")
    ] = None,
    gradebook: Annotated[  # noqa: FBT002  (an option)
        bool, typer.Option(help="Write nbgrader's gradebook.")
    ] = True,
    require_rung: Annotated[
        int, typer.Option(min=1, max=4, help="Refuse to grade on a lower sandbox rung.")
    ] = 1,
    course: CourseFolder = None,
) -> None:
    """Grade SUBMITTED in the sandbox and write scores; a run that was stopped continues."""
    found = the_course(course)
    url = db or f"sqlite:///{(out / 'gradebook.db').resolve()}"
    order = Order(submitted, out, assignment, seed, url if gradebook else None)
    memory = out / ".mistakes"
    engine = engines.LocalEngine(found, workers=jobs, require_rung=require_rung, memory=memory)
    try:
        with _bar() as bar:
            task = bar.add_task("grading", total=None)
            outcome = grade(
                found,
                order,
                engine,
                begin=lambda total: bar.update(task, total=total),
                advance=lambda step: bar.update(
                    task, advance=1, description=f"graded {step.result.student_id}"
                ),
            )
    except KeyboardInterrupt:
        print(f"stopped; scores so far are in {out}; the same command continues", file=sys.stderr)
        raise
    _close(order, outcome)


def _bar() -> Progress:
    """A progress bar on standard error, which is silent where that is no terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description:<20.20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _close(order: Order, outcome: Outcome) -> None:
    console = Console()
    console.print(closing_table(read_results(order.out), order.out))
    for line in outcome.left_out:
        console.print(f"left out: {line}", markup=False, highlight=False)
    done = ", ".join(f"{count} {step}" for step, count in sorted(outcome.steps.items()))
    console.print(f"{done}", markup=False, highlight=False)

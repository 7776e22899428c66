"""``autograder grade``: grade a submission or a class in the sandbox, write scores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.commands import CourseFolder, the_course
from autograder.commands.watched import watched
from autograder.errors import CourseError
from autograder.grading import engines
from autograder.grading.run import Order, Outcome, grade
from autograder.registry import Course
from autograder.scores import comparison_table, exports
from autograder.scores.files import read_results
from autograder.scores.roster import absences, read_roster
from autograder.scores.roster_table import absences_table
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
    feedback: Annotated[  # noqa: FBT002  (an option)
        bool, typer.Option(help="Write what each student reads, as Markdown and HTML beside the result.")
    ] = True,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAME,...",
            help=f"Also write each result to SCORES/NAME/: {', '.join(exports.Format)}.",
        ),
    ] = "",
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="Who is in the course: names for the gradebook, and a list of who handed in nothing.",
        ),
    ] = None,
    file_times: Annotated[  # noqa: FBT002  (an option)
        bool,
        typer.Option(
            "--file-times", help="Without a timestamp.txt, the files' own time says when it was handed in."
        ),
    ] = False,
    require_rung: Annotated[
        int, typer.Option(min=1, max=4, help="Refuse to grade on a lower sandbox rung.")
    ] = 1,
    compare: Annotated[
        Path | None,
        typer.Option(
            metavar="OLD_SCORES", help="Show whose points change against these; leave the gradebook alone."
        ),
    ] = None,
    engine: Annotated[
        engines.Kind, typer.Option(help="What grades: this machine's workers, or a Dask cluster's.")
    ] = engines.Kind.LOCAL,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="The running Dask cluster, tcp://HOST:8786 [one on this machine with --jobs workers].",
        ),
    ] = None,
    log_json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Append what happens to FILE, a JSON object a line.")
    ] = None,
    course: CourseFolder = None,
) -> None:
    """Grade SUBMITTED in the sandbox and write scores; a run that was stopped continues."""
    found = _with_solutions(the_course(course))
    old = comparison_table.earlier_scores(compare, out) if compare else None
    url = db or f"sqlite:///{(out / 'gradebook.db').resolve()}"
    database = url if gradebook and not old else None
    wanted = _formats(formats)
    exports.refuse_what_is_not_given(wanted)
    known = read_roster(roster) if roster else None
    order = Order(submitted, out, assignment, seed, database, feedback, wanted, file_times, known)
    if scheduler and engine is not engines.Kind.DASK:
        raise typer.BadParameter("goes with --engine dask", param_hint="--scheduler")
    memory = out / ".mistakes"
    with (
        engines.opened(
            engine, found, workers=jobs, require_rung=require_rung, memory=memory, scheduler=scheduler
        ) as opened,
        watched(out, log_json) as watch,
    ):
        outcome = grade(found, order, opened, begin=watch.begin, advance=watch.advance)
    _close(order, outcome, watch.tally.line())
    if old:
        compared = comparison_table.compare(old, out, assignment)
        Console(highlight=False).print(comparison_table.comparison_table(compared, old))


def _with_solutions(course: Course) -> Course:
    """The course, if it can grade: in a student's own tree the tests are theirs to change."""
    if course.modules.name != "solutions":
        raise CourseError(
            f"{course.root}: a student's tree, which cannot grade; name the author's course with --course"
        )
    return course


def _formats(words: str) -> tuple[exports.Format, ...]:
    names = [word.strip() for word in words.split(",") if word.strip()]
    for name in names:
        if name not in set(exports.Format):
            known = ", ".join(exports.Format)
            raise typer.BadParameter(f"{name}: no such format; there are {known}", param_hint="--format")
    return tuple(map(exports.Format, names))


def _close(order: Order, outcome: Outcome, troubles: str) -> None:
    console = Console()
    console.print(closing_table(outcome.ledger.results(), order.out))
    if order.roster:
        missing = list(absences(order.roster, read_results(order.out, lambda _: None)))
        console.print(absences_table(missing, order.out))
    for line in outcome.left_out:
        console.print(f"left out: {line}", markup=False, highlight=False)
    if troubles:
        console.print(f"of those graded now: {troubles}", markup=False, highlight=False)
    done = ", ".join(f"{count} {step}" for step, count in sorted(outcome.steps.items()))
    console.print(f"{done}", markup=False, highlight=False)

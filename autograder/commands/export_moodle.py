"""``autograder export moodle``: one assignment's scores and feedback in a CSV that Moodle imports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands import CourseFolder, the_course
from autograder.commands.export_options import ScoresDatabase, ScoresFolder, Waiting, say, write_rows
from autograder.registry import Assignment
from autograder.scores import moodle
from autograder.scores.feedback import page
from autograder.scores.files import read_result, result_path
from autograder.scores.final import Final, read_finals, some, sorted_out


def command(  # noqa: PLR0913, PLR0917  (each is an option of the command line)
    export: Annotated[
        Path,
        typer.Argument(
            metavar="LIST.csv", help="The assignment's grading worksheet, or a grade export, from Moodle."
        ),
    ],
    assignment: Annotated[str, typer.Option(metavar="A", help="The assignment.")],
    out: Annotated[Path, typer.Option(metavar="FILE.csv", help="What you import into Moodle.")],
    scores: ScoresFolder = Path("scores"),
    db: ScoresDatabase = None,
    waiting: Waiting = False,  # noqa: FBT002  (an option)
    course: CourseFolder = None,
) -> None:
    """Write an assignment's scores and feedback for the students in LIST.csv, for Moodle to import."""
    found = the_course(course)
    one = found.assignment(assignment)
    there = moodle.read_list(export)
    finals = read_finals(scores, found, db)
    chosen, held_back = sorted_out(finals, one.name, waiting=waiting)
    say(held_back)
    feedback = {score.student_id: _feedback(scores, one, score) for score in chosen}
    filled = moodle.filled(there, one, chosen, feedback)
    write_rows(out, filled.rows)
    at = there.at("Full name", "Last name", "Surname", filled.matched.column)
    say(filled.matched.lines(one.name, [row[at or 0] for row in there.students]))
    if filled.locked:
        print(f"{one.name}: {len(filled.locked)} may not be changed in Moodle: {some(filled.locked)}")
    if filled.too_large:
        print(
            f"{one.name}: {filled.too_large} grades are above {moodle.LARGEST:g}; Moodle refuses the whole "
            "file unless its unlimited grades are switched on"
        )
    how = "Upload grading worksheet, in the assignment" if there.worksheet else "Grades, Import, CSV file"
    print(f"{out}: {len(filled.rows) - 1} students, from {finals.source}; in Moodle: {how}")


def _feedback(scores: Path, assignment: Assignment, score: Final) -> str:
    """A student's feedback; without a result to read it from, the points alone."""
    try:
        result = read_result(result_path(scores, assignment.name, score.student_id))
    except (OSError, ValueError):
        return moodle.feedback_html(score, None)
    return moodle.feedback_html(score, page(result, assignment))

"""``autograder export formgrader``: graded submissions as nbgrader's formgrader shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands import CourseFolder, the_course
from autograder.commands.export_options import ScoresDatabase, ScoresFolder
from autograder.grading.collecting import survey
from autograder.grading.submissions_reading import read_submission
from autograder.scores.files import read_result, result_path
from autograder.scores.final import some
from autograder.scores.gradebook import needing_nbgrader


def command(  # noqa: PLR0913, PLR0917  (each is an option of the command line)
    submitted: Annotated[
        Path, typer.Argument(metavar="SUBMITTED", help="The class as autograder grade took it.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder for formgrader.")],
    scores: ScoresFolder = Path("scores"),
    db: ScoresDatabase = None,
    assignment: Annotated[str | None, typer.Option(metavar="A", help="Only this assignment.")] = None,
    course: CourseFolder = None,
) -> None:
    """Write a folder in which formgrader shows the class, for marks and comments by hand."""
    found = the_course(course)
    url = db or f"sqlite:///{(scores / 'gradebook.db').resolve()}"
    formgrader = needing_nbgrader("formgrader")
    times = needing_nbgrader("nbgrader_final").submission_times(url)
    formgrader.write_config(out, url, {one.name: one.title for one in found.assignments})
    written, other = 0, []
    for place in survey(submitted, found, assignment).places:
        one = found.assignment(place.assignment)
        submission = read_submission(place, one)
        try:
            result = read_result(result_path(scores, place.assignment, place.student_id))
        except (OSError, ValueError):
            result = None
        key = (place.student_id, place.assignment)
        if result is None or result.submission_sha256 != submission.sha256 or key not in times:
            other.append(f"{place.student_id} ({place.assignment})")
            continue
        formgrader.write_submission(out, one, submission, result, times[key])
        written += 1
    if other:
        print(f"{len(other)} without a result of what is there now; run autograder grade: {some(other)}")
    print(f"{out}: {written} submissions; to see them: cd {out} && jupyter lab, Nbgrader, Formgrader")

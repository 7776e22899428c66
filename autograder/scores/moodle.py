"""Scores into a CSV that Moodle imports, made from a list that the instructor downloaded there.

Of an assignment's grading worksheet every column stays and grade and feedback are filled in. Of an export of
grades, or a list of participants, the columns that say who a student is stay, and grade and feedback follow.
Moodle stops at the first student whom it does not know and takes a grade away where a cell is blank (its
``grade/import/csv``): so only students of the list have a row, and only those with a score. Feedback is never
written without its grade, which the import would lose.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import KitError
from autograder.registry import Assignment
from autograder.scores.feedback import Page, TaskPage
from autograder.scores.files import no_formula, points_text
from autograder.scores.final import Final, Matched, matched
from autograder.scores.roster import read_table

IDENTITY = ("Username", "ID number", "Email address")
"""Columns that can hold the names of the submissions' folders, or the students' e-mails."""
LARGEST = 100.0
"""The largest grade that Moodle's import takes, unless its unlimited grades are switched on."""

_LONGEST_LINE = 300
_NAMES = ("First name", "Last name", "Surname", "Full name")
_WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")
_OF_MOODLE = frozenset((*_WORKSHEET, "Maximum Grade", "Maximum grade"))


@dataclass(frozen=True, slots=True)
class MoodleList:
    """A list of students as Moodle exports it.

    Attributes:
        worksheet: it is an assignment's own grading worksheet.
    """

    headings: list[str]
    students: list[list[str]]
    worksheet: bool

    def at(self, *names: str) -> int | None:
        """The column under one of these headings."""
        return next((self.headings.index(name) for name in names if name in self.headings), None)


def read_list(path: Path) -> MoodleList:
    """The list in a file.

    Raises:
        KitError: it is none.
    """
    headings, *rows = read_table(path)
    students = [row for row in rows if any(row)]
    if not any(name in headings for name in IDENTITY):
        raise KitError(
            f"{path}: no list of Moodle's (none of its columns is {', '.join(IDENTITY)}); download the "
            "assignment's grading worksheet, or Grades, Export, Plain text file, with Moodle in English"
        )
    if ragged := next((row for row in students if len(row) != len(headings)), None):
        raise KitError(f"{path}: {ragged[0]!r} has {len(ragged)} cells under {len(headings)} headings")
    return MoodleList(headings, students, all(name in headings for name in _WORKSHEET))


@dataclass(frozen=True, slots=True)
class Filled:
    """A file for Moodle, and what went into it.

    Attributes:
        locked: students whose grade cannot be changed in Moodle; they have no row.
        too_large: grades above `LARGEST`.
    """

    rows: list[list[str]]
    matched: Matched
    locked: tuple[str, ...]
    too_large: int


def filled(
    there: MoodleList, assignment: Assignment, scores: Sequence[Final], feedback: Mapping[str, str]
) -> Filled:
    """The rows of a CSV for Moodle.

    Args:
        there: the instructor's list.
        assignment: whose title the new columns have.
        scores: of this assignment.
        feedback: by student, HTML.

    Raises:
        KitError: the worksheet has other full marks.
    """
    found = matched(scores, there.headings, there.students, IDENTITY)
    may, most = there.at("Grade can be changed"), there.at("Maximum Grade", "Maximum grade")
    locked = [n for n in found.rows if may is not None and there.students[n][may].casefold() == "no"]
    rows = [_heads(there, assignment)]
    for number in (number for number in found.rows if number not in locked):
        score, row = found.rows[number], there.students[number]
        if there.worksheet and most is not None:
            _check_full_marks(row[most], score)
        rows.append(_row(there, row, found.column, score, feedback.get(score.student_id, "")))
    large = 0 if there.worksheet else sum(score.points > LARGEST for score in found.rows.values())
    return Filled(rows, found, tuple(found.rows[number].student_id for number in locked), large)


def _heads(there: MoodleList, assignment: Assignment) -> list[str]:
    if there.worksheet:
        return list(there.headings)
    # (as Moodle's own export names them, so that its form proposes the right columns)
    own = [name for name in there.headings if name in {*IDENTITY, *_NAMES}]
    return [*own, f"Assignment: {assignment.title}", f"Feedback: {assignment.title}"]


def _row(there: MoodleList, row: Sequence[str], column: str, score: Final, feedback: str) -> list[str]:
    """One student's row: what tells who it is as it was, no other cell a formula."""
    exact = {column, *(_OF_MOODLE if there.worksheet else ())}
    safe = {
        name: cell if name in exact else no_formula(cell)
        for name, cell in zip(there.headings, row, strict=True)
    }
    if not there.worksheet:
        own = [safe[name] for name in there.headings if name in {*IDENTITY, *_NAMES}]
        return [*own, points_text(score.points), feedback]
    safe["Grade"] = points_text(score.points)
    if "Feedback comments" in safe:
        safe["Feedback comments"] = feedback
    return [safe[name] for name in there.headings]


def _check_full_marks(there: str, score: Final) -> None:
    if there.replace(",", ".") not in {points_text(score.max_points), f"{score.max_points:.2f}"}:
        raise KitError(
            f"{score.assignment}: Moodle has {there or 'nothing'} as the maximum grade, full marks are "
            f"{points_text(score.max_points)}; set them in Moodle and download the worksheet again"
        )


def feedback_html(score: Final, said: Page | None) -> str:
    """What a student reads beside the grade: one line of HTML, which is how Moodle shows feedback.

    Args:
        score: the final one.
        said: the student's feedback page, of which each task's first line is taken; None where there is none.
    """
    late = f", {points_text(score.penalty)} taken off for being late" if score.penalty else ""
    lines = [f"{points_text(score.points)} of {points_text(score.max_points)}{late}"]
    lines += [
        f"{task.title}: {task.points}, {task.word}{_first(task)}" for task in (said.tasks if said else ())
    ]
    return "<br>".join(html.escape(" ".join(line.split()), quote=False) for line in lines)


def _first(task: TaskPage) -> str:
    found = [*(problem.found for problem in task.problems), *task.hidden_problems, task.broken_by]
    line = next((one for one in found if one), "")
    return f": {line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + '...'}" if line else ""

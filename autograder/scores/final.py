"""Final scores, as a learning management system gets them: what staff entered and late penalties included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import KitError
from autograder.grading.result import Result
from autograder.grading.submissions_tree import shown
from autograder.registry import Course
from autograder.scores.files import read_results
from autograder.scores.gradebook import needing_nbgrader

LISTED = 20
"""Students who are named in one line."""


@dataclass(frozen=True, slots=True)
class Final:
    """One submission's final score.

    Attributes:
        points: after the late penalty, at least 0.
        max_points: full marks, written answers included.
        penalty: points taken off for being late.
        waiting: something of it still waits for staff, so these are not all points.
        ungraded: a task has no points, neither automatic nor manual ones: never to be taken for a zero.
        keys: whatever a learning management system may know the student by.
    """

    student_id: str
    assignment: str
    points: float
    max_points: float
    penalty: float
    waiting: bool
    ungraded: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finals:
    """Final scores, and where they are from."""

    scores: tuple[Final, ...]
    source: str

    def of(self, assignment: str) -> list[Final]:
        """Those of one assignment, by student."""
        chosen = (score for score in self.scores if score.assignment == assignment)
        return sorted(chosen, key=lambda score: score.student_id)

    @property
    def assignments(self) -> tuple[str, ...]:
        """Names of the assignments that have a score."""
        return tuple(dict.fromkeys(score.assignment for score in self.scores))


def read_finals(out: Path, course: Course, db_url: str | None) -> Finals:
    """The final scores in a gradebook; where there is none, the automatic ones of the results.

    Args:
        out: the folder of the scores.
        course: whose assignments count.
        db_url: of the gradebook, None for the one in `out`.

    Raises:
        KitError: there are neither, or the gradebook cannot be read.
    """
    default = out / "gradebook.db"
    if db_url or default.is_file():
        url = db_url or f"sqlite:///{default.resolve()}"
        names = [assignment.name for assignment in course.assignments]
        scores: list[Final] = needing_nbgrader("nbgrader_final").final_scores(url, names)
        finals = Finals(tuple(scores), "the gradebook")
    else:
        known = {assignment.name for assignment in course.assignments}
        found = [result for result in read_results(out) if result.assignment in known]
        finals = Finals(
            tuple(_automatic(found)), "the results, without what staff entered: no gradebook here"
        )
    if not finals.scores:
        raise KitError(
            f"{out}: no scores here; autograder grade writes them, name their folder with --scores"
        )
    return finals


def sorted_out(finals: Finals, assignment: str, *, waiting: bool) -> tuple[list[Final], list[str]]:
    """The scores of an assignment that can be given out, and a line about the others.

    Args:
        finals: all scores.
        assignment: its name.
        waiting: those too of which something waits for staff.
    """
    every = finals.of(assignment)
    lost = [score for score in every if score.ungraded]
    back = [score for score in every if score.waiting and not score.ungraded and not waiting]
    said = []
    for held, why in (
        (lost, "not fully graded and left out; run autograder grade again"),
        (back, "waiting for staff's own grading and left out (or --waiting)"),
    ):
        if held:
            said.append(f"{assignment}: {len(held)} {why}: {some([shown(one.student_id) for one in held])}")
    return [score for score in every if score not in lost and score not in back], said


def some(names: Sequence[str], between: str = ", ") -> str:
    """The first names, and how many more."""
    more = len(names) - LISTED
    return between.join(names[:LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _automatic(results: Iterable[Result]) -> list[Final]:
    """What was graded automatically; what was written waits for staff."""
    return [
        Final(
            student_id=result.student_id,
            assignment=result.assignment,
            points=result.score or 0.0,
            max_points=result.max_score + sum(answer.max_score for answer in result.written or ()),
            penalty=0.0,
            waiting=any(answer.text for answer in result.written or ()),
            ungraded=not result.complete,
            keys=(result.student_id,),
        )
        for result in results
    ]


@dataclass(frozen=True, slots=True)
class Matched:
    """Scores beside the rows of a list that a learning management system exported.

    Attributes:
        column: the heading that tells who a row is.
        rows: row number to score.
        strangers: scores of nobody in the list, by student id.
        without: numbers of the rows without a score.
    """

    column: str
    rows: dict[int, Final]
    strangers: tuple[str, ...]
    without: tuple[int, ...]

    def lines(self, assignment: str, names: Sequence[str]) -> list[str]:
        """What staff should know: how students were told, who has no score and which scores are nobody's.

        Args:
            assignment: its name.
            names: of the rows' students.
        """
        said = [f"{assignment}: {len(self.rows)} students, by {self.column or 'no column'}"]
        if self.without:
            missing = [shown(names[number]) for number in self.without]
            said.append(f"{assignment}: {len(missing)} without a score: {some(missing, '; ')}")
        if self.strangers:
            ids = [shown(student) for student in self.strangers]
            said.append(f"{assignment}: {len(ids)} scores of nobody in the list: {some(ids)}")
        return said


def matched(
    scores: Sequence[Final], headings: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[str]
) -> Matched:
    """Each score's row, by that one of the columns under which most of the students are found.

    Args:
        scores: of one assignment.
        headings: of the list.
        rows: of the list.
        columns: headings that can tell who a row is, the likeliest first.

    Raises:
        KitError: two rows under that heading are alike, or two scores belong to one row.
    """
    best = Matched("", {}, tuple(score.student_id for score in scores), tuple(range(len(rows))))
    for column in (name for name in columns if name in headings):
        at = headings.index(column)
        there: dict[str, int] = {}
        for number, row in enumerate(rows):
            key = row[at].casefold() if at < len(row) else ""
            if key and there.setdefault(key, number) != number:
                there[key] = -1
        found = _found(scores, there)
        if len(found) > len(best.rows):
            ids = {score.student_id for score in found.values()}
            best = Matched(
                column,
                found,
                tuple(score.student_id for score in scores if score.student_id not in ids),
                tuple(number for number in range(len(rows)) if number not in found),
            )
    return best


def _found(scores: Sequence[Final], there: dict[str, int]) -> dict[int, Final]:
    """The score of each row; a row that two students claim, and a key of two rows, are nobody's."""
    claims: dict[int, list[Final]] = {}
    for score in scores:
        number = next((there[key.casefold()] for key in score.keys if key.casefold() in there), -1)
        claims.setdefault(number, []).append(score)
    return {number: one[0] for number, one in sorted(claims.items()) if number >= 0 and len(one) == 1}

"""The course's late policy as nbgrader's plugin, and its penalties in nbgrader's rows.

``nbgrader autograde`` counts by the same policy when its configuration says::

    c.AssignLatePenalties.plugin_class = "autograder.scores.nbgrader_late.CourseLatePolicy"
    c.CourseLatePolicy.course = "/path/to/the/course"

Importing this module needs nbgrader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbgrader import api
from nbgrader.plugins import LateSubmissionPlugin
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session
from traitlets import Unicode

from autograder.deadlines import Late
from autograder.registry import Assignment, find_course
from autograder.scores.nbgrader_database import WRITTEN_PENALTIES

CENT = 0.005
"""Two penalties that differ by less points than this are one."""


class CourseLatePolicy(LateSubmissionPlugin):  # type: ignore[misc]
    """nbgrader's hook for late penalties (it has no types), by the policy of the course's registry.

    Attributes:
        course: the folder of the course; nbgrader's configuration gives it.
        late: the policy; without one nothing is taken off.
        full_marks: points of the notebook.
    """

    course = Unicode("", help="The folder of the course whose registry has the late policies.").tag(
        config=True
    )
    full_marks = 0.0

    @cached_property
    def late(self) -> Late | None:
        """The policy of the assignment that nbgrader is at: its registry's, or the course's."""
        found = find_course(Path(self.course)).assignment(self.parent.assignment_id)
        notebooks = self.parent.gradebook.find_assignment(found.name).notebooks
        self.full_marks = next(one.max_score for one in notebooks if one.name == self.parent.notebook_id)
        return found.late

    def late_submission_penalty(
        self,
        student_id: str,  # noqa: ARG002  (nbgrader's signature)
        score: float,
        total_seconds_late: float,
    ) -> float | None:
        """Points that a submitted notebook loses; None where nothing says that being late costs any."""
        late = self.late
        return None if late is None else late.penalty(total_seconds_late, score, self.full_marks)


def write_penalties(
    session: Session, assignment: Assignment, full_marks: Mapping[str, float], submissions: Sequence[str]
) -> None:
    """Write the late penalty of each notebook of these submissions, where staff have not given another.

    It is computed anew from what stands in the gradebook now: manual points, extra credit, an extension.
    So it is never added to an earlier one. One that differs from what we wrote before is staff's, a 0 too;
    nbgrader itself resets to None.

    Args:
        session: the gradebook's; what else was written is in it already.
        assignment: whose policy counts.
        full_marks: by notebook of the assignment.
        submissions: ids of submitted assignments.
    """
    entries = _entries(session, submissions)
    ours = _written(session, [entry.id for entry in entries])
    policies = {notebook: _policy(assignment.late, points) for notebook, points in full_marks.items()}
    changed = {}
    for entry in entries:
        given = entry.penalty
        if given is not None and abs(given - ours.get(entry.id, 0.0)) > CENT:
            continue
        points = policies[entry.notebook](entry.student, entry.earned, entry.seconds_late)
        if abs(points - (given or 0.0)) > CENT or (given is None and entry.id in ours):
            changed[entry.id] = points
    _write(session, changed)


def _policy(late: Late | None, full_marks: float) -> Callable[[str, float, float], float]:
    """What nbgrader does with its plugin: asked for a late submission alone, kept between 0 and the score."""
    plugin = CourseLatePolicy()
    plugin.late, plugin.full_marks = late, full_marks

    def penalty(student: str, earned: float, seconds_late: float) -> float:
        points = plugin.late_submission_penalty(student, earned, seconds_late) if seconds_late > 0 else None
        return min(max(points or 0.0, 0.0), max(earned, 0.0))

    return penalty


@dataclass(frozen=True, slots=True)
class _Entry:
    """A submitted notebook: its penalty, points before it, and by how much it is late."""

    id: str
    notebook: str
    student: str
    penalty: float | None
    earned: float
    seconds_late: float


def _entries(session: Session, submissions: Sequence[str]) -> list[_Entry]:
    """Of these submissions, the notebooks that are late or that have or had a penalty: few of a class."""
    handed_in, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    maybe_late = session.scalars(
        select(handed_in)
        .join(api.Assignment, api.Assignment.id == handed_in.assignment_id)
        .where(
            handed_in.id.in_(submissions),
            or_(handed_in.timestamp > api.Assignment.duedate, handed_in.extension.is_not(None)),
        )
    )
    late = {one.id: one.total_seconds_late for one in maybe_late}
    rows = session.execute(
        select(notebook.id, notebook.notebook_id, notebook.assignment_id, notebook.late_submission_penalty)
        .add_columns(handed_in.student_id, func.coalesce(func.sum(api.Grade.score), 0.0))
        .join(handed_in, handed_in.id == notebook.assignment_id)
        .outerjoin(api.Grade, api.Grade.notebook_id == notebook.id)
        .where(
            notebook.assignment_id.in_(submissions),
            or_(
                notebook.assignment_id.in_(list(late)),
                notebook.late_submission_penalty.is_not(None),
                notebook.id.in_(select(WRITTEN_PENALTIES.c.notebook_id)),
            ),
        )
        .group_by(notebook.id, handed_in.student_id)
    )
    return [
        _Entry(key, of, student, penalty, earned, late.get(submission, 0.0))
        for key, of, submission, penalty, student, earned in rows
    ]


def _written(session: Session, notebooks: Sequence[str]) -> dict[str, float]:
    table = WRITTEN_PENALTIES.c
    rows = session.execute(select(table.notebook_id, table.points).where(table.notebook_id.in_(notebooks)))
    return {notebook: points for notebook, points in rows}  # noqa: C416  (rows are no pairs to a type checker)


def _write(session: Session, penalties: Mapping[str, float]) -> None:
    """Set the penalties of submitted notebooks, and remember them as ours."""
    if not penalties:
        return
    changes = [{"id": notebook, "late_submission_penalty": points} for notebook, points in penalties.items()]
    session.execute(update(api.SubmittedNotebook), changes)
    session.execute(delete(WRITTEN_PENALTIES).where(WRITTEN_PENALTIES.c.notebook_id.in_(list(penalties))))
    records = [{"notebook_id": notebook, "points": points} for notebook, points in penalties.items()]
    session.execute(insert(WRITTEN_PENALTIES), records)

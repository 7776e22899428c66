"""Final scores out of nbgrader's gradebook. Importing this module needs nbgrader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nbgrader import api
from sqlalchemy import Integer, Select, cast, func, select

from autograder.scores.final import Final
from autograder.scores.nbgrader_database import opened


def final_scores(db_url: str, assignments: Sequence[str]) -> list[Final]:
    """One a submission, as ``nbgrader export`` counts: points less the penalty, at least 0.

    Raises:
        KitError: no gradebook is there.
        OutputError: it cannot be read.
    """
    with opened(db_url, create=False) as gradebook:
        session = gradebook.db
        full = {one.name: one.max_score for one in gradebook.assignments if one.name in assignments}
        notebook = api.SubmittedNotebook
        points: dict[str, tuple[float, int]] = {
            key: (score, waiting) for key, score, waiting in session.execute(_points())
        }
        ungraded = set(session.scalars(_ungraded()))
        penalties = dict(
            session.execute(
                select(notebook.assignment_id, func.sum(notebook.late_submission_penalty)).group_by(
                    notebook.assignment_id
                )
            ).all()
        )
        finals = []
        for key, student, name, email, lms in session.execute(_submissions(assignments)):
            score, waiting = points.get(key, (0.0, 0))
            penalty = penalties.get(key) or 0.0
            final = round(max(0.0, score - penalty), 2)
            keys = tuple(one for one in (student, email, lms) if one)
            finals.append(
                Final(student, name, final, full[name], penalty, bool(waiting), key in ungraded, keys)
            )
        return finals


def submission_times(db_url: str) -> dict[tuple[str, str], datetime | None]:
    """When each submission was handed in, by student and assignment; None where the gradebook does not say.

    Raises:
        KitError: no gradebook is there.
        OutputError: it cannot be read.
    """
    with opened(db_url, create=False) as gradebook:
        rows = gradebook.db.execute(
            select(api.Student.id, api.Assignment.name, api.SubmittedAssignment.timestamp)
            .join(api.SubmittedAssignment, api.SubmittedAssignment.student_id == api.Student.id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        )
        return {(student, name): at for student, name, at in rows}


def _points() -> Select[tuple[str, float, int]]:
    """Points of each submitted assignment, and whether some of them wait for staff."""
    return (
        select(
            api.SubmittedNotebook.assignment_id,
            func.coalesce(func.sum(api.Grade.score), 0.0),
            func.max(cast(api.Grade.needs_manual_grade, Integer)),
        )
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .group_by(api.SubmittedNotebook.assignment_id)
    )


def _ungraded() -> Select[tuple[str]]:
    """Submitted assignments of which a task has no points, neither automatic nor manual ones."""
    return (
        select(api.SubmittedNotebook.assignment_id)
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
        .where(
            api.GradeCell.cell_type == "code",
            api.Grade.auto_score.is_(None),
            api.Grade.manual_score.is_(None),
        )
        .distinct()
    )


def _submissions(assignments: Sequence[str]) -> Select[tuple[str, str, str, str, str]]:
    return (
        select(
            api.SubmittedAssignment.id,
            api.Student.id,
            api.Assignment.name,
            api.Student.email,
            api.Student.lms_user_id,
        )
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .join(api.Student, api.Student.id == api.SubmittedAssignment.student_id)
        .where(api.Assignment.name.in_(assignments))
        .order_by(api.Assignment.name, api.Student.id)
    )

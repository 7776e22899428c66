"""Rows of nbgrader's gradebook, through its own models, a batch of submissions in each transaction.

(nbgrader's `Gradebook` methods take several queries and a commit for each grade.) Importing this
module needs nbgrader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice

from msgspec import UNSET
from nbgrader import api
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, configure_mappers

from autograder.grading.result import Result
from autograder.registry import Assignment, Course
from autograder.scores.nbgrader_database import opened
from autograder.scores.nbgrader_late import write_penalties
from autograder.scores.roster import Roster

BATCH = 500
"""Results in one transaction."""

_OF_A_STUDENT = ("first_name", "last_name", "email", "lms_user_id")
_Pair = tuple[str, str]

configure_mappers()  # (now, as this module is imported while workers grade)


@dataclass(frozen=True, slots=True)
class _Notebook:
    """A notebook of an assignment: its cells that hold a grade and those that hold a comment, by name."""

    id: str
    graded: Mapping[str, str]
    commented: Mapping[str, str]
    max_score: float


@dataclass(frozen=True, slots=True)
class _Structure:
    """An assignment in the gradebook; `own` is the notebook of our tasks among its notebooks."""

    assignment: Assignment
    assignment_id: str
    own: _Notebook
    notebooks: Sequence[_Notebook]


def write(results: Iterable[Result], course: Course, db_url: str, roster: Roster | None) -> None:
    """See `autograder.scores.gradebook.write_gradebook`."""
    assignments = {assignment.name: assignment for assignment in course.assignments}
    known = (result for result in results if result.assignment in assignments)
    with opened(db_url) as gradebook:
        structures: dict[str, _Structure] = {}
        if roster:
            _write_roster(gradebook.db, roster)
        for batch in _batches(known):
            by_assignment = sorted(batch, key=lambda result: result.assignment)
            for name, group in groupby(by_assignment, key=lambda result: result.assignment):
                if name not in structures:
                    structures[name] = _set_up(gradebook, assignments[name])
                _write_group(gradebook.db, structures[name], {result.student_id: result for result in group})
            gradebook.db.commit()
        gradebook.db.commit()


def _batches(results: Iterable[Result]) -> Iterator[list[Result]]:
    remaining = iter(results)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _set_up(gradebook: api.Gradebook, assignment: Assignment) -> _Structure:
    """The assignment's notebooks and cells, ours brought up to date with the registry."""
    name = assignment.name
    due = {"duedate": _naive(assignment.due)} if assignment.due else {}
    row = gradebook.update_or_create_assignment(name, **due)
    gradebook.update_or_create_notebook(name, name)
    for task in assignment.tasks:
        gradebook.update_or_create_grade_cell(task.id, name, name, max_score=task.points, cell_type="code")
    for written in assignment.written:  # graded and a solution: to nbgrader, a cell that is marked by hand
        kind = {"cell_type": "markdown"}
        gradebook.update_or_create_grade_cell(written.id, name, name, max_score=written.points, **kind)
        gradebook.update_or_create_solution_cell(written.id, name, name)
    notebooks = {
        notebook.name: _Notebook(
            notebook.id,
            graded={cell.name: cell.id for cell in (*notebook.grade_cells, *notebook.task_cells)},
            commented={cell.name: cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)},
            max_score=notebook.max_score,
        )
        for notebook in row.notebooks
    }
    return _Structure(assignment, row.id, notebooks[name], tuple(notebooks.values()))


def _write_group(session: Session, structure: _Structure, results: Mapping[str, Result]) -> None:
    """Write one assignment's results, given by student."""
    _ensure_students(session, list(results))
    submissions = _ensure(
        session,
        api.SubmittedAssignment,
        ("student_id", list(results)),
        ("assignment_id", [structure.assignment_id]),
    )
    students = {submissions[student, structure.assignment_id]: student for student in results}
    _write_times(session, {key: results[student] for key, student in students.items()})
    for notebook in structure.notebooks:
        handed_in = _ensure(
            session, api.SubmittedNotebook, ("assignment_id", list(students)), ("notebook_id", [notebook.id])
        )
        by_notebook = {handed_in[submission, notebook.id]: students[submission] for submission in students}
        rows = ("notebook_id", list(by_notebook))
        _ensure(session, api.Comment, rows, ("cell_id", list(notebook.commented.values())))
        grades = _ensure(session, api.Grade, rows, ("cell_id", list(notebook.graded.values())))
        if notebook is structure.own:
            _write_scores(session, notebook, grades, {key: results[by] for key, by in by_notebook.items()})
    full_marks = {notebook.id: notebook.max_score for notebook in structure.notebooks}
    write_penalties(session, structure.assignment, full_marks, list(students))


def _write_times(session: Session, results: Mapping[str, Result]) -> None:
    """Write when each was handed in; where a result does not say it, what the gradebook says stays."""
    times = {key: result.submitted for key, result in results.items()}
    changes = [{"id": key, "timestamp": _naive(at)} for key, at in times.items() if at is not UNSET]
    if changes:
        session.execute(update(api.SubmittedAssignment), changes)


def _naive(time: datetime) -> datetime:
    """As nbgrader keeps a time: in UTC, without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None)


def _write_roster(session: Session, roster: Roster) -> None:
    """Write every student of the roster; what it does not say of one (an e-mail) stays as it is."""
    _ensure_students(session, list(roster.students))
    for student in roster.students.values():
        said = {name: getattr(student, name) for name in _OF_A_STUDENT if getattr(student, name)}
        if said:
            session.execute(update(api.Student).where(api.Student.id == student.id).values(said))


def _ensure_students(session: Session, students: Sequence[str]) -> None:
    there = set(session.scalars(select(api.Student.id).where(api.Student.id.in_(students))))
    new = [{"id": student} for student in students if student not in there]
    if new:
        session.execute(insert(api.Student), new)


def _ensure(
    session: Session, model: type[api.Base], rows: tuple[str, list[str]], columns: tuple[str, list[str]]
) -> dict[_Pair, str]:
    """The id of the record for each pair of a row's and a column's key; those not there are added.

    Args:
        session: the gradebook's.
        model: of the records.
        rows: a foreign key of the model, and its values: the students, the submissions or the notebooks.
        columns: the other one, and its values: the assignment, the notebook or the cells.
    """
    (row_name, row_keys), (column_name, column_keys) = rows, columns
    row, column = getattr(model, row_name), getattr(model, column_name)
    found = session.execute(
        select(model.id, row, column).where(row.in_(row_keys), column.in_(column_keys))
    ).all()
    ids = {(row_key, column_key): record for record, row_key, column_key in found}
    pairs = [(row_key, column_key) for row_key in row_keys for column_key in column_keys]
    added = {pair: api.new_uuid() for pair in pairs if pair not in ids}
    if added:
        records = [{"id": record, row_name: r, column_name: c} for (r, c), record in added.items()]
        session.execute(insert(model), records)
    return ids | added


def _write_scores(
    session: Session, notebook: _Notebook, grades: Mapping[_Pair, str], results: Mapping[str, Result]
) -> None:
    """Write the tasks' scores into the grades of our notebook; `results` are given by handed-in notebook."""
    there = session.execute(
        select(api.Grade.id, api.Grade.auto_score, api.Grade.manual_score).where(
            api.Grade.notebook_id.in_(list(results))
        )
    )
    before = {grade: (auto, manual) for grade, auto, manual in there}
    changes = []
    for handed_in, result in results.items():
        for task in result.tasks:
            grade = grades[handed_in, notebook.graded[task.task]]
            auto, manual = before[grade]
            if task.score is None:
                changes.append({"id": grade, "auto_score": auto, "needs_manual_grade": True})
            else:
                overruled = manual is not None and auto != task.score
                changes.append({"id": grade, "auto_score": task.score, "needs_manual_grade": overruled})
        for answer in result.written or ():
            grade = grades[handed_in, notebook.graded[answer.written]]
            _, manual = before[grade]
            # As nbgrader does it: what was not answered has 0 points, everything else waits for staff.
            auto = None if answer.text else 0.0
            changes.append(
                {"id": grade, "auto_score": auto, "needs_manual_grade": bool(answer.text) and manual is None}
            )
    session.execute(update(api.Grade), changes)

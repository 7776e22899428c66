"""A folder in which nbgrader's formgrader shows submissions that are no notebooks, for marks by hand.

A notebook a submission: the student's modules, each task's graded cell with what the student was told, and
each written answer in the cell that waits for staff. What staff enter goes into the gradebook; the notebooks
can be made again at any time. Importing this module needs nbformat, of the extra `grade`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import v4

from autograder.grading.result import Result
from autograder.grading.submission import Submission
from autograder.registry import Assignment
from autograder.scores.feedback import Page, TaskPage, page
from autograder.scores.files import written_whole

CONFIG = """\
c = get_config()  # noqa: F821  (Jupyter gives it)
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = {url!r}
"""


def write_config(folder: Path, db_url: str, assignments: Mapping[str, str]) -> None:
    """Write ``nbgrader_config.py`` and the folders that formgrader looks for.

    Raises:
        OutputError: they cannot be written.
    """
    with written_whole(folder / "nbgrader_config.py") as file:
        file.write(CONFIG.format(root=str(folder.resolve()), url=db_url))
    for assignment in assignments:
        (folder / "source" / assignment).mkdir(parents=True, exist_ok=True)


def write_submission(
    folder: Path, assignment: Assignment, submission: Submission, result: Result, at: datetime | None
) -> None:
    """Write a graded submission to its places below `folder`.

    Args:
        folder: nbgrader's course folder.
        assignment: whose result it is.
        submission: what was handed in.
        result: of just this submission.
        at: the time that the gradebook has: formgrader takes a submission with another one for a newer one.

    Raises:
        OutputError: a file cannot be written.
    """
    below = Path(result.student_id) / assignment.name
    notebook: str = nbformat.writes(_notebook(assignment, submission, result))  # type: ignore[no-untyped-call]
    with written_whole(folder / "autograded" / below / f"{assignment.name}.ipynb", synced=False) as file:
        file.write(notebook)
    submitted = folder / "submitted" / below
    submitted.mkdir(parents=True, exist_ok=True)
    if at is not None:
        with written_whole(submitted / "timestamp.txt", synced=False) as file:
            file.write(f"{at:%Y-%m-%d %H:%M:%S.%f} UTC\n")


def _notebook(assignment: Assignment, submission: Submission, result: Result) -> nbformat.NotebookNode:
    said = page(result, assignment)
    cells = [_cell("markdown", "the-title", f"# {assignment.title}"), *_tasks(assignment, submission, said)]
    for written in assignment.written:
        text = submission.answers.get(written.file, "")
        metadata = _graded(written.id, written.points, "markdown", solution=True)
        cells.append(_cell("markdown", written.id, _verbatim(text), metadata=metadata))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made: nbformat.NotebookNode = v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=cells, metadata={"kernelspec": kernel}
    )
    return made


def _tasks(assignment: Assignment, submission: Submission, said: Page) -> Iterator[nbformat.NotebookNode]:
    """Each module where its first task is, and each task's graded cell."""
    shown: set[str] = set()
    points = {task.id: task.points for task in assignment.tasks}
    modules = {task.id: task.module for task in assignment.tasks}
    for task in said.tasks:
        name = modules[task.task]
        if name not in shown:
            shown.add(name)
            text = submission.modules.get(name) or f"# {submission.faults.get(name, 'was not handed in')}"
            yield _cell("code", name, f"# {name}.py\n{text}")
        told = v4.new_output("stream", text="\n".join(_lines(task)) + "\n")  # type: ignore[no-untyped-call]
        metadata = _graded(task.task, points[task.task], "code", solution=False)
        yield _cell("code", task.task, f"# {task.task}: {task.title}", metadata=metadata, outputs=[told])


def _cell(kind: str, name: str, text: str, **further: object) -> nbformat.NotebookNode:
    """A cell whose id is its name, so that the same submission makes the same notebook."""
    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell}[kind]
    made: nbformat.NotebookNode = make(text, id=name[:64], **further)  # type: ignore[no-untyped-call]
    return made


def _lines(task: TaskPage) -> list[str]:
    """What the student was told of a task."""
    lines = [
        f"{task.points}, {task.word}",
        *(problem.found for problem in task.problems),
        *task.hidden_problems,
    ]
    return [line for line in (*lines, task.likely, task.broken_by) if line]


def _graded(name: str, points: int, kind: str, *, solution: bool) -> dict[str, dict[str, object]]:
    """The metadata of a cell with points, as nbgrader has it in its schema 3."""
    cell = {"schema_version": 3, "grade_id": name, "grade": True, "solution": solution, "task": False}
    return {"nbgrader": {**cell, "locked": not solution, "points": points, "cell_type": kind}}


def _verbatim(text: str) -> str:
    """A student's text as it was written: nothing of it becomes markup in a grader's browser."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}" if text else "(not handed in)"

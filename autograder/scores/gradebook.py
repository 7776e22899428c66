"""Scores into nbgrader's gradebook, where staff go on: late penalties, manual marks, comments, exports."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import KitError
from autograder.grading.result import Result
from autograder.registry import Course


def write_gradebook(results: Iterable[Result], course: Course, db_url: str) -> None:
    """Write each task's score as the automatic score of its cell; whatever staff entered stays.

    A submission is one notebook, named like its assignment, and a task is one graded code cell of it.
    A task that could not be graded keeps its earlier score and is marked for manual grading. So is one
    whose automatic score changes under a manual score, which counts on until staff decide.

    Written answers are one cell of text each, which waits for manual grading until staff have entered a
    score; one that was not handed in has 0 points.

    Args:
        results: gone through once, a batch in memory at a time.
        course: whose tasks become cells; a result of any other assignment is left out.
        db_url: any SQLAlchemy URL; a new database is set up as nbgrader does it.

    Raises:
        KitError: nbgrader is not installed, or the URL is none.
        OutputError: the database cannot be opened or written.
    """
    try:
        from autograder.scores import nbgrader_rows  # noqa: PLC0415  (an extra: grading goes without it)
    except ModuleNotFoundError as fault:
        raise KitError(
            f"the gradebook needs {fault.name}, which is not installed; all scores are in the other files. "
            "To have it as well: pip install 'autodiff-course-kit[grade]'"
        ) from fault
    with _own_programs_first():
        nbgrader_rows.write(results, course, db_url)


@contextmanager
def _own_programs_first() -> Iterator[None]:
    """Make programs of this Python's environment found: a new gradebook is stamped by running ``alembic``."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before

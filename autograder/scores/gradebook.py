"""Scores into nbgrader's gradebook, where staff go on: late penalties, manual marks, comments, exports."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType

from autograder.errors import KitError
from autograder.grading.result import Result
from autograder.registry import Course
from autograder.scores.roster import Roster

# The workers take longer to get warm than nbgrader does, and an import would hold up their start.
WARM_UP_AFTER_SECONDS = 0.3

_LOCK = threading.Lock()


def write_gradebook(
    results: Iterable[Result], course: Course, db_url: str, roster: Roster | None = None
) -> None:
    """Write each task's score as the automatic score of its cell; whatever staff entered stays.

    A submission is one notebook, named like its assignment, and a task is one graded code cell of it.
    A task that could not be graded keeps its earlier score and is marked for manual grading. So is one
    whose automatic score changes under a manual score, which counts on until staff decide.

    Written answers are one cell of text each, which waits for manual grading until staff have entered a
    score; one that was not handed in has 0 points.

    A due time of the registry is the gradebook's, and the registry's late policy gives each late
    submission its penalty; one that staff gave stays.

    Args:
        results: gone through once, a batch in memory at a time.
        course: whose tasks become cells; a result of any other assignment is left out.
        db_url: any SQLAlchemy URL; a new database is set up as nbgrader does it.
        roster: whose names and e-mails are written, for those too who handed in nothing.

    Raises:
        KitError: nbgrader is not installed, or the URL is none.
        OutputError: the database cannot be opened or written.
    """
    needing_nbgrader("nbgrader_rows").write(results, course, db_url, roster)


def warm_up() -> None:
    """Begin to import nbgrader, which takes seconds, while workers grade and this process waits for them.

    A fault is met again, and told, where the gradebook is written.
    """
    begun = threading.Timer(WARM_UP_AFTER_SECONDS, _import_nbgrader)
    begun.daemon = True
    begun.start()


def _import_nbgrader() -> None:
    with suppress(Exception):
        needing_nbgrader("nbgrader_rows")


def needing_nbgrader(name: str) -> ModuleType:
    """A module of ours that needs nbgrader.

    Raises:
        KitError: nbgrader is not installed.
    """
    try:
        # jsonschema, which nbgrader imports, would build a parser for the format "iri" (one second), if it
        # could find its grammar; no schema that is read here has that format.
        with _LOCK, _missing("rfc3987_syntax"):
            return importlib.import_module(f"autograder.scores.{name}")
    except ModuleNotFoundError as fault:
        raise KitError(
            f"the gradebook needs {fault.name}, which is not installed; all scores are in the other files. "
            "To have it as well: pip install 'autodiff-course-kit[grade]'"
        ) from fault


@contextmanager
def _missing(module: str) -> Iterator[None]:
    """Let imports of a module fail, in Python's own way, unless it has been imported already."""
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]

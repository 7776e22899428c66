"""A student's feedback beside the result: ``SCORES/<assignment>/<student>.md`` and ``.html``."""

from __future__ import annotations

from pathlib import Path

from autograder.grading.result import Result
from autograder.registry import Assignment
from autograder.scores.feedback import page
from autograder.scores.feedback_html import html
from autograder.scores.feedback_markdown import markdown
from autograder.scores.files import result_path, written_whole


def write_feedback(out: Path, result: Result, assignment: Assignment) -> None:
    """Write the pages of a result that lies below `out`; one that says the same already stays as it is.

    A page that a stopped run left out, or that was lost, is there again after the next one.

    Raises:
        OutputError: a page cannot be written; an earlier one is as it was.
    """
    said = page(result, assignment)
    place = result_path(out, result.assignment, result.student_id)
    for ending, text in ((".md", markdown(said)), (".html", html(said))):
        write_if_changed(place.with_name(f"{result.student_id}{ending}"), text)


def write_if_changed(path: Path, text: str) -> None:
    """Write what can be made again from a result, unless it is there.

    Raises:
        OutputError: it cannot be written; an earlier file is as it was.
    """
    if _read(path) != text:
        with written_whole(path, synced=False) as file:
            file.write(text)


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None

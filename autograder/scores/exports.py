"""A result in the formats of other tools: ``SCORES/<format>/<assignment>/<student>.<ending>``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from autograder.grading.result import Result
from autograder.registry import Assignment
from autograder.scores.classroom50 import classroom50, given
from autograder.scores.feedback import page
from autograder.scores.feedback_files import write_if_changed
from autograder.scores.feedback_markdown import markdown
from autograder.scores.gradescope import gradescope
from autograder.scores.junit import junit


class Format(StrEnum):
    """A format, by the name of what reads it."""

    JUNIT = "junit"
    MARKDOWN = "markdown"
    GRADESCOPE = "gradescope"
    CLASSROOM50 = "classroom50"


ENDINGS = {Format.JUNIT: "xml", Format.MARKDOWN: "md"}


def write_exports(out: Path, result: Result, assignment: Assignment, formats: Iterable[Format]) -> None:
    """Write a result in each of the formats; one that cannot say that something is ungraded is left out.

    Raises:
        OutputError: a file cannot be written, an earlier one is as it was; see `refuse_what_is_not_given`.
    """
    for wanted in formats:
        text = _rendered(result, assignment, wanted)
        name = f"{result.student_id}.{ENDINGS.get(wanted, 'json')}"
        path = out / wanted / result.assignment / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_if_changed(path, text)


def refuse_what_is_not_given(formats: Iterable[Format]) -> None:
    """Refuse a format whose tool gives in the environment what is not there.

    Raises:
        OutputError: names what is missing.
    """
    if Format.CLASSROOM50 in formats:
        given(os.environ)


def _rendered(result: Result, assignment: Assignment, wanted: Format) -> str | None:
    match wanted:
        case Format.JUNIT:
            return junit(result)
        case Format.MARKDOWN:
            return markdown(page(result, assignment))
        case Format.GRADESCOPE:
            return gradescope(result, assignment)
        case Format.CLASSROOM50:
            return classroom50(result, os.environ)

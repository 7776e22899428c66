"""A test's verdict from the exception that ended it, with a message that may go to the student."""

from __future__ import annotations

import builtins
from collections.abc import Collection

import pytest

from autograder.errors import CourseError
from autograder.grading.forkserver import ServerLost
from autograder.grading.result import Status
from autograder.testing.asking import Raised, Unresponsive
from autograder.testing.checks import CheckFailed
from autograder.testing.discretion import held
from autograder.testing.explaining import todo_task

MAX_MESSAGE = 500


def verdict(fault: BaseException | None, tasks: Collection[str]) -> tuple[Status, str]:
    """How a test came out that ended with `fault`, and one line that says why.

    Where discretion is held (the reference's modules lay beside the student's code), nothing that could
    spell the reference out is passed on.

    Args:
        fault: what ended the test, None where it passed.
        tasks: ids of the assignment's tasks.
    """
    match fault:
        case None:
            return Status.PASSED, ""
        case Raised():
            return _raised(fault, tasks)
        case Unresponsive():
            return Status(fault.verdict), clean(str(fault))
        case CheckFailed() | pytest.fail.Exception():
            return Status.FAILED, clean(str(fault))
        case AssertionError():
            return Status.FAILED, "the answer is not as expected" if held() else clean(str(fault))
        case CourseError() | ServerLost():
            return Status.ERROR, clean(f"the kit's fault, not yours: {fault}")
        case Exception():
            said = type(fault).__name__ if held() else clean(f"{type(fault).__name__}: {fault}")
            return Status.FAILED, f"your code's answer is of a kind that the test cannot use ({said})"
    return Status.ERROR, clean(f"the kit's fault, not yours: {type(fault).__name__}: {fault}")


def _raised(raised: Raised, tasks: Collection[str]) -> tuple[Status, str]:
    if (found := todo_task(raised)) in tasks:
        return Status.TODO, f"{found} is still to do"
    discretion = held()
    if discretion and not raised.parsing:
        raised = discretion.error(raised)
    where = f"{raised.file}, line {raised.line}: " if raised.file else ""
    builtin = isinstance(getattr(builtins, raised.kind, None), type)
    kind = raised.kind if builtin or discretion else "an exception of its own"
    text = f": {raised.text}" if raised.text else ""
    return Status.FAILED, clean(f"{where}{kind}{text}")


def clean(text: str) -> str:
    """One printable line of bounded length, with the discretion that is held."""
    discretion = held()
    if discretion:
        text = discretion.said(text)
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * MAX_MESSAGE]).split())
    return line if len(line) <= MAX_MESSAGE else f"{line[:MAX_MESSAGE]} ..."

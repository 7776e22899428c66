"""A test's verdict from the exception that ended it, with a message that may go to the student."""

from __future__ import annotations

import builtins

import pytest

from autograder.errors import CourseError
from autograder.grading.forkserver import ServerLost
from autograder.grading.result import Status
from autograder.registry import Task
from autograder.testing.asking import Raised, Unresponsive
from autograder.testing.explaining import todo_task

MAX_MESSAGE = 500


def verdict(fault: BaseException | None, task: Task) -> tuple[Status, str]:
    """How a test of `task` came out that ended with `fault`, and one line that says why.

    Where the reference's modules lay beside the student's code (the task needs others), no text of
    the student's process is passed on: it could spell out the reference.
    """
    match fault:
        case None:
            return Status.PASSED, ""
        case Raised():
            return _raised(fault, task)
        case Unresponsive():
            return Status(fault.verdict), clean(str(fault))
        case AssertionError() | pytest.fail.Exception():
            return Status.FAILED, clean(str(fault))
        case CourseError() | ServerLost():
            return Status.ERROR, clean(f"the kit's fault, not yours: {fault}")
        case Exception():
            said = clean(f"{type(fault).__name__}: {fault}")
            return Status.FAILED, f"your code's answer is of a kind that the test cannot use ({said})"
    return Status.ERROR, clean(f"the kit's fault, not yours: {type(fault).__name__}: {fault}")


def _raised(raised: Raised, task: Task) -> tuple[Status, str]:
    if found := todo_task(raised):
        return Status.TODO, f"{found} is still to do"
    where = f"{raised.file}, line {raised.line}: " if raised.file else ""
    if raised.kind == "SyntaxError":
        return Status.FAILED, clean(f"{where}SyntaxError: {raised.text}")
    kind = (
        raised.kind if isinstance(getattr(builtins, raised.kind, None), type) else "an exception of its own"
    )
    text = f": {raised.text}" if raised.text and not task.needs else ""
    return Status.FAILED, clean(f"{where}{kind}{text}")


def clean(text: str) -> str:
    """One printable line of bounded length."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * MAX_MESSAGE]).split())
    return line if len(line) <= MAX_MESSAGE else f"{line[:MAX_MESSAGE]} ..."

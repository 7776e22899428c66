"""An error of the student's code as text: what to do first, then their own lines of the traceback."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from autograder.registry import TASK_ID
from autograder.testing.asking import Raised

LOST = re.compile(r"cannot import name '(\w+)' from '([\w.]+)' \(")


def todo_task(raised: Raised) -> str | None:
    """The task whose TODO the student's code ran into, None if it raised anything else."""
    found = re.match(rf"({TASK_ID.pattern}): ", raised.text) if raised.kind == "NotImplementedError" else None
    return found.group(1) if found else None


def one_line(raised: Raised) -> str:
    """What was raised, and where in the student's files, in one line."""
    place = f"{Path(raised.file).name}, line {raised.line}" if raised.file else ""
    if task := todo_task(raised):
        return f"{task} is still to do: {place}"
    if raised.kind == "SyntaxError":
        what, _, column = raised.text.rpartition(", ")
        return f"{place}, {column}: {what}"
    if lost := LOST.match(raised.text):
        name, module = lost.groups()
        what = f"{module} defines no {name} (was it renamed or deleted?)"
    else:
        what = " ".join(f"{raised.kind}: {raised.text}".split()) if raised.text else raised.kind
    return f"{place}: {what}" if place else what


def explain(raised: Raised, error: BaseException | None) -> str:
    """One line that says what was raised and where, then the student's part of the traceback.

    Args:
        raised: the error as it crossed.
        error: the same error as an object, where the code ran in this process.
    """
    lines = [one_line(raised)]
    if error is not None and raised.file and not todo_task(raised):
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == raised.file]
        lines += [f"  {Path(f.filename).name}, line {f.lineno}, in {f.name}: {f.line}" for f in frames[-5:]]
    return "\n".join(lines)

"""A result as Gradescope's ``results.json``, by its published specification of autograder output.

A task is a test with points; what it rests on follows as tests without points of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from autograder.grading.result import Result, Status, TaskScore, TestOutcome
from autograder.registry import number_of
from autograder.scores.feedback import HIDDEN, WORDS

Field = str | float | bool | list[str] | dict[str, object]


def gradescope(result: Result) -> str:
    """The document; it has no total where our own fault kept a task from being graded."""
    tests = [test for task in result.tasks for test in _tests(task)]
    whole: dict[str, object] = {
        "output": "" if result.complete else "Not fully graded, by no fault of yours: staff grade it again.",
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "execution_time": result.duration_s,
        "stdout_visibility": "hidden",
        "extra_data": {
            "rung": result.sandbox.rung,
            "seed": result.seed,
            "course_version": result.course_version,
            "submission_sha256": result.submission_sha256,
        },
        "tests": tests,
    }
    if result.score is not None:
        whole["score"] = result.score
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def _tests(task: TaskScore) -> Iterator[dict[str, Field]]:
    number = ".".join(map(str, number_of(task.task)))
    own: dict[str, Field] = {
        "name": f"{task.task} {task.title}",
        "number": number,
        "max_score": task.max_score,
        "status": _status(task.status),
        "output": WORDS.get(task.status, task.status.value),
        "tags": [task.task],
        "visibility": "visible",
    }
    yield own if task.score is None else own | {"score": task.score}
    for count, test in enumerate(task.tests, start=1):
        yield _test(task.task, f"{number}.{count}", test)


def _test(task: str, number: str, test: TestOutcome) -> dict[str, Field]:
    return {
        "name": test.name,
        "number": number,
        "status": _status(test.status),
        "output": test.message,
        "output_format": "text",
        "tags": [task],
        "visibility": "after_published" if HIDDEN.fullmatch(test.name) else "visible",
    }


def _status(status: Status) -> str:
    return "passed" if status is Status.PASSED else "failed"

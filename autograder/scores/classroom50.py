"""A result as Classroom 50's ``classroom50/result/v1``: a test a task."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from autograder.grading.result import Result, Status

SCHEMA = "classroom50/result/v1"
GIVEN = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
"""The fields that Classroom 50 gives its runner in the environment."""


def classroom50(result: Result, environment: Mapping[str, str]) -> str | None:
    """The document; None where our own fault kept a task from being graded, since it could only say 0.

    Args:
        environment: of the process; what Classroom 50 did not set is "", the assignment our own.
    """
    if result.score is None:
        return None
    given = {field: environment.get(name, "") for field, name in GIVEN.items()}
    whole = {
        "schema": SCHEMA,
        **given,
        "assignment": given["assignment"] or result.assignment,
        "datetime": result.started,
        "score": result.score,
        "max-score": round(result.max_score),
        "tests": [
            {
                "test-name": f"{task.task} {task.title}",
                "passed": task.status is Status.PASSED,
                "score": task.score or 0.0,
                "max-score": round(task.max_score),
            }
            for task in result.tasks
        ],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"

"""A result as Classroom 50's ``classroom50/result/v1``: a test a task.

Its runner and its collector refuse a document with a missing link or with points that are no whole
numbers; those of a task are therefore rounded so that they add up to the rounded total, and stand
beside it exactly, in fields of our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate, pairwise

import msgspec

from autograder.errors import OutputError
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
"""The fields that Classroom 50's runner gives in the environment; whose it is, it stamps itself."""
MICROPOINTS = 1_000_000


def classroom50(result: Result, environment: Mapping[str, str]) -> str | None:
    """The document; None where our own fault kept a task from being graded, since it could only say 0.

    Args:
        environment: of the process, with what Classroom 50's runner sets.

    Raises:
        OutputError: the runner's variables are not there; no document could be one that is collected.
    """
    if result.score is None:
        return None
    points = whole_points([task.score or 0.0 for task in result.tasks])
    whole = {
        "schema": SCHEMA,
        **given(environment),
        "datetime": datetime.fromisoformat(result.started).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(points),
        "max-score": round(result.max_score),
        "tests": [
            {
                "test-name": f"{task.task} {task.title}",
                "passed": task.status is Status.PASSED,
                "score": score,
                "max-score": round(task.max_score),
                "points": task.score,
            }
            for task, score in zip(result.tasks, points, strict=True)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def whole_points(points: Sequence[float]) -> list[int]:
    """Whole numbers, each less than one away from its points, whose sum is their sum, rounded half up."""
    sums = [0, *accumulate(round(exact * MICROPOINTS) for exact in points)]
    rounded = [(total + MICROPOINTS // 2) // MICROPOINTS for total in sums]
    return [after - before for before, after in pairwise(rounded)]


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """The fields that are given, none of them empty: without a review there is the commit to look at.

    Raises:
        OutputError: the runner's variables are not there; no document could be one that is collected.
    """
    known = {**environment}
    known["REVIEW_URL"] = known.get("REVIEW_URL") or known.get("COMMIT_URL", "")
    if missing := [name for name in GIVEN.values() if not known.get(name)]:
        raise OutputError(
            f"classroom50: {', '.join(missing)} not set, which Classroom 50's runner sets; leave this format "
            "out elsewhere"
        )
    owner = known.get("OWNER") or known.get("USERNAME", "")
    stamped = {"owner": owner, "assignment_type": known.get("ASSIGNMENT_TYPE", "")}
    return {field: known[name] for field, name in GIVEN.items()} | {k: v for k, v in stamped.items() if v}

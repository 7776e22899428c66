"""The result of grading one submission: the one model that every output is rendered from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

SCHEMA = "autograder/result/v1"


class Status(StrEnum):
    """How a test, or a whole task, came out; only `ERROR` is the kit's fault and costs no points."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    ERROR = "error"


OBSERVED = frozenset({Status.FAILED, Status.TIMEOUT, Status.CRASHED})
"""How a test comes out that the student's own code fails."""


class TestOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One test's verdict.

    Attributes:
        name: the test's name, parameters included; a hidden test is only numbered.
        message: for the student, "" where the test passed.
    """

    __test__ = False

    name: str
    status: Status
    message: str = ""


class TaskScore(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One task's verdict and points; `score` is None where our own fault kept us from grading it.

    Attributes:
        likely: the author's hint for the known mistake that gives the same wrong answers, most likely
            made here too; "" where none does.
        broken_by: of a task that passed, ids of earlier ones with which, as they were handed in, it
            fails; it is right by itself.
    """

    task: str
    title: str
    status: Status
    score: float | None
    max_score: float
    tests: tuple[TestOutcome, ...]
    likely: str = ""
    broken_by: tuple[str, ...] = ()


class WrittenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a student wrote for staff to grade by hand; `text` is "" where nothing was handed in."""

    written: str
    title: str
    file: str
    max_score: float
    text: str


class Sandbox(msgspec.Struct, frozen=True, kw_only=True):
    """How far the student's code was shut in: the rung reached (0 to 4) and what was missing for more."""

    rung: int
    missing: tuple[str, ...] = ()


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One submission, graded.

    Attributes:
        score: points, the tasks' sum; None where a task could not be graded.
        submission_sha256: of the modules taken; with `course_version` and `seed` the key of a result.
        course_version: hash of the kit, the solutions and the tests that gave this result.
        started: when grading began, UTC, ISO 8601.
        duration_s: seconds of wall clock.
        waited_s: seconds beyond its deadlines that the submission was given because the machine was busy.
        tampering: what can only be meant to influence the grading, for staff to look into.
        notes: what staff and student should know of the submission's files.
        written: answers that staff grade by hand, on top of `max_score`; not there where none are asked for.
        submitted: when it was handed in, UTC, ISO 8601; not there where nothing says it.
    """

    schema: str = SCHEMA
    student_id: str
    assignment: str
    score: float | None
    max_score: float
    seed: int
    sandbox: Sandbox
    submission_sha256: str
    course_version: str
    started: str
    duration_s: float
    waited_s: float = 0.0
    tampering: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tasks: tuple[TaskScore, ...]
    written: tuple[WrittenAnswer, ...] | msgspec.UnsetType = msgspec.UNSET
    submitted: datetime | msgspec.UnsetType = msgspec.UNSET

    @property
    def key(self) -> tuple[str, str, int]:
        """What decides whether a submission must be graded again."""
        return self.submission_sha256, self.course_version, self.seed

    @property
    def complete(self) -> bool:
        """Whether every task was graded."""
        return self.score is not None

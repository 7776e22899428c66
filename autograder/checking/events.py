"""What the process that runs the tests tells the one that shows them: one JSON line an event."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Status(StrEnum):
    """How a test came out, or a task."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    WAITING = "waiting"  # (a task only: it rests on another that is not done)
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    ERROR = "error"  # (the course's fault, not the student's)
    SKIPPED = "skipped"
    UNTESTED = "untested"  # (a task only: it has no public test)


class Test(msgspec.Struct, frozen=True, tag="test"):
    """One test that will run.

    Attributes:
        node: pytest's id of it.
        name: the function's name, with its parameters.
        about: what it checks, in words.
        marks: its marks' names; a task's id or alias is among them.
        limit_s: its time limit, in seconds.
        weight: its share of its task's points.
        hidden: the sentence that is shown when it fails, "" for a public test.
    """

    __test__ = False

    node: str
    name: str
    about: str
    marks: tuple[str, ...]
    limit_s: float
    weight: float = 1.0
    hidden: str = ""


class Uncollected(msgspec.Struct, frozen=True, tag="uncollected"):
    """A test file that pytest cannot read."""

    file: str
    message: str


class Collected(msgspec.Struct, frozen=True, tag="collected"):
    """All tests are known now."""


class Started(msgspec.Struct, frozen=True, tag="started"):
    """A test begins."""

    node: str


class Outcome(msgspec.Struct, frozen=True, tag="outcome"):
    """How a test came out.

    Attributes:
        message: one line for the student, "" where it passed.
        task: the task whose TODO the test ran into.
        file: the student's file that does not parse, where that stopped the test.
        duration_s: seconds.
    """

    node: str
    status: Status
    message: str = ""
    task: str = ""
    file: str = ""
    duration_s: float = 0.0


Event = Test | Uncollected | Collected | Started | Outcome

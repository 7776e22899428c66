"""What a grader and its worker say to each other; both are trusted."""

from __future__ import annotations

import msgspec

from autograder.grading.result import Sandbox, TaskScore
from autograder.grading.submission import Submission

Observed = dict[str, dict[int, int]]
"""By failing test, by failing example: what it was answered, as a number."""

# All of a task's tests together have so many times the seconds that one question has.
BUDGET_TIMES = 15


class Manner(msgspec.Struct, frozen=True):
    """How a submission is graded; by default as a student's is.

    Attributes:
        tasks: ids of the only tasks to grade, none for all.
        own_tree: every module is the submission's own; the reference stands in for none.
        first_failure: a task's tests after the first that does not pass are left out, and its score
            is that of the tests that ran.
        patience: the share of a task's ``timeout_s`` that its tests wait.
    """

    tasks: tuple[str, ...] = ()
    own_tree: bool = False
    first_failure: bool = False
    patience: float = 1.0


AS_A_STUDENTS = Manner()


class Job(msgspec.Struct, frozen=True, tag=True):
    """One submission to grade; answered by `Graded`."""

    submission: Submission
    seed: int
    manner: Manner = AS_A_STUDENTS


class Draw(msgspec.Struct, frozen=True, tag=True):
    """Draw the examples of a property test for a seed; answered by `Drawn`."""

    seed: int
    name: str


class Take(msgspec.Struct, frozen=True, tag=True):
    """Examples that have been drawn for a seed, by property test, as `Drawn` has them; not answered."""

    seed: int
    examples: dict[str, bytes]


class Ready(msgspec.Struct, frozen=True, tag=True):
    """What a worker says when it can take jobs.

    Attributes:
        tests: how many tests each task has.
        properties: the names of the property tests.
    """

    sandbox: Sandbox
    tests: dict[str, int]
    properties: tuple[str, ...]


class Fault(msgspec.Struct, frozen=True, tag=True):
    """What a worker says when it cannot start: a fault of the course, in one line."""

    message: str


class Drawn(msgspec.Struct, frozen=True, tag=True):
    """A property test's examples, encoded; None where they are no plain data: each worker draws its own."""

    examples: bytes | None


class Graded(msgspec.Struct, frozen=True, tag=True):
    """A graded job.

    Attributes:
        children: how many sandboxed processes it took.
        cpu_s: processor seconds that they used.
        peak_bytes: the most memory that one of them held.
        waited_s: how long they were waited for beyond their deadlines, on a busy machine.
        tampered: ids of tasks whose code sent what no answer can be.
        observed: by task, what its failing tests saw.
        lost: whether worker after worker was lost over it, so that nothing is known of its tests.
    """

    tasks: tuple[TaskScore, ...]
    children: int
    cpu_s: float
    peak_bytes: int
    waited_s: float
    tampered: tuple[str, ...]
    observed: dict[str, Observed] = {}
    lost: bool = False

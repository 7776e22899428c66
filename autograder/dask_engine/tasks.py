"""What a Dask worker is asked to do, each a plain function; bytes go in and come out.

What comes back was made by our own grader on that worker: a student's code runs in the grader's sandboxed
child alone, whose answers have crossed as plain data before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
from distributed import get_worker

from autograder.dask_engine.home import Graders, Home
from autograder.grading.grader import Grader
from autograder.grading.messages import Observed
from autograder.grading.misconceptions import Misconceptions
from autograder.grading.result import Result
from autograder.grading.submission import Submission


class Answer(msgspec.Struct, frozen=True):
    """A graded submission.

    Attributes:
        observed: by task, what its failing tests saw.
        unknown: ids of the failing tasks whose known mistakes this worker must be told; until then
            the result is without what `Feedback` adds.
    """

    result: Result
    observed: dict[str, Observed]
    unknown: tuple[str, ...] = ()


def properties(run: str) -> tuple[str, ...]:
    """The names of the assignment's property tests."""
    with _graders(run).lent() as grader:
        return grader.ready.properties


def drawn(run: str, name: str) -> bytes | None:
    """A property test's examples, encoded; None where they are no plain data."""
    graders = _graders(run)
    with graders.lent() as grader:
        return grader.draw(graders.seed, name)


def examples(names: Sequence[str], all_drawn: Sequence[bytes | None]) -> dict[str, bytes]:
    """The examples by property test, as every grader takes them."""
    return {name: one for name, one in zip(names, all_drawn, strict=True) if one is not None}


def graded(run: str, encoded: bytes, drawn_examples: dict[str, bytes]) -> bytes:
    """An `Answer` for each of the submissions."""
    graders = _begun(run)
    with graders.lent(drawn_examples) as grader:
        submissions = msgspec.msgpack.decode(encoded, type=tuple[Submission, ...])
        return msgspec.msgpack.encode([_answer(graders, grader, one) for one in submissions])


def mistakes(run: str, task: str, drawn_examples: dict[str, bytes]) -> bytes:
    """How a task's known mistakes fail, encoded."""
    graders = _graders(run)
    found = Misconceptions(graders.course, graders.assignment, graders.seed)
    with graders.lent(drawn_examples) as grader:
        return msgspec.msgpack.encode(found.found_out(graders.assignment.task(task), grader))


def explained(
    run: str, encoded: bytes, answer: bytes, drawn_examples: dict[str, bytes], known: dict[str, bytes]
) -> bytes:
    """The one `Answer`, with what can be said of the failures, now that the mistakes are known."""
    graders = _begun(run)
    for task, found in known.items():
        graders.feedback.know(task, msgspec.msgpack.decode(found, type=dict[str, Observed]))
    submission = msgspec.msgpack.decode(encoded, type=Submission)
    got = msgspec.msgpack.decode(answer, type=Answer)
    with graders.lent(drawn_examples) as grader:
        result = graders.feedback.explained(got.result, got.observed, submission, grader)
    return msgspec.msgpack.encode([Answer(result, got.observed)])


def _answer(graders: Graders, grader: Grader, submission: Submission) -> Answer:
    """The submission's, explained where this worker knows how known mistakes fail."""
    result = grader.grade(submission, graders.seed)
    observed = grader.last.observed
    unknown = tuple(graders.feedback.unknown(observed))
    if not unknown:
        result = graders.feedback.explained(result, observed, submission, grader)
    return Answer(result, observed, unknown)


def _begun(run: str) -> Graders:
    """This worker's graders; the scheduler is told that it is at work on this task.

    When the worker dies, Dask holds it against all that waited there as well: by this alone one can tell
    them from the task that ran.
    """
    worker = get_worker()
    worker.log_event(run, {"begun": str(worker.get_current_task())})
    return _graders(run)


def _graders(run: str) -> Graders:
    return cast("Home", get_worker().plugins[run]).graders

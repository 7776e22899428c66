"""Points from verdicts: pure functions, the same input gives the same score."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from autograder.errors import CourseError
from autograder.grading.result import Result, Sandbox, Status, TaskScore, TestOutcome, WrittenAnswer
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Task

WORST_FIRST = (Status.CRASHED, Status.TIMEOUT, Status.FAILED)
"""How a task came out whose tests did not all pass: as the first of these that one of its tests shows."""

CENT = 0.01
"""The smallest step of a score, in points."""


def score_task(task: Task, outcomes: Sequence[tuple[TestOutcome, float]]) -> TaskScore:
    """The task's verdict, and its points shared over the tests by weight.

    Full marks are exactly the task's points; partial marks have two decimals and stay below them.

    Args:
        task: what the registry says of the task.
        outcomes: each test's verdict and its weight, in the order of the tests.

    Raises:
        CourseError: there is no test, or a weight is not above 0.
    """
    if not outcomes:
        raise CourseError(f"{task.id}: no graded test is marked with it; mark one, or nothing can be scored")
    for outcome, weight in outcomes:
        if not 0 < weight < math.inf:
            raise CourseError(f"{outcome.name}: the weight {weight} must be above 0; mend its mark")
    tests = tuple(outcome for outcome, _ in outcomes)
    status = _status([test.status for test in tests])
    return TaskScore(
        task=task.id,
        title=task.title,
        status=status,
        score=None if status is Status.ERROR else _points(task.points, outcomes),
        max_score=float(task.points),
        tests=tests,
    )


def result_of(  # noqa: PLR0913  (a result has as many facts)
    submission: Submission,
    assignment: Assignment,
    tasks: Sequence[TaskScore],
    *,
    seed: int,
    sandbox: Sandbox,
    course_version: str,
    started: str,
    duration_s: float,
    waited_s: float = 0.0,
    tampering: Sequence[str] = (),
) -> Result:
    """The submission's result; its score is the sum over the tasks, None where one has none.

    Raises:
        CourseError: `tasks` are not the assignment's, each once and in order.
    """
    if [score.task for score in tasks] != [task.id for task in assignment.tasks]:
        raise CourseError(f"{assignment.name}: the scored tasks differ from the registry's; grade them all")
    points = [score.score for score in tasks]
    graded = [score for score in points if score is not None]
    return Result(
        student_id=submission.student_id,
        assignment=assignment.name,
        score=round(math.fsum(graded), 2) if len(graded) == len(points) else None,
        max_score=float(assignment.max_score),
        seed=seed,
        sandbox=sandbox,
        submission_sha256=submission.sha256,
        course_version=course_version,
        started=started,
        duration_s=duration_s,
        waited_s=waited_s,
        tampering=tuple(tampering),
        notes=submission.notes,
        tasks=tuple(tasks),
        written=_written(submission, assignment) if assignment.written else msgspec.UNSET,
    )


def _written(submission: Submission, assignment: Assignment) -> tuple[WrittenAnswer, ...]:
    return tuple(
        WrittenAnswer(
            written=written.id,
            title=written.title,
            file=written.file,
            max_score=float(written.points),
            text=submission.answers.get(written.file, ""),
        )
        for written in assignment.written
    )


def _status(statuses: Sequence[Status]) -> Status:
    if Status.ERROR in statuses:
        return Status.ERROR
    for status in (Status.PASSED, Status.TODO):
        if all(other is status for other in statuses):
            return status
    # Where some tests passed and the rest are still to do, the task is to do: nothing in it failed.
    return next((status for status in WORST_FIRST if status in statuses), Status.TODO)


def _points(points: int, outcomes: Sequence[tuple[TestOutcome, float]]) -> float:
    passed = [weight for outcome, weight in outcomes if outcome.status is Status.PASSED]
    if len(passed) == len(outcomes):
        return float(points)
    share = math.fsum(passed) / math.fsum(weight for _, weight in outcomes)
    return min(round(points * share, 2), points - CENT)


def unscored(task: Task, status: Status, why: str) -> TaskScore:
    """A task without a test that ran: without points, and where the fault is ours without a score."""
    return TaskScore(
        task=task.id,
        title=task.title,
        status=status,
        score=None if status is Status.ERROR else 0.0,
        max_score=float(task.points),
        tests=(TestOutcome(name="grading", status=status, message=why),),
    )

"""Whose fault it was that worker after worker died: the rule of `Grader.scores`, for workers of Dask's."""

from __future__ import annotations

from datetime import UTC, datetime

from autograder.grading.result import Result, Sandbox, Status, TaskScore
from autograder.grading.scoring import result_of, unscored
from autograder.grading.submission import Submission
from autograder.registry import Assignment

UNKNOWN = Sandbox(rung=0, missing=("no worker lived to tell",))


def empty(submission: Submission) -> Submission:
    """A submission of the same student's with nothing in it."""
    return Submission(submission.student_id, submission.assignment, {}, "")


def crashed(submission: Submission, assignment: Assignment, deaths: int, probe: Result) -> Result:
    """The result of a submission that has ended so many workers, after `probe`, an empty one, was graded."""
    why = f"grading this ended {deaths} workers; ask the course's staff"
    tasks = _unscored(assignment, Status.CRASHED, why)
    tampering = [f"{task.task}: ended the worker" for task in tasks]
    return _result(submission, assignment, tasks, probe, tampering)


def ungraded(submission: Submission, assignment: Assignment, seed: int, version: str) -> Result:
    """The result of a submission that no worker lived to grade, through no fault of its own."""
    why = "the kit's fault, not yours: the workers that were to grade this died"
    probe = result_of(
        empty(submission),
        assignment,
        _unscored(assignment, Status.ERROR, why),
        seed=seed,
        sandbox=UNKNOWN,
        course_version=version,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        duration_s=0.0,
    )
    return _result(submission, assignment, probe.tasks, probe, [])


def _result(
    submission: Submission,
    assignment: Assignment,
    tasks: tuple[TaskScore, ...],
    probe: Result,
    tampering: list[str],
) -> Result:
    return result_of(
        submission,
        assignment,
        tasks,
        seed=probe.seed,
        sandbox=probe.sandbox,
        course_version=probe.course_version,
        started=probe.started,
        duration_s=probe.duration_s,
        tampering=tampering,
    )


def _unscored(assignment: Assignment, status: Status, why: str) -> tuple[TaskScore, ...]:
    return tuple(unscored(task, status, why) for task in assignment.tasks)

"""What a regrade changes: whose points, by how much, through which tests; pure functions of two results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.grading.result import Result, Status, TaskScore, TestOutcome
from autograder.scores.feedback import HIDDEN


@dataclass(frozen=True, slots=True)
class Change:
    """One task of one student whose points differ.

    Attributes:
        old: points, None where there were none.
        new: points, None where there are none now.
        tests: a line for each test that came out differently: "test_sum: passed, now failed".
        resubmitted: the student's files are others than those of the earlier result.
        reseeded: the examples are others.
    """

    student_id: str
    assignment: str
    task: str
    old: float | None
    new: float | None
    tests: tuple[str, ...]
    resubmitted: bool
    reseeded: bool

    @property
    def difference(self) -> float | None:
        """Points gained, below 0 where some are lost; None where one of the two is no number."""
        return None if self.old is None or self.new is None else round(self.new - self.old, 2)


def changes(old: Result, new: Result) -> Iterator[Change]:
    """The tasks whose points or full marks differ, in the new result's order; those that went are last."""
    before = {score.task: score for score in old.tasks}
    after = {score.task: score for score in new.tasks}
    for task in {**after, **before}:
        was, now = before.get(task), after.get(task)
        if _points(was) != _points(now):
            yield Change(
                student_id=new.student_id,
                assignment=new.assignment,
                task=task,
                old=was.score if was else None,
                new=now.score if now else None,
                tests=tuple(_reasons(was, now)),
                resubmitted=old.submission_sha256 != new.submission_sha256,
                reseeded=old.seed != new.seed,
            )


def _points(score: TaskScore | None) -> tuple[float | None, float] | None:
    return (score.score, score.max_score) if score else None


def _reasons(was: TaskScore | None, now: TaskScore | None) -> Iterator[str]:
    """Why a task's points differ; what its tests say comes first."""
    if was is None or now is None:
        yield "the task is gone" if was else "the task is new"
        return
    said = [*_public(_by_name(was.tests), _by_name(now.tests)), *_hidden(was.tests, now.tests)]
    yield from said
    if was.max_score != now.max_score:
        yield f"full marks: {was.max_score:g}, now {now.max_score:g}"
    elif not said:
        yield "the tests' weights"


def _by_name(tests: Iterable[TestOutcome]) -> dict[str, Status]:
    return {test.name: test.status for test in tests if not HIDDEN.fullmatch(test.name)}


def _public(was: dict[str, Status], now: dict[str, Status]) -> Iterator[str]:
    for name, status in now.items():
        if name not in was:
            yield f"{name}: new, {status.value}"
        elif was[name] is not status:
            yield f"{name}: {was[name].value}, now {status.value}"
    yield from (f"{name}: gone, was {status.value}" for name, status in was.items() if name not in now)


def _hidden(was: Iterable[TestOutcome], now: Iterable[TestOutcome]) -> Iterator[str]:
    """Hidden tests are numbered: where there are more or fewer now, a number means another test."""
    old = [test for test in was if HIDDEN.fullmatch(test.name)]
    new = [test for test in now if HIDDEN.fullmatch(test.name)]
    if len(old) != len(new):
        yield f"hidden tests: {_passed(old)}, now {_passed(new)} passed"
        return
    for before, after in zip(old, new, strict=True):
        if before.status is not after.status:
            about = after.message or before.message
            said = f" ({about})" if about else ""
            yield f"{after.name}{said}: {before.status.value}, now {after.status.value}"


def _passed(tests: list[TestOutcome]) -> str:
    return f"{sum(test.status is Status.PASSED for test in tests)} of {len(tests)}"

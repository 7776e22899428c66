"""Third proof: the registry's ``needs`` are exactly what the tests find.

Task k alone is a stub, all others are solved, and everything is graded in that tree, with no reference
to stand in for k. A task depends on k if one of its tests does not pass then; it declares k if k is
among its ``needs``, or among theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.grading.result import TaskScore
from autograder.registry import Assignment, Task
from autograder.release.stubs import stubs
from autograder.validation.pool import IN_ITS_OWN_TREE, Outcome, Trial, not_passed, said
from autograder.validation.record import KnockOut
from autograder.validation.solutions import names_task


def trials(assignment: Assignment) -> list[Trial]:
    """A tree without each task."""
    everything = frozenset(task.id for task in assignment.tasks)
    return [
        Trial(
            f"without {task.id}", task.id, stubs(assignment, everything - {task.id}), manner=IN_ITS_OWN_TREE
        )
        for task in assignment.tasks
    ]


def judged(assignment: Assignment, outcomes: Sequence[Outcome]) -> tuple[KnockOut, ...]:
    """What the outcomes of `trials` say, one record a task."""
    return tuple(_judged(assignment, outcome) for outcome in outcomes)


def _judged(assignment: Assignment, outcome: Outcome) -> KnockOut:
    task = assignment.task(outcome.trial.task)
    declared = [other.id for other in assignment.tasks if task.id in assignment.prerequisites(other)]
    others = [score for score in outcome.tasks if score.task != task.id]
    found = [score.task for score in others if not_passed(score)]
    return KnockOut(
        task=task.id,
        failed={score.task: len(not_passed(score)) for score in outcome.tasks},
        tests={score.task: len(score.tests) for score in outcome.tasks},
        declared=tuple(declared),
        found=tuple(found),
        faults=outcome.unsettled
        or (
            *_own_faults(outcome.score(task.id)),
            *(_undeclared(task, score) for score in others if score.task in set(found) - set(declared)),
            *(_unfounded(task, other) for other in declared if other not in found),
        ),
    )


def _own_faults(score: TaskScore) -> list[str]:
    """The task's own tests that do something else than to run into its TODO."""
    return [
        f"without {score.task}: its own {test.name} {said(test)}; it must fail with the TODO of {score.task}"
        for test in score.tests
        if not names_task(test.status, test.message, score.task)
    ]


def _undeclared(task: Task, score: TaskScore) -> str:
    test = not_passed(score)[0]
    return (
        f"without {task.id}: {score.task} fails ({test.name}: {test.message}), but does not declare that it "
        f"needs {task.id}; add it to the needs of {score.task}, or take the dependence out of its tests"
    )


def _unfounded(task: Task, other: str) -> str:
    return (
        f"without {task.id}: {other} passes all its tests, but declares that it needs {task.id}; take it out "
        f"of the needs of {other}, or test what rests on it"
    )

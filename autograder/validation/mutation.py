"""Fourth proof: a small change to a task's solution fails one of that task's own tests.

Each mutant is graded alone, its own task only, beside the reference's other modules, with the examples
of seed 0, and up to the first test that it fails. Tests wait for a mutant less long than for a student, so
that one that hangs costs little; the solutions are graded the same way first, to show that it is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from autograder.grading.messages import Manner
from autograder.grading.result import Status, TestOutcome
from autograder.registry import Assignment
from autograder.validation.equivalents import Equivalents
from autograder.validation.mutants import Mutant, tool
from autograder.validation.pool import Outcome, Trial, not_passed
from autograder.validation.record import Mutation, Survivor, TaskMutants
from autograder.validation.solutions import solved

PATIENCE = 0.25
MUST_BE_KILLED = 0.95


def trials(assignment: Assignment, found: Sequence[Mutant]) -> list[Trial]:
    """The solution of each task, then the mutants."""
    right = solved(assignment)
    controls = [_trial(task.id, task.module, right[task.module]) for task in assignment.tasks]
    return controls + [_trial(mutant.task, mutant.module, mutant.source) for mutant in found]


def _trial(task: str, module: str, source: str) -> Trial:
    manner = Manner(tasks=(task,), first_failure=True, patience=PATIENCE)
    return Trial(f"{task} alone", task, {module: source}, manner=manner)


def judged(
    assignment: Assignment, found: Sequence[Mutant], equivalents: Equivalents, outcomes: Sequence[Outcome]
) -> Mutation:
    """What the outcomes of `trials` say."""
    controls, of_mutants = outcomes[: len(assignment.tasks)], outcomes[len(assignment.tasks) :]
    ended = [(mutant, _first_failure(outcome)) for mutant, outcome in zip(found, of_mutants, strict=True)]
    survived = [mutant for mutant, failure in ended if not _killed(failure)]
    tasks = tuple(
        _task_mutants(task.id, [pair for pair in ended if pair[0].task == task.id], equivalents)
        for task in assignment.tasks
    )
    faults = [
        f"the solution of {outcome.trial.task} itself fails as its mutants do: {test.name}: {test.message}"
        for outcome in controls
        for test in not_passed(outcome.tasks[0])
    ]
    faults += equivalents.faults(found, survived)
    return Mutation(tool=tool(), tasks=tasks, faults=(*faults, *(f for task in tasks for f in _faults(task))))


def _first_failure(outcome: Outcome) -> TestOutcome | None:
    return next(iter(not_passed(outcome.tasks[0])), None)


def _killed(failure: TestOutcome | None) -> bool:
    """Whether a test decided; one that gave up, by a fault of its own, did not."""
    return failure is not None and failure.status is not Status.ERROR


def _task_mutants(
    task: str, ended: Sequence[tuple[Mutant, TestOutcome | None]], equivalents: Equivalents
) -> TaskMutants:
    killers = [failure for _, failure in ended if failure and _killed(failure)]
    alive = [
        _survivor(mutant, failure.message if failure else "", equivalents.reason(mutant))
        for mutant, failure in ended
        if not _killed(failure)
    ]
    return TaskMutants(
        task=task,
        mutants=len(ended),
        killed=len(killers),
        timeouts=sum(failure.status is Status.TIMEOUT for failure in killers),
        equivalent=tuple(survivor for survivor in alive if survivor.reason),
        survivors=tuple(survivor for survivor in alive if not survivor.reason),
        killers=dict(Counter(failure.name for failure in killers).most_common()),
    )


def _survivor(mutant: Mutant, note: str, reason: str) -> Survivor:
    return Survivor(
        task=mutant.task,
        file=mutant.file,
        line=mutant.line,
        where=mutant.where,
        before=mutant.before,
        after=mutant.after,
        diff=mutant.diff,
        note=note,
        reason=reason,
    )


def _faults(task: TaskMutants) -> list[str]:
    faults = [
        f"{survivor.file}:{survivor.line}: a mutant of {task.task} survives: {survivor.after!r} in place of "
        f"{survivor.before!r}{f' ({survivor.note})' if survivor.note else ''}; sharpen a test, or record it "
        "as equivalent"
        for survivor in task.survivors
    ]
    if task.share < MUST_BE_KILLED:
        faults.append(
            f"{task.task}: its tests kill {task.share:.1%} of {task.mutants - len(task.equivalent)} mutants, "
            f"fewer than {MUST_BE_KILLED:.0%}"
        )
    return faults

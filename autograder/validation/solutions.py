"""First proof: the reference earns full marks for every seed, the stubs nothing.

So no test is flaky, none asks for more than is taught, and none passes on work that was not done.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.grading.result import Status
from autograder.registry import Assignment
from autograder.release.stubs import stubs
from autograder.validation.pool import Outcome, Trial, not_passed, said
from autograder.validation.record import Solutions


def trials(assignment: Assignment, seeds: int) -> list[Trial]:
    """The stubs, then the reference for each seed."""
    reference = solved(assignment)
    references = [Trial(f"reference, seed {seed}", "", reference, seed) for seed in range(seeds)]
    return [Trial("stubs", "", stubs(assignment)), *references]


def solved(assignment: Assignment) -> dict[str, str]:
    """Every task module with all of its solutions."""
    return stubs(assignment, frozenset(task.id for task in assignment.tasks))


def judged(assignment: Assignment, outcomes: Sequence[Outcome]) -> Solutions:
    """What the outcomes of `trials` say."""
    stub, *references = outcomes
    failures = {reference.trial.name: _failures(reference) for reference in references}
    own, needs, faults = _stub_tests(assignment, stub)
    return Solutions(
        seeds=len(references),
        full_marks=sum(not found for found in failures.values()),
        stub_points=sum(score.score or 0.0 for score in stub.tasks),
        stub_tests=sum(len(score.tests) for score in stub.tasks),
        stub_own=own,
        stub_needs=needs,
        faults=(*faults, *(fault for found in failures.values() for fault in found)),
    )


def _failures(outcome: Outcome) -> list[str]:
    """What the reference fails at."""
    return [
        f"{outcome.trial.name}: {score.task}: {test.name} {said(test)}"
        for score in outcome.tasks
        for test in not_passed(score)
    ]


def _stub_tests(assignment: Assignment, stub: Outcome) -> tuple[int, int, list[str]]:
    """How many tests named their own task, how many one that it needs, and what all others did."""
    own, needs, faults = 0, 0, []
    for score in stub.tasks:
        prerequisites = assignment.prerequisites(assignment.task(score.task))
        for test in score.tests:
            if names_task(test.status, test.message, score.task):
                own += 1
            elif any(names_task(test.status, test.message, other) for other in prerequisites):
                needs += 1
            else:
                must = f"it must fail with the TODO of {score.task}"
                faults.append(f"stubs: {score.task}: {test.name} {said(test)}; {must}")
    return own, needs, faults


def names_task(status: Status, message: str, task: str) -> bool:
    """Whether a test ended at this task's NotImplementedError."""
    return status is Status.TODO and message.startswith(f"{task} ")

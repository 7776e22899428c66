"""Second proof: each known mistake loses points in its own task, and in no other.

Each is graded once more in its own tree, where the reference stands in for no module, to tell what it
would cost in the tasks that rest on it, and whether feedback would name it: the failures of one of the
two runs are looked for among those of all mistakes in the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.grading.messages import Observed
from autograder.grading.misconceptions import hint, nearest, wrong_solutions
from autograder.grading.result import TaskScore
from autograder.registry import Assignment, Course
from autograder.validation.pool import IN_ITS_OWN_TREE, Outcome, Trial, not_passed
from autograder.validation.record import WrongSolution
from autograder.validation.solutions import solved

NAMED = 0.9
"""The share of the known mistakes that feedback must name rightly."""


def trials(course: Course, assignment: Assignment) -> list[Trial]:
    """For each mistake a tree in which everything else is solved, to be graded both ways.

    Raises:
        CourseError: a folder of mistakes has no task.
    """
    right, found = solved(assignment), []
    for path in wrong_solutions(course, assignment):
        task = assignment.task(path.parent.name)
        modules = {**right, task.module: path.read_text(encoding="utf-8")}
        name = f"{task.id}/{path.stem}"
        found += [Trial(name, task.id, modules), Trial(name, task.id, modules, manner=IN_ITS_OWN_TREE)]
    return found


def judged(assignment: Assignment, outcomes: Sequence[Outcome]) -> tuple[WrongSolution, ...]:
    """What the outcomes of `trials` say, one record a mistake."""
    pairs = list(zip(outcomes[::2], outcomes[1::2], strict=True))
    known: dict[str, dict[str, Observed]] = {task.id: {} for task in assignment.tasks}
    for outcome, _ in pairs:
        known[outcome.trial.task][_mistake(outcome)] = _seen(outcome)
    return tuple(
        _judged(assignment, outcome, in_own_tree, known[outcome.trial.task]) for outcome, in_own_tree in pairs
    )


def undiagnosed(assignment: Assignment, found: Sequence[WrongSolution]) -> list[str]:
    """The fault of too many mistakes that are caught and not told from others, if it is one."""
    caught = [one for one in found if one.lost]
    unnamed = [f"{one.task}/{one.mistake}" for one in caught if one.diagnosed != one.mistake]
    if len(caught) - len(unnamed) >= NAMED * len(caught):
        return []
    names = f"{len(caught) - len(unnamed)} of {len(caught)} known mistakes, {NAMED:.0%} are wanted"
    cure = f"let a test tell apart what these answer: {', '.join(unnamed)}"
    return [f"{assignment.name}: feedback names {names}; {cure}"]


def _judged(
    assignment: Assignment, outcome: Outcome, in_own_tree: Outcome, known: Mapping[str, Observed]
) -> WrongSolution:
    task = assignment.task(outcome.trial.task)
    own, others = outcome.score(task.id), _others(outcome)
    faults = list(outcome.unsettled)
    if not faults and not _lost(own):
        faults.append(f"{outcome.trial.name}: the mistake is not caught; sharpen a test of {task.id}")
    faults += [
        f"{outcome.trial.name}: costs {score.task} too: {test.name}: {test.message}"
        for score in others
        for test in not_passed(score)
        if not outcome.unsettled
    ]
    return WrongSolution(
        task=task.id,
        mistake=_mistake(outcome),
        says=hint(outcome.trial.modules[task.module]),
        lost=_lost(own),
        points=own.max_score,
        leaked=round(sum(map(_lost, others)), 2),
        leaks_in_own_tree=round(sum(map(_lost, _others(in_own_tree))), 2),
        failed=tuple(test.name for test in not_passed(own)),
        diagnosed=nearest(_seen(in_own_tree), known, {test.name for test in own.tests}) or "",
        faults=tuple(faults),
    )


def _mistake(outcome: Outcome) -> str:
    return outcome.trial.name.partition("/")[2]


def _seen(outcome: Outcome) -> Observed:
    """What the failing tests of the mistake's own task saw."""
    return outcome.observed.get(outcome.trial.task, {})


def _others(outcome: Outcome) -> list[TaskScore]:
    return [score for score in outcome.tasks if score.task != outcome.trial.task]


def _lost(score: TaskScore) -> float:
    return 0.0 if score.score is None else round(score.max_score - score.score, 2)

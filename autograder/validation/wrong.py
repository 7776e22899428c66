"""Second proof: each known mistake loses points in its own task, and in no other.

Each is graded once more in its own tree, where the reference stands in for no module, to tell what it
would cost in the tasks that rest on it.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from autograder.grading.result import TaskScore
from autograder.registry import Assignment, Course
from autograder.validation.pool import IN_ITS_OWN_TREE, Outcome, Trial, not_passed
from autograder.validation.record import WrongSolution
from autograder.validation.solutions import solved


def files(course: Course, assignment: Assignment) -> list[Path]:
    """The known-wrong solutions, by task and mistake."""
    return sorted((course.root / "tests" / "wrong" / assignment.name).glob("*/*.py"))


def trials(course: Course, assignment: Assignment) -> list[Trial]:
    """For each mistake a tree in which everything else is solved, to be graded both ways.

    Raises:
        CourseError: a folder of mistakes has no task.
    """
    right, found = solved(assignment), []
    for path in files(course, assignment):
        task = assignment.task(path.parent.name)
        modules = {**right, task.module: path.read_text(encoding="utf-8")}
        name = f"{task.id}/{path.stem}"
        found += [Trial(name, task.id, modules), Trial(name, task.id, modules, manner=IN_ITS_OWN_TREE)]
    return found


def judged(assignment: Assignment, outcomes: Sequence[Outcome]) -> tuple[WrongSolution, ...]:
    """What the outcomes of `trials` say, one record a mistake."""
    pairs = zip(outcomes[::2], outcomes[1::2], strict=True)
    return tuple(_judged(assignment, outcome, in_own_tree) for outcome, in_own_tree in pairs)


def _judged(assignment: Assignment, outcome: Outcome, in_own_tree: Outcome) -> WrongSolution:
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
        mistake=outcome.trial.name.partition("/")[2],
        says=_says(outcome.trial.modules[task.module]),
        lost=_lost(own),
        points=own.max_score,
        leaked=round(sum(map(_lost, others)), 2),
        leaks_in_own_tree=round(sum(map(_lost, _others(in_own_tree))), 2),
        failed=tuple(test.name for test in not_passed(own)),
        faults=tuple(faults),
    )


def _others(outcome: Outcome) -> list[TaskScore]:
    return [score for score in outcome.tasks if score.task != outcome.trial.task]


def _lost(score: TaskScore) -> float:
    return 0.0 if score.score is None else round(score.max_score - score.score, 2)


def _says(source: str) -> str:
    """The first paragraph of a module's docstring, in one line; "" where the module does not even parse."""
    try:
        text = ast.get_docstring(ast.parse(source)) or ""
    except SyntaxError:
        return ""
    return " ".join(text.split("\n\n")[0].split())

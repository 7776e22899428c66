"""A student's own run and grading never differ: the same public tests fail, whatever the mistake.

Both halves are the real ones: ``autograder check``'s run, where hypothesis searches in the student's own
process, and the grading worker, which asks a sandboxed child about examples that were drawn before.
"""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.checking.running import run_to_the_end
from autograder.checking.warm import WarmPytest
from autograder.grading.collecting import read_submission
from autograder.grading.grader import Grader
from autograder.grading.result import Status
from autograder.grading.submission import Place
from autograder.registry import find_course

COURSE = find_course(Path(__file__).parents[2])
ALWAYS = ("scalar_autodiff", 1)
"""Of this assignment, so many mistakes a task are in every run of the tests; the others are a long proof."""
DIFFERED = {"children_are_a_set", "matrix_is_an_operand_too"}
"""These too, whose outcomes once differed: by the order of a set, and by the memory that there was."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="both halves fork")


def mistakes():
    for assignment in COURSE.assignments:
        for task in assignment.tasks:
            folder = COURSE.root / "tests" / "wrong" / assignment.name / task.id
            for number, path in enumerate(sorted(folder.glob("*.py"))):
                always = (assignment.name == ALWAYS[0] and number < ALWAYS[1]) or path.stem in DIFFERED
                name = f"{assignment.name}/{task.id}/{path.stem}"
                yield pytest.param(assignment, task, path, id=name, marks=() if always else pytest.mark.long)


class Both:
    """One assignment's two halves, started once."""

    def __init__(self, assignment, tree, stack):
        self.assignment, self.tree, self.folder = assignment, tree, tree / assignment.name
        shutil.copytree(assignment.folder, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        tests = [COURSE.tests / assignment.name]
        self.warm = stack.enter_context(WarmPytest(COURSE.root, tree, tests))
        self.grader = stack.enter_context(Grader(COURSE, assignment))

    def failing(self, task, wrong):
        """The public tests of the task that do not pass: in the student's own run, and at grading."""
        module = self.folder / f"{task.module}.py"
        right = module.read_bytes()
        shutil.copyfile(wrong, module)
        try:
            return self.locally(task), self.graded(task)
        finally:
            module.write_bytes(right)

    def locally(self, task):
        run = run_to_the_end(self.warm.launcher([task.id], quick=False), lambda *_: None)
        named = {run.tests[node].name: outcome.status for node, outcome in run.outcomes.items()}
        return {name for name, status in named.items() if status != Status.PASSED}, set(named)

    def graded(self, task):
        submission = read_submission(Place("student", self.assignment.name, self.folder), self.assignment)
        result = self.grader.grade(submission, 0)
        (score,) = [score for score in result.tasks if score.task == task.id]
        public = {t.name: t.status for t in score.tests if not t.name.startswith("hidden test ")}
        return {name for name, status in public.items() if status is not Status.PASSED}, set(public)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    with ExitStack() as stack:
        started: dict[str, Both] = {}

        def of(assignment):
            if assignment.name not in started:
                tree = tmp_path_factory.mktemp(assignment.name)
                started[assignment.name] = Both(assignment, tree, stack)
            return started[assignment.name]

        yield of


@pytest.mark.parametrize(("assignment", "task", "wrong"), [*mistakes()])
def test_the_same_public_tests_fail_locally_and_at_grading(both, assignment, task, wrong):
    (locally, ran), (graded, counted) = both(assignment).failing(task, wrong)
    assert ran == counted
    assert locally == graded

"""The course itself, proven: one assignment in brief, all of them at length."""

from pathlib import Path

import pytest

from autograder.registry import find_course
from autograder.validation.proving import Plan, prove

COURSE = find_course(Path(__file__).parents[2])
NAMES = [assignment.name for assignment in COURSE.assignments]


def proof_of(name, seeds):
    plan = Plan(seeds, mutants=True, workers=2)
    return prove(COURSE, COURSE.assignment(name), plan, lambda proof, total: None, lambda: None)


def check(proof):
    assert proof.faults == ()
    assert proof.points_leaked == 0
    assert proof.solutions.full_marks == proof.solutions.seeds
    assert proof.solutions.stub_points == 0
    assert all(one.declared == one.found for one in proof.knock_out)
    assert all(task.mutants > 0 and task.share >= 0.95 for task in proof.mutation.tasks)
    assert all(one.lost > 0 for one in proof.wrong)


def test_one_assignment_is_proven_in_brief():
    check(proof_of("operator_overloading", 2))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", NAMES)
def test_every_assignment_is_proven(name):
    check(proof_of(name, 100))


@pytest.mark.parametrize("name", NAMES)
def test_every_task_has_at_least_five_known_mistakes(name):
    for task in COURSE.assignment(name).tasks:
        found = list((COURSE.root / "tests" / "wrong" / name / task.id).glob("*.py"))
        assert len(found) >= 5, f"{task.id} has {len(found)}"

"""What was handed in as modules gets as a notebook the same points, test by test."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from example_class import GOLDEN, SUBMITTED, lasting, results
from notebook_work import ROOT, released, with_modules, write

from autograder.grading.collecting import find_places, read_submission
from autograder.grading.grader import Grader
from autograder.grading.submission import Place
from autograder.registry import find_course

pytestmark = pytest.mark.timeout(120)

COURSE = find_course(ROOT)
GOLD = results(GOLDEN)
QUICK = {"operator_overloading/dana"}
STAGED = [
    pytest.param(name, marks=[] if name in QUICK else pytest.mark.long)
    for name in sorted(GOLD)
]  # fmt: skip
PLACED = re.compile(r"cell \d+(?: \((\w+\.py): \w+\))?, line \d+|\w+\.py, line \d+|on line \d+|\w+\.py, line")


@pytest.fixture(scope="module")
def graders():
    started: dict[str, Grader] = {}

    def of(name: str) -> Grader:
        if name not in started:
            for other in started.values():
                other.close()
            started.clear()
            started[name] = Grader(COURSE, COURSE.assignment(name))
        return started[name]

    yield of
    for grader in started.values():
        grader.close()


@pytest.fixture(scope="module")
def releases():
    return {}


def as_notebook(assignment, modules, releases, folder):
    if assignment.name not in releases:
        releases[assignment.name] = released(COURSE, assignment)
    made = with_modules(releases[assignment.name], assignment, modules)
    path = write(made, folder / f"{assignment.name}.ipynb")
    return read_submission(Place("x", assignment.name, path.parent), assignment)


def outcomes(result) -> dict[str, tuple[str, float, list[tuple[str, str, str]]]]:
    """What a result says of each test, places aside: a cell's lines are not a module's."""
    return {
        task["task"]: (
            task["status"],
            task["score"],
            [(t["name"], t["status"], PLACED.sub("somewhere", t["message"])) for t in task["tests"]],
        )
        for task in result["tasks"]
    }


def plainly(result):
    return lasting(json.loads(msgspec.json.encode(result)))


@pytest.mark.parametrize("name", STAGED)
def test_the_example_class_gets_for_notebooks_what_it_gets_for_modules(name, graders, releases, tmp_path):
    assignment = COURSE.assignment(name.partition("/")[0])
    (place,) = find_places(SUBMITTED / name.partition("/")[2], COURSE, assignment.name)
    modules = read_submission(place, assignment)
    submission = as_notebook(assignment, modules.modules, releases, tmp_path)
    graded = plainly(graders(assignment.name).grade(submission, 0))
    expected = outcomes(GOLD[name])
    for task in assignment.tasks:
        if task.module in modules.faults:  # (what cannot be read at all has no cells)
            expected.pop(task.id)
    assert {task: found for task, found in outcomes(graded).items() if task in expected} == expected


WRONG = [
    (a, path) for a in COURSE.assignments for path in sorted((ROOT / "tests/wrong" / a.name).glob("*/*.py"))
]
SHORT = {"operator_overloading/returns_a_plain_number"}
EACH = [
    pytest.param(a, path, id=f"{a.name}/{path.parent.name}/{path.stem}", marks=[] if f"{a.name}/{path.stem}" in SHORT else pytest.mark.long)
    for a, path in WRONG
]  # fmt: skip


# The order of a set of objects follows their addresses: graded twice as a module, it fails in other tests.
BY_ADDRESS = {"children_are_a_set"}


@pytest.mark.parametrize(("assignment", "wrong"), EACH)
def test_each_wrong_solution_gets_as_a_notebook_what_it_gets_as_a_module(
    assignment, wrong, graders, releases, tmp_path
):
    task = assignment.task(wrong.parent.name)
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / f"{task.module}.py").write_bytes(wrong.read_bytes())
    module = read_submission(Place("x", assignment.name, tmp_path / "modules"), assignment)
    cells = as_notebook(assignment, module.modules, releases, tmp_path / "cells")
    assert not cells.faults
    grader = graders(assignment.name)
    one, two = (outcomes(plainly(grader.grade(submission, 0))) for submission in (module, cells))
    if two != one:  # (a slow one runs out of time on a busy machine: once more)
        one, two = (outcomes(plainly(grader.grade(submission, 0))) for submission in (module, cells))
    if wrong.stem in BY_ADDRESS:
        one, two = ({key: found[0] for key, found in each.items()} for each in (one, two))
        assert (two, two[task.id]) == (one, "failed")
        return
    assert two == one
    assert two[task.id][1] < task.points

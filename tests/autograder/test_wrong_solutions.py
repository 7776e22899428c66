"""Every known-wrong solution is caught by its own task's tests, and by none that do not rest on it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.registry import Assignment, load_course

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT, ROOT / "solutions")
LEAST = 6
LONGEST_HINT = 160
LONGEST_S = 900


def wrong_solutions(assignment: Assignment) -> list[Path]:
    return sorted((ROOT / "tests" / "wrong" / assignment.name).glob("*/*.py"))


ALL = [(a, path) for a in COURSE.assignments for path in wrong_solutions(a)]
NAMES = [f"{a.name}/{path.parent.name}/{path.stem}" for a, path in ALL]
each_wrong_solution = pytest.mark.parametrize(("assignment", "wrong"), ALL, ids=NAMES)
# A run takes a fifth of a second and more: one in three is left to make test, where validation grades them all.
SHARE = 3
each_run = pytest.mark.parametrize(
    ("assignment", "wrong"),
    [
        pytest.param(*case, id=name, marks=[] if number % SHARE == 0 else pytest.mark.long)
        for number, (case, name) in enumerate(zip(ALL, NAMES, strict=True))
    ],
)


@pytest.fixture(scope="module")
def failed(request):
    """For each assignment, the failed tests by task of each wrong solution that is asked about."""
    wanted: dict[str, set[str]] = {assignment.name: set() for assignment in COURSE.assignments}
    for item in request.session.items:
        if item.path == Path(__file__) and {"failed", "wrong"} <= set(item.fixturenames):
            case = item.callspec.params
            wanted[case["assignment"].name].add(f"{case['wrong'].parent.name}/{case['wrong'].stem}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(wanted, pool.map(runs, wanted, wanted.values()), strict=True))


def runs(assignment: str, wrong: set[str]) -> dict[str, dict[str, list[str]]]:
    runner = Path(__file__).with_name("wrong_solutions_runs.py")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, runner, ROOT, assignment, *sorted(wrong)]
    ran = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, timeout=LONGEST_S)
    return json.loads(ran.stdout)


@pytest.mark.timeout(LONGEST_S)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the runs are forked")
def test_reference_fails_no_test(failed):
    assert {name: runs["reference"] for name, runs in failed.items()} == {name: {} for name in failed}


@pytest.mark.timeout(LONGEST_S)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the runs are forked")
@each_run
def test_wrong_solution_fails_its_own_task(failed, assignment, wrong):
    assert failed[assignment.name][f"{wrong.parent.name}/{wrong.stem}"].get(wrong.parent.name)


@pytest.mark.timeout(LONGEST_S)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the runs are forked")
@each_run
def test_wrong_solution_fails_only_tasks_that_rest_on_it(failed, assignment, wrong):
    own = wrong.parent.name
    resting = {task.id for task in assignment.tasks if own in assignment.prerequisites(task)}
    assert set(failed[assignment.name][f"{own}/{wrong.stem}"]) <= {own} | resting


@each_wrong_solution
def test_wrong_solution_opens_with_a_hint(assignment, wrong):
    hint = (ast.get_docstring(ast.parse(wrong.read_text(encoding="utf-8"))) or "").partition("\n")[0]
    assert hint.endswith((".", "?"))
    assert len(hint) <= LONGEST_HINT


@each_wrong_solution
def test_wrong_solution_is_the_whole_module_without_markers(assignment, wrong):
    source = wrong.read_text(encoding="utf-8")
    reference = assignment.folder / f"{assignment.task(wrong.parent.name).module}.py"
    assert "###" not in source
    assert defined(reference.read_text(encoding="utf-8")) <= defined(source)


def test_each_task_has_wrong_solutions():
    counts = {
        f"{a.name} {task.id}": len([path for path in wrong_solutions(a) if path.parent.name == task.id])
        for a in COURSE.assignments
        for task in a.tasks
    }
    assert {name: count for name, count in counts.items() if count < LEAST} == {}


def defined(source: str) -> set[str]:
    """The classes and functions of a module, methods as ``Class.method``."""
    body = ast.parse(source).body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    names = {node.name for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return names | {f"{c.name}.{m.name}" for c in classes for m in c.body if isinstance(m, ast.FunctionDef)}

"""Notebooks as students hand them in, made from the released ones, and a small course to release."""

from __future__ import annotations

import ast
import copy
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import minicourse
import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from autograder.notebooks.building import notebook
from autograder.notebooks.parts import Kind, Part, parts
from autograder.registry import Assignment, Course, find_course
from autograder.release.stubs import stubs

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

HANDOUT = """# Mini

Three functions.

## What you hand in

Exactly these three modules.

| task | module |
|---|---|
| [9.1](#double) | `double.py` |

## Double

**Build** `double`, twice $x$.

**Check** with `pytest -m task9_1`.

**Usual mistakes** are none. ![a picture](figures/none.png)

## Quadruple

Use it twice.

## Greet

Say hello.

### In words

Say why.
"""

WRITTEN = """
[written.task9_3_answers]
title = "Why"
file = "ANSWERS.md"
points = 5
section = "in-words"
"""

ANSWERS = """# Why

Why hello?

<!-- BEGIN SOLUTION task9_3_answers -->
It is polite, THE AUTHOR'S ANSWER.
<!-- END SOLUTION task9_3_answers -->
"""


def small_course(root: Path) -> Course:
    """The course of three small tasks, with a handout and a written answer."""
    minicourse.write_course(root)
    home = root / "solutions" / "mini"
    (home / "README.md").write_text(HANDOUT)
    (home / "ANSWERS.md").write_text(ANSWERS)
    (home / "assignment.toml").write_text(
        minicourse.REGISTRY.replace("timeout_s = 0.5", "timeout_s = 0.2") + WRITTEN
    )
    (home / "given.py").write_text(
        '"""Given."""\n\nfrom mini.double import double\n\nTWO = double(1) if 0 else 2\n'
    )
    with (home / "double.py").open("a") as double:
        double.write('\n\nif __name__ == "__main__":\n    print("twice 21 is", double(21))\n')
    (root / "pyproject.toml").write_text('[project]\nname = "mini"\ndependencies = ["pytest>=8"]\n')
    return find_course(root)


def tiny_course(root: Path) -> Course:
    """The small course with its first task alone: each task's tests are a process of a second or two."""
    small_course(root)
    registry = root / "solutions" / "mini" / "assignment.toml"
    first = registry.read_text().partition("[tasks.task9_2]")[0]
    registry.write_text(first + WRITTEN.replace("task9_3", "task9_1"))
    answers = root / "solutions" / "mini" / "ANSWERS.md"
    answers.write_text(ANSWERS.replace("task9_3", "task9_1"))
    for name in ("quadruple", "greet"):
        (root / "solutions" / "mini" / f"{name}.py").unlink()
    tests = root / "tests" / "tasks" / "mini" / "test_mini.py"
    tests.write_text(tests.read_text().partition("@pytest.mark.task9_2")[0])
    probes = tests.with_name("probes.py")
    probes.write_text(probes.read_text().partition("def quadruple")[0])
    return find_course(root)


def run(*words: object, cwd: Path, fails: bool = False) -> subprocess.CompletedProcess[str]:
    """Run one of the environment's own commands."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [str(BIN / str(words[0])), *map(str, words[1:])]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert (done.returncode != 0) is fails, done.stdout[-2000:] + done.stderr[-2000:]
    return done


def released(course: Course, assignment: Assignment) -> NotebookNode:
    """The notebook as nbgrader's own preprocessors release it, without a database."""

    made = nbformat.reads(notebook(course, assignment), as_version=4)
    for step in (LockCells, ClearSolutions, ClearOutput, ClearHiddenTests, ComputeChecksums):
        made, _ = step().preprocess(made, {})
    return made


def solution_parts(assignment: Assignment) -> dict[str, Part]:
    """The pieces that students complete, by id."""
    texts = stubs(assignment)
    every = [part for name in assignment.task_modules for part in parts(name, texts[name])]
    return {part.id: part for part in every if part.kind is Kind.SOLUTION}


def with_modules(made: NotebookNode, assignment: Assignment, modules: Mapping[str, str]) -> NotebookNode:
    """The notebook in which a student wrote what these modules hold, cell by cell."""
    done = copy.deepcopy(made)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in done.cells}
    for key, source in cells_of(assignment, modules).items():
        cells[key].source = source
    return done


def cells_of(assignment: Assignment, modules: Mapping[str, str]) -> dict[str, str]:
    """The source of each solution cell: a statement goes to the cell that has its name, or to the next one."""
    found: dict[str, str] = {}
    given = {name: parts(name, text) for name, text in stubs(assignment).items()}
    for name, text in modules.items():
        pieces = [part for part in given[name] if part.kind is Kind.SOLUTION]
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError):
            found |= {part.id: part.source.partition("\n")[0] for part in pieces}
            found[pieces[0].id] += f"\n{text}"
            continue
        known = {
            ast.dump(s)
            for part in given[name]
            if part.kind is not Kind.SOLUTION
            for s in ast.parse(part.text).body
        }
        ids = {part.title: part.id for part in pieces}
        loose: list[str] = []
        here = dict.fromkeys(ids.values(), "")
        for statement, lines in _statements(body, text):
            own = ids.get(getattr(statement, "name", ""))
            if own:
                here[own] = "\n".join([here[own], *loose, lines]) if here[own] else "\n".join([*loose, lines])
                loose, last = [], own
            elif ast.dump(statement) not in known:
                loose.append(lines)
        if loose:
            last = next((key for key in reversed(here) if here[key]), pieces[-1].id)
            here[last] = "\n".join([here[last], *loose])
        labels = {part.id: part.source.partition("\n")[0] for part in pieces}
        found |= {key: f"{labels[key]}\n{source}" for key, source in here.items()}
    return found


def _statements(body: list[ast.stmt], text: str):
    lines = text.split("\n")
    for statement in body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            continue
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
        yield statement, "\n".join(lines[first - 1 : statement.end_lineno])


def write(made: NotebookNode, path: Path) -> Path:
    """Write the notebook to a file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def cell(made: NotebookNode, key: str) -> NotebookNode:
    """The cell with this id."""
    return next(c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") == key)

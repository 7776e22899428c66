"""One task's tests on a notebook's cells, in a process of their own, and what a notebook shows of them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from autograder.checking.events import Outcome, Status, Test
from autograder.checking.running import run_tests
from autograder.notebooks.assembling import Place, assemble, located
from autograder.notebooks.cells import Cell
from autograder.notebooks.parts import Kind, Part
from autograder.registry import Assignment, Course, Task

_CENT = 0.01
_SHOWN = 6
"""Tests that do not pass, told one by one, one of those that check the same; the first say what is wrong."""
_WRONG = "#cf222e"
_COLOURS = {Status.TODO: "#9a6700"}


@dataclass(frozen=True, slots=True)
class Line:
    """One test in a report: how it came out, what it checks, and one line for the student."""

    status: Status
    about: str
    message: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """How a task's tests came out, as the last value of a test cell.

    nbgrader reads the points from the value's text: its partial credit.

    Attributes:
        lines: one for each test.
        further: what is said before them.
    """

    task: Task
    points: float
    lines: tuple[Line, ...]
    further: tuple[Line, ...] = ()

    def __repr__(self) -> str:
        return f"{self.points:g}"

    def _repr_html_(self) -> str:
        """The report as a page shows it."""
        passed = [line for line in self.lines if line.status is Status.PASSED]
        others = [line for line in self.lines if line.status is not Status.PASSED]
        title = f"{self.task.id}: {len(passed)} of {len(self.lines)} tests pass"
        shown = list({line.about: line for line in reversed(others)}.values())[::-1][:_SHOWN]
        rows = "".join(map(_row, [*self.further, *shown]))
        if len(others) > len(shown):
            rows += f"<li>and {len(others) - len(shown)} more</li>"
        hint = f"<p><b>Hint:</b> {escape(self.task.hint)}</p>" if others else ""
        points = f"{self.points:g} of {self.task.points:g} points for these"
        return f"<p><b>{escape(title)}</b>, {points}</p><ul>{rows}</ul>{hint}{_passed(passed)}"


def _row(line: Line) -> str:
    mark = f'<b style="color: {_COLOURS.get(line.status, _WRONG)}">{line.status}</b>'
    said = f"<br><code>{escape(line.message)}</code>" if line.message else ""
    return f"<li>{mark} {escape(line.about)}{said}</li>"


def _passed(lines: Sequence[Line]) -> str:
    """What the tests that passed check, each said once, folded away."""
    if not lines:
        return ""
    rows = "".join(f"<li>{escape(about)}</li>" for about in dict.fromkeys(line.about for line in lines))
    return f"<details><summary>What passes</summary><ul>{rows}</ul></details>"


@dataclass(frozen=True, slots=True)
class Notebook:
    """What a notebook's cells are put together with.

    Attributes:
        parts: the pieces of each task module's stub, by module.
    """

    course: Course
    assignment: Assignment
    parts: Mapping[str, Sequence[Part]]

    def check(self, task: Task, cells: Sequence[Cell], hidden: Mapping[str, str]) -> Report:
        """Run a task's tests on these cells.

        Args:
            hidden: texts of test files that stand for the public ones of their names.
        """
        with self._tree(cells) as tree:
            fault = tree.faults.get(task.module)
            if fault:
                return Report(task, 0.0, (Line(Status.FAILED, task.title, fault),))
            tests = tree.root / "tests" / "tasks" / self.assignment.name
            shutil.copytree(self.course.tests / self.assignment.name, tests)
            for name, text in hidden.items():
                (tests / name).write_text(text, encoding="utf-8")
            names = [task.id, *task.aliases]
            run = run_tests(tree.root, tree.modules, [tests], names, _silent, hidden=bool(hidden))
            found = [(run.tests[node], run.outcomes[node]) for node in run.tests]
            return _report(task, found, tree.places, self._not_run(task, cells))

    def _not_run(self, task: Task, cells: Sequence[Cell]) -> list[Line]:
        """A line that names the task's cells that have not run, none where all have."""
        ran = {cell.id for cell in cells}
        pieces = [p for p in self.parts[task.module] if p.kind is Kind.SOLUTION and p.id not in ran]
        names = ", ".join(part.label for part in pieces)
        said = f"not run yet: {names}; run these cells, whose first lines name them"
        return [Line(Status.TODO, task.title, said)] if pieces else []

    def run(self, command: str, cells: Sequence[Cell]) -> int:
        """Run a module of the assignment as a program, on these cells; its exit code."""
        with self._tree(cells) as tree:
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tree.modules), *sys.path])}
            with subprocess.Popen(  # noqa: S603  (what the student asked for, in their own kernel)
                [sys.executable, "-m", *shlex.split(command)],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            ) as process:
                for line in process.stdout or ():
                    print(line, end="")
            return process.returncode

    @contextmanager
    def _tree(self, cells: Sequence[Cell]) -> Iterator[_Tree]:
        """A course's tree with the modules that the cells are."""
        with tempfile.TemporaryDirectory(prefix="autograder-") as name:
            tree = _Tree(Path(name).resolve(), {}, {})
            home = tree.modules / self.assignment.name
            shutil.copytree(
                self.assignment.folder, home, ignore=shutil.ignore_patterns("figures", "__pycache__")
            )
            for module, pieces in self.parts.items():
                found = assemble(pieces, cells)
                if found and found.fault:
                    tree.faults[module] = found.fault
                elif found:
                    (home / f"{module}.py").write_text(found.text, encoding="utf-8")
                    tree.places[module] = found.places
            yield tree


@dataclass(frozen=True, slots=True)
class _Tree:
    root: Path
    faults: dict[str, str]
    places: dict[str, tuple[Place, ...]]

    @property
    def modules(self) -> Path:
        """The folder that is imported from."""
        return self.root / "assignments"


def _silent(done: int, count: int, name: str) -> None:
    """Show nothing while tests run: to nbgrader, output is a result."""


def _report(
    task: Task,
    found: Sequence[tuple[Test, Outcome]],
    places: Mapping[str, Sequence[Place]],
    further: Sequence[Line],
) -> Report:
    passed = sum(test.weight for test, outcome in found if outcome.status is Status.PASSED)
    total = sum(test.weight for test, _ in found)
    whole = bool(found) and all(outcome.status is Status.PASSED for _, outcome in found)
    points = min(round(task.points * passed / total, 2), task.points - _CENT) if total else 0.0
    lines = [_line(test, outcome, places) for test, outcome in found]
    return Report(task, float(task.points) if whole else points, tuple(lines), tuple(further))


def _line(test: Test, outcome: Outcome, places: Mapping[str, Sequence[Place]]) -> Line:
    """What is shown of one test; of a hidden one that fails nothing but its sentence."""
    if test.hidden:
        passed = outcome.status is Status.PASSED
        return Line(outcome.status, "a hidden test" if passed else f"a hidden test: {test.hidden}")
    return Line(outcome.status, test.about, located(outcome.message, places))

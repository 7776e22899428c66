"""The course that all of them grade: tasks 1.1 to 1.4 of `scalar_autodiff`, its tests also as a list."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from autograder.grading.collected import Marks, collected
from autograder.registry import Course, find_course
from benchmarks.class_speed import NAME, ROOT, write_course
from benchmarks.peers import cases


@dataclass(frozen=True)
class Case:
    """One graded test: where it is, what it is called with, and the points that it gives.

    Attributes:
        name: as pytest reports it, with the parameters.
        parameters: a dictionary, written as Python writes it.
    """

    assignment: str
    task: str
    module: str
    function: str
    name: str
    parameters: str
    points: float


@dataclass(frozen=True)
class Exam:
    """The course on disk, and its tests."""

    course: Course
    tests: tuple[Case, ...]

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks' ids, in order."""
        return tuple(task.id for task in self.course.assignment(NAME).tasks)

    @property
    def max_points(self) -> float:
        """What a right submission gets."""
        return sum(task.points for task in self.course.assignment(NAME).tasks)

    def points_of_task(self, task: str) -> float:
        """What the tests of a task give together."""
        return round(sum(test.points for test in self.tests if test.task == task), 6)


def write_exam(folder: Path) -> Exam:
    """Write the course to `folder`, and beside its tests the list of them and the module that runs them."""
    course = write_course(folder)
    script = [sys.executable, "-m", "benchmarks.peers.course", str(folder)]
    subprocess.run(script, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    listed = (folder / cases.TESTS).read_text()
    shutil.copy(Path(cases.__file__), folder / "cases.py")
    return Exam(course, tuple(Case(**test) for test in json.loads(listed)))


class Lister:
    """The pytest plugin that lists the collected tests in a file, with the points that grading gives each."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """List in place of running."""
        assignment = find_course(session.config.rootpath).assignment(NAME)
        graded = collected(session.items, assignment)
        points = {task.id: task.points for task in assignment.tasks}
        tests = []
        for item in session.items:
            (task,) = {mark.name for mark in item.iter_markers()} & graded.keys()
            mark = item.get_closest_marker("weight")
            share = (mark.args[0] if mark else 1) / sum(test.weight for test in graded[task])
            tests.append(_test(item, task, share * points[task]))
        (session.config.rootpath / cases.TESTS).write_text(
            json.dumps([asdict(test) for test in tests], indent=1)
        )
        return True


def _test(item: pytest.Item, task: str, points: float) -> Case:
    assert isinstance(item, pytest.Function)
    parameters = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    assert ast.literal_eval(repr(parameters)) == parameters, f"{item.nodeid}: a parameter is no plain data"
    return Case(NAME, task, item.path.stem, item.originalname, item.name, repr(parameters), points)


if __name__ == "__main__":
    arguments = [
        "-c",
        os.devnull,
        "--rootdir",
        sys.argv[1],
        "-p",
        "autograder.testing.plugin",
        "-q",
        "-W",
        "ignore",
    ]
    arguments += ["-p", "no:cacheprovider", "-p", "no:timeout", f"{sys.argv[1]}/tests/tasks/{NAME}"]
    sys.exit(pytest.main(arguments, plugins=[Lister(), Marks()]))

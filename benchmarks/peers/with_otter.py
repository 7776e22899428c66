"""Otter-Grader: exception-based test files, graded by ``otter run`` (no container)."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from benchmarks.class_speed import NAME, Cost
from benchmarks.peers.harness import Graded, Modules, Setting, each_alone
from benchmarks.peers.submissions import write_tree

TEST_FILE = """\
import os
import sys

from otter.test_files import test_case

OK_FORMAT = False
name = "{task}"
points = None
all_or_nothing = False

sys.path.insert(0, {course!r})
from cases import cases

{tests}
"""
TEST = """\
@test_case(name={name!r}, points={points})
def test_{number:03}():
    cases({course!r}, os.getcwd()).run({number})
"""


class Otter:
    """An autograder.zip with one test file a task; the submission is a zip of a notebook and the modules."""

    package = "otter-grader"
    about = "`otter run` each, no container; one test file a task"
    grades_classes = False

    def prepare(self, setting: Setting) -> None:
        """Write the tests and generate the autograder."""
        self._setting = setting
        tests = setting.folder / "tests"
        tests.mkdir(parents=True)
        for task in setting.exam.tasks:
            (tests / f"{task}.py").write_text(self._test_file(task))
        generate = ["generate", "-t", "tests", "-o", "autograder.zip"]
        setting.must_run("otter", *generate, "--no-requirements", "--no-environment", "--no-config")

    def grade(self, student: str, modules: Modules) -> Graded:
        """Zip the submission, run Otter, add up the scores that it wrote."""
        folder = self._setting.folder / student
        write_tree(folder / "work", self._setting.exam.course.assignment(NAME), modules)
        nbformat.write(_notebook(), folder / "work" / f"{NAME}.ipynb")
        _zip(folder / "work", folder / "submission.zip")
        (folder / "results").mkdir()
        command = ["run", "-a", "autograder.zip", "-o", str(folder / "results"), "--no-logo"]
        ran = self._setting.run("otter", *command, str(folder / "submission.zip"))
        results = folder / "results" / "results.json"
        return Graded(_score(results) if results.is_file() else None, ran)

    def grade_class(self, submissions: Sequence[Modules]) -> Cost:
        """``otter grade`` takes a class but needs Docker, so: a command each."""
        return each_alone(self, submissions)

    def _test_file(self, task: str) -> str:
        exam = self._setting.exam
        course = str(exam.course.root)
        tests = [
            TEST.format(name=test.name, points=test.points, number=number, course=course)
            for number, test in enumerate(exam.tests)
            if test.task == task
        ]
        return TEST_FILE.format(task=task, course=course, tests="\n\n".join(tests))


def _notebook() -> nbformat.NotebookNode:
    """The notebook that students hand in beside their modules."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = nbformat.v4.new_code_cell("import scalar_autodiff")
    return nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})


def _zip(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(folder.rglob("*.*")):
            file.write(path, path.relative_to(folder))


def _score(results: Path) -> float:
    """The points, from a file in Gradescope's format."""
    found = json.loads(results.read_text())
    return float(found["score"] if "score" in found else sum(test.get("score", 0) for test in found["tests"]))

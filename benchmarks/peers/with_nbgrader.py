"""nbgrader: a notebook with one graded cell a task, the student's modules beside it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence

import nbformat

from benchmarks.class_speed import NAME, Cost
from benchmarks.peers.harness import Graded, HarnessFailedError, Modules, Setting
from benchmarks.peers.submissions import write_tree

CONFIGURATION = """\
c = get_config()
c.CourseDirectory.course_id = "kit"
c.CourseDirectory.root = {root!r}
c.ExecutePreprocessor.timeout = {timeout_s}
"""
TEST_CELL = """\
import os
import sys

sys.path.insert(0, {course!r})
from cases import cases

cases({course!r}, os.getcwd()).points("{task}")
"""


class Nbgrader:
    """``nbgrader autograde``; a cell's value is its partial credit."""

    package = "nbgrader"
    about = "`nbgrader autograde`; one graded cell a task, its value is its partial credit"
    grades_classes = True

    def prepare(self, setting: Setting) -> None:
        """Write the notebook and generate the assignment."""
        self._setting, self._classes = setting, 0
        source = setting.folder / "source" / NAME
        source.mkdir(parents=True)
        nbformat.write(self._notebook(), source / f"{NAME}.ipynb")
        timeout_s = int(setting.limit_s / len(setting.exam.tasks))
        configuration = CONFIGURATION.format(root=str(setting.folder), timeout_s=timeout_s)
        (setting.folder / "nbgrader_config.py").write_text(configuration)
        setting.must_run("nbgrader", "generate_assignment", NAME)

    def grade(self, student: str, modules: Modules) -> Graded:
        """Autograde one student, read the score that the gradebook exports."""
        self._hand_in(student, modules)
        ran = self._setting.run("nbgrader", "autograde", NAME, "--student", student)
        return Graded(self._scores().get(student), ran)

    def grade_class(self, submissions: Sequence[Modules]) -> Cost:
        """Autograde a class in one command, which skips whom it has graded before.

        Raises:
            HarnessFailedError: one got no grade.
        """
        self._classes += 1
        students = [f"class{self._classes}_{number:03}" for number in range(len(submissions))]
        for student, modules in zip(students, submissions, strict=True):
            self._hand_in(student, modules)
        ran = self._setting.run("nbgrader", "autograde", NAME, times=len(students))
        if ran.exit_code != 0 or not set(students) <= self._scores().keys():
            raise HarnessFailedError(f"nbgrader autograde: exit code {ran.exit_code}: {ran.said}")
        return Cost(ran.cost.wall_s / len(students), ran.cost.cpu_s / len(students))

    def _hand_in(self, student: str, modules: Modules) -> None:
        folder = self._setting.folder
        place = folder / "submitted" / student / NAME
        shutil.copytree(folder / "release" / NAME, place)
        write_tree(place, self._setting.exam.course.assignment(NAME), modules)

    def _scores(self) -> dict[str, float]:
        """The score of each student who has a grade; one whose kernel died has a row but no submission."""
        table = self._setting.folder / "grades.csv"
        self._setting.must_run("nbgrader", "export", "--to", str(table))
        with table.open(newline="") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    def _notebook(self) -> nbformat.NotebookNode:
        exam = self._setting.exam
        points = {task.id: task.points for task in exam.course.assignment(NAME).tasks}
        cells = [_cell("import scalar_autodiff", "beginning", None)]
        for task in exam.tasks:
            source = TEST_CELL.format(course=str(exam.course.root), task=task)
            cells.append(_cell(source, task, points[task]))
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _cell(source: str, grade_id: str, points: int | None) -> nbformat.NotebookNode:
    """A code cell with nbgrader's metadata: a test's with points, or read-only."""
    metadata = {"schema_version": 3, "grade_id": grade_id, "solution": False, "task": False}
    metadata |= {"grade": points is not None, "locked": True, "cell_type": "code"}
    if points is not None:
        metadata["points"] = points
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata})

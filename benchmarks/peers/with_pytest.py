"""Bare pytest: a fresh process each, the grade from its JUnit report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.class_speed import NAME, Cost
from benchmarks.peers.harness import Graded, Modules, Setting, each_alone
from benchmarks.peers.submissions import write_tree


class Pytest:
    """``pytest --junitxml`` on the graded tests; a test that is not reported as passed gives nothing."""

    package = "pytest"
    about = "a fresh process each; the grade is computed from the JUnit report"
    grades_classes = False

    def prepare(self, setting: Setting) -> None:
        """Nothing but to keep the setting."""
        self._setting = setting

    def grade(self, student: str, modules: Modules) -> Graded:
        """Run the tests against the student's tree."""
        exam, folder = self._setting.exam, self._setting.folder / student
        write_tree(folder, exam.course.assignment(NAME), modules)
        report = folder / "report.xml"
        command = ["pytest", f"tests/tasks/{NAME}", "-q", "-p", "no:cacheprovider"]
        command += ["--against", str(folder), f"--junitxml={report}"]
        ran = self._setting.run(*command, cwd=exam.course.root)
        return Graded(self._points(report) if report.is_file() else None, ran)

    def grade_class(self, submissions: Sequence[Modules]) -> Cost:
        """There is no class: a process each."""
        return each_alone(self, submissions)

    def _points(self, report: Path) -> float:
        passed = {
            (case.attrib["classname"].rpartition(".")[2], case.attrib["name"])
            for case in ET.parse(report).iter("testcase")  # noqa: S314  (no more hostile than the code just run)
            if not len(case) or {child.tag for child in case} <= {"system-out", "system-err", "properties"}
        }
        tests = self._setting.exam.tests
        return sum(test.points for test in tests if (test.module, test.name) in passed)

"""gradescope-utils: unittest cases with weights, run as Gradescope's ``run_autograder`` would run them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from benchmarks.class_speed import NAME, Cost
from benchmarks.peers.harness import Graded, Modules, Setting, each_alone
from benchmarks.peers.submissions import write_tree

RUN_TESTS = '''\
"""The tests of the assignment; writes ../results/results.json."""

import os
import sys
import unittest

from gradescope_utils.autograder_utils.decorators import number, weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

sys.path.insert(0, {course!r})
from cases import cases


class Graded(unittest.TestCase):
    """One test for each of the course's."""

{tests}

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Graded)
    with open("../results/results.json", "w") as results:
        JSONTestRunner(visibility="visible", stream=results).run(suite)
'''
TEST = '''\
    @weight({points})
    @number("{number}")
    def test_{number:03}(self):
        """{name}"""
        cases({course!r}, os.getcwd()).run({number})
'''


class Gradescope:
    """A fresh process in Gradescope's folders; without their container, which they make for each."""

    package = "gradescope-utils"
    about = "a fresh process each in Gradescope's folders, without its container"
    grades_classes = False

    def prepare(self, setting: Setting) -> None:
        """Write the test cases."""
        self._setting = setting
        course = str(setting.exam.course.root)
        tests = "\n".join(
            TEST.format(points=test.points, number=number, name=test.name, course=course)
            for number, test in enumerate(setting.exam.tests)
        )
        self._script = RUN_TESTS.format(course=course, tests=tests)

    def grade(self, student: str, modules: Modules) -> Graded:
        """Lay the folders out, run the tests, read the score that the runner wrote."""
        folder = self._setting.folder / student
        source, results = folder / "source", folder / "results" / "results.json"
        write_tree(source, self._setting.exam.course.assignment(NAME), modules)
        results.parent.mkdir(parents=True)
        (source / "run_tests.py").write_text(self._script)
        ran = self._setting.run("python", "run_tests.py", cwd=source)
        text = results.read_text() if results.is_file() else ""
        return Graded(float(json.loads(text)["score"]) if text else None, ran)

    def grade_class(self, submissions: Sequence[Modules]) -> Cost:
        """There is no class: a process each."""
        return each_alone(self, submissions)

"""The graded tests as plain calls, for harnesses that are not pytest.

Stands beside the course in each peer's environment and needs nothing of the benchmarks: its test cells,
test files and test cases are lines such as ``Cases(COURSE, MODULES).run(17)``.
"""

from __future__ import annotations

import ast
import importlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from autograder.testing.asking import use
from autograder.testing.plugin import OwnRun, ProbeFinder

TESTS = "tests.json"


class Cases:
    """The tests of the course in the folder `course`, against the modules below the folder `modules`.

    Attributes:
        tests: of each its task, module, function, parameters and points.
    """

    def __init__(self, course: str, modules: str) -> None:
        self.tests: list[dict[str, Any]] = json.loads((Path(course) / TESTS).read_text())
        tests = Path(course) / "tests" / "tasks"
        sys.path[:0] = [modules, *sorted({str(tests / test["assignment"]) for test in self.tests})]
        sys.meta_path.append(ProbeFinder(tests))
        use(OwnRun(lambda file: file.startswith(modules)))

    def run(self, number: int) -> None:
        """Run a test.

        Raises:
            AssertionError: it failed, whatever it was that ended it.
        """
        test = self.tests[number]
        function = getattr(importlib.import_module(test["module"]), test["function"])
        try:
            function(**ast.literal_eval(test["parameters"]))
        except KeyboardInterrupt:  # (nbgrader's way to end a cell)
            raise
        except BaseException as fault:  # (a TODO is no Exception; harnesses count what is)
            raise AssertionError(f"{type(fault).__name__}: {fault}") from None

    def points(self, task: str) -> float:
        """The points gained in a task."""
        return round(
            sum(
                test["points"]
                for number, test in enumerate(self.tests)
                if test["task"] == task and self._passes(number)
            ),
            6,
        )

    def _passes(self, number: int) -> bool:
        try:
            self.run(number)
        except AssertionError:
            return False
        return True


@cache
def cases(course: str, modules: str) -> Cases:
    """The tests, set up once in a process."""
    return Cases(course, modules)

"""Runs the graded tests on every known-wrong solution, each in a child forked from one warm process.

    python tests/autograder/wrong_solutions_runs.py ROOT ASSIGNMENT [TASK/MISTAKE ...]

Prints one JSON object: for ``reference`` and for each ``<task>/<mistake>`` the names of the tests that
failed, by task. A child that does not end in time has failed nothing and counts as ``{"killed": [...]}``.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from autograder.grading.collected import GradedTest, Marks, collected, properties
from autograder.grading.worker import LEFT_OUT
from autograder.registry import Assignment, find_course
from autograder.testing.asking import LocalSession, use
from autograder.testing.bodies import Example

SECONDS = 90
# The processor time of one test; a solution that walks 10^12 paths has failed by then, and the next test goes on.
TEST_SECONDS = 2.0


class Replaying(LocalSession):
    """A student's own run, on examples that were drawn once for all runs."""

    def __init__(self) -> None:
        super().__init__(own_files=lambda _: False)
        self._drawn: dict[str, list[Example]] = {}

    def replay(self, name: str, draw: Callable[[int], list[Example]]) -> list[Example]:  # type: ignore[override]
        """The test's examples of seed 0."""
        if name not in self._drawn:
            self._drawn[name] = draw(0)
        return self._drawn[name]


class Runs:
    """The pytest plugin that collects the tests once and runs them on one tree after another.

    Attributes:
        failed: what is printed.
    """

    def __init__(self, root: Path, assignment: Assignment, wrong: Sequence[str]) -> None:
        self._root, self._assignment, self._wrong = root, assignment, wrong
        self.failed: dict[str, dict[str, list[str]]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        tests, replaying = collected(session.items, self._assignment), Replaying()
        use(replaying)
        for name, test in properties(tests).items():
            replaying.replay(name, test.draw)
        gc.collect()
        gc.freeze()  # a child that looks for what is alive need not look through all of pytest
        self.failed["reference"] = self._run(None, tests)
        for name in self._wrong:
            wrong = self._root / "tests" / "wrong" / self._assignment.name / f"{name}.py"
            self.failed[name] = self._run(wrong, tests)
        return True

    def _run(self, wrong: Path | None, tests: dict[str, list[GradedTest]]) -> dict[str, list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder)
            shutil.copytree(self._assignment.folder, tree / self._assignment.name)
            if wrong:
                module = self._assignment.task(wrong.parent.name).module
                shutil.copy(wrong, tree / self._assignment.name / f"{module}.py")
            return _in_a_child(tree, tests)


def _in_a_child(tree: Path, tests: dict[str, list[GradedTest]]) -> dict[str, list[str]]:
    report = tree / "failed.json"
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        sys.path.insert(0, str(tree))
        signal.signal(signal.SIGVTALRM, _too_long)
        failed = {task: [test.name for test in found if _fault(test)] for task, found in tests.items()}
        report.write_text(json.dumps({task: names for task, names in failed.items() if names}))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return json.loads(report.read_text()) if report.exists() else {"killed": [str(status)]}


def _fault(test: GradedTest) -> BaseException | None:
    # (again and again: what the student's side raises is an answer, and the next example begins)
    signal.setitimer(signal.ITIMER_VIRTUAL, TEST_SECONDS, TEST_SECONDS)
    try:
        return test.fault()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)


def _too_long(*_: object) -> None:
    raise TimeoutError


def main(root: str, name: str, *wrong: str) -> None:
    course = find_course(Path(root))
    runs = Runs(course.root, course.assignment(name), wrong)
    arguments = ["-c", os.devnull, "--rootdir", root, "--strict-markers", "-p", "autograder.testing.plugin"]
    arguments += [word for plugin in LEFT_OUT for word in ("-p", f"no:{plugin}")]
    pytest.main([*arguments, "-s", str(course.tests / name)], plugins=[runs, Marks()])
    print(json.dumps(runs.failed))


if __name__ == "__main__":
    main(*sys.argv[1:])

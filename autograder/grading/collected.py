"""The graded tests as pytest collected them, fixed before any student's code is loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from autograder.errors import CourseError
from autograder.registry import Assignment
from autograder.testing.examples import PropertyTest, YieldingTest

FORBIDDEN = ("skip", "skipif", "xfail")


@dataclass(frozen=True, slots=True)
class GradedTest:
    """One test.

    Attributes:
        name: as scores show it; a hidden test is only numbered.
        hidden: the sentence that a student reads when a hidden test fails, None for a public test.
        yielding: the function, where its body yields its questions and so can be run beside others.
    """

    function: Callable[..., None]
    arguments: dict[str, object]
    name: str
    weight: float
    hidden: str | None
    yielding: YieldingTest | None

    def fault(self) -> BaseException | None:
        """Run the test; the exception that ended it, None if it passed.

        pytest's protocol of a test (set-up, fixtures, reports) would cost half a millisecond a test and
        has nothing to do here: a graded test has no fixtures.
        """
        try:
            self.function(**self.arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as fault:  # a verdict, whatever it is: pytest's own outcomes are no Exception
            return fault
        return None


def collected(items: Sequence[pytest.Item], assignment: Assignment) -> dict[str, list[GradedTest]]:
    """Each task's tests, in order.

    Raises:
        CourseError: a test without exactly one task, one that could be skipped, a task without tests,
            or a test module that imports the student's code into its own process.
    """
    if assignment.name in sys.modules:
        raise CourseError(
            f"a test of {assignment.name} imports the student's code; ask for it with student_module()"
        )
    found: dict[str, list[pytest.Item]] = {task.id: [] for task in assignment.tasks}
    for item in items:
        found[_task(item, assignment)].append(item)
    for task, tests in found.items():
        if not tests:
            raise CourseError(f"{task}: no test is marked with it; write one or take the task out")
    return {task: _graded(tests) for task, tests in found.items()}


def properties(tests: Mapping[str, Sequence[GradedTest]]) -> dict[str, PropertyTest]:
    """The property tests by name; parametrizations of one share it and its examples."""
    functions: list[object] = [test.function for found in tests.values() for test in found]
    return {function.property_name: function for function in functions if isinstance(function, PropertyTest)}


def _task(item: pytest.Item, assignment: Assignment) -> str:
    names = {name: task.id for task in assignment.tasks for name in (task.id, *task.aliases)}
    marked = {names[mark.name] for mark in item.iter_markers() if mark.name in names}
    if len(marked) != 1:
        raise CourseError(f"{item.nodeid}: marked with {len(marked)} tasks; a test belongs to exactly one")
    for mark in item.iter_markers():
        if mark.name in FORBIDDEN:
            raise CourseError(
                f"{item.nodeid}: a graded test is never left out; take the mark {mark.name} off"
            )
    return marked.pop()


def _graded(tests: Sequence[pytest.Item]) -> list[GradedTest]:
    graded, hidden_tests = [], 0
    for item in tests:
        weight, hidden = item.get_closest_marker("weight"), item.get_closest_marker("hidden")
        hidden_tests += hidden is not None
        function, arguments = _called(item)
        graded.append(
            GradedTest(
                function=function,
                arguments=arguments,
                name=f"hidden test {hidden_tests}" if hidden else item.name,
                weight=float(weight.args[0]) if weight else 1.0,
                hidden=str(hidden.args[0]) if hidden else None,
                yielding=_yielding(function),
            )
        )
    return graded


def _yielding(function: object) -> YieldingTest | None:
    return function if isinstance(function, YieldingTest) else None


def _called(item: pytest.Item) -> tuple[Callable[..., None], dict[str, object]]:
    """The test's function and its parameters."""
    parameters: dict[str, object] = item.callspec.params if hasattr(item, "callspec") else {}
    fixtures = set(getattr(item, "fixturenames", ())) - set(parameters)
    if not isinstance(item, pytest.Function) or fixtures:
        what = f"uses {', '.join(sorted(fixtures))}" if fixtures else "is no function"
        raise CourseError(
            f"{item.nodeid}: {what}; a graded test takes parameters only, its probes do the rest"
        )
    return item.obj, dict(parameters)


class Marks:
    """Declares the mark of pytest-timeout, which grading does without: its deadlines are the channel's."""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the mark."""
        config.addinivalue_line("markers", "timeout(seconds): for a student's own run")

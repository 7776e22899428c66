"""The pytest plugin of the graded tests: marks from the registry, a student's code, readable failures.

``pytest --against DIR`` runs the graded tests against the modules in DIR instead of the course's own
tree (``solutions/`` at an author's, ``assignments/`` at a student's).
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Generator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.registry import Course, find_course
from autograder.testing.asking import LocalSession, Raised, current, use
from autograder.testing.checks import CheckFailed
from autograder.testing.explaining import explain

PROBES = "_probes"


class ProbeFinder(MetaPathFinder):
    """Imports ``scalar_autodiff_probes`` from ``tests/tasks/scalar_autodiff/probes.py``.

    Args:
        tests: the folder ``tests/tasks``.
    """

    def __init__(self, tests: Path) -> None:
        self._tests = tests

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """The spec of an assignment's probes, None for any other module."""
        source = self._tests / name.removesuffix(PROBES) / "probes.py"
        if name.endswith(PROBES) and source.is_file():
            return importlib.util.spec_from_file_location(name, source)
        return None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--against``."""
    parser.getgroup("autograder").addoption(
        "--against", type=Path, metavar="DIR", help="the modules to test (default: the course's own tree)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register each task's mark and make the student's modules answer the tests' questions."""
    config.addinivalue_line("markers", "hidden(message): never released; a failure shows only the message")
    config.addinivalue_line("markers", "weight(n): the test's share of its task's points (default 1)")
    try:
        course = find_course(config.rootpath)
    except CourseError:
        return
    for name, line in marks(course).items():
        config.addinivalue_line("markers", f"{name}: {line}")
    modules = (config.getoption("--against") or course.modules).resolve()
    if not modules.is_dir():
        raise pytest.UsageError(f"--against {modules}: no such folder")
    sys.path.insert(0, str(modules))
    sys.meta_path.append(ProbeFinder(course.tests))
    use(LocalSession(lambda file: Path(file).is_relative_to(modules)))


def marks(course: Course) -> dict[str, str]:
    """Each pytest mark that the registry declares, aliases included, with its task's title."""
    return {
        name: task.title
        for assignment in course.assignments
        for task in assignment.tasks
        for name in (task.id, *task.aliases)
    }


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,  # noqa: ARG001  (pytest passes hooks' arguments by name)
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show a failed check as its one line, and an error of the student's as their own traceback."""
    report = yield
    fault = call.excinfo.value if call.excinfo else None
    if isinstance(fault, CheckFailed):
        report.longrepr = str(fault)
    elif isinstance(fault, Raised):
        session = current()
        error = session.last_error if isinstance(session, LocalSession) else None
        report.longrepr = explain(fault, error)
    return report

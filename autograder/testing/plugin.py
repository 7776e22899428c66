"""The pytest plugin of the graded tests: marks from the registry, a student's code, readable failures.

``pytest --against DIR`` runs the graded tests against the modules in DIR instead of the course's own
tree (``solutions/`` at an author's, ``assignments/`` at a student's).
"""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.registry import Course, find_course
from autograder.testing.asking import Answer, LocalSession, Question, Raised, current, use
from autograder.testing.checks import CheckFailed
from autograder.testing.explaining import explain, one_line, todo_task

PROBES = "_probes"
ALIASES = pytest.StashKey[Mapping[str, Sequence[str]]]()


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


class Stopped(BaseException):
    """There is no point in calling the student's code again: it is a TODO, does not parse, hung or quit.

    No `Exception`, since hypothesis would go on to look for a simpler example, and without a time limit.

    Attributes:
        verdict: ``"todo"``, ``"failed"``, ``"timeout"`` or ``"crashed"``.
        raised: what the code raised, if anything.
    """

    def __init__(self, verdict: str, message: str, raised: Raised | None = None) -> None:
        super().__init__(message)
        self.verdict, self.raised = verdict, raised


class OwnRun(LocalSession):
    """A student's own run: their code in this process, stopped at a test's time limit.

    Args:
        own_files: tells whether a file name is the student's.

    Attributes:
        drawn: examples by property test; such a test is run on them alone, as at grading.
    """

    def __init__(self, own_files: Callable[[str], bool]) -> None:
        super().__init__(own_files)
        self._own_files = own_files
        self.drawn: dict[str, list[dict[str, object]]] = {}

    def replay(  # type: ignore[override]
        self,
        name: str,
        draw: Callable[[int], list[dict[str, object]]],  # noqa: ARG002  (the protocol's)
    ) -> list[dict[str, object]] | None:
        """The examples that were drawn of the test; None lets hypothesis search and shrink."""
        return self.drawn.get(name)

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers, in order.

        Raises:
            Stopped: the student's code is still to do, does not parse, took too long, or called for an exit.
        """
        for answer in (answers := self._ask(questions)):
            if isinstance(answer, Raised) and todo_task(answer):
                raise Stopped("todo", one_line(answer), answer)
            if isinstance(answer, Raised) and answer.kind == "SyntaxError":
                raise Stopped("failed", one_line(answer), answer)
        return answers

    def _ask(self, questions: Sequence[Question]) -> list[Answer]:
        try:
            return super().ask(questions)
        except SystemExit as error:
            raise Stopped("crashed", f"your code ended the program (exit){self._place(error)}") from None
        except pytest.fail.Exception as error:  # (pytest-timeout raises it in whatever runs)
            limit = re.search(r">([\d.]+)s", str(error))
            within = f" within {float(limit[1]):g} s" if limit else ""
            raise Stopped(
                "timeout", f"no answer{within}{self._place(error)}: does a loop or a recursion never end?"
            ) from None

    def _place(self, error: BaseException) -> str:
        """Where in the student's files it happened, as the end of a phrase."""
        frames = [f for f in traceback.extract_tb(error.__traceback__) if self._own_files(f.filename)]
        return f", {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""


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
    config.stash[ALIASES] = {
        task.id: task.aliases for assignment in course.assignments for task in assignment.tasks
    }
    modules = (config.getoption("--against") or course.modules).resolve()
    if not modules.is_dir():
        raise pytest.UsageError(f"--against {modules}: no such folder")
    sys.path.insert(0, str(modules))
    sys.meta_path.append(ProbeFinder(course.tests))
    use(OwnRun(lambda file: Path(file).is_relative_to(modules)))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give a task's test the names that the source documents have for the task."""
    aliases = item.config.stash.get(ALIASES, {})
    for mark in list(item.iter_markers()):
        for alias in aliases.get(mark.name, ()):
            item.add_marker(alias)


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
    while isinstance(fault, BaseExceptionGroup):  # (hypothesis found several failures; one is enough)
        fault = fault.exceptions[0]
    if isinstance(fault, CheckFailed | Stopped):
        report.longrepr = str(fault)
    elif isinstance(fault, Raised):
        session = current()
        error = session.last_error if isinstance(session, LocalSession) else None
        report.longrepr = explain(fault, error)
    return report

"""The pytest plugin that reports each test as it begins and ends, so that a crash loses only one.

Loaded by `autograder.checking.running`, with ``-p autograder.checking.reporter``.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

import msgspec
import pytest

from autograder.checking.events import Collected, Event, Outcome, Started, Status, Test, Uncollected
from autograder.errors import KitError
from autograder.memory import BARE_BYTES, SUBMISSION_BYTES, grow_at_most
from autograder.testing.asking import Raised
from autograder.testing.explaining import one_line, todo_task
from autograder.testing.plugin import Stopped

NO_LIMIT = 600.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add where to report, and which tests are done already."""
    group = parser.getgroup("autograder")
    group.addoption("--autograder-log", type=Path, help="the file that events are appended to")
    group.addoption("--autograder-done", type=Path, help="a file with the ids of tests not to run again")
    group.addoption("--autograder-hidden", action="store_true", help="run hidden tests too")


def pytest_configure(config: pytest.Config) -> None:
    """Report from now on."""
    if log := config.getoption("--autograder-log"):
        done = config.getoption("--autograder-done").read_text(encoding="utf-8").split("\n")
        hidden = bool(config.getoption("--autograder-hidden"))
        config.pluginmanager.register(Reporter(log, frozenset(done), hidden=hidden))


class Reporter:
    """Appends events to a file.

    Args:
        log: the file.
        done: ids of tests that are not run.
        hidden: run hidden tests too.
    """

    def __init__(self, log: Path, done: frozenset[str], *, hidden: bool = False) -> None:
        self._log, self._done, self._hidden = log, done, hidden
        self._faults: dict[str, BaseException | None] = {}
        self._began = 0.0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out hidden tests that were not asked for, and those that ran before."""
        left_out = [item for item in items if self._is_left_out(item)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)

    def _is_left_out(self, item: pytest.Item) -> bool:
        return item.nodeid in self._done or not (self._hidden or item.get_closest_marker("hidden") is None)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Report a file that cannot be collected."""
        if report.failed:
            lines = [line for line in report.longreprtext.splitlines() if line.strip()]
            self._write(Uncollected(report.nodeid, lines[-1].removeprefix("E").strip() if lines else ""))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Report the tests to come; from now on it is the student's code that takes memory."""
        for item in session.items:
            self._write(_described(item))
        self._write(Collected())
        grow_at_most(SUBMISSION_BYTES - BARE_BYTES)  # as at grading, so that what fails there fails here

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Report that a test begins."""
        self._began = time.perf_counter()
        self._write(Started(nodeid))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the first fault of a test's set-up, call and tear-down."""
        if call.excinfo:
            self._faults.setdefault(item.nodeid, call.excinfo.value)
        return (yield)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Report how a test came out."""
        outcome = outcome_of(nodeid, self._faults.pop(nodeid, None))
        duration = round(time.perf_counter() - self._began, 4)
        self._write(msgspec.structs.replace(outcome, duration_s=duration))

    def _write(self, event: Event) -> None:
        with self._log.open("ab") as log:
            log.write(msgspec.json.encode(event) + b"\n")


def outcome_of(node: str, fault: BaseException | None) -> Outcome:
    """What the exception that ended a test says about it; none means that it passed."""
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    match fault:
        case None:
            return Outcome(node, Status.PASSED)
        case Stopped(raised=Raised() as raised):
            file = raised.file if fault.verdict == "failed" else ""
            return Outcome(node, Status(fault.verdict), str(fault), todo_task(raised) or "", file)
        case Stopped():
            return Outcome(node, Status(fault.verdict), str(fault))
        case Raised():
            return Outcome(node, Status.FAILED, one_line(fault))
        case pytest.skip.Exception():
            return Outcome(node, Status.SKIPPED, _line(str(fault)))
        case pytest.fail.Exception() if "pytest-timeout" in str(fault):
            return Outcome(node, Status.TIMEOUT, "the test took too long; is your code very slow?")
        case KitError():
            return Outcome(node, Status.ERROR, f"the course's fault, not yours: {_line(str(fault))}")
        case AssertionError():
            return Outcome(node, Status.FAILED, _line(str(fault)))
    return Outcome(node, Status.FAILED, _line(f"{type(fault).__name__}: {fault}"))


def _line(text: str) -> str:
    return text.strip().split("\n")[0]


def _described(item: pytest.Item) -> Test:
    function = getattr(item, "function", None)
    docstring = (getattr(function, "__doc__", None) or "").strip()
    weight, hidden = item.get_closest_marker("weight"), item.get_closest_marker("hidden")
    words = item.name.partition("[")[0].removeprefix("test_").replace("_", " ")
    return Test(
        node=item.nodeid,
        name=item.name,
        about=docstring.split("\n")[0] or words,
        marks=tuple(mark.name for mark in item.iter_markers()),
        limit_s=_limit(item),
        weight=float(weight.args[0]) if weight else 1.0,
        hidden=str(hidden.args[0]) if hidden else "",
    )


def _limit(item: pytest.Item) -> float:
    mark = item.get_closest_marker("timeout")
    given = (
        (mark.args[0] if mark.args else mark.kwargs.get("timeout")) if mark else item.config.getini("timeout")
    )
    return float(given or NO_LIMIT)

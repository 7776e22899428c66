"""The pytest plugin of a warm process: the tests are collected once, and each order is run in a fork.

Loaded by `autograder.checking.warm`. The student's modules are imported in the forks alone, anew in each.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path

import msgspec
import pytest

from autograder.checking.reporter import Reporter
from autograder.testing.asking import current
from autograder.testing.examples import PropertyTest
from autograder.testing.plugin import OwnRun

PAUSE_S = 0.01
SEED = 0


class Order(msgspec.Struct, frozen=True):
    """What to run.

    Attributes:
        marks: the tests with one of these.
        quick: property tests run on examples that were drawn before, without a search for simpler ones.
        log: where events go.
        done: a file with the ids of tests not to run again.
    """

    marks: tuple[str, ...]
    quick: bool
    log: str
    done: str


class Reply(msgspec.Struct, frozen=True):
    """A fork's process id when it begins, its exit code (a signal's below 0) when it has ended."""

    pid: int
    code: int | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add where orders come from."""
    parser.getgroup("autograder").addoption("--autograder-orders", type=int, help="a socket's descriptor")


def pytest_configure(config: pytest.Config) -> None:
    """Take orders from now on."""
    config.pluginmanager.register(Forking(config.getoption("--autograder-orders")))


class Forking:
    """Runs each order in a fork of this process.

    Args:
        descriptor: of the socket that orders come from.
    """

    def __init__(self, descriptor: int) -> None:
        self._orders = socket.socket(fileno=descriptor)
        self._failed: list[pytest.CollectReport] = []
        self._undrawn: dict[str, PropertyTest] = {}
        self._drawn: dict[str, list[dict[str, object]]] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what could not be collected; each order's answer tells it."""
        if report.failed:
            self._failed.append(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Heed orders until there can be no more."""
        functions = [getattr(item, "function", None) for item in session.items]
        self._undrawn = {test.property_name: test for test in functions if isinstance(test, PropertyTest)}
        gc.collect()
        gc.freeze()
        while order := self._orders.recv(1 << 16):
            self._heed(session, msgspec.json.decode(order, type=Order))
        return True

    def _heed(self, session: pytest.Session, order: Order) -> None:
        child = os.fork()
        if child == 0:
            self._orders.close()
            self._run(session, order)
        self._orders.send(msgspec.json.encode(Reply(child)))
        while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if self._undrawn and not order.quick:
                name, test = self._undrawn.popitem()
                self._drawn[name] = test.draw(SEED)
            elif select.select([self._orders], [], [], PAUSE_S)[0]:
                os.kill(child, signal.SIGKILL)  # (whoever ordered is gone: nothing is ordered before a reply)
                break
        _, status = os.waitpid(child, 0)
        self._orders.send(msgspec.json.encode(Reply(child, os.waitstatus_to_exitcode(status))))

    def _run(self, session: pytest.Session, order: Order) -> None:
        """Run the tests in this fork and end it."""
        sys.dont_write_bytecode = (
            True  # (one written for a file that is saved twice in a second would be stale)
        )
        own = current()
        if order.quick and isinstance(own, OwnRun):
            own.drawn = self._drawn
        code = 1
        try:
            self._report(session, order)
            code = 0
        except (
            BaseException
        ):  # (a student's own KeyboardInterrupt among them: whoever ordered charges the test)
            traceback.print_exc()
        finally:
            os._exit(code)

    def _report(self, session: pytest.Session, order: Order) -> None:
        done = Path(order.done).read_text(encoding="utf-8").split("\n")
        reporter = Reporter(Path(order.log), frozenset(done))
        session.config.pluginmanager.register(reporter)
        for failed in self._failed:
            reporter.pytest_collectreport(failed)
        wanted = [item for item in session.items if any(item.get_closest_marker(m) for m in order.marks)]
        reporter.pytest_collection_modifyitems(session.config, wanted)
        session.items = wanted
        reporter.pytest_collection_finish(session)
        for item, following in zip(wanted, [*wanted[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

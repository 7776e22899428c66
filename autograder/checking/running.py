"""Running the tests in a process of their own, which a student's code may hang or bring down.

Where it does, the test that ran is charged, and a new process goes on with the next. Nothing here needs
more than `subprocess`: it works where there is no fork.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from autograder.checking.events import Collected, Event, Outcome, Started, Status, Test, Uncollected
from autograder.errors import CourseError

GRACE_S = 2.0
POLL_S = 0.03

Show = Callable[[int, int, str], None]


@dataclass
class Run:
    """The tests, and how they came out so far.

    Attributes:
        tests: by id, in pytest's order.
        outcomes: by id.
        uncollected: test files that pytest cannot read.
    """

    tests: dict[str, Test] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    uncollected: dict[str, str] = field(default_factory=dict)
    collected: bool = False

    @property
    def pending(self) -> list[Test]:
        """The tests without an outcome."""
        return [test for node, test in self.tests.items() if node not in self.outcomes]


class Process(Protocol):
    """A process that runs tests."""

    returncode: int

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""


class Halted(Exception):  # noqa: N818  (no error: what was running is no longer wanted)
    """The run was given up before its end."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where a process writes events and its output, and where it reads which tests are done."""

    log: Path
    done: Path
    output: Path


Launch = Callable[[Files], AbstractContextManager[Process]]
"""Starts a process that runs what is pending; leaving the context ends it."""


def run_tests(  # noqa: PLR0913  (what to run, on what, and how)
    root: Path,
    modules: Path,
    paths: Sequence[Path],
    marks: Sequence[str],
    show: Show,
    *,
    hidden: bool = False,
) -> Run:
    """Run the tests of some tasks to the end, whatever the student's code does.

    Args:
        root: the course's folder.
        modules: the tree of modules to test.
        paths: the folders of the tests.
        marks: run the tests with one of these marks.
        show: called with how many tests are done, how many there are, and what runs.
        hidden: run hidden tests too, where they are.

    Raises:
        CourseError: the tests cannot be started at all.
    """
    options = ["--autograder-hidden"] if hidden else []
    return run_to_the_end(fresh_processes(root, modules, paths, marks, options), show)


def run_to_the_end(launch: Launch, show: Show, halt: Callable[[], bool] = lambda: False) -> Run:
    """Launch processes until every test has an outcome.

    Args:
        halt: asked again and again; the run is given up when it says so.

    Raises:
        CourseError: the tests cannot be started at all.
        Halted: `halt` said so.
    """
    run = Run()
    with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
        attempt = _Attempt(run, Path(scratch), show, halt)
        while not run.collected or run.pending:
            attempt.go(launch)
    return run


def pytest_command(root: Path, modules: Path, paths: Sequence[Path]) -> list[str]:
    """What starts pytest on the public tests in `paths`."""
    return [
        *(sys.executable, "-m", "pytest", *map(str, paths)),
        *("-p", "autograder.testing.plugin", "--against", str(modules)),
        *("--rootdir", str(root), "-p", "no:cacheprovider", "-W", "default"),
        *("--continue-on-collection-errors", "--tb=no", "-q"),
    ]


def fresh_processes(
    root: Path, modules: Path, paths: Sequence[Path], marks: Sequence[str], further: Sequence[str] = ()
) -> Launch:
    """Runs the tests with one of the marks, each time in a new process."""
    command = [*pytest_command(root, modules, paths), "-m", " or ".join(marks), *further]

    @contextmanager
    def launch(files: Files) -> Iterator[Process]:
        options = ["-p", "autograder.checking.reporter", "--autograder-log", str(files.log)]
        with files.output.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  (our own command)
                [*command, *options, "--autograder-done", str(files.done)],
                cwd=root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    return launch


class _Attempt:
    """One process after the other that runs what is pending."""

    def __init__(self, run: Run, scratch: Path, show: Show, halt: Callable[[], bool]) -> None:
        self._run, self._show, self._halt = run, show, halt
        self._files = Files(*(scratch / name for name in ("log", "done", "output")))
        self._running: Test | None = None
        self._since = 0.0

    def go(self, launch: Launch) -> None:
        """Run a process to its end, or to the end of its patience; at least one test has an outcome then."""
        finished = len(self._run.outcomes)
        self._files.log.write_bytes(b"")
        self._files.done.write_text("\n".join(self._run.outcomes), encoding="utf-8")
        with launch(self._files) as process:
            overdue = self._follow(process)
        if not self._run.collected:
            raise CourseError(f"the tests cannot be run: {self._last_line()}; try autograder doctor")
        if self._running:
            self._charge(self._running, process.returncode, overdue=overdue)
        elif self._run.pending and len(self._run.outcomes) == finished:
            self._charge(self._run.pending[0], process.returncode, overdue=False)

    def _follow(self, process: Process) -> bool:
        """Take in what the process reports until it ends; True where a test outlived its limit by far."""
        decode = msgspec.json.Decoder(Event).decode
        with self._files.log.open("rb") as log:
            rest = b""
            while True:
                ended = process.poll() is not None
                *lines, rest = (rest + log.read()).split(b"\n")
                for line in lines:
                    self._take(decode(line))
                if ended:
                    return False
                if self._running and time.monotonic() - self._since > self._running.limit_s + GRACE_S:
                    return True
                if self._halt():
                    raise Halted
                time.sleep(POLL_S)

    def _take(self, event: Event) -> None:
        match event:
            case Test():
                self._run.tests.setdefault(event.node, event)
            case Collected():
                self._run.collected = True
            case Uncollected():
                self._run.uncollected[event.file] = event.message
            case Started():
                self._running, self._since = self._run.tests[event.node], time.monotonic()
                self._show(len(self._run.outcomes), len(self._run.tests), self._running.name)
            case Outcome():
                self._running = None
                self._run.outcomes[event.node] = event
                self._show(len(self._run.outcomes), len(self._run.tests), "")

    def _charge(self, test: Test, code: int, *, overdue: bool) -> None:
        """Give the test that brought its process down, or did not let go of it, its outcome."""
        took = time.monotonic() - self._since if self._running else 0.0
        self._running = None
        if overdue or took >= test.limit_s:
            message = f"no answer within {test.limit_s:g} s: does a loop or a recursion never end?"
            outcome = Outcome(test.node, Status.TIMEOUT, message, duration_s=round(took, 4))
        else:
            message = f"your code brought Python down ({_ending(code)})"
            outcome = Outcome(test.node, Status.CRASHED, message, duration_s=round(took, 4))
        self._run.outcomes[test.node] = outcome

    def _last_line(self) -> str:
        lines = self._files.output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else "pytest said nothing"


def _ending(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"it ended with exit code {code}; is there an os._exit or a KeyboardInterrupt?"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"

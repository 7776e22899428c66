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
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

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


def run_tests(root: Path, modules: Path, paths: Sequence[Path], marks: Sequence[str], show: Show) -> Run:
    """Run the public tests of some tasks to the end, whatever the student's code does.

    Args:
        root: the course's folder.
        modules: the tree of modules to test.
        paths: the folders of the tests.
        marks: run the tests with one of these marks.
        show: called with how many tests are done, how many there are, and what runs.

    Raises:
        CourseError: the tests cannot be started at all.
    """
    run = Run()
    with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
        attempt = _Attempt(run, Path(scratch), show)
        command = [
            *(sys.executable, "-m", "pytest", *map(str, paths), "-m", " or ".join(marks)),
            *("-p", "autograder.testing.plugin", "--against", str(modules)),
            *("--rootdir", str(root), "-p", "no:cacheprovider", "-W", "default"),
            *("--continue-on-collection-errors", "--tb=no", "-q"),
        ]
        while not run.collected or run.pending:
            attempt.go(command, root)
    return run


class _Attempt:
    """One process after the other that runs what is pending."""

    def __init__(self, run: Run, scratch: Path, show: Show) -> None:
        self._run, self._show = run, show
        self._log, self._done, self._output = (scratch / name for name in ("log", "done", "output"))
        self._running: Test | None = None
        self._since = 0.0

    def go(self, command: Sequence[str], root: Path) -> None:
        """Run a process to its end, or to the end of its patience; at least one test has an outcome then."""
        finished = len(self._run.outcomes)
        self._log.write_bytes(b"")
        self._done.write_text("\n".join(self._run.outcomes), encoding="utf-8")
        options = ["-p", "autograder.checking.reporter", "--autograder-log", str(self._log)]
        with self._process([*command, *options, "--autograder-done", str(self._done)], root) as process:
            overdue = self._follow(process)
        if not self._run.collected:
            raise CourseError(f"the tests cannot be run: {self._last_line()}; try autograder doctor")
        if self._running:
            self._charge(self._running, process.returncode, overdue=overdue)
        elif self._run.pending and len(self._run.outcomes) == finished:
            self._charge(self._run.pending[0], process.returncode, overdue=False)

    @contextmanager
    def _process(self, command: Sequence[str], root: Path) -> Iterator[subprocess.Popen[bytes]]:
        with self._output.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  (our own command)
                command, cwd=root, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def _follow(self, process: subprocess.Popen[bytes]) -> bool:
        """Take in what the process reports until it ends; True where a test outlived its limit by far."""
        decode = msgspec.json.Decoder(Event).decode
        with self._log.open("rb") as log:
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
        lines = self._output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else "pytest said nothing"


def _ending(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"it ended with exit code {code}; is there an os._exit or a KeyboardInterrupt?"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"

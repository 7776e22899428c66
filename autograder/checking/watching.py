"""``autograder check --watch``: runs again on every save, what was changed first."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Never

from rich.console import Console

from autograder.checking.report import reports
from autograder.checking.running import Halted, Launch, Run, fresh_processes, run_to_the_end
from autograder.checking.selecting import broken_lines, marks_of, test_folders
from autograder.checking.showing import progress_bar, show
from autograder.checking.warm import WarmPytest, can_fork
from autograder.errors import CourseError, KitError
from autograder.registry import Assignment, Course, Task

STEP_MS, DEBOUNCE_MS = 20, 200
"""How long a save may take: changes that come this close upon each other are one."""

WAKE_S = 0.2

Wanted = Sequence[tuple[Assignment, Task]]


def watch(course: Course, wanted: Wanted, console: Console, *, every_test: bool) -> Never:
    """Check the tasks now and after every save, until the user interrupts.

    Raises:
        KitError: the library that watches files is missing, or the tests cannot be started.
    """
    watched = sorted({assignment.folder for assignment, _ in wanted})
    tests = test_folders(course, wanted)
    with _changes([*watched, *tests]) as changes:
        while True:  # (new tests need a new process)
            with _pytest(course, tests) as warm:
                _Watcher(course, wanted, _Screen(console, every_test), warm, changes).until_tests_change()


@dataclass(frozen=True, slots=True)
class _Screen:
    """Where reports go, and whether they name every test."""

    console: Console
    every_test: bool


class _Watcher:
    """Checks again and again, with one warm process where there can be one."""

    def __init__(
        self,
        course: Course,
        wanted: Wanted,
        screen: _Screen,
        warm: WarmPytest | None,
        changes: queue.SimpleQueue[set[Path]],
    ) -> None:
        self._course, self._wanted = course, wanted
        self._console, self._every_test = screen.console, screen.every_test
        self._warm, self._changes = warm, changes

    def until_tests_change(self) -> None:
        """Check, and check again after each save, until a test is saved."""
        changed: set[Path] = set()
        while not any(path.is_relative_to(self._course.tests) for path in changed):
            try:
                self._check(changed)
            except Halted:
                pass  # saved again: what was found so far is out of date
            except CourseError as fault:
                self._console.print(f"{fault}", style="red", markup=False)
            changed = _next(self._changes)

    def _check(self, changed: set[Path]) -> None:
        """Show the changed tasks as soon as they are known, then everything."""
        first = changed_tasks(self._wanted, changed)
        if first:
            self._show(
                first, self._run(first, quick=True), f"{', '.join(sorted(p.name for p in changed))} saved"
            )
        self._show(self._wanted, self._run(self._wanted, quick=False), "")
        folder = self._course.modules.relative_to(self._course.root)
        self._console.print(f"\nWaiting for a file in {folder} to be saved; Ctrl-C ends.", style="dim")

    def _run(self, wanted: Wanted, *, quick: bool) -> Run:
        with progress_bar() as advance:
            return run_to_the_end(
                self._launch(wanted, quick=quick), advance, lambda: not self._changes.empty()
            )

    def _launch(self, wanted: Wanted, *, quick: bool) -> Launch:
        if self._warm:
            return self._warm.launcher(marks_of(wanted), quick=quick)
        course = self._course
        return fresh_processes(course.root, course.modules, test_folders(course, wanted), marks_of(wanted))

    def _show(self, wanted: Wanted, run: Run, heading: str) -> None:
        if self._console.is_terminal:
            self._console.clear()
        if heading:
            self._console.print(f"{time.strftime('%H:%M:%S')} {heading}", style="bold", markup=False)
        for line in broken_lines(wanted):
            self._console.print(line, style="red", markup=False)
        show(self._console, reports(wanted, run), self._course.root, every_test=self._every_test)
        for file, message in run.uncollected.items():
            self._console.print(f"{file}: its tests cannot run: {message}", style="red", markup=False)


def changed_tasks(wanted: Wanted, changed: set[Path]) -> list[tuple[Assignment, Task]]:
    """The wanted tasks whose modules are among the changed files; a given module is every task's."""
    places = {(path.parent, path.stem) for path in changed}
    return [
        (assignment, task)
        for assignment, task in wanted
        if (assignment.folder, task.module) in places
        or any((assignment.folder, name) in places for name in assignment.given_modules)
    ]


def _pytest(course: Course, tests: Sequence[Path]) -> AbstractContextManager[WarmPytest | None]:
    return WarmPytest(course.root, course.modules, tests) if can_fork() else nullcontext()


@contextmanager
def _changes(folders: Sequence[Path]) -> Iterator[queue.SimpleQueue[set[Path]]]:
    """A queue that takes the Python files that are saved below the folders.

    Raises:
        KitError: the library is missing.
    """
    try:
        import watchfiles  # noqa: PLC0415  (an extra: a check goes without it)
    except ModuleNotFoundError:
        raise KitError("--watch needs watchfiles, which is not installed: pip install watchfiles") from None
    saved: queue.SimpleQueue[set[Path]] = queue.SimpleQueue()
    stop = threading.Event()

    def follow() -> None:
        seen = watchfiles.watch(
            *folders,
            watch_filter=watchfiles.PythonFilter(),
            step=STEP_MS,
            debounce=DEBOUNCE_MS,
            stop_event=stop,
            raise_interrupt=False,
        )
        for changes in seen:
            saved.put({Path(path) for _, path in changes})

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield saved
    finally:
        stop.set()
        thread.join()


def _next(changes: queue.SimpleQueue[set[Path]]) -> set[Path]:
    """All that was saved since, at least one file; it waits, and can be interrupted on every system."""
    while True:
        try:
            found = changes.get(timeout=WAKE_S)
        except queue.Empty:
            continue
        while not changes.empty():
            found |= changes.get()
        return found

"""Watching a run: what it has come to so far, as numbers, and as JSON lines for a dashboard."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec

from autograder.errors import OutputError
from autograder.grading.engine import Progress, Step
from autograder.grading.result import Result, Status, TaskScore

SCHEMA = "autograder/log/v1"

TROUBLES = {Status.CRASHED: "crashed", Status.TIMEOUT: "timed out", Status.ERROR: "not graded"}
"""What staff should see of a submission while the run goes on, the worst last."""

TAMPERED = "tampered"


def troubles(result: Result) -> dict[str, str]:
    """What staff should see of a result, and the tasks in which it happened."""
    found = {
        word: ", ".join(task.task for task in result.tasks if _shows(task, status))
        for status, word in TROUBLES.items()
    }
    tampered = ", ".join(line.partition(":")[0] for line in result.tampering)
    return {word: tasks for word, tasks in {**found, TAMPERED: tampered}.items() if tasks}


def _shows(task: TaskScore, status: Status) -> bool:
    return any(test.status is status for test in task.tests)


@dataclass(slots=True)
class _Mean:
    points: float = 0.0
    count: int = 0

    def add(self, points: float | None) -> None:
        if points is not None:
            self.points, self.count = self.points + points, self.count + 1

    @property
    def value(self) -> float | None:
        return round(self.points / self.count, 2) if self.count else None


@dataclass(slots=True)
class Tally:
    """What a run has come to so far.

    Attributes:
        steps: submissions graded and skipped.
        troubles: of those graded in this run, how many crashed, timed out and so on.
        total: submissions in all.
    """

    total: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    means: dict[str, _Mean] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    began: float = 0.0

    def begin(self, total: int) -> None:
        """Start the clock for so many submissions."""
        self.total, self.began = total, self.clock()

    def add(self, progress: Progress) -> None:
        """Count a submission that is done."""
        self.steps[progress.step] += 1
        if progress.step is Step.GRADED:
            self.troubles.update(troubles(progress.result).keys())
        for task in progress.result.tasks:
            self.means.setdefault(task.task, _Mean()).add(task.score)

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return self.clock() - self.began

    @property
    def rate(self) -> float:
        """Submissions graded a second, those that were skipped not counted."""
        return self.steps[Step.GRADED] / self.seconds if self.seconds > 0 else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds that the rest takes at this rate, None where there is no rate yet."""
        left = self.total - self.steps.total()
        return left / self.rate if self.rate else None

    def line(self) -> str:
        """The troubles in words, "" where there were none."""
        return ", ".join(f"{count:,} {word}" for word, count in sorted(self.troubles.items()))

    def counts(self) -> dict[str, int]:
        """All counts by a name that a program can use."""
        words = (Step.GRADED, Step.SKIPPED)
        counts = {word.value: self.steps[word] for word in words}
        return counts | {
            word.replace(" ", "_"): self.troubles[word] for word in (*TROUBLES.values(), TAMPERED)
        }


class Log:
    """Events of a run, appended to a file, a JSON object a line; a context manager that closes it.

    Each line has ``schema``, ``event`` (``begin``, ``submission``, ``end``) and ``time`` (UTC). A line is
    on its way to the disk before the next submission is waited for.

    Args:
        path: the file, None to write nothing.

    Raises:
        OutputError: it cannot be opened.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        if path:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("ab")
            except OSError as fault:
                raise _unwritable(path, fault) from fault

    def begin(self, tally: Tally) -> None:
        """The run begins with so many submissions."""
        self._write("begin", {"total": tally.total})

    def submission(self, progress: Progress, tally: Tally) -> None:
        """A submission is done."""
        result = progress.result
        self._write(
            "submission",
            {
                "student_id": result.student_id,
                "assignment": result.assignment,
                "step": progress.step,
                "score": result.score,
                "max_score": result.max_score,
                "tasks": {task.task: task.status for task in result.tasks},
                "troubles": sorted(troubles(result)),
                "duration_s": result.duration_s,
                "done": tally.steps.total(),
                "total": tally.total,
                "graded_a_second": round(tally.rate, 3),
                "left_s": None if tally.left_s is None else round(tally.left_s, 1),
            },
        )

    def end(self, tally: Tally, how: str) -> None:
        """The run ends: ``done``, ``interrupted`` or ``failed``; its file is closed."""
        means = {task: mean.value for task, mean in tally.means.items()}
        summary = {"how": how, "seconds": round(tally.seconds, 3), "total": tally.total}
        self._write("end", {**summary, **tally.counts(), "task_means": means})
        if self._file:
            self._file.close()

    def _write(self, event: str, facts: dict[str, object]) -> None:
        if not self._file or not self._path:
            return
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = msgspec.json.encode({"schema": SCHEMA, "event": event, "time": stamp, **facts})
        try:
            self._file.write(line + b"\n")
            self._file.flush()
        except OSError as fault:
            raise _unwritable(self._path, fault) from fault


def _unwritable(path: Path, fault: OSError) -> OutputError:
    return OutputError(f"--log-json {path}: cannot be written ({fault.strerror}); name another file")

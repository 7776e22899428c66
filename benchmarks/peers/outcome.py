"""What was measured of each harness, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.class_speed import Cost
from benchmarks.peers.harness import Graded
from benchmarks.peers.submissions import Entry, Kind

SAME = 1e-6
WANTED = {"pytest": 20, "nbgrader": 30, "otter-grader": 50}


@dataclass(frozen=True)
class Measured:
    """A harness and what came out.

    Attributes:
        versions: of the package and what it runs on.
        grades: by the submission's name; empty where the harness could not be set up.
        right: a right submission's cost, the mean; None where it could not be measured.
        fault: why something is missing.
    """

    package: str
    about: str
    versions: str
    grades: Mapping[str, Graded]
    right: Cost | None
    fault: str = ""

    def fooled(self, entry: Entry, max_points: float) -> bool:
        """Whether the submission got what it does not deserve.

        A cheat deserves what the same harness gives the starter code; an unfinished one, not full marks.
        """
        graded = self.grades.get(entry.name)
        if graded is None or graded.points is None:
            return False
        if entry.kind is Kind.CHEAT:
            return graded.points > (self.grades["untouched"].points or 0) + SAME
        return entry.kind is not Kind.RIGHT and graded.points >= max_points - SAME

    def fooled_by(self, entries: Sequence[Entry], max_points: float) -> list[str]:
        """The names of the submissions that fooled it."""
        return [entry.name for entry in entries if self.fooled(entry, max_points)]

    def full(self, entries: Sequence[Entry], max_points: float) -> int:
        """How many right submissions got full marks."""
        right = [self.grades.get(entry.name) for entry in entries if entry.kind is Kind.RIGHT]
        return sum(one is not None and (one.points or 0) >= max_points - SAME for one in right)

    def without_grade(self) -> list[str]:
        """The names of the submissions that got no grade at all."""
        return [name for name, graded in self.grades.items() if graded.points is None]


@dataclass(frozen=True)
class Comparison:
    """All that the page is made of.

    Attributes:
        right_count: right submissions that each of the others was timed on.
        size: of the class that ours was timed on.
        ours: its cost a submission, by how it was run.
    """

    entries: Sequence[Entry]
    max_points: float
    tests: int
    measured: Sequence[Measured]
    ours: Mapping[str, Cost]
    right_count: int
    size: int
    limit_s: float

    @property
    def small(self) -> bool:
        """Whether too little was measured for its times to be quoted."""
        return self.size < FULL_CLASS or self.right_count < FULL_COUNT

    def ratio(self, one: Measured, run: str) -> float | None:
        """How many times faster ours is, in that run of it."""
        return one.right.wall_s / self.ours[run].wall_s if one.right and run in self.ours else None


FULL_CLASS = 200
FULL_COUNT = 5
ONE_WORKER = "1 worker"
TWO_WORKERS = "2 workers"
WITH_GRADEBOOK = "1 worker, writing nbgrader's gradebook"

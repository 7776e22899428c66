"""What all harnesses have in common: what they are given, and what is read off them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.class_speed import Cost
from benchmarks.peers.course import Exam
from benchmarks.peers.environments import Environment
from benchmarks.peers.measuring import Ran, run

Modules = Mapping[str, str]


class HarnessFailedError(Exception):
    """A step that has nothing to do with any submission failed; the message says which and why."""


@dataclass(frozen=True)
class Graded:
    """What a harness made of a submission.

    Attributes:
        points: None where it gave no grade at all.
        ran: the command that graded it.
    """

    points: float | None
    ran: Ran

    @property
    def remark(self) -> str:
        """What else an instructor would see."""
        if self.ran.exit_code is None:
            return "stopped at the limit"
        return f"exit code {self.ran.exit_code}" if self.ran.exit_code else ""


@dataclass(frozen=True)
class Setting:
    """Where a harness works.

    Attributes:
        folder: its own, empty at first.
        limit_s: seconds that it is given for one submission.
    """

    exam: Exam
    environment: Environment
    folder: Path
    limit_s: float

    def run(self, *command: str, cwd: Path | None = None, times: int = 1) -> Ran:
        """Run a command of the environment, for as long as so many submissions may take."""
        temporary = self.folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        variables = {**self.environment.variables(), "TMPDIR": str(temporary)}
        program = str(self.environment.folder / "bin" / command[0])
        return run(
            [program, *command[1:]],
            cwd=cwd or self.folder,
            variables=variables,
            limit_s=self.limit_s * times,
            log=self.folder / "said.log",
        )

    def must_run(self, *command: str, cwd: Path | None = None) -> None:
        """Run a command that does not depend on a submission.

        Raises:
            HarnessFailedError: it failed.
        """
        ran = self.run(*command, cwd=cwd)
        if ran.exit_code != 0:
            raise HarnessFailedError(f"{' '.join(command[:3])}: exit code {ran.exit_code}: {ran.said}")


class Harness(Protocol):
    """One way to grade.

    Attributes:
        package: the package that it is.
        about: how it is used here, as one line.
        grades_classes: whether it grades many in one command.
    """

    package: str
    about: str
    grades_classes: bool

    def prepare(self, setting: Setting) -> None:
        """Whatever an instructor does once."""

    def grade(self, student: str, modules: Modules) -> Graded:
        """Grade one submission in a command of its own."""

    def grade_class(self, submissions: Sequence[Modules]) -> Cost:
        """What each submission of a class costs that is graded in one command, where there is one."""


def each_alone(harness: Harness, submissions: Sequence[Modules]) -> Cost:
    """The mean cost of each submission, one command each; the first of all is not counted.

    Raises:
        HarnessFailedError: one got no grade.
    """
    costs = []
    for number, modules in enumerate([submissions[0], *submissions]):
        graded = harness.grade(f"right{number:03}", modules)
        if graded.points is None:
            raise HarnessFailedError(f"{harness.package}: no grade for a right submission: {graded.ran.said}")
        costs.append(graded.ran.cost)
    counted = costs[1:]
    return Cost(
        sum(cost.wall_s for cost in counted) / len(counted),
        sum(cost.cpu_s for cost in counted) / len(counted),
    )

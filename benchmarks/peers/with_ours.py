"""Ours: ``autograder grade``, one submission a command or a class."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from benchmarks.class_speed import NAME, Cost
from benchmarks.peers.harness import Graded, HarnessFailedError, Modules, Setting
from benchmarks.peers.measuring import Ran
from benchmarks.peers.submissions import write_modules


class Ours:
    """The kit's own command, in the environment that runs this."""

    package = "autodiff-course-kit"
    about = "`autograder grade` of this kit"
    grades_classes = True

    def prepare(self, setting: Setting) -> None:
        """Nothing but to keep the setting."""
        self._setting, self._classes = setting, 0

    def grade(self, student: str, modules: Modules) -> Graded:
        """Grade one student, read the score from the table that was written."""
        folder = self._setting.folder / student
        write_modules(folder / "submitted" / student / NAME, modules)
        ran = self._run(folder, 1, 1, "--no-gradebook")
        table = folder / "scores" / "scores.csv"
        return Graded(_scores(table).get(student) if table.is_file() else None, ran)

    def grade_class(self, submissions: Sequence[Modules]) -> Cost:
        """Grade a class with one worker."""
        return self.class_cost(submissions, 1)

    def class_cost(self, submissions: Sequence[Modules], jobs: int, *options: str) -> Cost:
        """What each submission of a class of right ones costs, the command's start included.

        Raises:
            HarnessFailedError: one did not get full marks.
        """
        self._classes += 1
        folder = self._setting.folder / f"class{self._classes}"
        for number, modules in enumerate(submissions):
            write_modules(folder / "submitted" / f"student{number:04}" / NAME, modules)
        ran = self._run(folder, jobs, len(submissions), *(options or ("--no-gradebook",)))
        scores = _scores(folder / "scores" / "scores.csv")
        full = [score for score in scores.values() if score == self._setting.exam.max_points]
        if ran.exit_code != 0 or len(full) != len(submissions):
            raise HarnessFailedError(f"ours: {len(full)} of {len(submissions)} got full marks: {ran.said}")
        return Cost(ran.cost.wall_s / len(submissions), ran.cost.cpu_s / len(submissions))

    def _run(self, folder: Path, jobs: int, times: int, *options: str) -> Ran:
        command = ["grade", str(folder / "submitted"), "--out", str(folder / "scores"), "-j", str(jobs)]
        root = self._setting.exam.course.root
        return self._setting.run("autograder", *command, *options, cwd=root, times=times)


def _scores(table: Path) -> dict[str, float]:
    with table.open(newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

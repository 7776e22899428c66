"""What runs in Gradescope's container: ``setup.sh`` has it prove itself, ``run_autograder`` has it grade."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from autograder.errors import CourseError, KitError
from autograder.grading.engine import LocalEngine
from autograder.grading.reference import WRONG
from autograder.grading.result import Result
from autograder.grading.submission import Place
from autograder.registry import Assignment, Course, load_course
from autograder.release.stubs import stubs
from autograder.scores.files import written_whole
from autograder.scores.gradescope import Visibility, gradescope

SETTINGS = "settings.json"
MISTAKES = ".mistakes"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the export chose, as it lies in the zip.

    Attributes:
        hidden: who sees the hidden tests.
        require_rung: refuse to grade on a lower sandbox rung.
    """

    assignment: str
    seed: int = 0
    hidden: Visibility = Visibility.VISIBLE
    require_rung: int = 2


class Container:
    """The autograder of one assignment, as it was unpacked.

    Args:
        source: the folder with the zip's contents.

    Raises:
        CourseError: its registry is at fault.
    """

    def __init__(self, source: Path) -> None:
        self._source = source
        self._settings = msgspec.json.decode((source / SETTINGS).read_bytes(), type=Settings)
        root = source / "course"
        self._course: Course = load_course(root, root / "solutions")
        self._assignment: Assignment = self._course.assignment(self._settings.assignment)

    def grade(self, submission: Path) -> str:
        """The ``results.json`` of a submission: the files that were handed in, or a checkout of the course.

        Raises:
            KitError: the sandbox is below the required rung, or the course is at fault.
        """
        (result,) = self._graded([Place("submission", self._assignment.name, submission)])
        return gradescope(result, self._assignment, self._settings.hidden)

    def prove(self) -> None:
        """Grade the reference and a known mistake a task; how known mistakes fail is then known to all runs.

        Raises:
            CourseError: the reference does not earn full marks here.
            KitError: see `grade`.
        """
        with TemporaryDirectory() as folder:
            reference, *_ = self._graded(list(self._trials(Path(folder))))
        if reference.score != reference.max_score:
            wrong = ", ".join(task.task for task in reference.tasks if task.score != task.max_score)
            raise CourseError(f"the reference does not earn full marks here: {wrong}; autograder validate")

    def _graded(self, places: list[Place]) -> list[Result]:
        engine = LocalEngine(
            self._course, require_rung=self._settings.require_rung, memory=self._source / MISTAKES
        )
        graded = engine.grade(self._assignment, places, self._settings.seed, lambda *_: None)
        return [progress.result for progress in graded]

    def _trials(self, folder: Path) -> Iterator[Place]:
        """The reference, then for each task a submission that makes a known mistake in it."""
        every = frozenset(task.id for task in self._assignment.tasks)
        yield self._trial(folder / "reference", stubs(self._assignment, every))
        for task in self._assignment.tasks:
            mistakes = sorted((self._course.root / WRONG / self._assignment.name / task.id).glob("*.py"))
            for path in mistakes[:1]:
                yield self._trial(folder / task.id, {task.module: path.read_text(encoding="utf-8")})

    def _trial(self, folder: Path, modules: dict[str, str]) -> Place:
        folder.mkdir()
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
        return Place(folder.name, self._assignment.name, folder)


def main() -> int:
    """Do what the scripts ask for; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("--submission", type=Path)
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    try:
        container = Container(asked.source)
        if asked.prove:
            container.prove()
        else:
            text = container.grade(asked.submission)
            with written_whole(asked.results, synced=False) as file:
                file.write(text)
    except KitError as fault:
        print(f"autograder: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

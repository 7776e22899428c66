"""The files of a run: ``SCORES/<assignment>/<student>.json``, and ``SCORES/scores.csv`` made from them.

A file is written whole or not at all: beside its place first, then moved there.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import msgspec

from autograder.errors import OutputError
from autograder.grading.result import SCHEMA, Result
from autograder.grading.submission import Place
from autograder.registry import Course

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Report = Callable[[str], None]
"""Takes one line that staff should see."""


def result_path(out: Path, assignment: str, student_id: str) -> Path:
    """Where a submission's result lies."""
    return out / assignment / f"{student_id}.json"


def write_result(out: Path, result: Result) -> Path:
    """Write a result to its place below `out`, and return that place; written answers go to files beside it.

    Raises:
        OutputError: the file cannot be written; an earlier one is as it was.
    """
    path = result_path(out, result.assignment, result.student_id)
    for answer in result.written or ():
        with written_whole(path.with_name(f"{result.student_id}.{answer.file}")) as file:
            file.write(answer.text)
    text = msgspec.json.format(msgspec.json.encode(result), indent=2).decode()
    with written_whole(path) as file:
        file.write(text + "\n")
    return path


def finished(out: Path, place: Place, key: tuple[str, str, int]) -> Result | None:
    """The complete result at hand for `place` that has this `Result.key`, None where there is none."""
    try:
        result = read_result(result_path(out, place.assignment, place.student_id))
    except (OSError, ValueError):
        return None
    return result if result.key == key and result.complete else None


def read_results(out: Path, report: Report | None = None) -> Iterator[Result]:
    """The results below `out`, one at a time, by student and assignment.

    Args:
        out: the folder of the scores.
        report: takes one line for each file that holds no result; such a file counts as absent.
            Without it the lines go to standard error.
    """
    say = report or to_standard_error
    paths = sorted(out.glob("*/*.json"), key=lambda path: (path.stem, path.parent.name))
    for path in paths:
        try:
            result = read_result(path)
        except (OSError, ValueError) as fault:
            say(f"{path}: {fault}; it is left out, remove it or grade again")
        else:
            yield result


def write_csv(out: Path, course: Course, results: Iterable[Result]) -> Path:
    """Write ``scores.csv``: a line a result, a column a task of the course; return its path.

    A task that could not be graded is blank, and so is the score of its submission.

    Raises:
        OutputError: the file cannot be written; an earlier one is as it was.
    """
    path = out / "scores.csv"
    tasks = [task.id for assignment in course.assignments for task in assignment.tasks]
    with written_whole(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["student_id", "assignment", *tasks, "score", "max_score"])
        for result in results:
            scores = {task.task: task.score for task in result.tasks}
            points = [points_text(scores.get(task)) for task in tasks]
            total = [points_text(result.score), points_text(result.max_score)]
            table.writerow([no_formula(result.student_id), result.assignment, *points, *total])
    return path


def points_text(points: float | None) -> str:
    """Points as they are written: ``10``, ``6.25``, and nothing where there are none."""
    if points is None:
        return ""
    return str(int(points)) if points == int(points) else str(points)


def no_formula(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_result(path: Path) -> Result:
    """The result in a file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds no result, or that of another submission.
    """
    try:
        result = msgspec.json.decode(path.read_bytes(), type=Result)
    except msgspec.DecodeError as fault:
        raise ValueError(f"no result ({fault})") from fault
    if result.schema != SCHEMA or (result.assignment, result.student_id) != (path.parent.name, path.stem):
        raise ValueError("not the result that belongs here")
    return result


def remove_unfinished(out: Path) -> None:
    """Remove what runs that were killed had begun to write below `out`; a run that goes on keeps its own."""
    for path in [path for depth in (".", "*/.", "*/*/.") for path in out.glob(f"{depth}*.tmp")]:
        pid = path.name.split(".")[-2]
        if pid.isdecimal() and not _runs(int(pid)):
            path.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    """Whether there is a process of this number, anyone's."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def written_whole(path: Path, *, synced: bool = True) -> Iterator[TextIO]:
    """A text file that takes the place of `path` once it is complete.

    Args:
        synced: and on the disk, so that not even a loss of power leaves less than a whole file.

    Raises:
        OutputError: it cannot be written; an earlier file is as it was.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("w", encoding="utf-8", newline="") as file:
                yield file
                if synced:
                    file.flush()
                    os.fsync(file.fileno())
            beside.replace(path)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise OutputError(
            f"{path}: cannot be written ({reason}); make room or choose another --out"
        ) from fault


def to_standard_error(line: str) -> None:
    """Say a line to staff."""
    print(line, file=sys.stderr)

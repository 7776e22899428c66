"""The reviewed file of mutants that no fair test can tell from the solution, each with its reason.

``tests/mutants/<assignment>.toml``, which no release holds::

    schema = "autograder/equivalent-mutants/v1"

    [[mutant]]
    task = "task1_4"
    where = "backpropagate"
    before = "if d_v != 0.0:"
    after = ["if d_v != 1.0:"]
    reason = "..."

A mutant is recognised by its task, its function and its text, not by its line: an entry outlives changes
elsewhere in the module, and one that no mutant answers to any more is an error.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.errors import CourseError
from autograder.registry import Assignment, Course
from autograder.validation.mutants import Mutant

SCHEMA = "autograder/equivalent-mutants/v1"
SHORTEST_REASON = 20


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Changes of the same lines that are equivalent for the same reason.

    Attributes:
        where: the function that holds the lines, ``Class.method``.
        before: the lines, without their indentation.
        after: what they may become.
        reason: why no fair test can tell the difference.
    """

    task: str
    where: str
    before: str
    after: tuple[str, ...]
    reason: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    schema: str
    mutant: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Equivalents:
    """The reviewed mutants of one assignment, by task, function, lines before and after."""

    file: str
    reasons: dict[tuple[str, str, str, str], str]

    def reason(self, mutant: Mutant) -> str:
        """Why a mutant is equivalent, "" where nobody has said so."""
        return self.reasons.get(_key(mutant), "")

    def faults(self, made: Collection[Mutant], survived: Collection[Mutant]) -> list[str]:
        """What the file says of mutants that are not there, or that a test does tell apart."""
        there, alive = set(map(_key, made)), set(map(_key, survived))
        return [
            f"{self.file}: {key[0]}, {key[1]}: {key[3]!r} in place of {key[2]!r} "
            + ("fails a test of its task" if key in there else "is no mutant of the solution any more")
            + "; take it out of the file"
            for key in self.reasons
            if key not in alive
        ]


def load(course: Course, assignment: Assignment) -> Equivalents:
    """The reviewed mutants of an assignment; none where there is no file.

    Raises:
        CourseError: the file is at fault.
    """
    path = course.root / "tests" / "mutants" / f"{assignment.name}.toml"
    file = path.relative_to(course.root).as_posix()
    reasons: dict[tuple[str, str, str, str], str] = {}
    for entry in _read(path, file) if path.is_file() else ():
        assignment.task(entry.task)
        if len(entry.reason.strip()) < SHORTEST_REASON:
            raise CourseError(
                f"{file}: {entry.task}, {entry.where}: {entry.before!r} has no reason; give one"
            )
        for after in entry.after:
            key = (entry.task, entry.where, entry.before, after)
            if key in reasons:
                raise CourseError(
                    f"{file}: {entry.task}, {entry.where}: {after!r} is there twice; take one out"
                )
            reasons[key] = entry.reason
    return Equivalents(file, reasons)


def _read(path: Path, file: str) -> tuple[Entry, ...]:
    try:
        read = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as fault:
        raise CourseError(f"{file}: {fault}; mend the file") from fault
    if read.schema != SCHEMA:
        raise CourseError(f'{file}: schema is "{read.schema}"; this kit reads "{SCHEMA}"')
    return read.mutant


def _key(mutant: Mutant) -> tuple[str, str, str, str]:
    return mutant.task, mutant.where, mutant.before, mutant.after

"""Finding submissions: which students' work for which assignments lies below a path.

What counts as a submission, in the order in which it is looked for::

    SUBMITTED/<student>/<assignment>/                 nbgrader's convention
    SUBMITTED/<student>/<assignment>.zip|.tar.gz|.tgz
    SUBMITTED/<student>/assignments/<assignment>/     a student's checkout of the course
    SUBMITTED/<student>.zip|.tar.gz|.tgz              with <assignment>/ in it, or only the modules
    SUBMITTED/<student>/                              modules anywhere: recognised by their names

and a notebook of the assignment's name (<assignment>.ipynb) wherever modules may be,
and SUBMITTED may be the class, one student's folder or archive, or one submission, a notebook too.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.grading.archives import archive_stem
from autograder.grading.submission import Limits, Place
from autograder.grading.submissions_notebook import SUFFIX
from autograder.grading.submissions_reading import open_tree, read_submission
from autograder.grading.submissions_tree import IS_LINK, Entry, Unreadable, folder_of_tools, shown
from autograder.registry import Assignment, Course

__all__ = ["Survey", "find_places", "read_submission", "survey"]

_CHECKOUT = "assignments"
_LONGEST_ID_BYTES = 128
"""A student's id names a file (255 bytes, suffixes included) and a row of the gradebook (128 characters)."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies below a path.

    Attributes:
        places: the submissions, by student and assignment.
        left_out: one line for each thing that looks handed in and is not graded.
    """

    places: tuple[Place, ...]
    left_out: tuple[str, ...] = ()


def find_places(path: Path, course: Course, assignment: str | None = None) -> list[Place]:
    """The submissions below `path`, by student and assignment.

    Raises:
        KitError: see `survey`.
    """
    return list(survey(path, course, assignment).places)


def survey(path: Path, course: Course, assignment: str | None = None) -> Survey:
    """The submissions below `path`, and what is there besides.

    Args:
        path: a class, a student's folder or archive, or one submission.
        course: whose assignments are looked for.
        assignment: the only one to look for, if given.

    Raises:
        SubmissionError: there is no such path, or no submission at it.
        CourseError: the course has no such assignment.
    """
    wanted = course.assignments if assignment is None else (course.assignment(assignment),)
    path = path.resolve()
    looker = _Looker(course.assignments, wanted)
    places = list(looker.look(path))
    if not places:
        raise SubmissionError(_nothing(path, wanted, looker.left_out))
    kept = [_one_of(list(same)) for _, same in groupby(sorted(places, key=_order), key=_identity)]
    return Survey(tuple(kept), tuple(looker.left_out))


class _Looker:
    """Looks for submissions; keeps what it could not place.

    Args:
        known: the course's assignments.
        wanted: those to look for.
    """

    def __init__(self, known: Sequence[Assignment], wanted: Sequence[Assignment]) -> None:
        self._known = known
        self._known_names = {assignment.name for assignment in known}
        self._wanted = [assignment.name for assignment in wanted]
        self._modules = [name for assignment in known for name in (*assignment.task_modules, assignment.name)]
        self.left_out: list[str] = []

    def look(self, path: Path) -> list[Place]:
        """Every submission at or below a path, in no order."""
        if not path.exists():
            raise SubmissionError(f"{path}: no such file or folder; give the folder of the submissions")
        if not path.is_dir():
            return self._lone_notebook(path) if path.suffix == SUFFIX else self._lone_archive(path)
        names = _listing(path)
        direct = any(f"{name}{suffix}" in names for name in self._modules for suffix in (".py", SUFFIX))
        holds_students = any(self._is_students(path / name) for name in names if name != _CHECKOUT)
        if path.name in self._known_names and (direct or not holds_students):
            return self._places(_student_of(path.parent), path, {path.name})
        named = self._named(path, names, _student_of(path))
        if named or (direct and not holds_students):
            return named or self._places(path.name, path, self._recognised(path))
        return self._class(path, names)

    def _lone_archive(self, path: Path) -> list[Place]:
        stem = archive_stem(path.name)
        if stem is None:
            return []
        student = _student_of(path.parent) if stem in self._known_names else stem
        try:
            return self._places(student, path, self._recognised(path))
        except _Doubtful as doubt:
            if len(self._wanted) > 1:
                raise SubmissionError(f"{path}: {doubt}; name its assignment with --assignment") from doubt
            return self._places(student, path, set(self._wanted))

    def _lone_notebook(self, path: Path) -> list[Place]:
        """The notebook's place: in the folder of its student, or of the assignment."""
        wanted = {path.stem} & self._known_names or set(self._wanted)
        if len(wanted) > 1:
            raise SubmissionError(
                f"{path}: its name is no assignment's; name its assignment with --assignment"
            )
        student = path.parent.parent if path.parent.name in wanted else path.parent
        return self._places(_student_of(student), path, wanted)

    def _class(self, path: Path, names: Sequence[str]) -> list[Place]:
        found: list[Place] = []
        doubtful: list[tuple[Path, _Doubtful]] = []
        for name in names:
            try:
                found += self._child(path / name)
            except _Doubtful as doubt:
                doubtful.append((path / name, doubt))
            except SubmissionError as fault:
                self.left_out.append(str(fault))
        # What cannot be told apart is the assignment that all the others handed in, if it is one.
        likely = {place.assignment for place in found} if len(self._wanted) > 1 else set(self._wanted)
        for child, why in doubtful:
            if len(likely) == 1:
                found += self._places(archive_stem(child.name) or child.name, child, likely)
            else:
                self.left_out.append(f"{why}; name its assignment with --assignment")
        return found

    def _child(self, path: Path) -> list[Place]:
        """The submissions of one student of a class."""
        stem = archive_stem(path.name)
        if path.is_symlink():
            self.left_out.append(f"{shown(path.name)} {IS_LINK}")
        elif path.is_dir():
            names = _listing(path)
            named = self._named(path, names, path.name)
            if named or self._names_any(names):
                return named
            return self._places(path.name, path, self._recognised(path))
        elif stem is not None:
            return self._places(stem, path, self._recognised(path))
        return []

    def _is_students(self, path: Path) -> bool:
        """Whether a folder holds an assignment under its own name, as a student's does."""
        return path.is_dir() and not path.is_symlink() and self._names_any(_listing(path))

    def _names_any(self, names: Sequence[str]) -> bool:
        return any((archive_stem(name) or name) in self._known_names for name in names)

    def _named(self, path: Path, names: Sequence[str], student: str) -> list[Place]:
        """The submissions that lie in a student's folder under the names of their assignments."""
        checkout = path / _CHECKOUT
        checked_out = _CHECKOUT in names
        stems = [(stem, other) for other in names if (stem := archive_stem(other)) is not None]
        found = []
        for name in self._wanted:
            folders = [path / name] if name in names else []
            if checked_out:
                folders.append(checkout if checkout.is_symlink() else checkout / name)
            paths = [folder for folder in folders if folder.is_dir() or folder.is_symlink()]
            paths += [path / other for stem, other in stems if stem == name]
            found += [place for found_at in paths for place in self._places(student, found_at, {name})]
        return found

    def _recognised(self, path: Path) -> set[str]:
        """The assignments in a folder or an archive, by the names of folders and modules in it.

        Raises:
            _Doubtful: it cannot be opened, or it is an archive without any.
        """
        try:
            with open_tree(path, self._modules, Limits()) as tree:
                found = self._assignments_in(tree.entries)
        except Unreadable as fault:
            raise _Doubtful(str(fault)) from fault
        if not found:
            nothing = f"{shown(path.name)} holds no module that tells its assignment"
            if not path.is_dir():
                raise _Doubtful(nothing)
            self.left_out.append(f"{nothing}; nothing of it is graded")
        return found

    def _assignments_in(self, entries: Sequence[Entry]) -> set[str]:
        found = {name for entry in entries for name in self._known_names.intersection(entry.folders)}
        found |= {name for entry in entries for name in self._known_names if entry.name == f"{name}{SUFFIX}"}
        loose = {entry.name for entry in entries if self._known_names.isdisjoint(entry.folders)}
        counts = {
            known.name: sum(f"{module}.py" in loose for module in known.task_modules) for known in self._known
        }
        best = {name for name, count in counts.items() if count == max(counts.values()) > 0}
        likely = best if len(best) == 1 else best.intersection(self._wanted)
        return found | likely if len(likely) == 1 else found

    def _places(self, student: str, path: Path, assignments: set[str]) -> list[Place]:
        student = _student_id(student)
        return [Place(student, name, path) for name in self._wanted if name in assignments]


class _Doubtful(Exception):  # noqa: N818  (it tells of a student's submission, it is no error of ours)
    """Something that was handed in and does not tell for which assignment."""


def _listing(path: Path) -> list[str]:
    """The names in a folder, in order, without those of tools; none where it may not be read."""
    try:
        with os.scandir(path) as entries:
            return sorted(entry.name for entry in entries if not folder_of_tools(entry.name))
    except OSError:
        return []


def _student_of(folder: Path) -> str:
    """The student whose assignments lie in a folder."""
    return folder.parent.name if folder.name == _CHECKOUT else folder.name


def _student_id(name: str) -> str:
    """`name` in the one Unicode form that a student's id has.

    Raises:
        SubmissionError: it cannot name the file of the student's scores.
    """
    plain = unicodedata.normalize("NFC", name)
    safe = plain.isprintable() and not plain.startswith(".") and not re.search(r"[/\\]", plain)
    if not plain or not safe or len(plain.encode()) > _LONGEST_ID_BYTES:
        raise SubmissionError(
            f"{shown(name)!r} cannot be a student's id, which names a file: printable, no slash, no leading "
            f"dot, at most {_LONGEST_ID_BYTES} bytes; rename it"
        )
    return plain


def _identity(place: Place) -> tuple[str, str]:
    return place.student_id, place.assignment


def _order(place: Place) -> tuple[str, str, bool, str]:
    return place.student_id, place.assignment, archive_stem(place.path.name) is not None, str(place.path)


def _one_of(same: Sequence[Place]) -> Place:
    """The first of the places at which one student handed in one assignment, with a note of the others."""
    first, *others = same
    if not others:
        return first
    left = ", ".join(shown(place.path.name) for place in others)
    note = f"handed in more than once: {shown(first.path.name)} is graded, not {left}"
    return replace(first, notes=(note,))


def _nothing(path: Path, wanted: Sequence[Assignment], left_out: Sequence[str]) -> str:
    name = wanted[0].name if len(wanted) == 1 else "<assignment>"
    why = f" ({left_out[0]})" if left_out else ""
    return (
        f"{path}: no submission found{why}; expected <student>/{name}/, <student>/{name}.zip or "
        "<student>.zip (or .tar.gz) in it, or one of these itself"
    )

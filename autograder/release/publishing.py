"""Where a release goes: ``assignments/`` of the course, or a tree of its own for students."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from autograder.errors import CourseError, OutputError
from autograder.registry import Assignment, Course
from autograder.release.assignments import released, released_together
from autograder.release.files import Files, cannot_write, differences, replace_tree, update_tree
from autograder.release.importing import refuse_what_does_not_import
from autograder.release.student_tree import student_files

STAMP = PurePosixPath(".autograder-release")
FIRST_LINE = "autograder/release/v1"
OWN_FOLDERS = ("solutions", "assignments", "tests", "autograder")


def regenerate(course: Course, names: Sequence[str]) -> int:
    """Make ``assignments/``, or of it only the assignments of these names; returns how many files those are.

    Raises:
        CourseError: a solution is at fault, or there is no such assignment.
        OutputError: the folder cannot be written.
    """
    trees = _trees(course, names)
    refuse_what_does_not_import(released_together(chosen(course, names)))
    for target, files in trees.items():
        replace_tree(files, target)
    return sum(map(len, trees.values()))


def outdated(course: Course, names: Sequence[str]) -> list[str]:
    """What in ``assignments/`` is not what the solutions generate, one line a file.

    Raises:
        CourseError: a solution is at fault, or there is no such assignment.
    """
    return [
        line
        for target, files in _trees(course, names).items()
        for line in differences(files, target, target.relative_to(course.root).as_posix())
    ]


def publish(course: Course, names: Sequence[str], out: Path) -> int:
    """Write a tree for students to `out`; returns how many files it has.

    Raises:
        CourseError: the course is at fault, or there is no such assignment.
        OutputError: `out` is not ours to write, or cannot be written.
    """
    before = earlier(course, out)
    wanted = chosen(course, names)
    refuse_what_does_not_import(released_together(wanted))
    return put(student_files(course, wanted), out, before)


def put(files: Files, out: Path, before: list[PurePosixPath] | None) -> int:
    """Write a release to `out`, with a list of its files; returns how many it has.

    Args:
        before: see `earlier`.

    Raises:
        OutputError: it cannot be written.
    """
    files = dict(files)
    files[STAMP] = "\n".join([FIRST_LINE, *sorted(map(str, files)), ""]).encode()
    if before is None:
        replace_tree(files, out.resolve())
    else:
        update_tree(files, out, before)
    return len(files)


def _trees(course: Course, names: Sequence[str]) -> dict[Path, Files]:
    """The folders to be made and their files: ``assignments/`` whole, or one folder for each name."""
    wanted = chosen(course, names)
    target = course.root / "assignments"
    if not names:
        return {target: released_together(wanted)}
    return {target / assignment.name: released(assignment) for assignment in wanted}


def chosen(course: Course, names: Sequence[str]) -> tuple[Assignment, ...]:
    """The assignments of these names, in the course's order; all of them where no name is given."""
    if course.modules.name != "solutions":
        raise CourseError(
            f"{course.root}: has no solutions/ to release from; change into the author's course"
        )
    wanted = [course.assignment(name) for name in names]
    return tuple(a for a in course.assignments if not names or a in wanted)


def earlier(course: Course, out: Path) -> list[PurePosixPath] | None:
    """The files of the release that `out` holds; None where it holds nothing.

    Raises:
        OutputError: it is one of the course's own folders, no folder, or holds something else.
    """
    place = out.resolve()
    if place == course.root or any(place.is_relative_to(course.root / name) for name in OWN_FOLDERS):
        raise OutputError(f"{out}: is the course's own folder; choose one outside it with --out")
    try:
        if not place.exists() or (place.is_dir() and not any(place.iterdir())):
            return None
        stamp = place / STAMP
        lines = stamp.read_text(encoding="utf-8").splitlines() if stamp.is_file() else []
    except OSError as error:
        raise cannot_write(out, error) from error
    if lines[:1] != [FIRST_LINE]:
        raise OutputError(f"{out}: holds something that is no release of ours; choose a new or empty folder")
    paths = [PurePosixPath(line) for line in lines[1:]]
    return [path for path in paths if not path.is_absolute() and ".." not in path.parts]

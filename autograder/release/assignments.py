"""What ``assignments/`` holds: each assignment's stubs, and whatever else its folder gives the student."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.registry import Assignment
from autograder.release.files import files_of, is_backup
from autograder.release.markers import fault
from autograder.release.stubs import stubs
from autograder.release.written import templates

MARKER = re.compile(rb"(#+|<!--) *(BEGIN|END) +SOLUTION", re.IGNORECASE)


def released(assignment: Assignment) -> dict[PurePosixPath, bytes]:
    """What students get of an assignment's folder, by path within it.

    Raises:
        CourseError: a marker is at fault, or a file that is copied whole holds a solution.
    """
    found, files = files_of(assignment.folder), {}
    rendered = {f"{name}.py": text.encode() for name, text in stubs(assignment).items()}
    rendered |= {file: text.encode() for file, text in templates(assignment).items()}
    for path, content in found.items():
        if str(path) in rendered:
            files[path] = rendered[str(path)]
        elif not is_backup(path):
            _refuse_marker(f"{assignment.folder.parent.name}/{assignment.name}/{path}", content)
            files[path] = content
    return files


def released_together(assignments: Iterable[Assignment]) -> dict[PurePosixPath, bytes]:
    """The files of several assignments, each behind its assignment's name."""
    return {
        PurePosixPath(assignment.name, path): content
        for assignment in assignments
        for path, content in released(assignment).items()
    }


def _refuse_marker(file: str, content: bytes) -> None:
    """Refuse a solution's marker in a file that is copied whole."""
    if match := MARKER.search(content):
        raise fault(
            file,
            content.count(b"\n", 0, match.start()) + 1,
            "a solution's marker in a file that students get whole; move the solution to its task's module",
        )

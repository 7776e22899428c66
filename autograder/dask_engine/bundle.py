"""What of a course travels to a Dask worker: one assignment's files, named by their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.reference import WRONG
from autograder.registry import Assignment, Course, load_course


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files that grade one assignment.

    Attributes:
        assignment: its name.
        modules: the folder of the tree that is imported, below the course's root.
        files: path below the course's root to contents.
        sha256: of paths and contents.
    """

    assignment: str
    modules: str
    files: dict[str, bytes]
    sha256: str


def bundle(course: Course, assignment: Assignment) -> Bundle:
    """The assignment's solutions, tests and known mistakes, read from the disk."""
    folders = (assignment.folder, course.tests / assignment.name, course.root / WRONG / assignment.name)
    paths = sorted(path for folder in folders for path in folder.rglob("*") if _travels(path))
    files = {path.relative_to(course.root).as_posix(): path.read_bytes() for path in paths}
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return Bundle(
        assignment.name, course.modules.relative_to(course.root).as_posix(), files, digest.hexdigest()
    )


def unpack(bundled: Bundle, root: Path) -> Course:
    """The course of this one assignment, written below `root`."""
    for name, content in bundled.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return load_course(root, root / bundled.modules)


def _travels(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts

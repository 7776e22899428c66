"""The tree that students get: stubs, public tests, and the parts of the kit that run them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import autograder
from autograder.errors import CourseError
from autograder.registry import Assignment, Course
from autograder.release import project
from autograder.release.assignments import released_together
from autograder.release.files import files_of, is_backup
from autograder.release.public_tests import public_probes, public_tests
from autograder.release.stubs import module_source

KIT = Path(autograder.__file__).parent
PARTS = (
    "__init__.py", "__main__.py", "cli.py", "deadlines.py", "errors.py", "markdown.py", "memory.py",
    "registry.py", "testing/*.py",
    "wire/*.py", "checking/*.py", "pictures/*.py", "commands/__init__.py", "commands/check.py",
    "commands/doctor.py",
)  # fmt: skip


def student_files(course: Course, assignments: Sequence[Assignment]) -> dict[PurePosixPath, bytes]:
    """Every file of a tree for students that holds these assignments.

    Raises:
        CourseError: a solution, a test or the course's ``pyproject.toml`` is at fault.
    """
    files = {"assignments" / path: content for path, content in released_together(assignments).items()}
    for assignment in assignments:
        where = PurePosixPath("tests", "tasks", assignment.name)
        found = public_files(course.tests / assignment.name, f"tests/tasks/{assignment.name}")
        files |= {where / path: content for path, content in found.items()}
    for pattern in PARTS:
        for path in KIT.glob(pattern):
            files["autograder" / PurePosixPath(path.relative_to(KIT))] = path.read_bytes()
    texts = project.written(course, assignments)
    return files | {PurePosixPath(name): text.encode() for name, text in texts.items()}


def public_files(folder: Path, label: str) -> dict[PurePosixPath, bytes]:
    """What students get of an assignment's tests: the public ones, their probes, the files that they name.

    Args:
        folder: the tests of one assignment.
        label: the folder's name in messages.

    Raises:
        CourseError: a test file or the probes cannot be taken apart.
    """
    paths = [path for path in files_of(folder) if not is_backup(path)] if folder.is_dir() else []
    sources = {
        path: module_source(folder / path, f"{label}/{path}") for path in paths if path.suffix == ".py"
    }
    public = {}
    for path, source in sources.items():
        if path.name.startswith("test_") and (text := public_tests(source, f"{label}/{path}")) is not None:
            public[path] = text
    for path, source in sources.items():
        if path.name == "probes.py":
            public[path] = public_probes(source, f"{label}/{path}", list(public.values()))
    others = [path for path in paths if not path.name.startswith("test_") and path.name != "probes.py"]
    return {path: text.encode() for path, text in public.items()} | _named(folder, others, public, label)


def _named(
    folder: Path, others: Sequence[PurePosixPath], public: Mapping[PurePosixPath, str], label: str
) -> dict[PurePosixPath, bytes]:
    """The other files that the public ones mention: a module by its name, data by its file's name."""
    texts = "\n".join(public.values())
    found = {}
    for path in others:
        name = path.stem if path.suffix == ".py" else path.name
        if path.name == "conftest.py" or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", texts):
            content = (folder / path).read_bytes()
            if path.suffix == ".py" and b"mark.hidden" in content:
                raise CourseError(
                    f"{label}/{path}:1: students need this file, and it speaks of mark.hidden; split it"
                )
            found[path] = content
    return found

"""``autograder release --notebooks DIR``: an nbgrader course of the assignments' notebooks."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from importlib import resources
from pathlib import Path, PurePosixPath
from string import Template

from autograder.errors import KitError
from autograder.notebooks import BESIDE
from autograder.registry import Assignment, Course
from autograder.release import publishing
from autograder.release.assignments import released_together
from autograder.release.files import Files
from autograder.release.importing import refuse_what_does_not_import
from autograder.release.project import requirements
from autograder.release.student_tree import KIT, public_files

PARTS = (
    "__init__.py", "deadlines.py", "errors.py", "memory.py", "registry.py",
    "testing/*.py", "wire/*.py", "pictures/*.py",
    "checking/__init__.py", "checking/events.py", "checking/reporter.py", "checking/running.py",
    *(f"notebooks/{name}.py"
      for name in ("__init__", "assembling", "cells", "checking", "kernel", "parts", "reloading")),
)  # fmt: skip
# What a notebook and its tests import, beside Jupyter itself.
PACKAGES = ("hypothesis", "matplotlib", "msgpack", "msgspec", "networkx", "numpy", "pytest", "pytest-timeout")
OWN = {"nbgrader_config.py": "nbgrader_config.txt", "README.md": "nbgrader_course.md"}
"""Written once, and the staff's from then on; by name, the text that they are made of."""


def release(course: Course, names: Sequence[str], out: Path) -> int:
    """Write an nbgrader course of these assignments, all where there is no name; how many files it has.

    Of a course that is there already the sources are written anew; what nbgrader and staff have put there
    (released, submitted and graded work, the gradebook, the configuration) stays as it is.

    Raises:
        KitError: nbgrader or jupytext is not installed.
        CourseError: a solution, a test or a handout is at fault, or there is no such assignment.
        OutputError: `out` is not ours to write, or cannot be written.
    """
    for package in ("jupytext", "nbgrader"):
        if importlib.util.find_spec(package) is None:
            raise KitError(f'--notebooks needs {package}; pip install "autodiff-course-kit[grade]"')
    earlier = publishing.earlier(course, out)
    chosen = publishing.chosen(course, names)
    refuse_what_does_not_import(released_together(chosen))
    files = dict(_files(course, chosen))
    files |= {path: (out / path).read_bytes() for path in earlier or () if _stays(path, chosen, out)}
    return publishing.put(files, out, earlier)


def _stays(path: PurePosixPath, chosen: Sequence[Assignment], out: Path) -> bool:
    """Whether a file of an earlier release is left as it is: the staff's, or another assignment's."""
    made = any(path.is_relative_to(f"source/{assignment.name}") for assignment in chosen)
    return not made and (out / path).is_file()


def _files(course: Course, assignments: Sequence[Assignment]) -> Files:
    files = {
        PurePosixPath("source", assignment.name, path): content
        for assignment in assignments
        for path, content in _assignment(course, assignment).items()
    }
    listed = "\n".join(f"    nbgrader generate_assignment {a.name}" for a in assignments)
    words = {"course": course.root.name, "assignments": listed, "example": assignments[0].name}
    filled = {name: Template(_text(text)).substitute(words) for name, text in OWN.items()}
    return files | {PurePosixPath(name): text.encode() for name, text in filled.items()}


def _text(name: str) -> str:
    return resources.files("autograder.notebooks").joinpath(name).read_text(encoding="utf-8")


def _assignment(course: Course, assignment: Assignment) -> Files:
    """The files of one assignment's folder: the notebook, and beside it all that is given."""
    from autograder.notebooks.building import notebook  # noqa: PLC0415  (it needs jupytext)

    name = assignment.name
    beside = {"assignments" / path: content for path, content in released_together([assignment]).items()}
    tests = public_files(course.tests / name, f"tests/tasks/{name}")
    beside |= {PurePosixPath("tests", "tasks", name, path): content for path, content in tests.items()}
    for pattern in PARTS:
        for path in KIT.glob(pattern):
            beside["autograder" / PurePosixPath(path.relative_to(KIT))] = path.read_bytes()
    beside[PurePosixPath("requirements.txt")] = "\n".join([*requirements(course, PACKAGES), ""]).encode()
    placed = {PurePosixPath(BESIDE, path): content for path, content in beside.items()}
    return placed | {PurePosixPath(f"{name}.ipynb"): notebook(course, assignment).encode()}

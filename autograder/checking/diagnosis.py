"""What this machine offers to the kit: each finding with its cure."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from autograder.errors import CourseError
from autograder.registry import Course, find_course

DISTRIBUTION = "autodiff-course-kit"
OLDEST = (3, 11)
BOUNDARY = 2
EXTRAS = {
    "plot": "pictures of graphs and of training",
    "grade": "nbgrader's gradebook",
    "watch": "check --watch",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        needed: whether the kit is of no use without it.
        seen: what is there, in a few words.
        cure: what to do where it is not good.
    """

    what: str
    good: bool
    seen: str
    cure: str = ""
    needed: bool = True


def findings(start: Path | None) -> list[Finding]:
    """Everything that is looked at, in the order of a set-up.

    Args:
        start: where to look for the course; None for the current folder.
    """
    try:
        course, fault = find_course(start or Path.cwd()), ""
    except CourseError as error:
        course, fault = None, str(error)
    return [
        _python(),
        *_packages(),
        _course(course, fault),
        *([_plugin(course)] if course else []),
        *_sandbox(),
    ]


def _python() -> Finding:
    version = f"Python {platform.python_version()} on {platform.system()} ({platform.machine()})"
    oldest = ".".join(map(str, OLDEST))
    if sys.version_info >= OLDEST:
        return _ok("Python", version)
    return _lacking("Python", version, f"install Python {oldest} or newer")


def _packages() -> list[Finding]:
    """A finding for each package that the installation asks for, by its own metadata."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return [
            Finding("the kit", good=False, seen="is not installed", cure="pip install -e . in its folder")
        ]
    found = []
    for requirement in map(Requirement, lines):
        extra = next((name for name in EXTRAS if _asked_by(requirement, name)), None)
        if extra or requirement.marker is None or requirement.marker.evaluate():
            found.append(_package(requirement, extra))
    return found


def _asked_by(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    return marker is not None and marker.evaluate({"extra": extra}) and not marker.evaluate({"extra": ""})


def _package(requirement: Requirement, extra: str | None) -> Finding:
    wanted = f"{requirement.name}{requirement.specifier}"
    use = f" (for {EXTRAS[extra]})" if extra else ""
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        cure = f'pip install "{wanted}"'
        return _lacking(requirement.name, f"not installed{use}", cure, needed=extra is None)
    if requirement.specifier.contains(version, prereleases=True):
        return _ok(requirement.name, version)
    seen, cure = f"{version}, needed is {requirement.specifier}{use}", f'pip install -U "{wanted}"'
    return _lacking(requirement.name, seen, cure, needed=extra is None)


def _course(course: Course | None, fault: str) -> Finding:
    if course is None:
        return _lacking("course", "none that can be read", fault)
    names = ", ".join(assignment.name for assignment in course.assignments)
    count = sum(len(assignment.tasks) for assignment in course.assignments)
    return _ok("course", f"{course.modules} ({names}: {count} tasks)")


def _plugin(course: Course) -> Finding:
    """Whether pytest, started here, knows the course's marks."""
    words = (sys.executable, "-m", "pytest", "-p", "autograder.testing.plugin", "--markers")
    ran = subprocess.run(words, cwd=course.root, capture_output=True, text=True, check=False)  # noqa: S603
    first = course.assignments[0].tasks[0].id
    if f"@pytest.mark.{first}:" in ran.stdout:
        return _ok("pytest's plugin", f"pytest -m {first} finds its tests")
    said = (ran.stderr or ran.stdout).strip().splitlines() or ["pytest said nothing"]
    return _lacking("pytest's plugin", said[-1], "pip install -e . in the course's folder")


def _sandbox() -> list[Finding]:
    """How far a submission can be shut in, in an installation that grades."""
    if not importlib.util.find_spec("autograder.sandbox"):
        return []
    try:
        with importlib.import_module("autograder.grading.forkserver").ForkServer() as server:
            reached = server.sandbox
    except (ImportError, AttributeError, OSError) as error:  # (Windows lacks what it is built on)
        cure = "grade on Linux, or in a container or WSL"
        return [_lacking("sandbox", f"none here ({error})", cure, needed=False)]
    seen = "\n".join([f"rung {reached.rung}", *(f"for more: {missing}" for missing in reached.missing)])
    if reached.rung < BOUNDARY:
        cure = f"grade on Linux: below rung {BOUNDARY} the sandbox is no security boundary"
        return [_lacking("sandbox", seen, cure, needed=False)]
    return [_ok("sandbox", seen)]


def _ok(what: str, seen: str) -> Finding:
    return Finding(what=what, good=True, seen=seen)


def _lacking(what: str, seen: str, cure: str, *, needed: bool = True) -> Finding:
    return Finding(what=what, good=False, seen=seen, cure=cure, needed=needed)

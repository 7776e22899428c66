"""A course of two small assignments, and ways to hand in: folders, zips and tars with the same files."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from autograder.grading.collecting import find_places, read_submission
from autograder.grading.result import Result, Sandbox, Status, TaskScore
from autograder.grading.submission import Limits, Place, Submission
from autograder.registry import Course, find_course

ALPHA = """
schema = "autograder/assignment/v1"
title = "Alpha"
source = "a book"
helpers = ["tools"]
[tasks.task1_1]
title = "Rules"
module = "rules"
points = 10
section = "rules"
hint = "think"
[tasks.task1_2]
title = "Graphs"
module = "graphs"
points = 30
section = "graphs"
hint = "think"
"""

BETA = """
schema = "autograder/assignment/v1"
title = "Beta"
source = "a book"
[tasks.task2_1]
title = "Tensors"
module = "tensors"
points = 5
section = "tensors"
hint = "think"
[tasks.task2_2]
title = "Fitting"
module = "fitting"
points = 5
section = "fitting"
hint = "think"
"""

FILES = {"rules.py": b"RULE = 1\n", "graphs.py": b"GRAPH = 2\n"}
"""The modules of ``alpha``, as a student hands them in."""


def build_course(root: Path) -> Course:
    """A course with the assignments ``alpha`` (helper ``tools``, given ``given``) and ``beta``."""
    for name, registry, modules in (("alpha", ALPHA, "rules graphs"), ("beta", BETA, "tensors fitting")):
        folder = root / "solutions" / name
        folder.mkdir(parents=True)
        (folder / "assignment.toml").write_text(registry)
        (folder / "given.py").write_text("GIVEN = 0\n")
        for module in modules.split():
            (folder / f"{module}.py").write_text("")
    return find_course(root)


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def pack(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a .zip or a .tar.gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        with tarfile.open(path, "w:gz") as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return path


def read_at(path: Path, course: Course, limits: Limits | None = None) -> Submission:
    """The submission of ``alpha`` at exactly this path."""
    return read_submission(Place("ada", "alpha", path), course.assignment("alpha"), limits)


def found(path: Path, course: Course, assignment: str | None = None) -> list[tuple[str, str, str]]:
    """Student, assignment and path below `path` of each submission found."""
    places = find_places(path, course, assignment)
    return [(p.student_id, p.assignment, p.path.relative_to(path.resolve()).as_posix()) for p in places]


def result(
    student_id: str = "ada", *, scores: tuple[float | None, ...] = (10.0, 7.5), sha: str = "a"
) -> Result:
    """A result of ``alpha``."""
    tasks = tuple(
        TaskScore(
            task=task, title=title, status=_status(score, points), score=score, max_score=points, tests=()
        )
        for (task, title, points), score in zip(
            (("task1_1", "Rules", 10.0), ("task1_2", "Graphs", 30.0)), scores, strict=True
        )
    )
    return Result(
        student_id=student_id,
        assignment="alpha",
        score=None if None in scores else sum(score for score in scores if score is not None),
        max_score=40.0,
        seed=0,
        sandbox=Sandbox(rung=3),
        submission_sha256=sha,
        course_version="v",
        started="2025-01-01T00:00:00Z",
        duration_s=0.5,
        tasks=tasks,
    )


def _status(score: float | None, points: float) -> Status:
    if score is None:
        return Status.ERROR
    return Status.PASSED if score == points else Status.FAILED

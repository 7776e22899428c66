"""The zip that Gradescope makes an autograder of: scripts, kit, lock, and one assignment with its answers.

It is the instructor's: reference solutions and hidden tests are in it.
"""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath

import msgspec

import autograder
from autograder.errors import CourseError, OutputError
from autograder.gradescope.container import SETTINGS, Settings
from autograder.grading.reference import WRONG
from autograder.registry import Assignment, Course
from autograder.release.files import Files, files_of, is_backup
from autograder.release.project import CONSTRAINTS, grader_requirements, locked

KIT = Path(autograder.__file__).parent
SCRIPTS = ("setup.sh", "run_autograder")
# One instant for every file: the same course gives the same zip.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def write_bundle(course: Course, settings: Settings, out: Path) -> int:
    """Write the zip to `out`; returns how many files are in it.

    Raises:
        CourseError: no such assignment, no solutions, or no lock.
        OutputError: it cannot be written; an earlier one is as it was.
    """
    files = bundled(course, settings)
    beside = out.with_name(f".{out.name}.tmp")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in sorted(files.items()):
                archive.writestr(_entry(path), content)
        beside.replace(out)
    except OSError as fault:
        raise OutputError(f"{out}: cannot be written ({fault.strerror}); choose another --out") from fault
    return len(files)


def bundled(course: Course, settings: Settings) -> Files:
    """The files of the zip.

    Raises:
        CourseError: no such assignment, no solutions, or no lock.
    """
    if course.modules.name != "solutions":
        raise CourseError(f"{course.root}: has no solutions/ to grade with; change into the author's course")
    assignment = course.assignment(settings.assignment)
    needed = grader_requirements(course)
    texts = {
        SETTINGS: msgspec.json.format(msgspec.json.encode(settings), indent=2).decode() + "\n",
        "requirements.txt": "".join(f"{line}\n" for line in needed),
        CONSTRAINTS: locked(course, needed),
        **{name: (KIT / "gradescope" / name).read_text(encoding="utf-8") for name in SCRIPTS},
    }
    kit = {PurePosixPath("kit", "autograder", path): content for path, content in files_of(KIT).items()}
    whole = {PurePosixPath(name): text.encode() for name, text in texts.items()}
    return whole | kit | _course_files(course, assignment)


def _course_files(course: Course, assignment: Assignment) -> dict[PurePosixPath, bytes]:
    folders = (assignment.folder, course.tests / assignment.name, course.root / WRONG / assignment.name)
    return {
        PurePosixPath("course", (folder / path).relative_to(course.root)): content
        for folder in folders
        if folder.is_dir()
        for path, content in files_of(folder).items()
        if not is_backup(path)
    }


def _entry(path: PurePosixPath) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(str(path), LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # (Unix, or the mode is not read)
    executable = 0o111 if str(path) in SCRIPTS else 0
    entry.external_attr = (stat.S_IFREG | 0o644 | executable) << 16
    return entry

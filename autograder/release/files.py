"""Files of a tree, by path: read, compared, and put in place as a whole."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path, PurePosixPath

from autograder.errors import CourseError, OutputError

Files = Mapping[PurePosixPath, bytes]

CACHES = frozenset(
    {
        "__pycache__",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".DS_Store",
    }
)
BACKUPS = ("~", ".bak", ".orig", ".rej", ".swp", ".pyc", ".pyo")


def files_of(folder: Path) -> dict[PurePosixPath, bytes]:
    """The content of every file below `folder`, but for the caches that tools leave.

    Raises:
        CourseError: there is a symbolic link, which leads nowhere once the tree is copied.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if CACHES.isdisjoint(relative.parts) and path.suffix not in (".pyc", ".pyo"):
            if path.is_symlink():
                raise CourseError(f"{path}: is a link; put the file itself here")
            if path.is_file():
                found[PurePosixPath(relative)] = path.read_bytes()
    return found


def is_backup(path: PurePosixPath) -> bool:
    """Whether a file is an editor's or a tool's own: hidden, or a backup copy."""
    return any(part.startswith(".") for part in path.parts) or path.name.endswith(BACKUPS)


def differences(expected: Files, folder: Path, label: str) -> list[str]:
    """What differs between `expected` and the files of `folder`, one line a file, paths behind `label`."""
    there = files_of(folder) if folder.is_dir() else {}
    return [
        f"{label}/{path}{_difference(expected.get(path), there.get(path))}"
        for path in sorted({*expected, *there})
        if expected.get(path) != there.get(path)
    ]


def _difference(expected: bytes | None, there: bytes | None) -> str:
    if there is None:
        return ": missing"
    if expected is None:
        return ": comes from no solution"
    pairs = zip_longest(expected.splitlines(keepends=True), there.splitlines(keepends=True))
    return f":{next(i for i, (one, other) in enumerate(pairs, start=1) if one != other)}: differs"


def replace_tree(files: Files, target: Path) -> None:
    """Make `target` a folder of exactly these files; as long as that is not done, it stays as it was.

    Raises:
        OutputError: it cannot be written.
    """
    fresh, old = (target.with_name(f".{target.name}.{name}") for name in ("new", "old"))
    try:
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh.mkdir(parents=True)
        write_files(files, fresh)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise cannot_write(target, error) from error
    finally:
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)


def update_tree(files: Files, target: Path, earlier: list[PurePosixPath]) -> None:
    """Write these files into `target` and delete the others of `earlier`; nothing else is touched.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        write_files(files, target)
        for path in earlier:
            if path not in files:
                (target / path).unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # (a folder that still holds something stays)
                    (target / path).parent.rmdir()
    except OSError as error:
        raise cannot_write(target, error) from error


def cannot_write(target: Path, error: OSError) -> OutputError:
    """The fault that `target` could not be written, with the system's reason."""
    return OutputError(
        f"{target}: cannot be written ({error.strerror or error}); make room there, or choose another folder"
    )


def write_files(files: Files, folder: Path) -> None:
    """Write the files below `folder`, each one whole or not at all."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f".{place.name}.part")
        part.write_bytes(content)
        part.replace(place)

"""What an attack left behind: processes below ours, files in the places that it could want to write."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
MARK = "attack-was-here"
SHARED = [Path(name) for name in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/")]  # noqa: S108


def adopt_orphans() -> None:
    """Become the parent of every process below us that loses its own: a daemon cannot slip away."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def descendants(ancestor: int) -> set[int]:
    """The processes below `ancestor`, those included that have ended and wait to be reaped."""
    parents = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208  (names are all that is needed)
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            parents[int(entry)] = int(stat.rpartition(")")[2].split()[1])
    found: set[int] = set()
    grown = {ancestor}
    while grown:
        grown = {pid for pid, parent in parents.items() if parent in grown}
        found |= grown
    return found


def files(folders: Iterable[Path]) -> dict[str, tuple[int, int, int, int]]:
    """Every file and folder below `folders`, with what changes when it is written."""
    return {
        str(path): (stat.st_size, stat.st_mtime_ns, stat.st_mode, stat.st_ino)
        for folder in folders
        for path in (folder, *folder.rglob("*"))
        for stat in [path.lstat()]
    }


def traces(code: Iterable[Path], since: float) -> set[str]:
    """What bears the corpus's mark: files in shared places by name, changed modules by their text."""
    named = {
        str(path) for folder in SHARED if folder.is_dir() for path in folder.iterdir() if MARK in path.name
    }
    changed = {path for folder in code for path in folder.rglob("*.p*") if path.lstat().st_mtime >= since}
    return named | {str(path) for path in changed if MARK.encode() in path.read_bytes()}


def changes(before: dict[str, tuple[int, ...]], after: dict[str, tuple[int, ...]]) -> list[str]:
    """The paths that were made, changed or removed between two looks."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))

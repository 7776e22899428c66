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


def parent(pid: int) -> int:
    """A process's parent, 0 where there is no such process."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def state(pid: int) -> str:
    """A process's state, one letter, "" where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def reaped(pid: int) -> bool:
    """Whether a process has ended that fell to us, as it does to init elsewhere, to reap."""
    if parent(pid) != os.getpid() or state(pid) != "Z":
        return False
    finished, _ = os.waitpid(pid, os.WNOHANG)
    return bool(finished)


def descendants(ancestor: int) -> set[int]:
    """The processes below `ancestor`, those included that have ended and wait to be reaped."""
    parents = {int(entry): parent(int(entry)) for entry in os.listdir("/proc") if entry.isdigit()}  # noqa: PTH208  (names do)
    found: set[int] = set()
    grown = {ancestor}
    while grown:
        grown = {pid for pid, above in parents.items() if above in grown}
        found |= grown
    return found


def forget_peak(pid: int) -> int:
    """The bytes that a process holds; the most that it held is counted anew from here."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return peak(pid)


def peak(pid: int) -> int:
    """The most bytes that a process held, 0 where it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(status.partition("VmHWM:")[2].split()[0]) << 10


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

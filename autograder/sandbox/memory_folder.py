"""A temporary folder for students' code that lies in the child's own memory and goes with it (Linux).

No rung lets a child write to a disk. What a student does with ``tempfile``, ``open`` and ``os`` below
``/tmp`` works all the same, alike on every rung: each file there is anonymous memory (``memfd_create(2)``),
known by its path to the replaced functions alone. Limits: `ladder.FILE_BYTES` a file, and as many files
as a process may hold open. This is a convenience inside the sandbox, no part of its walls.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import posixpath
import stat
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Final

ROOT: Final = "/tmp"  # noqa: S108  (a path that exists in this process only)

_ANONYMOUS: Final = getattr(os, "O_TMPFILE", 0)


class Entry:
    """What `os.scandir` tells of a file or folder."""

    def __init__(self, folder: str, name: str, status: os.stat_result) -> None:
        self.name, self.path, self._status = name, posixpath.join(folder, name), status

    def __fspath__(self) -> str:
        return self.path

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002
        """Whether it is a folder."""
        return stat.S_ISDIR(self._status.st_mode)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002
        """Whether it is a file."""
        return stat.S_ISREG(self._status.st_mode)

    def is_symlink(self) -> bool:
        """False: there are none."""
        return False

    def is_junction(self) -> bool:
        """False: there are none."""
        return False

    def inode(self) -> int:
        """Its number."""
        return self._status.st_ino

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:  # noqa: ARG002
        """What `os.stat` tells of it."""
        return self._status


class _Listing:
    """An iterator that can be closed, as `os.scandir` returns one."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = iter(entries)

    def __enter__(self) -> Iterator[Entry]:
        return self._entries

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Entry]:
        return self._entries

    def __next__(self) -> Entry:
        return next(self._entries)

    def close(self) -> None:
        """Forget what is left."""
        self._entries = iter(())


class MemoryFolder:
    """The files and folders below `ROOT`; its methods stand in for those of `os` of the same name."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._folders = {ROOT}

    def open(self, path: str, flags: int, mode: int = 0o777) -> int:  # noqa: ARG002
        """A descriptor of its own place in the file; a reader's is of the contents as they are now."""
        if _ANONYMOUS and flags & _ANONYMOUS == _ANONYMOUS:
            return _anonymous()
        if path in self._folders:
            raise _error(errno.EISDIR, path)
        if path in self._files and flags & os.O_CREAT and flags & os.O_EXCL:
            raise _error(errno.EEXIST, path)
        if path not in self._files:
            if not flags & os.O_CREAT:
                raise _error(errno.ENOENT, path)
            self._check_parent(path)
            self._files[path] = _anonymous()
        held = self._files[path]
        if flags & os.O_TRUNC:
            os.ftruncate(held, 0)
        return _opened(held, reads_only=flags & os.O_ACCMODE == os.O_RDONLY)

    def stat(self, path: str, *, follow_symlinks: bool = True) -> os.stat_result:  # noqa: ARG002
        """What is known of a file or folder."""
        if path in self._folders:
            return os.stat_result((stat.S_IFDIR | 0o700, abs(hash(path)), 0, 2, 0, 0, 0, 0, 0, 0))
        return os.fstat(self._found(path))

    lstat = stat

    def access(self, path: str, mode: int, **_: bool) -> bool:  # noqa: ARG002
        """Whether there is such a file or folder."""
        return path in self._files or path in self._folders

    def unlink(self, path: str) -> None:
        """Remove a file; who has it open keeps it."""
        os.close(self._found(path))
        del self._files[path]

    remove = unlink

    def mkdir(self, path: str, mode: int = 0o777) -> None:  # noqa: ARG002
        """Make a folder."""
        if self.access(path, 0):
            raise _error(errno.EEXIST, path)
        self._check_parent(path)
        self._folders.add(path)

    def rmdir(self, path: str) -> None:
        """Remove an empty folder."""
        if self.listdir(path):
            raise _error(errno.ENOTEMPTY, path)
        if path == ROOT:
            raise _error(errno.EBUSY, path)
        self._folders.remove(path)

    def listdir(self, path: str) -> list[str]:
        """The names in a folder."""
        if path not in self._folders:
            raise _error(errno.ENOTDIR if path in self._files else errno.ENOENT, path)
        below = [*self._files, *self._folders - {ROOT}]
        return [posixpath.basename(name) for name in below if posixpath.dirname(name) == path]

    def scandir(self, path: str) -> _Listing:
        """The entries of a folder."""
        found = [(name, self.stat(posixpath.join(path, name))) for name in self.listdir(path)]
        return _Listing([Entry(path, name, status) for name, status in found])

    def rename(self, path: str, to: object) -> None:
        """Give a file another name; one that has it already is replaced."""
        place, target = self._found(path), inside(to)
        if target is None:
            raise _error(errno.EXDEV, path)
        if target in self._folders:
            raise _error(errno.EISDIR, target)
        self._check_parent(target)
        if target in self._files and target != path:
            self.unlink(target)
        del self._files[path]
        self._files[target] = place

    replace = rename

    def chmod(self, path: str, mode: int, **_: bool) -> None:  # noqa: ARG002
        """Nothing: what is here belongs to one user, all but the folder itself."""
        self._check_own(path)

    def utime(self, path: str, *_: object, **__: object) -> None:
        """Nothing: no times are kept."""
        self._check_own(path)

    def listxattr(self, path: str, **_: bool) -> list[str]:
        """No extended attributes."""
        self.stat(path)
        return []

    def _check_own(self, path: str) -> None:
        self.stat(path)
        if path == ROOT:
            raise _error(errno.EPERM, path)

    def _found(self, path: str) -> int:
        if path in self._folders:
            raise _error(errno.EISDIR, path)
        if path not in self._files:
            raise _error(errno.ENOENT, path)
        return self._files[path]

    def _check_parent(self, path: str) -> None:
        if posixpath.dirname(path) not in self._folders:
            raise _error(errno.ENOENT, path)


REPLACED: Final = (
    "open stat lstat access unlink remove mkdir rmdir listdir scandir rename replace chmod utime listxattr"
).split()


def install() -> None:
    """Replace the functions of `os`, `io` and the builtin `open` that the folder stands in for.

    To be called before anything is imported that keeps such a function, as ``tempfile`` and numpy do.
    All goes on as before until `furnish` is called.
    """
    folder = MemoryFolder()
    for name in REPLACED:
        if hasattr(os, name):
            setattr(os, name, _routed(getattr(os, name), getattr(folder, name)))
    builtins.open = io.open = _opening(io.open)  # type: ignore[assignment]


_there: list[str] = []


def furnish() -> None:
    """From now on, what lies below `ROOT` is in this process's memory and in that of its children."""
    _there[:] = [ROOT]


def inside(path: object) -> str | None:
    """The plain path where it lies in the folder, None for any other path and for a descriptor."""
    if not _there or not isinstance(path, (str, bytes, os.PathLike)):
        return None
    plain = posixpath.normpath(os.fsdecode(path))
    return plain if plain == ROOT or plain.startswith(f"{ROOT}/") else None


def _routed(real: Callable[..., object], ours: Callable[..., object]) -> Callable[..., object]:
    """`ours` for a path in the folder, `real` for any other."""

    @wraps(real)
    def call(path: object = ".", *arguments: object, **keywords: object) -> object:
        plain = inside(path)
        if plain is None or keywords.get("dir_fd") is not None:
            return real(path, *arguments, **keywords)
        keywords.pop("dir_fd", None)
        return ours(plain, *arguments, **keywords)

    return call


def _opening(real: Callable[..., object]) -> Callable[..., object]:
    """`io.open`, which asks `os.open` for the descriptor of a file in the folder."""

    @wraps(real)
    def opening(file: object, *arguments: object, **keywords: object) -> object:
        if inside(file) is not None:
            keywords.setdefault("opener", os.open)
        return real(file, *arguments, **keywords)

    return opening


def _anonymous() -> int:
    return os.memfd_create("temporary", os.MFD_CLOEXEC)


def _opened(held: int, *, reads_only: bool) -> int:
    """A descriptor of the file `held`; duplicates share their place in it, so a reader gets a copy."""
    if not reads_only:
        descriptor = os.dup(held)
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor
    descriptor, size = _anonymous(), os.fstat(held).st_size
    done = 0
    while done < size:
        done += os.pwrite(descriptor, os.pread(held, size - done, done), done)
    return descriptor


def _error(number: int, path: str) -> OSError:
    return OSError(number, os.strerror(number), path)

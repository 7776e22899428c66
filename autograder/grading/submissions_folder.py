"""A submission that is a folder: read through descriptors, so that no link is ever followed."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from autograder.grading.submission import Limits
from autograder.grading.submissions_tree import (
    IS_LINK,
    IS_SPECIAL,
    Entry,
    Refused,
    TooLarge,
    Unreadable,
    folder_of_tools,
    shown,
    too_large,
    without_clashes,
)

_DEEPEST = 16
"""Folders below folders that are looked into."""
_LONGEST_LISTING = 100_000
"""Names in one folder that are sorted, so that the first of them are the same on every machine."""


@contextmanager
def open_folder(path: Path, limits: Limits, only: str = "") -> Iterator[FolderTree]:
    """The folder, opened once: whatever is put in its place later is not seen.

    Args:
        path: of the folder.
        limits: how much to look at.
        only: the one file of it that was handed in, "" where the folder was.

    Raises:
        Unreadable: it is a link, or may not be opened.
    """
    try:
        root = _open_below(None, str(path), os.O_DIRECTORY)
    except OSError as fault:
        raise Unreadable(f"{shown(path.name)} {_reason(fault)}") from fault
    try:
        yield FolderTree(path.name, root, limits, only)
    finally:
        os.close(root)


@contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """The file, opened without following a link or waiting for a pipe.

    Raises:
        Unreadable: it is no ordinary file, or may not be opened.
    """
    try:
        opened = os.fdopen(_open_regular(None, str(path)), "rb")
    except (OSError, Refused) as fault:
        why = _reason(fault) if isinstance(fault, OSError) else fault
        raise Unreadable(f"{shown(path.name)} {why}") from fault
    with opened:
        yield opened


class FolderTree:
    """A `Tree` over an open folder.

    Args:
        name: the folder's name.
        root: its descriptor.
        limits: how much to look at.
        only: the one file that is in it, as far as anybody asks.
    """

    def __init__(self, name: str, root: int, limits: Limits, only: str = "") -> None:
        self.name, self._root = name, root
        found = [Entry(only)] if only else list(islice(self._walk(), limits.entries + 1))
        self.cut = len(found) > limits.entries
        self.entries: Sequence[Entry] = without_clashes(
            entry for entry in found[: limits.entries] if entry is not None
        )

    def read(self, path: str, size: int) -> bytes:
        """The file's contents, if they are at most `size` bytes."""
        with self.open(path) as opened:
            try:
                content = opened.read(size + 1)
            except OSError as fault:
                raise Refused(_reason(fault)) from fault
        if len(content) > size:
            raise TooLarge(too_large(size))
        return content

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """The file, opened for reading."""
        *folders, name = path.split("/")
        folder = -1
        try:
            folder = self._open_folder(folders)
            opened = os.fdopen(_open_regular(folder, name), "rb")
        except OSError as fault:
            raise Refused(_reason(fault)) from fault
        finally:
            if folder >= 0:
                os.close(folder)
        with opened:
            yield opened

    def _walk(self) -> Iterator[Entry | None]:
        """Every file, and None for every folder, those nearer to the top first."""
        waiting: deque[list[str]] = deque([[]])
        while waiting:
            above = waiting.popleft()
            try:
                names = self._list(above)
            except OSError as fault:
                if not above:
                    raise Unreadable(f"{shown(self.name)} {_reason(fault)}") from fault
                yield Entry("/".join(above), _reason(fault))
                continue
            for name, kind in names:
                if kind == "folder" and len(above) < _DEEPEST:
                    waiting.append([*above, name])
                yield None if kind == "folder" else Entry("/".join([*above, name]), kind)

    def _list(self, folders: list[str]) -> list[tuple[str, str]]:
        """Names in a folder with ``"folder"`` or the fault of each, in order; those of tools left out."""
        folder = self._open_folder(folders)
        try:
            with os.scandir(folder) as found:
                kinds = [(entry.name, _kind(entry)) for entry in islice(found, _LONGEST_LISTING)]
        finally:
            os.close(folder)
        return sorted((name, kind) for name, kind in kinds if kind != "folder" or not folder_of_tools(name))

    def _open_folder(self, folders: list[str]) -> int:
        """A descriptor of the folder below the root, reached one name at a time."""
        current = os.dup(self._root)
        for name in folders:
            above = current
            try:
                current = _open_below(above, name, os.O_DIRECTORY)
            finally:
                os.close(above)
        return current


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return IS_LINK
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "" if entry.is_file(follow_symlinks=False) else IS_SPECIAL


def _open_below(folder: int | None, name: str, flags: int = 0) -> int:
    always = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    return os.open(name, always | flags, dir_fd=folder)


def _open_regular(folder: int | None, name: str) -> int:
    opened = _open_below(folder, name)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise Refused(IS_SPECIAL)
    return opened


def _reason(fault: OSError) -> str:
    """Why a file or folder could not be opened, to follow its name."""
    # A link in place of a folder is refused as "not a directory", in place of a file as "too many links".
    if fault.errno in {errno.ELOOP, errno.ENOTDIR}:
        return IS_LINK
    return f"cannot be read ({fault.strerror}); make it readable and hand it in again"

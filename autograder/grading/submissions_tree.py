"""What is in a submission, folder or archive alike: names, and why one of them may not be read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

IS_LINK = "is a link, and links are not followed; hand in the file itself"
IS_SPECIAL = "is no ordinary file (a pipe or a device); hand in the file itself"
IS_TWICE = "is there twice, or under names that differ only in case; hand in one"

_TOOL_FOLDERS = frozenset({"__pycache__", "__MACOSX", "node_modules", "venv", "env"})
_COMMON_FILES = frozenset({"README.md", "assignment.toml", "timestamp.txt", "Thumbs.db", "desktop.ini"})
_SEPARATORS = re.compile(r"[/\\]")
_SHOWN_LENGTH = 100


class Refused(Exception):  # noqa: N818  (it tells of a student's file, it is no error of ours)
    """A file that may not be taken; the text says why and what to do, to follow the file's name."""


class TooLarge(Refused):
    """A file that is larger than may be read."""


class Unreadable(Exception):  # noqa: N818  (it tells of a student's submission, it is no error of ours)
    """A submission of which nothing can be read; one line for the student."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a submission, or something that cannot be opened.

    Attributes:
        path: below the submission's top, parts joined by ``/``.
        fault: why it may not be read, to follow its name; "" for an ordinary file.
    """

    path: str
    fault: str = ""

    @property
    def name(self) -> str:
        """The last part; a backslash separates too, because it does so where the archive was made."""
        return _SEPARATORS.split(self.path)[-1]

    @property
    def folders(self) -> list[str]:
        """The parts before the last."""
        return self.path.split("/")[:-1]


class Tree(Protocol):
    """A submission that was opened.

    Attributes:
        name: of its folder or archive, without the archive's suffix.
        entries: what is in it, in the order of the paths.
        cut: whether there was more than the limit lets us look at.
    """

    name: str
    entries: Sequence[Entry]
    cut: bool

    def read(self, path: str, size: int) -> bytes:
        """The file's contents.

        Raises:
            Refused: it is larger than `size` bytes, or cannot be read.
        """


def shown(name: str) -> str:
    """`name` as it can be printed: a student chose it, so it may hold anything."""
    printable = "".join(char if char.isprintable() else "?" for char in name)
    return printable if len(printable) <= _SHOWN_LENGTH else "..." + printable[-_SHOWN_LENGTH:]


def too_large(size: int) -> str:
    """The fault of a file larger than `size` bytes."""
    return f"is larger than {size // 1024} KiB; hand in your code alone, without data"


def name_fault(name: str) -> str:
    """Why a file of this archived name may not be taken, or ""."""
    if "\\" in name:
        return "has a backslash in its archived name; pack the folder again with another tool"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "has an absolute name in the archive; pack the folder again from its parent folder"
    if ".." in name.split("/"):
        return "has a name that leads out of the archive; pack the folder again from its parent folder"
    return ""


def of_tools(path: str) -> bool:
    """Whether a path lies in a folder that a tool keeps (``.git``, ``__pycache__``), or is its trace."""
    *folders, name = path.split("/")
    return name.startswith("._") or any(folder_of_tools(folder) for folder in folders)


def folder_of_tools(name: str) -> bool:
    """Whether a folder of this name is a tool's."""
    return name in _TOOL_FOLDERS or (name.startswith(".") and name not in {".", ".."})


def is_common(entry: Entry) -> bool:
    """Whether the file is one that lies in many submissions and is worth no word."""
    return entry.name.startswith(".") or entry.name in _COMMON_FILES


def without_clashes(entries: Iterable[Entry]) -> list[Entry]:
    """The entries by path; those whose names some file systems hold to be one are given a fault."""
    ordered = sorted(entries, key=lambda entry: entry.path)
    counts = Counter(_folded(entry.path) for entry in ordered)
    return [
        replace(entry, fault=entry.fault or IS_TWICE) if counts[_folded(entry.path)] > 1 else entry
        for entry in ordered
    ]


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()

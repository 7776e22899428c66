"""What lies in a folder of scores, remembered from run to run: ``SCORES/.ledger``.

Reading ten thousand submissions and results to find that nothing has changed takes longer than grading one
more. So each result is remembered in short, with the signatures of the files it was made from and written
to. It is believed only as long as these are unchanged; without the ledger everything is read again.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.grading.result import Result
from autograder.grading.submission import Place
from autograder.scores.files import Report, read_result, result_path, to_standard_error

NAME = ".ledger"
SCHEMA = "autograder/ledger/v1"

SETTLED_NS = 2_000_000_000
"""A file that changed less than this before it was looked at may change again within the clock's step."""

MOST_ENTRIES = 2_000
PAGES = (".md", ".html")

_Stamp = tuple[int, int, int]
"""When a file was written and its inode changed, in nanoseconds, and its size in bytes."""


class _Entry(msgspec.Struct, array_like=True):
    """One result in short.

    Attributes:
        result: without its tests and texts.
        file: the stamp of the result's file.
        handed_in: the signature of the submission, "" where it is to be read again.
    """

    result: Result
    file: _Stamp
    handed_in: str = ""


class _Saved(msgspec.Struct):
    schema: str
    entries: list[_Entry]


@dataclass(frozen=True, slots=True)
class _Folder:
    """The files of one assignment's scores, by name."""

    stamps: dict[str, _Stamp]

    def has_pages(self, student_id: str, since: _Stamp) -> bool:
        """Whether a student's pages are there, made from the result that was written at `since`."""
        pages = [self.stamps.get(f"{student_id}{ending}", (0, 0, 0)) for ending in PAGES]
        return all(written >= since[0] and size for written, _, size in pages)


class Ledger:
    """The results below a folder of scores, in short.

    Args:
        out: the folder.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._entries: dict[tuple[str, str], _Entry] = {}
        with suppress(OSError, msgspec.DecodeError):
            saved = msgspec.msgpack.decode((out / NAME).read_bytes(), type=_Saved)
            if saved.schema == SCHEMA:
                self._entries = {_identity(entry.result): entry for entry in saved.entries}
        self._folders: dict[str, _Folder] = {}

    def unchanged(self, place: Place, signature: str, key: tuple[str, int], *, pages: bool) -> Result | None:
        """The complete result of a submission, in short, where neither has changed; None where it may have.

        Args:
            signature: the submission's, as of `signature_of`.
            key: the course's version and the seed.
            pages: the student's pages must be there as well.
        """
        entry = self._entries.get((place.student_id, place.assignment))
        if not entry or not signature or entry.handed_in != signature or not entry.result.complete:
            return None
        folder = self._folder(place.assignment)
        if entry.result.key[1:] != key or entry.file != folder.stamps.get(f"{place.student_id}.json"):
            return None
        return None if pages and not folder.has_pages(place.student_id, entry.file) else entry.result

    def add(self, result: Result, signature: str) -> None:
        """Remember a result that has been written, of the submission with this signature."""
        path = result_path(self._out, result.assignment, result.student_id)
        with suppress(OSError):
            self._entries[_identity(result)] = _Entry(_short(result), _stamp(path.stat()), signature)

    def results(self, report: Report | None = None) -> Iterator[Result]:
        """The results below the folder, in short, by student and assignment; what changed is read again.

        Args:
            report: see `read_results`.
        """
        say = report or to_standard_error
        names = [path.name for path in self._out.iterdir() if path.is_dir()] if self._out.is_dir() else []
        self._folders = {name: _listed(self._out / name) for name in names}
        found = {
            (name.removesuffix(".json"), assignment): stamp
            for assignment, folder in self._folders.items()
            for name, stamp in folder.stamps.items()
            if name.endswith(".json") and not name.startswith(".")
        }
        self._entries = {identity: one for identity, one in self._entries.items() if identity in found}
        for identity in sorted(found):
            entry = self._entries.get(identity)
            if not entry or entry.file != found[identity]:
                entry = self._read(*identity, found[identity], say)
            if entry:
                yield entry.result

    def save(self) -> None:
        """Write the ledger; one that cannot be written is done without."""
        beside = self._out / f".{NAME}.{os.getpid()}.tmp"
        with suppress(OSError):
            beside.write_bytes(msgspec.msgpack.encode(_Saved(SCHEMA, list(self._entries.values()))))
            beside.replace(self._out / NAME)

    def _read(self, student_id: str, assignment: str, stamp: _Stamp, say: Report) -> _Entry | None:
        path = self._out / assignment / f"{student_id}.json"
        self._entries.pop((student_id, assignment), None)
        try:
            entry = _Entry(_short(read_result(path)), stamp)
        except (OSError, ValueError) as fault:
            say(f"{path}: {fault}; it is left out, remove it or grade again")
            return None
        self._entries[student_id, assignment] = entry
        return entry

    def _folder(self, assignment: str) -> _Folder:
        if assignment not in self._folders:
            self._folders[assignment] = _listed(self._out / assignment)
        return self._folders[assignment]


def signature_of(path: Path) -> str:
    """A hash of names, sizes and times of all that was handed in at `path`; "" where it must be read.

    Nothing is opened: a submission whose files have the same times, sizes and inodes is the same. One that
    changed just now could change again unseen, and has none.
    """
    digest, newest, count = hashlib.blake2b(digest_size=16), 0, 0
    try:
        for name, found in _walk(path):
            count += 1
            newest = max(newest, found.st_ctime_ns)
            digest.update(f"{name}\0{found.st_mode}\0{found.st_ino}\0{_stamp(found)}\0".encode())
            if count > MOST_ENTRIES:
                return ""
    except OSError:
        return ""
    return digest.hexdigest() if time.time_ns() - newest > SETTLED_NS else ""


def _walk(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Everything at and below a path with what the system says of it; no link is followed."""
    top = path.lstat()
    yield "", top
    waiting = [""] if stat.S_ISDIR(top.st_mode) else []
    while waiting:
        below = waiting.pop()
        with os.scandir(f"{path}/{below}") as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                found = entry.stat(follow_symlinks=False)
                name = f"{below}{entry.name}"
                yield name, found
                if stat.S_ISDIR(found.st_mode):
                    waiting.append(f"{name}/")


def _listed(folder: Path) -> _Folder:
    try:
        with os.scandir(folder) as entries:
            return _Folder({entry.name: _stamp(entry.stat()) for entry in entries})
    except OSError:
        return _Folder({})


def _stamp(found: os.stat_result) -> _Stamp:
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size


def _identity(result: Result) -> tuple[str, str]:
    return result.student_id, result.assignment


def _short(result: Result) -> Result:
    """The result without its tests and texts, which the class's tables do not show."""
    tasks = tuple(msgspec.structs.replace(task, tests=(), likely="") for task in result.tasks)
    short = msgspec.structs.replace(result, tasks=tasks)
    if isinstance(result.written, msgspec.UnsetType):
        return short
    answers = tuple(msgspec.structs.replace(answer, text=answer.text[:1]) for answer in result.written)
    return msgspec.structs.replace(short, written=answers)

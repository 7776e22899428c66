"""A submission that is an archive: listed and read member by member in memory, never unpacked to disk."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import IO, BinaryIO

from autograder.grading.submission import Limits
from autograder.grading.submissions_tree import (
    IS_LINK,
    IS_SPECIAL,
    Entry,
    Refused,
    TooLarge,
    Tree,
    Unreadable,
    name_fault,
    of_tools,
    shown,
    too_large,
    without_clashes,
)

SUFFIXES = (".zip", ".tar.gz", ".tgz")
"""Of the archives that are read."""
FOREIGN_SUFFIXES = (".tar.bz2", ".tar.xz", ".tar.zst", ".tbz2", ".txz", ".tar", ".rar", ".7z", ".gz")
"""Of the archives that are known to be some, and refused."""
_ALL_SUFFIXES = (*SUFFIXES, *FOREIGN_SUFFIXES)

_ENCRYPTED = 0x1
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES = 22
_ZIP_COMMENT_BYTES = 0xFFFF
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_BYTES = 20
_DIRECTORY_BYTES = 4 * 1024 * 1024
"""The largest list of members that is read of a zip, in bytes."""

_Member = tuple[str, str, Callable[[], IO[bytes] | None]]
"""A member's name as it is archived, why it may not be read ("" if it may), and what opens it."""


def archive_stem(name: str) -> str | None:
    """An archive's name without its suffix, None where the name is no archive's."""
    lower = name.lower()
    if not lower.endswith(_ALL_SUFFIXES):
        return None
    return name[: -len(next(suffix for suffix in _ALL_SUFFIXES if lower.endswith(suffix)))]


@contextmanager
def open_archive(opened: BinaryIO, name: str, limits: Limits) -> Iterator[Tree]:
    """The archive in an open file, recognised by its contents.

    Raises:
        Unreadable: it is damaged, too large to look through, or no archive of the two kinds.
    """
    start = opened.read(2)
    opened.seek(0)
    listings = {b"PK": _zip_members, b"\x1f\x8b": _tar_members}
    if start not in listings:
        raise Unreadable(
            f"{shown(name)} is neither a .zip nor a .tar.gz; pack the folder again as one of these"
        )
    try:
        archive = _Archive(archive_stem(name) or name, listings[start](opened, limits), limits)
    except Unreadable as fault:
        raise Unreadable(f"{shown(name)} {fault}") from fault
    except Exception as fault:  # the readers raise many kinds of error over bytes that a student made
        raise Unreadable(f"{shown(name)} is damaged and cannot be read; pack and hand it in again") from fault
    yield archive


class _Archive:
    """A `Tree` over an archive's members."""

    cut = False

    def __init__(self, name: str, members: Iterable[_Member], limits: Limits) -> None:
        listed = list(islice(members, limits.members + 1))
        kept = [member for member in listed if not of_tools(member[0])]
        if len(kept) > limits.entries or len(listed) > limits.members:
            raise Unreadable(f"holds more than {limits.entries:,} files; pack nothing but your modules")
        self.name = name
        self.entries: Sequence[Entry] = without_clashes(Entry(_plain(raw), fault) for raw, fault, _ in kept)
        self._openers = {_plain(raw): opener for raw, _, opener in kept}

    def read(self, path: str, size: int) -> bytes:
        """The member's contents, unpacked no further than `size` bytes."""
        try:
            opened = self._openers[path]()
            content = opened.read(size + 1) if opened else b""
        except Exception as fault:  # as above: any error of the reader is a fault of the bytes
            raise Refused("is damaged in the archive; pack and hand it in again") from fault
        if len(content) > size:
            raise TooLarge(too_large(size))
        return content


def _zip_members(opened: BinaryIO, limits: Limits) -> Iterator[_Member]:  # noqa: ARG001  (see `_tar_members`)
    _check_directory(opened)
    archive = zipfile.ZipFile(opened)  # closed with the file it reads
    for member in archive.infolist():
        name = member.orig_filename
        if not name.endswith("/"):
            yield name, name_fault(name) or _zip_fault(member), partial(archive.open, member)


def _check_directory(opened: BinaryIO) -> None:
    """Refuse a list of members so long that reading it would take the memory of many submissions."""
    end = opened.seek(0, io.SEEK_END)
    opened.seek(max(0, end - _ZIP_END_BYTES - _ZIP_COMMENT_BYTES - _ZIP64_LOCATOR_BYTES))
    tail = opened.read()
    at = tail.rfind(_ZIP_END)
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    zip64 = tail[max(0, at - _ZIP64_LOCATOR_BYTES) : at].startswith(_ZIP64_LOCATOR)
    if at >= 0 and (zip64 or length > _DIRECTORY_BYTES):
        raise Unreadable("holds too much to look through; pack nothing but your modules")
    opened.seek(0)


def _zip_fault(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _ENCRYPTED:
        return "is protected with a password in the archive; pack it without one"
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "is compressed in a way that is not read; pack it as an ordinary .zip"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return IS_LINK
    return "" if kind in {0, stat.S_IFREG} else IS_SPECIAL


def _tar_members(opened: BinaryIO, limits: Limits) -> Iterator[_Member]:
    """The members of a gzipped tar; their headers lie between the contents, so all is unpacked, in memory."""
    with gzip.GzipFile(fileobj=opened, mode="rb") as packed:
        unpacked = packed.read(limits.unpacked_bytes + 1)
    if len(unpacked) > limits.unpacked_bytes:
        size = limits.unpacked_bytes // 2**20
        raise Unreadable(f"unpacks to more than {size} MiB; pack nothing but your modules")
    archive = tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:")  # noqa: SIM115  (lives as long as its members)
    for member in archive:
        if not member.isdir():
            yield (
                member.name,
                name_fault(member.name) or _tar_fault(member),
                partial(archive.extractfile, member),
            )


def _tar_fault(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return IS_LINK
    return "" if member.isreg() and not member.issparse() else IS_SPECIAL


def _plain(name: str) -> str:
    """The name without empty parts and dots: ``./a//b.py`` is ``a/b.py``."""
    return "/".join(part for part in name.split("/") if part not in {"", "."})

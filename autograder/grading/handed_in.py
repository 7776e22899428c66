"""When a submission was handed in: nbgrader's ``timestamp.txt``, which lies in the submitted folder.

Nothing else says it beyond doubt. A file's own time is that of the last copy, of a checkout or of a download,
and whatever lies in an archive is the student's word; so a time is taken from files only if staff ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from autograder.errors import SubmissionError
from autograder.grading.result import Result
from autograder.grading.submission import Place
from autograder.grading.submissions_folder import open_file
from autograder.grading.submissions_tree import Unreadable, of_tools, shown

TIMESTAMP = "timestamp.txt"
"""As ``nbgrader collect`` and ``nbgrader zip_collect`` write it."""

_LONGEST_BYTES = 200
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_CHECKOUT = "assignments"


def submission_times(
    places: Iterable[Place], *, from_files: bool
) -> tuple[dict[tuple[str, str], datetime], list[str]]:
    """When each was handed in, by student and assignment, and a line for each ``timestamp.txt`` at fault."""
    times, faults = {}, []
    for place in places:
        try:
            at = submitted_at(place, from_files=from_files)
        except SubmissionError as fault:
            faults.append(str(fault))
            continue
        if at is not None:
            times[place.student_id, place.assignment] = at
    return times, faults


def submitted_at(place: Place, *, from_files: bool = False) -> datetime | None:
    """When the submission at `place` was handed in, in UTC; None where nothing says it.

    Args:
        place: of the submission.
        from_files: without a ``timestamp.txt``, the last change of the archive or of the newest file in
            the folder says it.

    Raises:
        SubmissionError: there is a ``timestamp.txt`` that holds no time.
    """
    path = place.path
    # (in a checkout, or among a student's loose files, it would be the student's own)
    collected = path.name == place.assignment and path.parent.name != _CHECKOUT
    dated_by_staff = collected and (path / TIMESTAMP).exists()
    if not (dated_by_staff or from_files) or path.is_symlink():
        return None
    return _written_down(path / TIMESTAMP) if dated_by_staff else _last_change(path)


def dated(result: Result, at: datetime | None) -> Result:
    """The result with the time of its submission; an earlier one stays where nothing says it now."""
    return result if at is None else msgspec.structs.replace(result, submitted=at)


def parse_time(text: str) -> datetime:
    """The time in UTC, as nbgrader reads it: ``2026-10-01 23:59:00.5 Europe/Berlin``, ISO 8601, UTC if bare.

    Raises:
        ValueError: it is none.
    """
    day, _, rest = text.strip().partition(" ")
    clock, _, zone = rest.strip().partition(" ")
    try:
        read = datetime.fromisoformat(f"{day} {clock}".strip())
        aware = read if read.tzinfo else read.replace(tzinfo=_zone(zone.strip()))
        return aware.astimezone(UTC)
    except (ValueError, OverflowError, ZoneInfoNotFoundError) as fault:
        raise ValueError(f"{shown(text)[:60]!r} is no time") from fault


def _written_down(path: Path) -> datetime:
    try:
        with open_file(path) as file:
            return parse_time(file.read(_LONGEST_BYTES).decode(errors="replace"))
    except (Unreadable, ValueError, OSError) as fault:
        raise SubmissionError(
            f"{path}: {fault}; write one like 2026-10-01 21:59:00 UTC, or remove the file: till then "
            "no late penalty is known"
        ) from fault


def _zone(name: str) -> tzinfo:
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3])))
    return ZoneInfo(name) if name and name != "UTC" else UTC


def _last_change(path: Path) -> datetime | None:
    """The time of the newest file that is no tool's trace; None where there is no file."""
    below = [file for file in path.rglob("*") if not of_tools(file.relative_to(path).as_posix())]
    files = [file for file in below if file.is_file() and not file.is_symlink()] if path.is_dir() else [path]
    newest = max((file.stat().st_mtime for file in files), default=None)
    return None if newest is None else datetime.fromtimestamp(int(newest), UTC)

"""When an assignment is due, and what being late costs: the registry's ``due`` and ``[late]``."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from autograder.errors import CourseError

COURSE_SCHEMA = "autograder/course/v1"

DATES = frozenset({"due", "late"})
"""The registry's keys that say when and not what: they decide no result."""

DAY_S = 86_400.0
"""Seconds in a day."""

_GRACE = re.compile(r"(\d+(?:\.\d+)?)\s*(min|h|d)")
_UNITS_S = {"min": 60.0, "h": 3_600.0, "d": DAY_S}

Due = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its offset from UTC: staff and students live in more than one zone, and clocks change."""


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What being late costs: a table ``[late]`` of an assignment's registry, or of the course.

    Attributes:
        grace: how much later than due is still in time, ``"30min"``, ``"2h"`` or ``"1d"``; who is later
            than that is late from the due time on.
        points_a_day: points that each day costs, a day that has begun counting whole.
        percent_a_day: the same in percent.
        of: what the percentage is of, the full marks (as Canvas counts) or what was earned.
        cutoff_days: who is later than so many days has no points; None for no such end.
    """

    grace: str = "0min"
    points_a_day: float = 0.0
    percent_a_day: float = 0.0
    of: Literal["full marks", "earned"] = "full marks"
    cutoff_days: float | None = None

    @property
    def grace_s(self) -> float:
        """Seconds of grace; only of a policy without `faults`."""
        matched = _GRACE.fullmatch(self.grace.strip())
        return float(matched[1]) * _UNITS_S[matched[2]] if matched else 0.0

    def penalty(self, seconds_late: float, earned: float, full_marks: float) -> float:
        """Points that are taken off, between 0 and what was earned.

        Args:
            seconds_late: from the due time on, extensions taken into account.
            earned: points before the penalty.
            full_marks: points of the whole.
        """
        if seconds_late <= self.grace_s or earned <= 0:
            return 0.0
        if self.cutoff_days is not None and seconds_late > self.cutoff_days * DAY_S:
            return earned
        of = full_marks if self.of == "full marks" else earned
        points = math.ceil(seconds_late / DAY_S) * (self.points_a_day + self.percent_a_day / 100 * of)
        return min(round(points, 2), earned)


def late_faults(late: Late) -> list[str]:
    """What is wrong with a late policy, each fault with its cure."""
    faults = []
    if not _GRACE.fullmatch(late.grace.strip()):
        faults.append(f'late.grace is "{late.grace}"; write a number and min, h or d, like "2h"')
    if min(late.points_a_day, late.percent_a_day, late.cutoff_days or 0.0) < 0:
        faults.append("late: nothing may be below 0; who hands in early is given extra credit by hand")
    if late.percent_a_day > 100:  # noqa: PLR2004  (percent)
        faults.append(f"late.percent_a_day is {late.percent_a_day:g}; it is at most 100")
    if late.points_a_day and late.percent_a_day:
        faults.append("late: points_a_day and percent_a_day are both given; keep one")
    if not (late.points_a_day or late.percent_a_day) and late.cutoff_days is None:
        faults.append("late: costs nothing; give points_a_day, percent_a_day or cutoff_days, or no [late]")
    return faults


class CourseDates(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The course's own file ``course.toml``: what changes with every term, in one place.

    Attributes:
        due: when each assignment is due, by its name.
        late: the policy of every assignment that has none of its own.
    """

    schema: str = COURSE_SCHEMA
    due: dict[str, Due] = {}
    late: Late | None = None


def read_dates(path: Path, own: Mapping[str, Due | None]) -> CourseDates:
    """The dates in the course's file; none where there is no file.

    Args:
        path: of ``course.toml``.
        own: the course's assignments with the due times that their registries give.

    Raises:
        CourseError: the file is at fault, or a due time is given twice.
    """
    if not path.is_file():
        return CourseDates()
    try:
        dates = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), CourseDates)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as fault:
        raise CourseError(f"{path}: {fault}{date_hint(fault)}; mend the file") from fault
    if faults := _faults(dates, own):
        raise CourseError(f"{path}: {faults[0]}")
    return dates


def _faults(dates: CourseDates, own: Mapping[str, Due | None]) -> list[str]:
    faults = [] if dates.schema == COURSE_SCHEMA else [f'schema is "{dates.schema}", not "{COURSE_SCHEMA}"']
    for name in dates.due:
        if name not in own:
            faults.append(f"due.{name}: no such assignment; this course has {', '.join(own)}")
        elif own[name] is not None:
            faults.append(f"due.{name} is given in the assignment's own registry too; keep one of the two")
    return faults + (late_faults(dates.late) if dates.late else [])


def date_hint(fault: Exception) -> str:
    """How a time is written, where a fault is about one."""
    return " (a time is written like 2026-10-01T23:59:00+02:00)" if "$.due" in str(fault) else ""

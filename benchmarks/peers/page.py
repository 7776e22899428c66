"""The comparison as a page of Markdown."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.outcome import ONE_WORKER, TWO_WORKERS, WANTED, WITH_GRADEBOOK, Comparison, Measured
from benchmarks.peers.submissions import Entry

NOT_ALIKE = (Path(__file__).parent / "not_alike.md").read_text()
SMALL_JUDGES_NOTHING = (
    "Wanted of a whole run: ours at least 20 times faster than pytest, 30 than nbgrader, 50 than Otter. This "
    "small one does not judge it: in so small a class ours is mostly its start."
)
PROCESSOR_LINE = "model name"


def page(found: Comparison, command: str) -> str:
    """The whole page."""
    parts = [
        "# Five graders, the same tests, the same 20 submissions",
        _origin(found, command),
        "## In short",
        _short(found),
        _verdicts(found),
        "## Grades",
        _grades(found),
        "## Seconds and processor seconds, one command a submission",
        _costs(found),
        NOT_ALIKE.format(
            limit=f"{found.limit_s:g}", tests=found.tests, cell=f"{found.limit_s / 4:g}"
        ).strip(),
        "## Versions",
        _versions(found),
    ]
    return "\n\n".join(parts) + "\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _origin(found: Comparison, command: str) -> str:
    """What wrote the page, where, and how much to trust its times."""
    today = dt.datetime.now(tz=dt.UTC).date()
    busy = f"load average {os.getloadavg()[0]:.1f} at the end"
    text = (
        f"Written by `{command}` on {today}: {_processor()}, {os.cpu_count()} cores, {busy}, Python "
        f"{platform.python_version()} on {platform.system()}. {found.tests} tests of tasks 1.1 to 1.4 of "
        f"`scalar_autodiff`, {found.max_points:g} points."
    )
    if not found.small:
        return text
    return (
        f"{text}\n\n> **A small run**, to show that everything works: the grades hold, the times are "
        "not to be quoted. They come from few submissions."
    )


def _processor() -> str:
    """The processor's name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith(PROCESSOR_LINE)]
    return names[0] if names else platform.machine()


def _short(found: Comparison) -> str:
    header = ["grader", "s a right submission", "processor s", "ours is faster by, 1 worker", "2 workers"]
    header += ["right ones with full marks", "fooled by", "no grade for"]
    rows = []
    ours, *peers = found.measured
    for name, cost in found.ours.items():
        trust = _trust(found, ours) if name == ONE_WORKER else [""] * 3
        rows.append([f"ours, {name}", f"{cost.wall_s:.3f}", f"{cost.cpu_s:.3f}", "", "", *trust])
    rows += [[one.package, *_speed(found, one), *_trust(found, one)] for one in peers]
    counts = (
        f"Ours: a class of {found.size} right submissions in one command, its start included. nbgrader: a "
        f"class of {found.right_count} in one command, its start included. The others: the mean of "
        f"{found.right_count} in a command each, after one that is not counted."
    )
    return f"{_table(header, rows)}\n\n{counts}"


def _speed(found: Comparison, one: Measured) -> list[str]:
    if one.right is None:
        return [one.fault or "not measured", "", "", ""]
    times = [f"{ratio:.1f}" if (ratio := found.ratio(one, run)) else "" for run in (ONE_WORKER, TWO_WORKERS)]
    return [f"{one.right.wall_s:.2f}", f"{one.right.cpu_s:.2f}", *times]


def _trust(found: Comparison, one: Measured) -> list[str]:
    if not one.grades:
        return ["", "", ""]
    right = sum(entry.kind.name == "RIGHT" for entry in found.entries)
    fooled = one.fooled_by(found.entries, found.max_points)
    none = one.without_grade()
    full = f"{one.full(found.entries, found.max_points)} of {right}"
    return [full, ", ".join(fooled) or "none", ", ".join(none) or "none"]


def _verdicts(found: Comparison) -> str:
    """Whether what was wanted is reached, line by line; a small run can't tell, its start weighs too much."""
    if found.small:
        return SMALL_JUDGES_NOTHING
    lines = []
    for one in found.measured:
        wanted, ratio = WANTED.get(one.package), found.ratio(one, ONE_WORKER)
        if wanted and ratio:
            reached = "reached" if ratio >= wanted else "not reached"
            lines.append(f"- at least {wanted} times faster than {one.package}: {ratio:.1f} times, {reached}")
    gradebook = found.ours.get(WITH_GRADEBOOK)
    if gradebook:
        for one in found.measured:
            if one.package == "nbgrader" and one.right:
                ratio = one.right.wall_s / gradebook.wall_s
                lines.append(f"- the same, with ours writing nbgrader's gradebook as well: {ratio:.1f} times")
    return "\n".join(lines)


def _grades(found: Comparison) -> str:
    header = ["submission", "what it is", *(one.package for one in found.measured)]
    rows = [
        [entry.name, entry.about, *(_grade(one, entry, found.max_points) for one in found.measured)]
        for entry in found.entries
    ]
    return (
        f"{_table(header, rows)}\n\n**Bold**: fooled. A cheat deserves what the same grader gives "
        "to `untouched`; an unfinished or wrong submission deserves less than full marks. An exit code is "
        "the grading command's own, where it is not 0."
    )


def _grade(one: Measured, entry: Entry, max_points: float) -> str:
    graded = one.grades.get(entry.name)
    if graded is None:
        return ""
    points = "no grade" if graded.points is None else f"{graded.points:.4g}"
    points = f"**{points}**" if one.fooled(entry, max_points) else points
    return f"{points} ({graded.remark})" if graded.remark else points


def _costs(found: Comparison) -> str:
    header = ["submission", *(one.package for one in found.measured)]
    rows = []
    for entry in found.entries:
        graded = [one.grades.get(entry.name) for one in found.measured]
        cells = [f"{one.ran.cost.wall_s:.1f} / {one.ran.cost.cpu_s:.1f}" if one else "" for one in graded]
        rows.append([entry.name, *cells])
    text = "Wall clock / processors; of what was stopped at the limit, the processor time is not known whole."
    return f"{_table(header, rows)}\n\n{text}"


def _versions(found: Comparison) -> str:
    lines = [f"- {one.package}: {one.about}. {one.versions or one.fault}" for one in found.measured]
    return "\n".join(lines)

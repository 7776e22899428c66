"""Stubs from solutions: a region's code goes, a TODO and a ``raise`` of its task come; all else stays.

The same rendering with some tasks solved makes the reference that a task's prerequisites are taken from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from autograder.registry import Assignment
from autograder.release.markers import Region, fault, regions, source_lines
from autograder.release.placement import parsed

NOTHING_SOLVED: frozenset[str] = frozenset()


def render(source: str, file: str, titles: Mapping[str, str], solved: frozenset[str] = NOTHING_SOLVED) -> str:
    """The module with the solutions of the tasks in `solved` and stubs for all others.

    Outside the regions every byte stays; inside, a solved one loses only its marker lines.

    Args:
        source: the solution module's text.
        file: its name, for messages.
        titles: the title of each task that a marker may name.
        solved: ids of tasks.

    Raises:
        CourseError: a marker is at fault.
    """
    lines = source_lines(source)
    out: list[str] = []
    done = 0
    for region in regions(source, file, titles):
        out += lines[done : region.begin - 1]
        if region.task in solved:
            out += lines[region.begin : region.end - 1]
        else:
            out += _stub(region, titles[region.task], lines)
        done = region.end
    rendered = "".join(out + lines[done:])
    if not source.endswith(("\r", "\n")):
        rendered = rendered.removesuffix("\n").removesuffix("\r")
    parsed(rendered, file, "the stub would not compile: move what it lacks out of the region")
    return rendered


def _stub(region: Region, title: str, lines: list[str]) -> list[str]:
    """The lines that stand where the region was."""
    words = " ".join(title.split())
    literal = words.replace("\\", "\\\\").replace('"', '\\"')
    ends = [_ending(lines[region.begin - 1]), _ending(lines[region.end - 1])]
    return [
        f"{region.indent}# TODO({region.task}): {words}{ends[0]}",
        f'{region.indent}raise NotImplementedError("{region.task}: {literal} is still to do"){ends[1]}',
    ]


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def module_source(path: Path, file: str) -> str:
    """The text of a solution module, with its own line endings.

    Raises:
        CourseError: it is not UTF-8, declares another encoding, or begins with a byte order mark.
    """
    data = path.read_bytes()
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise fault(file, line, "is not UTF-8; save the file as UTF-8") from None
    if source.startswith("\ufeff"):
        raise fault(file, 1, "begins with a byte order mark; save the file as UTF-8 without one")
    cookie = re.match(r"(?:.*\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", source)
    if cookie and cookie[1].lower().replace("_", "-") not in ("utf-8", "utf8"):
        raise fault(
            file, 1, f"declares the encoding {cookie[1]}; save it as UTF-8 and delete the declaration"
        )
    return source


def stubs(assignment: Assignment, solved: frozenset[str] = NOTHING_SOLVED) -> dict[str, str]:
    """Each task module of an assignment, rendered, by name.

    Raises:
        CourseError: a marker is at fault, a task has no region in its module, or a region is in another
            module than its task's.
    """
    titles = {task.id: task.title for task in assignment.tasks}
    rendered = {}
    for module in (*assignment.task_modules, *assignment.given_modules):
        path = assignment.folder / f"{module}.py"
        file = f"{assignment.folder.parent.name}/{assignment.name}/{path.name}"
        source = module_source(path, file)
        _check_homes(assignment, module, file, regions(source, file, titles))
        if module in assignment.task_modules:
            rendered[module] = render(source, file, titles, solved)
    return rendered


def _check_homes(assignment: Assignment, module: str, file: str, found: list[Region]) -> None:
    """Refuse a region away from its task's module, and a task without a region in its own."""
    for region in found:
        home = assignment.task(region.task).module
        if home == module:
            continue
        if module in assignment.given_modules:
            raise fault(
                file,
                region.begin,
                f"holds a solution of {region.task}, but no task declares this module; "
                f"move the solution to {home}.py, or declare the module in assignment.toml",
            )
        raise fault(
            file, region.begin, f"{region.task} belongs to {home}.py; move the solution there, or mend its id"
        )
    for task in assignment.tasks:
        if task.module == module and task.id not in {region.task for region in found}:
            raise fault(
                file,
                1,
                f"has no solution region of {task.id}, which assignment.toml places here; mark its solution",
            )

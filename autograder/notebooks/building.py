"""An assignment as nbgrader's source notebook: handout, solutions, tests, one notebook with all its modules.

It is written as a script in jupytext's percent format, which jupytext makes a notebook of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from string import Template

import jupytext
import nbformat

from autograder.errors import CourseError
from autograder.notebooks import BESIDE
from autograder.notebooks.handout import Section, sections
from autograder.notebooks.hidden import hidden_texts, region
from autograder.notebooks.parts import Kind, Part, parts
from autograder.registry import Assignment, Course, Task, Written
from autograder.release.stubs import module_source
from autograder.release.written import MARKER

START = """\
# Run this cell first, and again whenever the kernel was restarted.
import sys

sys.path.insert(0, "$folder")

from autograder.notebooks.kernel import check_task, run, start

start("$name")
"""

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell to be written.

    Attributes:
        marks: nbgrader's metadata, empty for a cell that means nothing to it.
    """

    source: str
    marks: Mapping[str, object]
    markdown: bool = False


def notebook(course: Course, assignment: Assignment) -> str:
    """The source notebook of an assignment, solutions and hidden tests in their markers, as JSON.

    Raises:
        CourseError: a solution or a test is at fault, or a task's section is not in the handout.
    """
    cells = list(_cells(course, assignment))
    made = jupytext.reads(_script(cells), fmt="py:percent")
    made.metadata = nbformat.from_dict(_METADATA)  # type: ignore[no-untyped-call]
    for number, (cell, wanted) in enumerate(zip(made.cells, cells, strict=True), 1):
        if cell.source != wanted.source:
            raise CourseError(
                f"{assignment.name}: jupytext reads a cell otherwise than written: {cell.source}"
            )
        cell.id = f"cell-{number}"
        cell.metadata.clear()
        cell.metadata.update({"nbgrader": dict(wanted.marks)} if wanted.marks else {})
    nbformat.validate(made)
    return f"{nbformat.writes(made)}\n"  # type: ignore[no-untyped-call]


def _script(cells: Sequence[_Cell]) -> str:
    """The cells as one Python script in the percent format."""
    lines = []
    for cell in cells:
        marks = f" nbgrader={json.dumps(cell.marks)}" if cell.marks else ""
        text = cell.source.split("\n")
        lines += [f"# %%{' [markdown]' if cell.markdown else ''}{marks}"]
        lines += [f"# {line}".rstrip() for line in text] if cell.markdown else text
        lines += [""]
    return "\n".join(lines)


def _cells(course: Course, assignment: Assignment) -> Iterator[_Cell]:
    """The cells in the order in which they are read."""
    first, *others = sections(_handout(assignment), f"{BESIDE}/assignments/{assignment.name}")
    _check_sections(assignment, [first, *others])
    yield _text(first.text)
    yield _text(_guide(assignment))
    start = Template(START).substitute(folder=BESIDE, name=assignment.name)
    yield _Cell(start.strip(), _marks("start", locked=True))
    for section in others:
        tasks = [task for task in assignment.tasks if task.section == section.slug]
        before, after = section.around_check()
        check, _, rest = after.partition("\n\n") if tasks else ("", "", after)
        yield from _texts(before)
        for module in dict.fromkeys(task.module for task in tasks):
            yield from _module(assignment, module, tasks)
        yield from _texts(check)
        for task in tasks:
            yield _tests(course, assignment, task)
        yield from _texts(rest)
        for written in assignment.written:
            if written.section == section.slug:
                yield _answers(assignment, written)


def _handout(assignment: Assignment) -> str:
    path = assignment.folder / "README.md"
    if not path.is_file():
        raise CourseError(f"{path}: not there; a notebook is made of the handout")
    return path.read_text(encoding="utf-8")


def _check_sections(assignment: Assignment, found: Sequence[Section]) -> None:
    slugs = {section.slug for section in found[1:]}
    wanted = {task.id: task.section for task in assignment.tasks}
    wanted |= {written.id: written.section for written in assignment.written}
    for name, section in wanted.items():
        if section not in slugs:
            raise CourseError(
                f"{assignment.folder / 'README.md'}: has no heading #{section} for {name}; add it, or mend "
                "the section in assignment.toml"
            )


def _text(source: str) -> _Cell:
    return _Cell(source.strip("\n"), {}, markdown=True)


def _texts(source: str) -> list[_Cell]:
    return [_text(source)] if source.strip() else []


def _module(assignment: Assignment, module: str, tasks: Sequence[Task]) -> Iterator[_Cell]:
    """The cells of a module, where the first of its tasks stands."""
    if next(task for task in assignment.tasks if task.module == module) not in tasks:
        return
    file = f"{assignment.folder.parent.name}/{assignment.name}/{module}.py"
    for part in parts(module, module_source(assignment.folder / f"{module}.py", file)):
        if part.kind is Kind.SOLUTION:
            yield _Cell(part.source, _marks(part.id, solution=True))
        elif part.kind is not Kind.COMMAND:
            yield _given(part)


def _given(part: Part) -> _Cell:
    return _Cell(part.source, _marks(part.id, locked=True))


def _tests(course: Course, assignment: Assignment, task: Task) -> _Cell:
    lines = [
        f"# {task.id}: {task.title}, {task.points} points",
        *region(hidden_texts(course, assignment.name, task)),
        f'check_task("{task.id}")',
    ]
    return _Cell("\n".join(lines), _marks(task.id, grade=True, locked=True, points=task.points))


def _answers(assignment: Assignment, written: Written) -> _Cell:
    """The file with the questions as a cell that staff grade."""
    file = f"{assignment.folder.parent.name}/{assignment.name}/{written.file}"
    text = module_source(assignment.folder / written.file, file)
    source = MARKER.sub(lambda found: f"### {found[1]} SOLUTION", text).strip("\n")
    return _Cell(source, _marks(written.id, grade=True, solution=True, points=written.points), markdown=True)


def _marks(
    name: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: int | None = None
) -> dict[str, object]:
    """Nbgrader's metadata of a cell, schema 3; it adds the checksum and the cell's type when it generates."""
    marks: dict[str, object] = {"schema_version": 3, "grade_id": name, "grade": grade}
    marks |= {"solution": solution, "locked": locked, "task": False}
    return marks if points is None else marks | {"points": points}


def _guide(assignment: Assignment) -> str:
    """What a student should know of the notebook itself."""
    rows = [
        f"| `{task.id}` | [{task.title}](#{task.section}) | `{task.module}.py` | {task.points} |"
        for task in assignment.tasks
    ]
    rows += [
        f"| `{answers.id}` | [{answers.title}](#{answers.section}) | graded by people | {answers.points} |"
        for answers in assignment.written
    ]
    text = resources.files("autograder.notebooks").joinpath("guide.md").read_text(encoding="utf-8")
    first = assignment.tasks[0].module
    filled = Template(text).substitute(
        rows="\n".join(rows), module=first, package=assignment.name, folder=BESIDE
    )
    anchors = {s.slug: s.anchor for s in sections(_handout(assignment), "")}
    for slug, anchor in anchors.items():
        filled = filled.replace(f"](#{slug})", f"](#{anchor})")
    return filled

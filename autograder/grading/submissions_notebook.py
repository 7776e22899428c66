"""A submission that is a notebook: the modules that its cells are, none of them run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from autograder.grading.submission import Limits
from autograder.grading.submissions_tree import Entry, Refused, TooLarge, Tree, shown
from autograder.notebooks.assembling import Place, adopted, assemble, ids_by_label
from autograder.notebooks.parts import Kind, Part, parts
from autograder.notebooks.reading import Handed, handed
from autograder.registry import Assignment, load_assignment
from autograder.release.stubs import stubs
from autograder.release.written import PLACE

SUFFIX = ".ipynb"
NBGRADERS_PLACE = "YOUR ANSWER HERE"
"""What `nbgrader generate_assignment` puts in the place of an answer in words."""


@dataclass(slots=True)
class Taken:
    """What was taken of a submission; the fields are those of a `Submission`."""

    modules: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a module was handed in, taken or not."""
        return name in self.modules or name in self.faults


class Finder(Protocol):
    """Finds what was handed in."""

    def find(self, file: str) -> Entry | None:
        """See `autograder.grading.submissions_reading`."""

    def at_its_place(self, file: str) -> Entry | None:
        """The file in the assignment's folder, None where there is none."""

    def with_suffix(self, suffix: str) -> list[Entry]:
        """Every file of this suffix that may belong to the assignment."""


def take_notebook(
    taken: Taken, tree: Tree, finder: Finder, assignment: Assignment, limits: Limits
) -> Mapping[str, str] | None:
    """Take the modules from the notebook that was handed in; the texts of its written answers, by id.

    Returns:
        None where there is no notebook, or none that can be taken beside modules that can.
    """
    file = f"{assignment.name}{SUFFIX}"
    try:
        entry = _found(file, finder, assignment)
        if entry is None:
            return None
        file = shown(entry.name)
        cells = _cells(tree, entry, assignment, limits)
        _take_modules(taken, cells, assignment, limits)
        if not any(taken.has(name) for name in assignment.task_modules):
            raise Refused("holds no cell of the assignment; hand in the notebook that you were given")
    except Refused as fault:
        if any(finder.at_its_place(f"{name}.py") for name in assignment.task_modules):
            taken.notes.append(f"{file} {fault}; the modules beside it are graded")
            return None
        taken.faults |= dict.fromkeys(assignment.task_modules, f"{file} {fault}")
        return {}
    return {key: text.replace(NBGRADERS_PLACE, PLACE.strip()) for key, text in cells.written.items()}


def _found(file: str, finder: Finder, assignment: Assignment) -> Entry | None:
    """The notebook to take: the one of the assignment's name, or the only one where there is no module."""
    notebooks = finder.with_suffix(SUFFIX)
    if not notebooks:
        return None
    entry = finder.find(file)
    if entry or any(finder.at_its_place(f"{name}.py") for name in assignment.task_modules):
        return entry
    if len(notebooks) > 1:
        names = ", ".join(shown(other.path) for other in notebooks[:3])
        raise Refused(f"is not there, and these are: {names}; hand in one, of this name")
    return finder.find(notebooks[0].name)


def _cells(tree: Tree, entry: Entry, assignment: Assignment, limits: Limits) -> Handed:
    every = [part for found in parts_of(assignment).values() for part in found]
    given = frozenset(part.id for part in every if part.kind is not Kind.SOLUTION)
    ours = {task.id for task in assignment.tasks} | {"start"}
    try:
        content = tree.read(entry.path, limits.notebook_bytes)
    except TooLarge as fault:
        size = limits.notebook_bytes // 2**20
        raise Refused(
            f"is larger than {size} MiB; clear its outputs, save it and hand it in again"
        ) from fault
    found = handed(content, ids_by_label(every), given | ours)
    return replace(found, code=tuple(adopted(every, found.code)))


def _take_modules(taken: Taken, cells: Handed, assignment: Assignment, limits: Limits) -> None:
    for name, pieces in parts_of(assignment).items():
        found = assemble(pieces, cells.code)
        if found is None:
            continue
        taken.notes += found.notes
        if found.fault:
            taken.faults[name] = found.fault
        elif len(found.text.encode()) > limits.module_bytes:
            size = limits.module_bytes // 1024
            taken.faults[name] = f"the cells of {name}.py hold more than {size} KiB; hand in your code alone"
        else:
            taken.modules[name], taken.places[name] = found.text, found.places


def parts_of(assignment: Assignment) -> Mapping[str, Sequence[Part]]:
    """The pieces of each task module's stub, by module."""
    return _parts(assignment.folder, assignment.task_modules)


@lru_cache
def _parts(folder: Path, modules: tuple[str, ...]) -> Mapping[str, Sequence[Part]]:
    if folder.parent.name == "solutions":
        texts = stubs(load_assignment(folder / "assignment.toml"))
    else:
        texts = {name: (folder / f"{name}.py").read_text(encoding="utf-8") for name in modules}
    return {name: parts(name, texts[name]) for name in modules}

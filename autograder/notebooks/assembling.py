"""A module again, from the cells of a notebook: the course's own pieces, and the student's in their places.

A cell that the student added gives a module the functions, classes, imports and constants in capitals that
the module uses and nothing in it defines, as they would be there in the notebook; whatever else it does
(trying things out, drawing) is the student's own affair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.notebooks.cells import Cell, Plain, Statement, plain, statements
from autograder.notebooks.parts import Kind, Part
from autograder.registry import TASK_ID

_STUB = re.compile(r"^([ \t]*)raise NotImplementedError\(\)[ \t]*$", re.MULTILINE)
_OURS = re.compile(rf'raise NotImplementedError\("{TASK_ID.pattern}: .*"\)')
_TOLD, _LONGEST = 5, 60
"""Lines of a cell that are told one by one, and how much of each."""

_AT = re.compile(r"\b(\w+)\.py, line (\d{1,9})")
_TAG = re.compile(r"# (\w+\.py: .+?)(?: \(given\))?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a module that came from a cell.

    Attributes:
        first: the first of them, counted from 1.
        last: the last.
        line: the first one's number in the cell.
        cell: what the cell is called.
    """

    first: int
    last: int
    line: int
    cell: str


@dataclass(frozen=True, slots=True)
class Assembled:
    """A module that was put together.

    Attributes:
        text: its source; "" where there is a fault.
        places: where its lines come from, those of the student's cells.
        fault: one line for the student where it cannot be taken, "" else.
        notes: what the student should know.
    """

    text: str
    places: tuple[Place, ...] = ()
    fault: str = ""
    notes: tuple[str, ...] = ()


def ids_by_label(parts: Iterable[Part]) -> dict[str, str]:
    """The ids of the parts, by the label in their cell's first line."""
    return {part.label: part.id for part in parts}


def tagged(source: str, labels: Mapping[str, str]) -> str:
    """The id of the part that a cell says to be in its first line, "" where it says nothing."""
    found = _TAG.match(source)
    return labels.get(found[1], "") if found else ""


def adopted(parts: Iterable[Part], cells: Sequence[Cell]) -> list[Cell]:
    """The cells, with those that a student made anew in the places of solution cells that are not there.

    Such a cell says by nothing but what it defines which part it is, where only one part defines that.

    Args:
        parts: of all modules.
    """
    solutions = [part for part in parts if part.kind is Kind.SOLUTION]
    titles = [part.title for part in solutions]
    there = {cell.id for cell in cells}
    lost = {p.title: p.id for p in solutions if p.id not in there and titles.count(p.title) == 1}
    found = list(cells)
    for at in reversed(range(len(found)) if lost else ()):
        cell = found[at]
        names = [n for s in statements(plain(cell.source)) for n in s.names] if not cell.id else []
        name = next((name for name in names if name in lost), None)
        if name:
            found[at] = Cell(cell.number, lost.pop(name), cell.source)
    return found


def assemble(parts: Sequence[Part], cells: Sequence[Cell]) -> Assembled | None:
    """The module of these parts, None where no cell is one of them.

    Args:
        parts: of one module's stub, in order.
        cells: all code cells of the notebook, in order, test cells and given ones left out.
    """
    solutions = {part.id: part for part in parts if part.kind is Kind.SOLUTION}
    own, doubled = _chosen(solutions, cells)
    if not own:
        return None
    read = {key: plain(_with_todo(cell.source, solutions[key])) for key, cell in own.items()}
    for key, text in read.items():
        if text.unclosed:
            return Assembled("", fault=_unclosed(text.unclosed, _called(own[key], solutions[key])))
    writer = _Writer(_linked(parts, read.values(), cells), notes=doubled)
    for part in parts:
        if part.id in own:
            writer.helpers(own[part.id].number)
            writer.cell(read[part.id], _called(own[part.id], part))
        else:
            writer.given(part)
    writer.helpers(None)
    return Assembled("\n".join(writer.lines) + "\n", tuple(writer.places), notes=tuple(writer.notes))


def located(message: str, places: Mapping[str, Sequence[Place]]) -> str:
    """The message with cells and their lines where it speaks of a module and its lines."""

    def replaced(found: re.Match[str]) -> str:
        place = _place(found, places)
        if place is None:
            return found[0]
        return f"{place.cell}, line {min(int(found[2]), place.last - 1) - place.first + place.line}"

    pointed = _AT.sub(replaced, message)
    within = _AT.search(message)
    if within and (place := _place(within, places)):
        moved = place.line - place.first
        return re.sub(r"\bon line (\d+)", lambda found: f"on line {int(found[1]) + moved}", pointed)
    return pointed


def _place(found: re.Match[str], places: Mapping[str, Sequence[Place]]) -> Place | None:
    """The place of a module's line."""
    line = int(found[2])
    return next((p for p in places.get(found[1], ()) if p.first <= line <= p.last), None)


def _chosen(solutions: Mapping[str, Part], cells: Sequence[Cell]) -> tuple[dict[str, Cell], list[str]]:
    """The cell of each part, and a note on each part that several cells claim to be.

    The last one counts, as for nbgrader and for who runs the notebook from top to bottom; one that is as it
    was given counts only where there is no other.
    """
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.id in solutions:
            found.setdefault(cell.id, []).append(cell)
    own, notes = {}, []
    for key, same in found.items():
        changed = [cell for cell in same if not _STUB.search(cell.source)]
        own[key] = (changed or same)[-1]
        if len(same) > 1:
            label = solutions[key].label
            notes.append(f"the cell {label} is there {len(same)} times; cell {own[key].number} is graded")
    return own, notes


def _with_todo(source: str, part: Part) -> str:
    """The cell with our stub's line, which names the task, in the place of nbgrader's."""
    todo = _OURS.search(part.text)
    return _STUB.sub(lambda found: found[1] + todo[0], source) if todo else source


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:_LONGEST])


def _unclosed(found: tuple[int, int, str], called: str) -> str:
    line, column, said = found
    return f"{called}, line {line}: SyntaxError: {said}, column {column}"


def _called(cell: Cell, part: Part | None) -> str:
    return f"cell {cell.number} ({part.label})" if part else f"cell {cell.number}"


@dataclass(frozen=True, slots=True)
class _Helper:
    """A statement of a cell that the student added, which the module uses."""

    cell: Cell
    statement: Statement


def _linked(parts: Sequence[Part], own: Iterable[Plain], cells: Sequence[Cell]) -> list[_Helper]:
    """What a module uses of the cells that the student added, in the notebook's order."""
    inside = [s for text in own for s in statements(text)]
    inside += [s for part in parts for s in statements(plain(part.text)) if part.kind is not Kind.SOLUTION]
    defined = {name for statement in inside for name in statement.names}
    offered = _offered(tuple(cells))
    waiting = [name for statement in inside for name in statement.uses]
    taken: dict[int, _Helper] = {}
    while waiting:
        name = waiting.pop()
        helper = offered.get(name)
        if helper and name not in defined and id(helper) not in taken:
            taken[id(helper)] = helper
            waiting += helper.statement.uses
    return sorted(taken.values(), key=lambda h: (h.cell.number, h.statement.line))


@lru_cache(maxsize=2)
def _offered(cells: tuple[Cell, ...]) -> Mapping[str, _Helper]:
    """What the cells that the student added define, by name: the same for each module of a notebook."""
    offered: dict[str, _Helper] = {}
    for cell in cells:
        text = plain(cell.source) if not cell.id else Plain("", ())
        for statement in statements(text) if not text.unclosed else ():
            if statement.helps:
                offered.update(dict.fromkeys(statement.names, _Helper(cell, statement)))
    return offered


@dataclass(slots=True)
class _Writer:
    """Writes a module line by line, and keeps where its lines came from."""

    pending: list[_Helper]
    notes: list[str]
    lines: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def given(self, part: Part) -> None:
        """Write a part that the course has given, or that the notebook lacks."""
        self.lines += [*part.text.rstrip("\n").split("\n"), "", ""]

    def cell(self, text: Plain, called: str) -> None:
        """Write a student's cell."""
        told = [_printable(what) for what in text.dropped[:_TOLD]]
        self.notes += [f"{called}: {what} is IPython's and was left out" for what in told]
        if text.dropped[_TOLD:]:
            self.notes.append(f"{called}: {len(text.dropped) - _TOLD:,} further such lines were left out")
        self._write(text.text, 1, called)

    def helpers(self, number: int | None) -> None:
        """Write the helpers of the cells before this one, all where it is None."""
        while self.pending and (number is None or self.pending[0].cell.number < number):
            helper = self.pending.pop(0)
            self._write(helper.statement.text, helper.statement.line, _called(helper.cell, None))

    def _write(self, text: str, line: int, called: str) -> None:
        first = len(self.lines) + 1
        # The `pass` keeps what Python says of an unfinished cell within it.
        self.lines += [*text.split("\n"), "pass"]
        self.places.append(Place(first, len(self.lines), line, called))
        self.lines += ["", ""]

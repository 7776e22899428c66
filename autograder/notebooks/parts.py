"""A task's module in pieces, each the text of one cell of a notebook.

Every function or class that a student completes is a piece of its own, and so is what is given between two
of them. The solution and its stub fall into the same pieces, since they differ inside functions alone; the
pieces of a module, joined, are the module to the byte.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from autograder.registry import TASK_ID

SOLVED = re.compile(rf"### BEGIN SOLUTION|# TODO\({TASK_ID.pattern}\)")


class Kind(StrEnum):
    """What a piece is to a student."""

    HEAD = "imports"
    GIVEN = "given"
    SOLUTION = "solution"
    COMMAND = "command"  # (``if __name__ == "__main__":``, which a notebook would run)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a module.

    Attributes:
        id: names the cell in nbgrader's database: the module, and what the piece defines.
        module: the module's name.
        title: what the piece defines, in the first line of its cell.
        text: its lines, with those that are empty around it.
    """

    id: str
    module: str
    title: str
    kind: Kind
    text: str

    @property
    def label(self) -> str:
        """Names the cell for people, and in the cell's first line."""
        return f"{self.module}.py: {self.title}"

    @property
    def source(self) -> str:
        """The text of its cell."""
        given = "" if self.kind is Kind.SOLUTION else " (given)"
        return f"# {self.label}{given}\n" + self.text.strip("\n")


def parts(module: str, source: str) -> list[Part]:
    """The pieces of a task's module, in order.

    Args:
        module: its name.
        source: the text of the solution or of the stub; a text of the course's own.
    """
    lines = io.StringIO(source).readlines()
    body = ast.parse(source).body
    groups: list[tuple[Kind, list[ast.stmt]]] = []
    for statement in body:
        kind = _kind(statement, lines)
        if groups and kind is groups[-1][0] and kind is not Kind.SOLUTION:
            groups[-1][1].append(statement)
        else:
            groups.append((kind, [statement]))
    starts = [0, *(_first(group[0], lines) for _, group in groups[1:]), len(lines)]
    pieces = [
        (kind, _title(kind, group), "".join(lines[starts[number] : starts[number + 1]]))
        for number, (kind, group) in enumerate(groups)
    ]
    return [
        Part(f"{module}-{title.partition(',')[0].partition(' ')[0]}", module, title, kind, text)
        for kind, title, text in pieces
    ]


def _kind(statement: ast.stmt, lines: Sequence[str]) -> Kind:
    text = "".join(lines[statement.lineno - 1 : statement.end_lineno])
    if SOLVED.search(text):
        return Kind.SOLUTION
    match statement:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return Kind.COMMAND
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return Kind.HEAD
    return Kind.GIVEN


def _first(statement: ast.stmt, lines: Sequence[str]) -> int:
    """The first line of a statement counted from 0, with its decorators and the comments right above it."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(d.lineno for d in decorators)]) - 1
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    return first


def _title(kind: Kind, group: Sequence[ast.stmt]) -> str:
    """What a piece defines: the names of its first statements that define any."""
    if kind in {Kind.HEAD, Kind.COMMAND}:
        return str(kind)
    names = [name for statement in group for name in _defined(statement)]
    return ", ".join(names[:3]) + (" and more" if len(names) > len(names[:3]) else "")


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return ["given"]

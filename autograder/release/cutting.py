"""Taking statements of a module's top level out of its text, with the comments that belong to them."""

from __future__ import annotations

import ast
import io
from collections.abc import Collection, Iterable, Sequence

from autograder.release.names import bound, loaded


def cut(source: str, tree: ast.Module, kept: Collection[ast.stmt]) -> str:
    """The text with the statements of `tree` that are not in `kept` taken out.

    An import that stays loses the names that only what goes has used.

    Args:
        source: the module's text.
        tree: its syntax tree.
        kept: statements of its top level.
    """
    lines = io.StringIO(source).readlines()
    gone = [s for s in tree.body if s not in kept]
    unused = _used(gone) - _used(kept)
    held = {line for s in kept for line in _lines(s)}
    spans = {_span(s, lines) for s in gone if held.isdisjoint(_lines(s))}
    for statement in reversed(tree.body):
        if statement in gone:
            _delete(lines, spans, statement)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            _trim(lines, statement, unused)
    return "".join(lines)


def first_line(statement: ast.stmt) -> int:
    """The first line of a statement, decorators included, counted from 1."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


def _lines(statement: ast.stmt) -> range:
    return range(first_line(statement), (statement.end_lineno or 0) + 1)


def _used(statements: Iterable[ast.stmt]) -> set[str]:
    nodes = [node for statement in statements for node in ast.walk(statement)]
    return {
        name for node in nodes for name in (*loaded(node), *([node.arg] if isinstance(node, ast.arg) else ()))
    }


def _span(statement: ast.stmt, lines: Sequence[str]) -> tuple[int, int]:
    """The lines of a statement as a slice: with the comments right above it, and those that end its body."""
    first, last = first_line(statement) - 1, statement.end_lineno or 0
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    for number in range(last, len(lines)):
        text = lines[number].strip()
        if text and not (text.startswith("#") and lines[number][0] in " \t"):
            break
        if text:
            last = number + 1
    return first, last


def _delete(lines: list[str], spans: set[tuple[int, int]], statement: ast.stmt) -> None:
    """Delete the statement's lines, and of the empty lines around them the fewer."""
    span = _span(statement, lines)
    if span not in spans:
        return  # (it shares its line with a statement that stays, or that has taken it along)
    spans.remove(span)
    first, last = span
    above, below = _blank(lines[:first][::-1]), _blank(lines[last:])
    del lines[first - min(above, below) if first else 0 : last + (0 if first else below)]


def _blank(lines: Sequence[str]) -> int:
    """How many of the first lines are empty; at an end of the file all are."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return filled[0] if filled else len(lines) + 2


def _trim(lines: list[str], statement: ast.Import | ast.ImportFrom, unused: set[str]) -> None:
    """Take the unused names out of an import."""
    kept = [alias for alias in statement.names if not set(_bound_by(statement, alias)) <= unused]
    if len(kept) == len(statement.names):
        return
    start, end = statement.names[0], statement.names[-1]
    top, bottom = start.lineno - 1, (end.end_lineno or 0) - 1
    head = lines[top].encode()[: start.col_offset].decode()
    tail = lines[bottom].encode()[end.end_col_offset :].decode()
    between = ", " if top == bottom else ",\n" + head
    words = between.join(f"{a.name} as {a.asname}" if a.asname else a.name for a in kept)
    lines[top : bottom + 1] = [head + words + tail]


def _bound_by(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> list[str]:
    return bound(type(statement)(**{**vars(statement), "names": [alias]}))

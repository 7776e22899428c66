"""Whether the lines between two markers can be taken out: whole statements of one function's body.

Taken out and replaced by a ``raise``, they must leave a module that parses, imports and has every name
that its other lines use.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.errors import CourseError
from autograder.release.names import bound, loaded

Function = ast.FunctionDef | ast.AsyncFunctionDef
_HOLDS_BLOCKS = ast.stmt | ast.ExceptHandler | ast.match_case
SILENT = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})
CUTS = "the region cuts a statement; move its markers so that only whole statements lie between them"


@dataclass(frozen=True, slots=True)
class _Place:
    """The statements in a region, all of one block, and the function, class or module around them."""

    inside: tuple[ast.stmt, ...]
    scope: ast.AST


def parsed(source: str, file: str, cure: str = "mend the solution first") -> ast.Module:
    """The syntax tree of a module that also compiles.

    Args:
        source: the module's text.
        file: its name, for messages.
        cure: what the author should do where it does not.

    Raises:
        CourseError: it does not.
    """
    try:
        tree = ast.parse(source, file)
        compile(tree, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise CourseError(
            f"{file}:{error.lineno or 0}: {error.msg}, column {error.offset or 0}; {cure}"
        ) from None
    except ValueError as error:
        raise CourseError(f"{file}:1: {error}; save the file as plain text") from None
    return tree


def fault(  # noqa: PLR0913, PLR0917  (a region of a text)
    tree: ast.Module,
    begin: int,
    end: int,
    indent: str,
    tokens: Sequence[tokenize.TokenInfo],
    lines: Sequence[str],
) -> str | None:
    """What stands against taking out the region between the lines `begin` and `end`, with its cure."""
    code = {t.start[0] for t in tokens if begin < t.start[0] < end and t.type not in SILENT}
    if not code:
        return "the region holds no code; put the solution between its markers, or delete both"
    place = _place(tree, min(code), max(code))
    if place is None or not all(any(_spans(s, line) for s in place.inside) for line in code):
        return CUTS
    if any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in place.inside):
        return "from __future__ must stay at the top of the module; put the marker behind it"
    if not isinstance(place.scope, Function):
        return (
            "the region is not inside a function's body, so the stub would lack names or not import; "
            "keep signature and docstring outside and mark the body alone"
        )
    return _fault_in_body(place.inside, place.scope, indent, lines)


def _fault_in_body(
    inside: Sequence[ast.stmt], function: Function, indent: str, lines: Sequence[str]
) -> str | None:
    """What stands against a region of whole statements in the body of `function`."""
    if inside[0] is function.body[0] and ast.get_docstring(function) is not None:
        return f"the region swallows the docstring of {function.name}; begin it behind the docstring"
    written = lines[_start(inside[0]) - 1]
    if written[: len(written) - len(written.lstrip())] != indent:
        return "the markers are not indented like the code between them; align them (the same tabs or spaces)"
    if " " in indent and "\t" in indent:
        return "the region is indented by tabs and spaces mixed; use spaces alone"
    if names := _lost(inside, function):
        return (
            f"{', '.join(names)} is defined in the region and used outside it, where the stub would lack it; "
            "move the definition out of the region, or the use into it"
        )
    return None


def _place(tree: ast.Module, first: int, last: int) -> _Place | None:
    """Where the code in the lines `first` to `last` lies; None where they hold a part of a statement."""
    found = _Place((), tree)
    for block, scope in _blocks(tree, tree):
        spans = [(_start(s), s.end_lineno or 0) for s in block]
        if any((start < first <= end < last) or (first <= start <= last < end) for start, end in spans):
            return None
        inside = tuple(s for s in block if first <= _start(s) and (s.end_lineno or 0) <= last)
        if inside and not found.inside:
            found = _Place(inside, scope)
        elif inside and not any(_spans(s, inside[0].lineno) for s in found.inside):
            return None
    return found


def _blocks(node: ast.AST, scope: ast.AST) -> Iterator[tuple[Sequence[ast.stmt], ast.AST]]:
    """Each list of statements below `node`, outer first, with the function, class or module around it."""
    inner = node if isinstance(node, ast.Module | ast.ClassDef | Function) else scope
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block, inner
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _HOLDS_BLOCKS):
            yield from _blocks(child, inner)


def _start(statement: ast.stmt) -> int:
    """The first line of a statement, decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


def _spans(statement: ast.stmt, line: int) -> bool:
    return _start(statement) <= line <= (statement.end_lineno or 0)


def _lost(inside: Sequence[ast.stmt], function: Function) -> list[str]:
    """Names that only the region binds and that the rest of the function uses."""
    gone = {id(node) for statement in inside for node in ast.walk(statement)}
    kept = [node for node in ast.walk(function) if id(node) not in gone]
    only_here = {name for s in inside for node in ast.walk(s) for name in bound(node)}
    elsewhere = {name for node in kept if node is not function for name in bound(node)}
    used = {name for node in kept for name in loaded(node)}
    return sorted((only_here - elsewhere) & used)

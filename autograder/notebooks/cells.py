"""The text of a cell, read without running or compiling it: its statements, what they define, its magics.

Whoever grades reads cells that a student wrote. `ast` would recurse as deeply as they nest, so their lines
are told apart by brackets and quotes alone, in one pass; Python itself has its say in the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_MARK = re.compile(r'"""|\'\'\'|["\'#\n\\()\[\]{}]')
_CLOSERS = {
    quote: re.compile(rf"\\[\s\S]|{quote}" + ("" if len(quote) > 1 else r"|\n"))
    for quote in ('"""', "'''", '"', "'")
}
_MAGIC = re.compile(r"[%!?]|[\w.]+\?{1,2}[ \t]*$|[\w, \t]+=[ \t]*[%!]")
_CELL_MAGIC = re.compile(r"%%(\w+)")
_RUNS_PYTHON = frozenset("time timeit capture prun".split())
_FUTURE = re.compile(r"from __future__ import\b")

_FUNCTION = re.compile(r"(?:async[ \t]+)?def[ \t]+(\w+)|class[ \t]+(\w+)")
_IMPORT = re.compile(r"(?:from[ \t]+[\w.]+[ \t]+)?import\b([^;#]*)")
_ASSIGNED = re.compile(r"(\w+)[ \t]*(?::[^=\n]*)?=(?!=)[ \t]*(lambda\b)?")
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell.

    Attributes:
        number: its place in the notebook, counted from 1.
        id: of the part of a module that it is, "" where the student added it.
    """

    number: int
    id: str
    source: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a cell's top level.

    Attributes:
        line: its first line, counted from 1.
        names: what it defines.
        helps: whether it can be taken into a module: a definition, an import, a constant in capitals.
    """

    line: int
    text: str
    names: tuple[str, ...]
    helps: bool

    @property
    def uses(self) -> frozenset[str]:
        """Every name in it, and more: words of its comments and strings too."""
        return frozenset(_NAME.findall(self.text))


@dataclass(frozen=True, slots=True)
class Plain:
    """A cell's text as Python.

    Attributes:
        text: line by line as in the cell, ``pass`` in the place of a magic or a shell escape.
        starts: the lines on which a logical line begins, counted from 1.
        dropped: what was not taken, a line each.
        unclosed: line and column of a bracket or a string that is never closed, counted from 1, and what
            Python says of it.
    """

    text: str
    starts: tuple[int, ...]
    dropped: tuple[str, ...] = ()
    unclosed: tuple[int, int, str] | None = None


def plain(source: str) -> Plain:
    """The cell without IPython's own syntax, and how its lines hang together."""
    first = _CELL_MAGIC.match(source)
    if first and first[1] not in _RUNS_PYTHON:
        return Plain("pass", (1,), (f"%%{first[1]}",))
    lines = source.split("\n")
    starts: list[int] = []
    dropped: list[str] = []
    opened: list[tuple[int, int]] = []
    line, at = 1, 0
    while line <= len(lines):
        if not opened:
            starts.append(line)
            if _is_foreign(lines[line - 1]):
                _drop(lines, line, dropped)
                line, at = line + 1, 0
                continue
        line, at, unclosed = _end_of_line(lines, line, at, opened)
        if unclosed:
            last = len(lines) - (not lines[-1])
            said = f"unterminated triple-quoted string literal (detected at line {last})"
            return Plain("\n".join(lines), tuple(starts), tuple(dropped), (*unclosed, said))
    return Plain("\n".join(lines), tuple(starts), tuple(dropped), _open_bracket(lines, opened))


def _open_bracket(lines: list[str], opened: list[tuple[int, int]]) -> tuple[int, int, str] | None:
    if not opened:
        return None
    line, column = opened[-1]
    return line, column, f"'{lines[line - 1][column - 1]}' was never closed"


def _is_foreign(line: str) -> bool:
    """Whether a line that begins a statement is none of a module's."""
    return bool(_MAGIC.match(line.lstrip(" \t")) or _FUTURE.match(line))


def _drop(lines: list[str], line: int, dropped: list[str]) -> None:
    text = lines[line - 1]
    if not _FUTURE.match(text):  # (in a module it stands at the top, and does)
        dropped.append(text.strip())
    lines[line - 1] = text[: len(text) - len(text.lstrip())] + "pass"


def _end_of_line(
    lines: list[str], line: int, at: int, opened: list[tuple[int, int]]
) -> tuple[int, int, tuple[int, int] | None]:
    """Go to the end of a line, or of the last line of a string or a continuation that leaves it.

    Returns:
        the line and the column to go on at, and where a string begins that is never closed.
    """
    while mark := _MARK.search(lines[line - 1], at):
        what, column, at = mark[0], mark.start() + 1, mark.end()
        if what == "#":
            break
        if what == "\\":
            if at == len(lines[line - 1]) and line < len(lines):
                line, at = line + 1, 0
        elif what in _CLOSERS:
            closed = _closed(lines, line, at, what)
            if closed is None and len(what) > 1:
                return line, at, (line, column)
            if closed is None:  # (Python will say so)
                break
            line, at = closed
        elif what in "([{":
            opened.append((line, column))
        elif opened:
            opened.pop()
    return line + 1, 0, None


def _closed(lines: list[str], line: int, at: int, quote: str) -> tuple[int, int] | None:
    """Line and column behind the end of a string, None where it has none."""
    closer = _CLOSERS[quote]
    while line <= len(lines):
        text = lines[line - 1]
        while mark := closer.search(text, at):
            at = mark.end()
            if mark[0] == quote:
                return line, at
        continued = text.endswith("\\") and not text.endswith("\\\\")
        if len(quote) == 1 and not continued:
            return None
        line, at = line + 1, 0
    return None


def statements(cell: Plain) -> Iterator[Statement]:
    """The statements of the cell's top level, in order."""
    lines = cell.text.split("\n")
    tops = [n for n in cell.starts if lines[n - 1][:1] not in {"", " ", "\t", "#", ")"}]
    heads = [n for n in tops if not lines[n - 1].startswith("@")]
    begins = [n for i, n in enumerate(tops) if not i or not lines[tops[i - 1] - 1].startswith("@")]
    for (first, after), head in zip(pairwise([*begins, len(lines) + 1]), heads, strict=False):
        text = "\n".join(lines[first - 1 : after - 1])
        yield Statement(first, text, *_defines("\n".join(lines[head - 1 : after - 1])))


def _defines(text: str) -> tuple[tuple[str, ...], bool]:
    """What a statement defines, and whether that can be taken into a module."""
    if found := _FUNCTION.match(text):
        return (found[1] or found[2],), True
    if found := _IMPORT.match(text):
        named = [words.split() for words in found[1].strip(" \t\n()").replace("\\\n", " ").split(",")]
        names = tuple(words[-1].partition(".")[0] for words in named if words and words[-1] != "*")
        return names, bool(names)
    if found := _ASSIGNED.match(text):
        return (found[1],), found[1].isupper() or found[2] is not None
    return (), False

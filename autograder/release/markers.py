"""Solution markers: ``### BEGIN SOLUTION task1_3`` ... ``### END SOLUTION task1_3``, read and checked.

The tokenizer finds them, so that a marker in a string is none; `ast` decides whether what lies between
two of them can be taken out. Whatever is not beyond doubt is refused: a stub must never ship an answer.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.errors import CourseError
from autograder.release import placement

EXACT = re.compile(r"### (BEGIN|END) SOLUTION( (\S+))?")
MEANT = re.compile(r"\b(begin|end)[\s_-]*solution", re.IGNORECASE)
IN_STRING = re.compile(
    r"""(?:^|["'])[ \t]*#+[ \t]*(?:begin|end)[ \t_-]+solution""", re.IGNORECASE | re.MULTILINE
)
LONE_RETURN = re.compile(r"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Region:
    """One solution, from its BEGIN line to its END line, both counted from 1.

    Attributes:
        task: the id of the task that it solves.
        indent: the white space before both markers.
    """

    task: str
    begin: int
    end: int
    indent: str


@dataclass(frozen=True, slots=True)
class _Marker:
    kind: str
    task: str
    line: int
    indent: str


def fault(file: str, line: int, what: str) -> CourseError:
    """The author's error at this place; `what` ends with its cure."""
    return CourseError(f"{file}:{line}: {what}")


def source_lines(source: str) -> list[str]:
    """The lines of `source` as Python counts them, each with its own line ending."""
    return io.StringIO(source).readlines()


def regions(source: str, file: str, known_tasks: Collection[str]) -> list[Region]:
    """The solution regions of a module, in order.

    Args:
        source: the module's text.
        file: its name, for messages.
        known_tasks: the ids that a marker may name.

    Raises:
        CourseError: the first marker that cannot be taken at its word, with line and cure.
    """
    return list(_regions(source, file, frozenset(known_tasks)))


@lru_cache(maxsize=64)  # a grader renders each module once for every task that it stands beside
def _regions(source: str, file: str, known_tasks: frozenset[str]) -> tuple[Region, ...]:
    if lone := LONE_RETURN.search(source):
        line = source.count("\n", 0, lone.start()) + 1
        raise fault(
            file, line, "a carriage return without a line feed; save the file with one kind of line end"
        )
    tree = placement.parsed(source, file)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    lines = source_lines(source)
    markers = _markers(tokens, lines, file)
    for marker in markers:
        if marker.task not in known_tasks:
            known = ", ".join(sorted(known_tasks)) or "none"
            raise fault(
                file, marker.line, f"{marker.task} is in no registry; use a task of assignment.toml ({known})"
            )
    found = _paired(markers, file)
    for region in found:
        if what := placement.fault(tree, region.begin, region.end, region.indent, tokens, lines):
            raise fault(file, region.begin, what)
    return tuple(found)


def _markers(tokens: Sequence[tokenize.TokenInfo], lines: Sequence[str], file: str) -> list[_Marker]:
    found = []
    for token in tokens:
        if token.type == tokenize.COMMENT:
            found += _marker(token, lines, file)
        else:
            _refuse_in_string(token, file)
    return found


def _marker(token: tokenize.TokenInfo, lines: Sequence[str], file: str) -> list[_Marker]:
    """The marker that a comment is, as a list of one, or none where it does not look like one."""
    text, (line, column) = token.string.rstrip(), token.start
    if not text.startswith("###") and not MEANT.search(text):
        return []
    match = EXACT.fullmatch(text)
    if match is None:
        raise fault(
            file,
            line,
            f'"{text}" is no marker; write "### BEGIN SOLUTION task1_1" or "### END SOLUTION task1_1" '
            'to the letter (every "###" comment is reserved for them)',
        )
    if match[3] is None:
        raise fault(file, line, f'names no task; write "{text} task1_1" with the id from assignment.toml')
    before = lines[line - 1][:column]
    if before.strip() or (line > 1 and lines[line - 2].rstrip("\r\n").endswith("\\")):
        raise fault(file, line, "a marker shares its line with code; give it a line of its own")
    return [_Marker(match[1], match[3], line, before)]


def _refuse_in_string(token: tokenize.TokenInfo, file: str) -> None:
    """Refuse a string that holds what looks like a marker (an f-string's kinds of token vary with Python)."""
    if match := IN_STRING.search(token.string):
        raise fault(
            file,
            token.start[0] + token.string.count("\n", 0, match.start()),
            "a marker inside a string marks nothing and would be shipped; move it out, or word it otherwise",
        )


def _paired(markers: Sequence[_Marker], file: str) -> list[Region]:
    """The regions that the markers bound."""
    found: list[Region] = []
    begun: _Marker | None = None
    for marker in markers:
        if marker.kind == "BEGIN":
            if begun:
                raise fault(
                    file,
                    marker.line,
                    f"BEGIN SOLUTION {marker.task} inside the region of {begun.task} that began in line "
                    f"{begun.line}; end that one first",
                )
            begun = marker
            continue
        found.append(_region(begun, marker, file))
        begun = None
    if begun:
        raise fault(
            file,
            begun.line,
            f'BEGIN SOLUTION {begun.task} has no end; add "### END SOLUTION {begun.task}" behind it',
        )
    return found


def _region(begun: _Marker | None, ended: _Marker, file: str) -> Region:
    if begun is None:
        raise fault(
            file,
            ended.line,
            f"END SOLUTION {ended.task} ends nothing; put its BEGIN before the solution, or delete this line",
        )
    if begun.task != ended.task:
        raise fault(
            file,
            ended.line,
            f"END SOLUTION {ended.task} where the region of {begun.task} (line {begun.line}) is open; "
            "give both the same task",
        )
    if begun.indent != ended.indent:
        raise fault(
            file,
            ended.line,
            f"END SOLUTION {ended.task} is not indented like its BEGIN in line {begun.line}; align the two",
        )
    return Region(begun.task, begun.line, ended.line, begun.indent)

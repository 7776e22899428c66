"""A notebook that was handed in, as far as it is looked at: its cells' texts and which parts they are.

Nothing of it is run. It is decoded with msgspec, which takes the few fields that are declared here, skips all
others (outputs, attachments) without building them, and stops at a depth of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from autograder.grading.submissions_tree import Refused
from autograder.notebooks.assembling import tagged
from autograder.notebooks.cells import Cell

_FORMAT = 4
MAX_CELLS = 2_000
MAX_CODE_BYTES = 512 * 1024
_DAMAGED = "is no notebook that can be read ({}); save it in Jupyter and hand it in again"


class _Metadata(msgspec.Struct):
    nbgrader: msgspec.Raw = msgspec.Raw()


class _Marks(msgspec.Struct):
    grade_id: str = ""


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _Version(msgspec.Struct):
    nbformat: int


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


@dataclass(frozen=True, slots=True)
class Handed:
    """The cells of a notebook that was handed in.

    Attributes:
        code: its code cells, but for those that are given or test: these are the course's own.
        written: the texts of its Markdown cells that have an id, by id.
    """

    code: tuple[Cell, ...]
    written: Mapping[str, str]


def handed(content: bytes, labels: Mapping[str, str], given: frozenset[str]) -> Handed:
    """What a notebook holds.

    Args:
        content: the file's.
        labels: the ids of the parts, by the label in their cell's first line; for a notebook whose cells
            have lost their metadata.
        given: the ids of cells whose text is the course's own.

    Raises:
        Refused: it is no notebook of format 4, or too large to be one.
    """
    code, written, size = [], {}, 0
    for number, cell in enumerate(_decoded(content.removeprefix(b"\xef\xbb\xbf")), 1):
        source = _text("".join(cell.source))
        found = _grade_id(cell.metadata)
        if cell.cell_type == "code":
            size += len(source)
            key = found or tagged(source, labels)
            if key not in given:
                code.append(Cell(number, key, source))
        elif found:
            written[found] = source
    if size > MAX_CODE_BYTES:
        raise Refused(f"holds more than {MAX_CODE_BYTES // 1024} KiB of code; hand in your code alone")
    known = frozenset(labels.values())
    return Handed(tuple(c if c.id in known else Cell(c.number, "", c.source) for c in code), written)


def _decoded(content: bytes) -> list[_Cell]:
    try:
        version = msgspec.json.decode(content, type=_Version).nbformat
        if version != _FORMAT:
            raise Refused(
                f"is a notebook of format {version}; open it in a current Jupyter, save it (format 4) "
                "and hand it in again"
            )
        cells = msgspec.json.decode(content, type=_Notebook).cells
    except RecursionError as fault:
        raise Refused(_DAMAGED.format("it nests too deeply")) from fault
    except msgspec.ValidationError as fault:
        raise Refused(_DAMAGED.format(str(fault)[:100])) from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Refused(_DAMAGED.format("it is not JSON")) from fault
    if len(cells) > MAX_CELLS:
        raise Refused(f"holds more than {MAX_CELLS:,} cells; hand in the assignment's notebook alone")
    return cells


def _grade_id(metadata: _Metadata) -> str:
    try:
        return msgspec.json.decode(metadata.nbgrader, type=_Marks).grade_id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # (none, or not nbgrader's)
        return ""


def _text(source: str) -> str:
    """The text with one kind of line end, and with marks in the place of what is no text."""
    plain = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return plain.encode("utf-8", "replace").decode()

"""What is read of a notebook that was handed in: cells by their marks, nothing that is none, in bounded time."""

from __future__ import annotations

import time

import pytest
from test_notebook_pieces import DOUBLE, PIECES

from autograder.grading.submissions_tree import Refused
from autograder.notebooks.assembling import assemble
from autograder.notebooks.cells import Cell
from autograder.notebooks.reading import handed

LABELS = {part.label: part.id for part in PIECES}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no notebook that can be read (it is not JSON)"),
        (b"not JSON", "it is not JSON"),
        (b"\xff\xfe\x00", "it is not JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"nbformat": 4}', "missing required field `cells`"),
        (b'{"nbformat": 4, "cells": {}}', "Expected `array`"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', "Expected `str | array`"),
        (b'{"nbformat": 3, "worksheets": []}', "is a notebook of format 3; open it in a current Jupyter"),
        (b'{"nbformat": 5, "cells": []}', "is a notebook of format 5"),
        (b'{"nbformat": 4, "x": ' + b"[" * 10**6, "it nests too deeply"),
        (b'{"nbformat": 4, "cells": ' + b'[{"a":' * 10**6, "it nests too deeply"),
        (b'{"nbformat": 4, "cells": [' + b'{"cell_type":"raw"},' * 2000 + b'{"cell_type":"raw"}]}', "2,000 cells"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "' + b"x" * 2**19 + b'x"}]}', "512 KiB"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_told_in_one_line(content, said):
    with pytest.raises(Refused) as refused:
        handed(content, LABELS, frozenset())
    assert said in str(refused.value)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300


def test_a_cell_is_known_by_its_metadata_or_else_by_its_first_line():
    marked = (
        b'{"cell_type":"code","source":["a\\n","b"],"metadata":{"nbgrader":{"grade_id":"double-double"}}}'
    )
    named = b'{"cell_type":"code","source":"# double.py: Halver\\r\\nx","metadata":{"nbgrader":[]}}'
    given = b'{"cell_type":"code","source":"# double.py: given (given)\\n"}'
    other = b'{"cell_type":"code","source":"z","metadata":{"nbgrader":{"grade_id":"mine"}}}'
    content = b'\xef\xbb\xbf{"nbformat":4,"cells":[' + b",".join([marked, named, given, other]) + b"]}"
    found = handed(content, LABELS, frozenset({"double-given"}))
    assert found.code == (
        Cell(1, "double-double", "a\nb"), Cell(2, "double-Halver", "# double.py: Halver\nx"), Cell(4, "", "z"),
    )  # fmt: skip


@pytest.mark.parametrize("hostile", ["'" * 100_000, "(" * 100_000, "\\\n" * 50_000, '"""' * 35_000, "%x\n" * 35_000,
                                     "a=" * 100_000, "@a\n" * 35_000, "#" * 100_000, "'\\" * 100_000, "x?\n" * 30_000,
                                     " " * 100_000, "a b=" * 50_000, "a," * 100_000, "a.b" * 35_000])  # fmt: skip
def test_reading_takes_no_longer_than_the_text(hostile):
    began = time.process_time()
    assemble(PIECES, [Cell(1, DOUBLE, hostile), Cell(2, "", hostile)])
    assert time.process_time() - began < 3

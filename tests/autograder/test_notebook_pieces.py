"""A module in pieces and out of cells: what is taken, what is left out, and where a line came from."""

from __future__ import annotations

import ast

import pytest
from notebook_work import ROOT

from autograder.notebooks.assembling import Place, adopted, assemble, located
from autograder.notebooks.cells import Cell, plain, statements
from autograder.notebooks.parts import Kind, parts
from autograder.registry import find_course
from autograder.release.stubs import stubs

COURSE = find_course(ROOT)
MODULES = [(a, name) for a in COURSE.assignments for name in a.task_modules]

STUB = '''"""Doubling."""

from __future__ import annotations

LIMIT = 5


def double(x):
    """Return 2 x."""
    # TODO(task9_1): Double
    raise NotImplementedError("task9_1: Double is still to do")


def given(x):
    return double(x)


class Halver:
    def half(self, x):
        # TODO(task9_1): Double
        raise NotImplementedError("task9_1: Double is still to do")


if __name__ == "__main__":
    print(double(1))
'''
PIECES = parts("double", STUB)
DOUBLE, HALVER = "double-double", "double-Halver"


def module(*cells: tuple[str, str]) -> str:
    made = assemble(PIECES, [Cell(n, key, source) for n, (key, source) in enumerate(cells, 1)])
    assert made is not None
    assert not made.fault, made
    return made.text


def names(text: str) -> dict[str, object]:
    space: dict[str, object] = {"__name__": "double"}
    exec(compile(text, "double.py", "exec", dont_inherit=True), space)  # noqa: S102  (our own text)
    return space


class TestParts:
    @pytest.mark.parametrize(("assignment", "name"), MODULES, ids=[f"{a.name}-{n}" for a, n in MODULES])
    def test_the_pieces_are_the_module_and_those_of_solution_and_stub_correspond(self, assignment, name):
        stub, solution = stubs(assignment)[name], (assignment.folder / f"{name}.py").read_text()
        pieces, solved = parts(name, stub), parts(name, solution)
        assert "".join(part.text for part in pieces) == stub
        assert "".join(part.text for part in solved) == solution
        assert [(p.id, p.kind) for p in pieces] == [(p.id, p.kind) for p in solved]
        assert len({p.id for p in pieces}) == len(pieces)

    @pytest.mark.parametrize(("assignment", "name"), MODULES, ids=[f"{a.name}-{n}" for a, n in MODULES])
    def test_statements_are_found_as_python_finds_them(self, assignment, name):
        text = (assignment.folder / f"{name}.py").read_text()
        found = list(statements(plain(text)))
        # (`from __future__` is replaced by a statement of its own.)
        assert len(found) == len(ast.parse(text).body)

    def test_kinds(self):
        assert [(part.kind, part.title) for part in PIECES] == [
            (Kind.HEAD, "imports"),
            (Kind.GIVEN, "LIMIT"),
            (Kind.SOLUTION, "double"),
            (Kind.GIVEN, "given"),
            (Kind.SOLUTION, "Halver"),
            (Kind.COMMAND, "command"),
        ]


class TestAssembling:
    def test_cells_stand_in_their_places_whatever_their_order(self):
        text = module((HALVER, "class Halver: half = 1"), (DOUBLE, "def double(x): return 2 * x"))
        space = names(text)
        assert space["given"](4) == 8
        assert text.index("def double") < text.index("def given") < text.index("class Halver")

    def test_nothing_of_the_module_is_no_module(self):
        assert assemble(PIECES, [Cell(1, "", "def double(x): return 2 * x")]) is None

    def test_a_cell_that_is_missing_is_still_to_do(self):
        space = names(module((HALVER, "class Halver: half = 1")))
        with pytest.raises(NotImplementedError, match="task9_1: Double is still to do"):
            space["double"](1)

    def test_nbgraders_stub_names_the_task(self):
        space = names(
            module((DOUBLE, "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"))
        )
        with pytest.raises(NotImplementedError, match="task9_1: "):
            space["double"](1)

    def test_a_helper_of_another_cell_counts(self):
        text = module(
            ("", "import math\nRATE = 2.0\ndef helper(x):\n    return RATE * math.floor(x)\nprint(1 / 0)"),
            (DOUBLE, "def double(x):\n    return helper(x)"),
        )
        assert names(text)["double"](3.5) == 6.0
        assert "1 / 0" not in text

    def test_a_helper_below_the_cell_counts_too(self):
        text = module((DOUBLE, "def double(x):\n    return helper(x)"), ("", "helper = lambda x: 2 * x"))
        assert names(text)["double"](2) == 4

    def test_a_base_class_of_an_earlier_cell_is_there_in_time(self):
        text = module(
            ("", "class Base:\n    two = 2"),
            (HALVER, "class Halver(Base):\n    pass"),
            (DOUBLE, "double = 1"),
        )
        assert names(text)["Halver"].two == 2

    def test_a_cell_made_anew_counts_where_the_old_one_is_gone(self):
        every = [*PIECES, *parts("other", "def triple(x):\n    # TODO(task9_2): T\n    raise X\n")]
        anew = Cell(3, "", "import math\ndef double(x):\n    return 2 * x")
        halver = Cell(1, HALVER, "class Halver: pass")
        assert [c.id for c in adopted(every, [halver, Cell(2, "", "double"), anew])] == [HALVER, "", DOUBLE]
        old = Cell(2, DOUBLE, "def double(x): return x")
        assert [c.id for c in adopted(every, [halver, old, anew])] == [HALVER, DOUBLE, ""]

    def test_the_last_definition_of_a_helper_counts(self):
        cells = [
            ("", "def helper(): return 1"),
            ("", "def helper(): return 2"),
            (DOUBLE, "double = helper()"),
        ]
        assert names(module(*cells))["double"] == 2

    @pytest.mark.parametrize(
        "scratch",
        [
            "while True: pass",
            "x = double(1) / 0",
            "import matplotlib.pyplot as plt\nplt.plot([1])",
            "def double(x): return 0",
            "%%bash\nrm -rf /",
            "raise SystemExit",
            "this does not parse (",
            "LIMIT = 7",
        ],
    )
    def test_what_a_student_tries_out_changes_nothing(self, scratch):
        own = (DOUBLE, "def double(x):\n    return LIMIT * x")
        assert module(("", scratch), own, ("", scratch)) == module(own)

    def test_ipythons_own_lines_are_left_out_and_told(self):
        source = "%time 1\n!ls 'x\ndef double(x):\n    %timeit 1\n    y = (x\n         % 7)\n    s = '''\n%no magic\n'''\n    return y\ndouble?"
        made = assemble(PIECES, [Cell(3, DOUBLE, source)])
        assert names(made.text)["double"](9) == 2
        assert [note.partition(": ")[2].partition(" is IP")[0] for note in made.notes] == [
            "double): %time 1",
            "double): !ls 'x",
            "double): %timeit 1",
            "double): double?",
        ]

    def test_many_of_them_are_counted(self):
        made = assemble(PIECES, [Cell(1, DOUBLE, "%a\n" * 1000 + "%\x1b" + "x" * 1000)])
        assert len(made.notes) == 6
        assert made.notes[-1] == "cell 1 (double.py: double): 996 further such lines were left out"

    def test_cell_magics(self):
        assert names(module((DOUBLE, "%%time\ndef double(x):\n    return 2 * x")))["double"](2) == 4
        made = assemble(PIECES, [Cell(1, DOUBLE, "%%bash\nls")])
        assert "%%bash" in made.notes[0]
        assert "ls\n" not in made.text

    def test_from_future_in_a_cell_is_at_the_top_anyway(self):
        text = module(
            (DOUBLE, "from __future__ import annotations\ndef double(x: Missing):\n    return 2 * x")
        )
        assert names(text)["double"](2) == 4

    def test_of_several_cells_the_last_one_that_was_worked_on_counts(self):
        stub = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
        made = assemble(
            PIECES,
            [Cell(1, DOUBLE, "double = 1"), Cell(2, DOUBLE, "double = 2"), Cell(3, DOUBLE, stub)],
        )
        assert names(made.text)["double"] == 2
        assert made.notes == ("the cell double.py: double is there 3 times; cell 2 is graded",)

    @pytest.mark.parametrize(
        "source",
        [
            "def double(x):\n    return (2 * x",
            'x = 1\ndef double(x):\n    """',
            "x = [\n",
            "x = ([1], {2: 3}, (4\n)",
            "x = 1\n'''\n\n",
        ],
    )
    def test_what_is_never_closed_stays_in_its_cell_in_pythons_own_words(self, source):
        made = assemble(PIECES, [Cell(7, DOUBLE, source), Cell(8, HALVER, "class Halver: pass")])
        with pytest.raises(SyntaxError) as raised:
            compile(source, "double.py", "exec")
        said = f"line {raised.value.lineno}: SyntaxError: {raised.value.msg}, column {raised.value.offset}"
        assert made.fault == f"cell 7 (double.py: double), {said}"

    def test_a_line_of_the_module_is_a_line_of_its_cell(self):
        cells = [
            Cell(3, "", "import math\n\n\ndef helper(x):\n    return 1 / 0"),
            Cell(4, DOUBLE, "\ndef double(x):\n    return helper(x)"),
        ]
        made = assemble(PIECES, cells)
        lines = made.text.split("\n")
        for text, place in (
            ("    return 1 / 0", "cell 3, line 5"),
            ("    return helper(x)", "cell 4 (double.py: double), line 3"),
        ):
            at = lines.index(text) + 1
            assert located(f"double.py, line {at}: it", {"double": made.places}) == f"{place}: it"
        untouched = "double.py, line 1: it; other.py, line 30"
        assert located(untouched, {"double": made.places}) == untouched

    def test_an_unfinished_cell_is_told_at_its_own_end(self):
        made = assemble(PIECES, [Cell(4, DOUBLE, "x = 1\ndef double(x):")])
        with pytest.raises(SyntaxError) as raised:
            compile(made.text, "double.py", "exec")
        said = located(f"double.py, line {raised.value.lineno}: {raised.value.msg}", {"double": made.places})
        assert said == (
            "cell 4 (double.py: double), line 2: expected an indented block after function definition on line 2"
        )

    def test_places_are_plain(self):
        assert assemble(PIECES, [Cell(4, DOUBLE, "x = 1")]).places == (
            Place(9, 10, 1, "cell 4 (double.py: double)"),
        )

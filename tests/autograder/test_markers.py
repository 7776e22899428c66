"""Markers that are right are read; each kind that is wrong is refused with its place and its cure."""

import re
import textwrap

import pytest

from autograder.errors import CourseError
from autograder.release.markers import Region, regions

KNOWN = ("task1_1", "task1_2")


def read(source):
    return regions(written(textwrap.dedent(source).lstrip("\n")), "m.py", KNOWN)


def written(source):
    """The source with its markers' short forms, BEGIN_1 and END_1, written out."""
    return re.sub(r"\b(BEGIN|END)_([12])", r"### \1 SOLUTION task1_\2", source)


def refusal(source):
    with pytest.raises(CourseError) as caught:
        read(source)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_regions_come_in_order_with_lines_and_indentation():
    found = read("""
        class F:
            def f(x):
                ### BEGIN SOLUTION task1_1
                return x
                ### END SOLUTION task1_1

        def g(x):
            y = x
            ### BEGIN SOLUTION task1_2
            if y:
                return y
            return -y
            ### END SOLUTION task1_2
    """)
    assert found == [Region("task1_1", 3, 5, " " * 8), Region("task1_2", 9, 13, " " * 4)]


@pytest.mark.parametrize(
    "body",
    [
        "if x:\n    ### BEGIN SOLUTION task1_1\n    a = 1\n    ### END SOLUTION task1_1\nelse:\n    b = 2",
        "for i in x:\n    ### BEGIN SOLUTION task1_1\n    a = 1\n    ### END SOLUTION task1_1",
        "try:\n    a = 1\nexcept E:\n    ### BEGIN SOLUTION task1_1\n    b = 1\n    ### END SOLUTION task1_1",
        "match x:\n    case 1:\n        BEGIN_1\n        a = 1\n        END_1",
        "def inner(y):\n    BEGIN_1\n    return y\n    END_1\nreturn inner",
        "total = 0\n### BEGIN SOLUTION task1_1\ntotal = 1\n### END SOLUTION task1_1\nreturn total",
        "### BEGIN SOLUTION task1_1\n\n# why\na = 1; b = 2\n\n### END SOLUTION task1_1\n",
        "### BEGIN SOLUTION task1_1\n@decorated\ndef inner(y):\n    return y\n### END SOLUTION task1_1\n",
    ],
    ids=[
        "branch",
        "loop",
        "handler",
        "case",
        "nested function",
        "bound before",
        "comments within",
        "decorated",
    ],
)
def test_a_region_may_be_any_whole_statements_of_a_function(body):
    source = "def f(x):\n" + textwrap.indent(body, "    ")
    assert len(read(source)) == 1


WRONG = {
    "misspelt": ("### BEGN SOLUTION task1_1", 2, '"### BEGN SOLUTION task1_1" is no marker; write'),
    "lower case": ("### begin solution task1_1", 2, "is no marker"),
    "no space": ("###BEGIN SOLUTION task1_1", 2, "is no marker"),
    "two signs": ("## BEGIN SOLUTION task1_1", 2, "is no marker"),
    "extra words": ("### BEGIN SOLUTION task1_1 (easy)", 2, "is no marker"),
    "other tool's": ("### BEGIN HIDDEN TESTS", 2, "is no marker"),
    "banner": ("#### f ####", 2, 'every "###" comment is reserved'),
    "no task": ("### BEGIN SOLUTION", 2, "names no task; write"),
    "unknown task": ("### BEGIN SOLUTION task9_9", 2, "task9_9 is in no registry; use a task of"),
    "orphaned end": ("a = 1\n### END SOLUTION task1_1", 3, "ends nothing; put its BEGIN before"),
    "no end": ("### BEGIN SOLUTION task1_1\na = 1", 2, 'has no end; add "### END SOLUTION task1_1"'),
    "nested": (
        "BEGIN_1\nBEGIN_2\na = 1\nEND_2\nEND_1",
        3,
        "inside the region of task1_1 that began in line 2; end that one first",
    ),
    "other end": (
        "### BEGIN SOLUTION task1_1\na = 1\n### END SOLUTION task1_2",
        4,
        "where the region of task1_1 (line 2) is open; give both the same task",
    ),
    "end elsewhere": (
        "if x:\n    ### BEGIN SOLUTION task1_1\n    a = 1\n### END SOLUTION task1_1",
        5,
        "is not indented like its BEGIN in line 3; align the two",
    ),
    "cut expression": (
        "a = [\n    ### BEGIN SOLUTION task1_1\n    1,\n    ### END SOLUTION task1_1\n]",
        3,
        "cuts a statement; move its markers",
    ),
    "cut head": (
        "a = (\n    ### BEGIN SOLUTION task1_1\n    1)\nb = 2\n    ### END SOLUTION task1_1",
        3,
        "cuts a statement",
    ),
    "cut tail": (
        "### BEGIN SOLUTION task1_1\na = 1\nb = (\n### END SOLUTION task1_1\n2)",
        2,
        "cuts a statement",
    ),
    "cut else": (
        "if x:\n    ### BEGIN SOLUTION task1_1\n    a = 1\nelse:\n    b = 1\n    ### END SOLUTION task1_1",
        3,
        "cuts a statement",
    ),
    "cut signature": (
        "### BEGIN SOLUTION task1_1\ndef g(y):\n    return y\n    ### END SOLUTION task1_1\n    return 2",
        5,
        "is not indented like its BEGIN",
    ),
    "cut decorator": (
        "@d\n    BEGIN_1\ndef g(y):\n    a = 1\n    END_1\n    return 2",
        3,
        "cuts a statement",
    ),
    "empty": (
        "### BEGIN SOLUTION task1_1\n# nothing yet\n### END SOLUTION task1_1",
        2,
        "holds no code; put the solution",
    ),
    "behind code": ("a = 1  ### BEGIN SOLUTION task1_1", 2, "shares its line with code; give it a line"),
    "continued line": ("a = 1 \\\n### BEGIN SOLUTION task1_1\n", 3, "shares its line with code"),
    "in a string": ('a = """\n### BEGIN SOLUTION task1_1\n"""', 3, "a marker inside a string marks nothing"),
    "in one line's string": ('a = "### END SOLUTION task1_1"', 2, "a marker inside a string"),
    "in an f-string": ('a = f"""{x}\n  # BEGIN SOLUTION\n"""', 3, "a marker inside a string"),
    "not aligned": (
        "  ### BEGIN SOLUTION task1_1\na = 1\n  ### END SOLUTION task1_1",
        2,
        "not indented like the code between them; align",
    ),
    "import lost": (
        "### BEGIN SOLUTION task1_1\nimport math\na = 1\n### END SOLUTION task1_1\nreturn math.exp(a)",
        2,
        "a, math is defined in the region and used outside it",
    ),
    "name lost to a nested function": (
        "def g():\n    return a\n### BEGIN SOLUTION task1_1\na = 1\n### END SOLUTION task1_1\nreturn g",
        4,
        "a is defined in the region and used outside it",
    ),
}


@pytest.mark.parametrize(("body", "line", "what"), WRONG.values(), ids=WRONG)
def test_a_wrong_marker_in_a_function_is_refused(body, line, what):
    message = refusal("def f(x):\n" + textwrap.indent(body, "    ") + "\n    pass\n")
    assert message.startswith(f"m.py:{line}: ")
    assert what in message
    assert ";" in message or "reserved" in message


WRONG_MODULES = {
    "module level": (
        "### BEGIN SOLUTION task1_1\nX = 1\n### END SOLUTION task1_1\n",
        1,
        "not inside a function's body",
    ),
    "signature": (
        "### BEGIN SOLUTION task1_1\ndef f():\n    return 1\n### END SOLUTION task1_1\n",
        1,
        "keep signature and docstring outside and mark the body alone",
    ),
    "class body": (
        "class F:\n    ### BEGIN SOLUTION task1_1\n    x = 1\n    ### END SOLUTION task1_1\n",
        2,
        "not inside a function's body",
    ),
    "class in a function": (
        "def f():\n  class F:\n    ### BEGIN SOLUTION task1_1\n    x = 1\n    ### END SOLUTION task1_1\n",
        3,
        "not inside a function's body",
    ),
    "docstring": (
        'def f():\n    BEGIN_1\n    """Say."""\n    return 1\n    END_1\n',
        2,
        "swallows the docstring of f; begin it behind the docstring",
    ),
    "future": (
        "### BEGIN SOLUTION task1_1\nfrom __future__ import annotations\n### END SOLUTION task1_1\n",
        1,
        "from __future__ must stay at the top",
    ),
    "tabs and spaces": (
        "def f():\n\t  ### BEGIN SOLUTION task1_1\n\t  return 1\n\t  ### END SOLUTION task1_1\n",
        2,
        "tabs and spaces mixed; use spaces alone",
    ),
    "tabs or spaces": (
        "def f():\n        ### BEGIN SOLUTION task1_1\n\treturn 1\n        ### END SOLUTION task1_1\n",
        2,
        "align them (the same tabs or spaces)",
    ),
    "two functions": (
        "def f():\n    BEGIN_1\n    a = 1\ndef g():\n    b = 1\n    END_1\n",
        2,
        "cuts a statement",
    ),
    "does not parse": ("def f(:\n", 1, "mend the solution first"),
    "does not compile": ("def f():\n    nonlocal x\n", 2, "mend the solution first"),
    "null byte": ("x = 1\0\n", 0, ""),
    "lone carriage return": ("x = 1\ry = 2\n", 1, "save the file with one kind of line end"),
}


@pytest.mark.parametrize(("source", "line", "what"), WRONG_MODULES.values(), ids=WRONG_MODULES)
def test_a_wrong_module_is_refused(source, line, what):
    message = refusal(source)
    assert message.startswith("m.py:" if line == 0 else f"m.py:{line}: ")
    assert what in message


def test_headings_in_docstrings_and_ordinary_comments_are_no_markers():
    assert (
        read('def f():\n    """Say.\n\n    ### Notes\n    """\n    # begin with the end\n    return "#"\n')
        == []
    )

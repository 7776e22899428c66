"""A stub keeps every byte outside its regions and nothing of the code inside them."""

import ast

import pytest

from autograder.errors import CourseError
from autograder.registry import load_assignment
from autograder.release.stubs import module_source, render, stubs

TITLES = {"task1_1": "Numerical derivatives", "task1_2": 'The "chain" rule\\'}

SOURCE = '''"""A module."""

from math import exp   # kept as it is

def  f(x):
    """Say."""
    y = x
    ### BEGIN SOLUTION task1_1
    # the secret
    z = exp(y)
    return z
    ### END SOLUTION task1_1


class G:
    def g( self ):
        if self:
            ### BEGIN SOLUTION task1_2
            return "secret"
            ### END SOLUTION task1_2
        return None  # odd
'''

STUB = '''"""A module."""

from math import exp   # kept as it is

def  f(x):
    """Say."""
    y = x
    # TODO(task1_1): Numerical derivatives
    raise NotImplementedError("task1_1: Numerical derivatives is still to do")


class G:
    def g( self ):
        if self:
            # TODO(task1_2): The "chain" rule\\
            raise NotImplementedError("task1_2: The \\"chain\\" rule\\\\ is still to do")
        return None  # odd
'''


def test_a_stub_has_a_todo_in_place_of_each_region():
    assert render(SOURCE, "m.py", TITLES) == STUB


def test_a_solved_task_keeps_its_code_without_the_markers():
    mixed = render(SOURCE, "m.py", TITLES, frozenset({"task1_2"}))
    assert '            return "secret"\n        return None  # odd\n' in mixed
    assert "# TODO(task1_1)" in mixed
    assert "SOLUTION" not in mixed
    whole = render(SOURCE, "m.py", TITLES, frozenset(TITLES))
    assert whole.splitlines() == [line for line in SOURCE.splitlines() if "SOLUTION" not in line]
    assert ast.dump(ast.parse(whole)) == ast.dump(ast.parse(SOURCE))


def test_windows_line_ends_stay():
    assert render(SOURCE.replace("\n", "\r\n"), "m.py", TITLES) == STUB.replace("\n", "\r\n")


@pytest.mark.parametrize("solved", [frozenset(), frozenset({"task1_1"})])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_missing_final_line_end_stays_missing(solved, end):
    source = "def f():\n    ### BEGIN SOLUTION task1_1\n    return 1\n    ### END SOLUTION task1_1"
    rendered = render(source.replace("\n", end), "m.py", TITLES, solved)
    assert not rendered.endswith(("\r", "\n"))


def test_the_message_of_a_stub_runs_as_the_explanation_expects():
    space = {}
    exec(render(SOURCE, "m.py", TITLES), space)  # noqa: S102  (the stub is ours)
    with pytest.raises(NotImplementedError, match=r'^task1_2: The "chain" rule\\ is still to do$'):
        space["G"]().g()


def test_a_stub_that_would_not_compile_is_refused():
    source = (
        "def f():\n    ### BEGIN SOLUTION task1_1\n    a = 1\n    ### END SOLUTION task1_1\n"
        "    def g():\n        nonlocal a\n        a = 2\n    return g\n"
    )
    with pytest.raises(CourseError, match=r"m\.py:5: .*the stub would not compile: move what it lacks"):
        render(source, "m.py", TITLES)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = 1\ny = '\xff'\n", "m.py:2: is not UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbfx = 1\n", "m.py:1: begins with a byte order mark; save the file as UTF-8 without one"),
        (b"# -*- coding: latin-1 -*-\n", "m.py:1: declares the encoding latin-1; save it as UTF-8 and"),
    ],
)
def test_a_module_in_another_encoding_is_refused(tmp_path, data, message):
    (tmp_path / "m.py").write_bytes(data)
    with pytest.raises(CourseError) as caught:
        module_source(tmp_path / "m.py", "m.py")
    assert str(caught.value).startswith(message)


REGISTRY = """
schema = "autograder/assignment/v1"
title = "A"
source = "S"
[tasks.task1_1]
title = "One"
module = "one"
points = 1
section = "s"
hint = "h"
[tasks.task1_2]
title = "Two"
module = "two"
points = 1
section = "s"
hint = "h"
"""


def solution(task):
    return f"def f():\n    ### BEGIN SOLUTION {task}\n    return 1\n    ### END SOLUTION {task}\n"


def assignment(tmp_path, **modules):
    folder = tmp_path / "solutions" / "scalars"
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(REGISTRY, encoding="utf-8")
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    return load_assignment(folder / "assignment.toml")


def test_only_the_task_modules_of_an_assignment_are_rendered(tmp_path):
    found = stubs(
        assignment(tmp_path, one=solution("task1_1"), two=solution("task1_2"), given="X = 1\n"),
        frozenset({"task1_1"}),
    )
    assert found["one"] == "def f():\n    return 1\n"
    assert "TODO(task1_2): Two" in found["two"]
    assert sorted(found) == ["one", "two"]


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        (
            {
                "one": solution("task1_1") + solution("task1_2").replace("f()", "g()"),
                "two": solution("task1_2"),
            },
            "solutions/scalars/one.py:6: task1_2 belongs to two.py; move the solution there, or mend its id",
        ),
        (
            {"one": solution("task1_1"), "two": "X = 1\n"},
            "solutions/scalars/two.py:1: has no solution region of task1_2, which assignment.toml places",
        ),
        (
            {"one": solution("task1_1"), "two": solution("task1_2"), "more": solution("task1_2")},
            "solutions/scalars/more.py:2: holds a solution of task1_2, but no task declares this module;",
        ),
    ],
    ids=["another module's task", "a task without a region", "an undeclared module"],
)
def test_regions_and_registry_must_agree(tmp_path, modules, message):
    with pytest.raises(CourseError) as caught:
        stubs(assignment(tmp_path, **modules))
    assert str(caught.value).startswith(message)

"""What a student's code gave goes into a message through `show`, which knows when a reference lies beside it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = sorted((Path(__file__).parents[1] / "tasks").rglob("test_*.py"))
FROM_THE_STUDENT = ("probes.", "functions.", "yield")
HANDED_ON = {"answer", "got", "grads", "more", "order", "pairs", "seen"}


def raw(function: ast.FunctionDef) -> Iterator[str]:
    """Expressions in a function's f-strings that hold what the student's code gave, not shown by `show`."""
    given = {argument.arg for argument in function.args.args} & HANDED_ON
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(word in ast.unparse(node.value) for word in FROM_THE_STUDENT):
            given |= {
                name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)
            }
    for node in ast.walk(function):
        if isinstance(node, ast.FormattedValue) and not ast.unparse(node.value).startswith("show("):
            used = {name.id for name in ast.walk(node.value) if isinstance(name, ast.Name)}
            if used & given:
                yield f"{function.name}, line {node.lineno}: {ast.unparse(node.value)}"


@pytest.mark.parametrize("file", TESTS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_answers_are_shown_with_discretion(file):
    functions = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]
    assert [found for function in functions for found in raw(function)] == []


def test_a_raw_answer_is_found():
    (function,) = ast.parse(
        "def test_x(x):\n    y = yield ask(probes.f, x)\n    check(y, f'{x} gave {y}')\n"
    ).body
    assert list(raw(function)) == ["test_x, line 3: y"]

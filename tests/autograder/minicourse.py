"""A course of three small tasks, written out for the tests of the grader."""

from pathlib import Path

REGISTRY = """
schema = "autograder/assignment/v1"
title = "Mini"
source = "none"
helpers = ["extra"]

[tasks.task9_1]
title = "Double"
module = "double"
points = 4
section = "double"
hint = "Add it to itself."
timeout_s = 0.5

[tasks.task9_2]
title = "Quadruple"
module = "quadruple"
points = 6
needs = ["task9_1"]
section = "quadruple"
hint = "Double it twice."
timeout_s = 0.5

[tasks.task9_3]
title = "Greet"
module = "greet"
points = 2
section = "greet"
hint = "Say hello."
timeout_s = 0.5
"""

DOUBLE = '''"""Task 9.1."""


def double(x):
    """Return 2 x."""
    ### BEGIN SOLUTION task9_1
    return x + x
    ### END SOLUTION task9_1
'''

QUADRUPLE = '''"""Task 9.2."""

from mini.double import double


def quadruple(x):
    """Return 4 x."""
    ### BEGIN SOLUTION task9_2
    return double(double(x))
    ### END SOLUTION task9_2
'''

GREET = '''"""Task 9.3."""


def greet(name):
    """Return a greeting."""
    ### BEGIN SOLUTION task9_3
    return f"hello {name}"
    ### END SOLUTION task9_3
'''

PROBES = """
def double(x):
    from mini.double import double
    return double(x)

def quadruple(x):
    from mini.quadruple import quadruple
    return quadruple(x)

def greet(name):
    from mini.greet import greet
    return greet(name)
"""

TESTS = """
import pytest
from autograder.testing import ask, check_close, check_equal, floats, for_all, student_module

probes = student_module("mini_probes")

@pytest.mark.task9_1
@pytest.mark.timeout(5)
@for_all(x=floats())
def test_double(x):
    got = yield ask(probes.double, x)
    check_close(got, 2 * x, f"double({x})")

@pytest.mark.task9_1
@pytest.mark.weight(3)
@pytest.mark.hidden("doubling works for large numbers too")
def test_double_large():
    check_close(probes.double(1e12), 2e12, "double(SECRET)")

@pytest.mark.task9_2
@for_all(x=floats())
def test_quadruple(x):
    got = yield ask(probes.quadruple, x)
    check_close(got, 4 * x, f"quadruple({x})")

@pytest.mark.task9_3
@pytest.mark.parametrize("name", ["ada", "bob"])
def test_greet(name):
    check_equal(probes.greet(name), f"hello {name}", f"greet({name!r})")
"""


def write_course(root: Path) -> Path:
    """Write the course below `root` and return its root."""
    files = {
        "solutions/mini/assignment.toml": REGISTRY,
        "solutions/mini/__init__.py": '"""Mini."""\n',
        "solutions/mini/README.md": "# Mini\n",
        "solutions/mini/double.py": DOUBLE,
        "solutions/mini/quadruple.py": QUADRUPLE,
        "solutions/mini/greet.py": GREET,
        "tests/tasks/mini/probes.py": PROBES,
        "tests/tasks/mini/test_mini.py": TESTS,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root

"""Parametrizations of a test cross together; what one of them does to the others is found out one by one."""

import time

import pytest
from minicourse import write_course

from autograder.grading.early import independent, libraries
from autograder.grading.grader import Grader
from autograder.grading.result import Status
from autograder.grading.submission import Submission
from autograder.registry import find_course
from autograder.testing import CheckFailed, ask, check_equal, for_each, once, student_module
from autograder.testing.asking import LocalSession, use

TESTS = """
import pytest
from autograder.testing import ask, check_close, check_equal, floats, for_all, for_each, once, student_module

probes = student_module("mini_probes")

@pytest.mark.task9_1
@pytest.mark.parametrize("sign", [1, -1, 2])
@for_all(x=floats())
def test_double(sign, x):
    got = yield ask(probes.double, sign * x)
    check_close(got, 2 * sign * x, f"double({sign * x})")

@pytest.mark.task9_2
@for_each({"x": 1.0}, {"x": -1.0})
def test_quadruple(x):
    got = yield ask(probes.quadruple, x)
    check_close(got, 4 * x, f"quadruple({x})")

@pytest.mark.task9_3
@pytest.mark.parametrize("name", ["ada", "bob", "chidi", "dora"])
@once
def test_greet(name):
    first = yield ask(probes.greet, name)
    again = yield ask(probes.greet, name)
    check_equal([first, again], [f"hello {name}"] * 2, f"greet({name!r})")

@pytest.mark.task9_3
@once
def test_greet_nobody():
    got = yield ask(probes.greet, "")
    check_equal(got, "hello ", "greet('')")
"""
DOUBLE = "def double(x):\n    return 2 * x\n"
QUADRUPLE = "def quadruple(x):\n    return 4 * x\n"
GREET = "def greet(name):\n    return 'hello ' + name\n"


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    root = write_course(tmp_path_factory.mktemp("course"))
    (root / "tests/tasks/mini/test_mini.py").write_text(TESTS)
    course = find_course(root)
    with Grader(course, course.assignment("mini")) as started:
        yield started


def outcomes(grader, task, double=DOUBLE, quadruple=QUADRUPLE, greet=GREET):
    modules = {"double": double, "quadruple": quadruple, "greet": greet}
    result = grader.grade(Submission("ada", "mini", modules, "0" * 64), 0)
    return [(test.status, test.message) for test in result.tasks[task - 1].tests]


def test_a_right_submission_passes_in_one_child_a_task(grader):
    for task in (1, 2, 3):
        assert {status for status, _ in outcomes(grader, task)} == {Status.PASSED}
    assert grader.last.children == 3


def test_each_parametrization_has_its_own_failure(grader):
    wrong = "def greet(name):\n    return 'hello ' + name.replace('bob', 'Bob').replace('dora', 'Dora')\n"
    passed = (Status.PASSED, "")
    assert outcomes(grader, 3, greet=wrong) == [
        passed,
        (Status.FAILED, "greet('bob') is ['hello Bob', 'hello Bob'], expected ['hello bob', 'hello bob']"),
        passed,
        (
            Status.FAILED,
            "greet('dora') is ['hello Dora', 'hello Dora'], expected ['hello dora', 'hello dora']",
        ),
        passed,
    ]


@pytest.mark.parametrize(
    ("deed", "status", "words"),
    [
        ("any(iter(int, 1))", Status.TIMEOUT, "greet('chidi'): no answer within 0.5 s"),
        ("import os; os._exit(3)", Status.CRASHED, "greet('chidi'): your code ended the interpreter"),
        ("raise ValueError(name)", Status.FAILED, "greet.py, line 2: ValueError: chidi"),
    ],
)
def test_one_that_ends_the_child_costs_the_others_nothing(grader, deed, status, words):
    code = f"def greet(name):\n    if name == 'chidi': {deed}\n    return 'hello ' + name\n"
    got = outcomes(grader, 3, greet=code)
    assert [one for one, _ in got] == [Status.PASSED, Status.PASSED, status, Status.PASSED, Status.PASSED]
    assert words in got[2][1]


def test_code_too_slow_for_all_at_once_has_its_time_for_each(grader):
    slow = "import time\ndef greet(name):\n    time.sleep(0.15)\n    return 'hello ' + name\n"
    assert {status for status, _ in outcomes(grader, 3, greet=slow)} == {Status.PASSED}


def test_once_one_has_hung_the_rest_of_a_task_is_asked_singly(grader):
    hangs = "def double(x):\n    while x > 10: pass\n    return 2 * x\n"
    since = time.monotonic()
    got = outcomes(grader, 1, double=hangs)
    assert [status for status, _ in got] == [Status.TIMEOUT] * 3
    assert time.monotonic() - since < 15


def test_a_students_own_run_asks_the_same():
    use(LocalSession(lambda file: False))
    length = student_module("builtins").len

    @for_each({"text": "ab", "size": 2}, {"text": "abc", "size": 3})
    def right(text, size):
        got = yield ask(length, text)
        check_equal(got, size, f"len({text!r})")

    @once
    def wrong():
        got = yield ask(length, "ab")
        check_equal(got, 3, "len('ab')")

    right()
    with pytest.raises(CheckFailed, match=r"len\('ab'\) is 2, expected 3"):
        wrong()


def test_a_table_leaves_pytest_the_other_parameters():
    @for_each({"x": 1})
    def test(x, y):
        yield ask(student_module("builtins").len, "")

    assert list(test.__signature__.parameters) == ["y"]


def test_only_modules_that_need_no_student_are_imported_early():
    sources = {
        "p": "",
        "p.node": "import math\nimport numpy as np\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from p.task import f\n",
        "p.uses_node": "from p import node\nfrom p.node import Node\n",
        "p.uses_task": "from p import task\n",
        "p.uses_it_too": "from p.uses_task import f\n",
        "p.later": "def f():\n    from p.task import g\n",
        "p.draws": "import matplotlib\n",
        "p.tries": "try:\n    import networkx\nexcept ImportError:\n    pass\n",
        "p.near": "from . import node\n",
    }
    assert independent(sources, ["p"]) == ["p", "p.later", "p.node", "p.uses_node"]


def test_numpys_generators_are_imported_where_a_course_uses_them():
    assert libraries(["import math", "rng = np.random.default_rng(0)"]) == ["numpy.random"]
    assert libraries(["import random", "np.random_like"]) == []


def test_numpys_generator_is_seeded_where_a_student_uses_it(grader):
    code = "import numpy as np\ndrawn = float(np.random.rand())\ndef greet(name):\n    return f'{drawn}'\n"
    first, second = (outcomes(grader, 3, greet=code)[0][1] for _ in range(2))
    assert first == second
    assert "0." in first

"""What students ordinarily do earns full marks in the sandbox: on rung 2, which has the least, and on the highest.

Each file in ``tests/honest/`` is one module of ``scalar_autodiff``, solved in a way of its own; it says
which in ``MODULE``. It is handed in alone: a task is scored beside the course's other modules anyway.
"""

import ast
import sys
from pathlib import Path

import pytest
from minicourse import write_course

from autograder.grading.collecting import find_places, read_submission
from autograder.grading.grader import Grader
from autograder.grading.result import Status
from autograder.grading.submission import Submission
from autograder.registry import find_course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="rungs above 1 are Linux's")

ROOT = Path(__file__).parents[2]
HONEST = {path.stem: path for path in sorted((ROOT / "tests" / "honest").glob("*.py"))}
RUNGS = (2, 4)


@pytest.fixture(scope="module", params=RUNGS)
def rung(request):
    return request.param


@pytest.fixture(scope="module")
def grader(rung):
    course = find_course(ROOT)
    with Grader(course, course.assignment("scalar_autodiff"), rung) as started:
        yield started


def module_of(path):
    """The value of the file's ``MODULE``, read without running it."""
    values = {
        statement.targets[0].id: statement.value.value
        for statement in ast.parse(path.read_text()).body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    }
    return values["MODULE"]


@pytest.mark.parametrize("habit", HONEST)
def test_an_honest_module_gets_full_marks(grader, habit):
    module = module_of(HONEST[habit])
    submission = Submission("ada", "scalar_autodiff", {module: HONEST[habit].read_text()}, "0" * 64)
    result = grader.grade(submission, 3)
    course = find_course(ROOT)
    graded = [
        task for task in result.tasks if course.assignment("scalar_autodiff").task(task.task).module == module
    ]
    assert graded
    for task in graded:
        failed = [test for test in task.tests if test.status is not Status.PASSED]
        assert task.score == task.max_score, failed


def test_every_habit_is_there():
    assert len(HONEST) >= 14
    for path in HONEST.values():
        assert ast.get_docstring(ast.parse(path.read_text()))


def test_a_helper_module_that_the_registry_lists_is_taken_and_used(rung, tmp_path):
    course = find_course(write_course(tmp_path / "course"))
    handed_in = tmp_path / "class" / "ada" / "mini"
    handed_in.mkdir(parents=True)
    files = {
        "extra.py": "def twice(x):\n    return 2 * x\n",
        "double.py": "from mini.extra import twice\ndef double(x):\n    return twice(x)\n",
        "quadruple.py": "from . import extra\ndef quadruple(x):\n    return extra.twice(extra.twice(x))\n",
        "greet.py": "from mini import extra\ndef greet(name):\n    return 'hello ' + name\n",
        "other.py": "raise SystemExit\n",
    }
    for name, text in files.items():
        (handed_in / name).write_text(text)
    assignment = course.assignment("mini")
    (place,) = find_places(tmp_path / "class", course)
    with Grader(course, assignment, rung) as grader:
        result = grader.grade(read_submission(place, assignment), 0)
    assert result.score == result.max_score == 12.0

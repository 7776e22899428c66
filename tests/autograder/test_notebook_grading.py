"""A notebook that was handed in is graded as modules are, and none of its cells is run."""

from __future__ import annotations

import copy
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from notebook_work import cell, released, small_course, with_modules, write

from autograder.grading.collecting import find_places, read_submission
from autograder.grading.grader import Grader
from autograder.grading.submission import Limits, Place

pytestmark = pytest.mark.timeout(120)

RIGHT = {
    "double": "def double(x):\n    return 2 * x\n",
    "quadruple": "from mini.double import double\ndef quadruple(x):\n    return double(double(x))\n",
    "greet": "def greet(name):\n    return 'hello ' + name\n",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def mini(course):
    return course.assignment("mini")


@pytest.fixture(scope="module")
def given(course, mini):
    return released(course, mini)


@pytest.fixture(scope="module")
def grader(course, mini):
    with Grader(course, mini) as started:
        yield started


@pytest.fixture
def right(given, mini):
    return with_modules(given, mini, RIGHT)


def handed_in(made, folder: Path, mini, limits: Limits | None = None):
    path = write(made, folder / "ada" / "mini" / "mini.ipynb")
    return read_submission(Place("ada", "mini", path.parent), mini, limits)


def code(source: str, **marks: object):
    return {
        "cell_type": "code", "execution_count": None, "id": "added", "metadata": marks, "outputs": [], "source": source,
    }  # fmt: skip


def brief(result) -> dict[str, tuple[str, float]]:
    return {task.task: (str(task.status), task.score) for task in result.tasks}


FULL = {"task9_1": ("passed", 4.0), "task9_2": ("passed", 6.0), "task9_3": ("passed", 2.0)}
STUB = {"task9_1": ("todo", 0.0), "task9_2": ("todo", 0.0), "task9_3": ("todo", 0.0)}


class TestScores:
    def test_a_right_notebook_earns_full_marks(self, right, grader, mini, tmp_path):
        submission = handed_in(right, tmp_path, mini)
        assert brief(grader.grade(submission, 0)) == FULL
        assert (dict(submission.faults), submission.missing) == ({}, ())

    def test_the_notebook_as_it_was_given_is_all_to_do(self, given, grader, mini, tmp_path):
        submission = handed_in(given, tmp_path, mini)
        assert brief(grader.grade(submission, 0)) == STUB
        assert submission.notes == ("ANSWERS.md is as it was given: no written answer is there to be graded",)

    def test_tests_and_given_cells_that_were_deleted_moved_doubled_or_changed_change_nothing(
        self, right, grader, mini, tmp_path
    ):
        marked = [c for c in right.cells if "nbgrader" in c.metadata]
        own = [c for c in marked if c.metadata.nbgrader["solution"]]
        others = [copy.deepcopy(c) for c in marked if not c.metadata.nbgrader["solution"]]
        for other in others:
            other.source = "raise SystemExit\ndef double(x): return 0\n" + other.source
        right.cells = [*others, *reversed(own), *others]
        assert brief(grader.grade(handed_in(right, tmp_path, mini), 0)) == FULL

    def test_without_metadata_the_cells_first_lines_tell(self, right, grader, mini, tmp_path):
        for each in right.cells:
            each.metadata = {}
        assert brief(grader.grade(handed_in(right, tmp_path, mini), 0)) == FULL

    @pytest.mark.parametrize(
        "case",
        [
            ("def double(x:\n    return 1", "failed", "line 1: SyntaxError: '(' was never closed, column 11"),
            (
                "def double(x):\n    return 2 * * x",
                "failed",
                "line 2: SyntaxError: invalid syntax, column 16",
            ),
            ("1 / 0", "failed", "line 1: ZeroDivisionError: division by zero"),
            ("import os\nos._exit(0)", "crashed", "your code ended the interpreter"),
            ("while True:\n    pass", "timeout", "no answer within"),
            ("import os\nos.kill(os.getpid(), 9)", "crashed", "the process was killed"),
        ],
    )
    def test_a_cell_that_crashes_or_never_ends_costs_its_module_alone(
        self, right, grader, mini, tmp_path, case
    ):
        source, status, said = case
        broken = cell(right, "double-double")
        broken.source = source
        result = grader.grade(handed_in(right, tmp_path, mini), 0)
        assert brief(result) == FULL | {"task9_1": (status, 0.0)}
        messages = [test.message for test in result.tasks[0].tests]
        assert any(said in message for message in messages), messages
        number = right.cells.index(broken) + 1
        if "line" in said:
            assert f"cell {number} (double.py: double), line" in messages[0]

    @pytest.mark.parametrize(
        "source", ["1 / 0", "while True: pass", "(", "raise SystemExit", "%%bash\nls", "%run x"]
    )
    def test_an_added_cell_that_crashes_or_never_ends_costs_nothing(
        self, right, grader, mini, tmp_path, source
    ):
        right.cells[4:4] = [code(source)]
        right.cells.append(code(source))
        assert brief(grader.grade(handed_in(right, tmp_path, mini), 0)) == FULL

    def test_a_helper_in_an_added_cell_counts(self, right, grader, mini, tmp_path):
        cell(right, "double-double").source = "def double(x):\n    return twice(x)"
        right.cells.append(code("def twice(x):\n    return 2 * x\n\nprint(twice(1) / 0)"))
        assert brief(grader.grade(handed_in(right, tmp_path, mini), 0)) == FULL

    def test_an_error_in_an_added_cell_names_that_cell(self, right, grader, mini, tmp_path):
        cell(right, "double-double").source = "def double(x):\n    return twice(x)"
        right.cells.append(code("\ndef twice(x):\n    return 2 * x / 0"))
        result = grader.grade(handed_in(right, tmp_path, mini), 0)
        assert result.tasks[0].tests[0].message == (
            f"cell {len(right.cells)}, line 3: ZeroDivisionError: float division by zero"
        )

    def test_magics_are_left_out_and_noted(self, right, grader, mini, tmp_path):
        added = "%matplotlib inline\n" + cell(right, "double-double").source + "\n!rm -rf x"
        cell(right, "double-double").source = added
        submission = handed_in(right, tmp_path, mini)
        assert brief(grader.grade(submission, 0)) == FULL
        assert "(double.py: double): !rm -rf x is IPython's and was left out" in submission.notes[1]


class TestReading:
    @pytest.mark.parametrize("form", ["folder", "zip", "tar.gz", "flat.zip", "student.zip", "renamed"])
    def test_every_form_is_found_and_gives_the_same_modules(self, right, course, mini, tmp_path, form):
        expected = handed_in(right, tmp_path / "expected", mini)
        home = tmp_path / "class"
        folder = home / "ada" / "mini"
        if form in {"folder", "renamed"}:
            write(right, folder / ("mini.ipynb" if form == "folder" else "mini (1).ipynb"))
            write(right, folder / ".ipynb_checkpoints" / "mini-checkpoint.ipynb")
            for name in ("course/assignments/mini/double.py", "course/tests/x.py", "course/README.md"):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text("raise SystemExit\n")
        else:
            packed = home / ("ada.zip" if form == "student.zip" else f"ada/mini.{form.removeprefix('flat.')}")
            packed.parent.mkdir(parents=True, exist_ok=True)
            name = "mini.ipynb" if form.startswith("flat") or form == "student.zip" else "mini/mini.ipynb"
            _pack(packed, name, json.dumps(right).encode())
        (place,) = find_places(home, course)
        assert (place.student_id, place.assignment) == ("ada", "mini")
        submission = read_submission(place, mini)
        assert submission.modules == expected.modules
        assert set(submission.modules) == {"double", "quadruple", "greet"}
        moved = [note for note in submission.notes if "ANSWERS" not in note]
        assert moved == []

    @pytest.mark.parametrize("folder", ["ada", "ada/mini"])
    def test_the_file_itself_can_be_named(self, right, course, mini, tmp_path, folder):
        path = write(right, tmp_path / folder / "mini.ipynb")
        write(right, path.parent / "another.ipynb")
        (place,) = find_places(path, course)
        assert (place.student_id, place.assignment) == ("ada", "mini")
        assert set(read_submission(place, mini).modules) == set(RIGHT)

    def test_a_file_of_another_name_is_that_assignments_that_is_asked_for(
        self, right, course, mini, tmp_path
    ):
        path = write(right, tmp_path / "ada" / "last_try.ipynb")
        (place,) = find_places(path, course, "mini")
        assert set(read_submission(place, mini).modules) == set(RIGHT)

    def test_modules_beside_a_notebook_are_left_aside(self, right, mini, tmp_path):
        (tmp_path / "ada" / "mini").mkdir(parents=True)
        (tmp_path / "ada" / "mini" / "double.py").write_text("double = None\n")
        submission = handed_in(right, tmp_path, mini)
        assert "return 2 * x" in submission.modules["double"]
        assert "1 other file was left aside" in submission.notes

    def test_a_notebook_of_another_name_beside_modules_is_left_aside(self, right, mini, tmp_path):
        write(right, tmp_path / "scratch.ipynb")
        (tmp_path / "double.py").write_text("double = None\n")
        submission = read_submission(Place("ada", "mini", tmp_path), mini)
        assert dict(submission.modules) == {"double": "double = None\n"}

    def test_a_notebook_that_is_not_ours_leaves_the_modules_beside_it(self, mini, tmp_path):
        (tmp_path / "mini.ipynb").write_bytes(
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "1"}]}'
        )
        (tmp_path / "double.py").write_text("double = None\n")
        submission = read_submission(Place("ada", "mini", tmp_path), mini)
        assert (dict(submission.modules), dict(submission.faults)) == ({"double": "double = None\n"}, {})
        assert submission.notes[0] == (
            "mini.ipynb holds no cell of the assignment; hand in the notebook that you were given; "
            "the modules beside it are graded"
        )

    def test_several_notebooks_and_none_of_the_name(self, right, mini, tmp_path):
        for name in ("a.ipynb", "b.ipynb"):
            write(right, tmp_path / name)
        submission = read_submission(Place("ada", "mini", tmp_path), mini)
        assert submission.faults["greet"] == (
            "mini.ipynb is not there, and these are: a.ipynb, b.ipynb; hand in one, of this name"
        )

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (
                b"no JSON",
                "is no notebook that can be read (it is not JSON); save it in Jupyter and hand it in again",
            ),
            (b'{"nbformat": 3, "worksheets": []}', "is a notebook of format 3; open it in a current Jupyter"),
            (
                b'{"nbformat": 4, "cells": []}',
                "holds no cell of the assignment; hand in the notebook that you were given",
            ),
            (
                b'{"x": "' + b"x" * 17 * 2**20,
                "is larger than 16 MiB; clear its outputs, save it and hand it in again",
            ),
        ],
    )
    def test_what_is_no_notebook_fails_all_tasks_with_one_line(self, grader, mini, tmp_path, content, said):
        (tmp_path / "mini.ipynb").write_bytes(content)
        submission = read_submission(Place("ada", "mini", tmp_path), mini)
        result = grader.grade(submission, 0)
        assert result.score == 0.0
        messages = {test.message for task in result.tasks for test in task.tests}
        assert [message.startswith(f"mini.ipynb {said}") for message in messages] == [True]

    def test_a_link_is_not_followed(self, right, mini, tmp_path):
        write(right, tmp_path / "elsewhere.ipynb")
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "mini.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
        submission = read_submission(Place("ada", "mini", tmp_path / "in"), mini)
        assert submission.faults["double"].startswith("mini.ipynb is a link")

    def test_cells_larger_than_a_module_may_be(self, right, mini, tmp_path):
        cell(right, "double-double").source += "\n#" + "x" * 2000
        submission = handed_in(right, tmp_path, mini, Limits(module_bytes=2048))
        assert (
            submission.faults["double"]
            == "the cells of double.py hold more than 2 KiB; hand in your code alone"
        )
        assert set(submission.modules) == {"quadruple", "greet"}

    def test_a_module_all_of_whose_cells_are_missing_is_missing(self, right, mini, tmp_path):
        right.cells.remove(cell(right, "greet-greet"))
        assert handed_in(right, tmp_path, mini).missing == ("greet",)

    def test_written_answers_are_taken(self, right, mini, tmp_path):
        answer = cell(right, "task9_3_answers")
        answer.source = answer.source.replace("YOUR ANSWER HERE", "Because.")
        submission = handed_in(right, tmp_path, mini)
        assert dict(submission.answers) == {"ANSWERS.md": "# Why\n\nWhy hello?\n\nBecause."}
        assert submission.notes == ()

    def test_nothing_of_a_notebook_is_run_where_it_is_read(self, right, mini, tmp_path):
        trap = tmp_path / "ran"
        for each in right.cells:
            if each.cell_type == "code":
                each.source += f"\nopen({str(trap)!r}, 'w')\n!touch {trap}\n%%writefile {trap}"
        handed_in(right, tmp_path, mini)
        assert not trap.exists()


def _pack(path: Path, name: str, content: bytes) -> None:
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(name, content)
        return
    plain = path.parent.parent / "plain.ipynb"
    plain.write_bytes(content)
    with tarfile.open(path, "w:gz") as packed:
        packed.add(plain, name)
    plain.unlink()

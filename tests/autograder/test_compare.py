"""``autograder grade --compare`` says whose points change, by how much, through which test, and publishes nothing."""

import io
import subprocess
import sys

import msgspec
import pytest
from handing_in import result
from minicourse import write_course
from rich.console import Console

from autograder.grading.result import Status, TaskScore, TestOutcome
from autograder.scores.comparison import changes
from autograder.scores.comparison_table import compare, comparison_table
from autograder.scores.files import write_result


def task(*tests, score=5.0, max_score=10.0, name="task1_1"):
    outcomes = tuple(TestOutcome(name=test, status=status, message=said) for test, status, said in tests)
    status = Status.PASSED if score == max_score else Status.FAILED
    return TaskScore(
        task=name, title="Rules", status=status, score=score, max_score=max_score, tests=outcomes
    )


def graded(*tasks, **fields):
    return msgspec.structs.replace(result(), tasks=tasks, **fields)


PASSED, FAILED = (Status.PASSED, ""), (Status.FAILED, "wrong")


class TestChanges:
    def test_same_points_are_no_change_whatever_the_tests_say(self):
        old, new = graded(task(("test_a", *PASSED))), graded(task(("test_b", *PASSED)))
        assert list(changes(old, new)) == []

    def test_a_change_names_the_tests_that_differ(self):
        old = graded(task(("test_a", *PASSED), ("test_b", *PASSED), ("test_c", *PASSED), score=10.0))
        new = graded(task(("test_a", *PASSED), ("test_b", *FAILED), ("test_d", *FAILED), score=5.0))
        (change,) = changes(old, new)
        assert (change.task, change.old, change.new, change.difference) == ("task1_1", 10.0, 5.0, -5.0)
        assert change.tests == (
            "test_b: passed, now failed",
            "test_d: new, failed",
            "test_c: gone, was passed",
        )

    def test_hidden_tests_are_compared_by_number_only_where_there_are_as_many(self):
        old = graded(task(("hidden test 1", *PASSED), ("hidden test 2", *FAILED)))
        same = graded(task(("hidden test 1", *PASSED), ("hidden test 2", *PASSED), score=10.0))
        more = graded(task(*((f"hidden test {n}", *PASSED) for n in (1, 2, 3)), score=10.0))
        assert next(changes(old, same)).tests == ("hidden test 2 (wrong): failed, now passed",)
        assert next(changes(old, more)).tests == ("hidden tests: 1 of 2, now 3 of 3 passed",)

    @pytest.mark.parametrize(
        ("new", "reason"),
        [
            (task(("test_a", *PASSED), score=4.0), "the tests' weights"),
            (task(("test_a", *PASSED), score=5.0, max_score=12.0), "full marks: 10, now 12"),
        ],
    )
    def test_points_that_change_without_a_test_are_explained(self, new, reason):
        (change,) = changes(graded(task(("test_a", *PASSED))), graded(new))
        assert change.tests == (reason,)

    def test_tasks_that_came_or_went_and_ungraded_ones_have_no_difference(self):
        old = graded(task(name="task1_1"), task(name="task1_2", score=None))
        new = graded(task(name="task1_2"), task(name="task1_3"))
        found = [(change.task, change.tests[0], change.difference) for change in changes(old, new)]
        assert found == [
            ("task1_2", "the tests' weights", None),
            ("task1_3", "the task is new", None),
            ("task1_1", "the task is gone", None),
        ]


@pytest.fixture
def course(tmp_path):
    root = write_course(tmp_path)
    for student, body in (("ada", "x + x"), ("bob", "2 * x if x < 1e9 else 0"), ("cy", "3 * x")):
        folder = root / "submitted" / student / "mini"
        folder.mkdir(parents=True)
        (folder / "double.py").write_text(f"def double(x):\n    return {body}\n")
    grade(root, "--out", "old", "--no-gradebook")
    return root


def grade(root, *options, code=0):
    command = [sys.executable, "-m", "autograder", "grade", "submitted", *options]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=120, env={"COLUMNS": "150", "PATH": ""}
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stderr


def ease(root):
    """Take the weight off the hidden test, and let it pass what it refused."""
    tests = root / "tests/tasks/mini/test_mini.py"
    tests.write_text(tests.read_text().replace("probes.double(1e12), 2e12", "probes.double(1e6), 2e6"))


def test_a_regrade_shows_whose_points_change_and_through_which_test(course):
    ease(course)
    before = {path: path.read_bytes() for path in (course / "old").rglob("*.json")}
    shown = grade(course, "--out", "new", "--compare", "old")
    (row,) = [line.split() for line in shown.splitlines() if line.startswith(" bob") and "hidden" in line]
    assert row[:6] == ["bob", "task9_1", "1", "4", "+3", "hidden"]
    assert "hidden test 1 (doubling works for large numbers too): failed, now passed" in shown
    assert "1 of 3 submissions compared with old change: 1 gain points, 0 lose points" in shown
    assert {path: path.read_bytes() for path in before} == before
    assert not list(course.rglob("gradebook.db"))
    again = grade(course, "--out", "new", "--compare", "old")
    assert "3 skipped" in again
    assert "1 of 3 submissions compared with old change" in again


def test_nothing_changed_is_said(course):
    assert "none of 3 submissions compared with old changes" in grade(
        course, "--out", "new", "--compare", "old"
    )


def test_other_files_another_seed_and_missing_results_are_marked(course):
    (course / "submitted/cy/mini/double.py").write_text("def double(x):\n    return x + x\n")
    (course / "submitted/ada").rename(course / "submitted/dan")
    shown = grade(course, "--out", "new", "--compare", "old", "--seed", "3")
    assert " cy * " in shown
    assert "handed in other files since" in shown
    assert "another --seed" in shown
    assert "1 have no new result: mini/ada" in shown
    assert "1 have no earlier result: mini/dan" in shown


def test_folders_that_cannot_be_compared_are_refused_before_grading(course):
    assert "take the place of these; name another --out" in grade(
        course, "--out", "old", "--compare", "old", code=1
    )
    assert "no scores here" in grade(course, "--out", "new", "--compare", "nowhere", code=1)
    assert not (course / "new").exists()


def test_a_large_difference_is_cut_short(course):
    tests = [(f"test_{n}", *PASSED) for n in range(9)]
    wrong = [(f"test_{n}", *FAILED) for n in range(9)]
    write_result(course / "a", graded(task(*tests, score=10.0)))
    write_result(course / "b", graded(task(*wrong, score=0.0)))
    console = Console(width=120, file=io.StringIO())
    console.print(comparison_table(compare(course / "a", course / "b"), course / "a"))
    shown = console.file.getvalue()
    assert "test_3: passed, now failed" in shown
    assert "and 5 more" in shown
    assert "test_4" not in shown

"""What is as it was is not read again, and nothing that changed is taken for what it was."""

import os
import shutil
import subprocess
import time

import pytest
from minicourse import write_course

from autograder.grading.engine import LocalEngine
from autograder.grading.run import Order, grade
from autograder.registry import find_course
from autograder.scores import ledger
from autograder.scores.files import read_results, write_csv
from autograder.scores.ledger import Ledger, signature_of

RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return 3 * x\n"
STUDENTS = ("ada", "bob", "cy")


@pytest.fixture(scope="module", autouse=True)
def _soon_settled():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "SETTLED_NS", 400_000_000)
        yield


def settle():
    time.sleep(ledger.SETTLED_NS / 1e9 + 0.05)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A graded class; settled, since what has just been written is not yet believed."""
    root = write_course(tmp_path_factory.mktemp("once") / "course")
    for student in STUDENTS:
        folder = root / "submitted" / student / "mini"
        folder.mkdir(parents=True)
        (folder / "double.py").write_text(RIGHT)
    settle()
    run(root)
    return root


@pytest.fixture
def root(once, tmp_path):
    """A copy of it whose ledger holds for the copy."""
    subprocess.run(["cp", "-a", once, tmp_path / "course"], check=True)
    settle()  # (a copy's inodes are new)
    run(tmp_path / "course")
    return tmp_path / "course"


def run(root):
    """What became of each submission, and those that were read."""
    course = find_course(root)
    steps, read = {}, []

    class Reading(LocalEngine):
        def grade(self, assignment, places, seed, finished):
            read.extend(place.student_id for place in places)
            yield from super().grade(assignment, places, seed, finished)

    order = Order(root / "submitted", root / "scores")
    engine = Reading(course)
    grade(course, order, engine, lambda _: None, lambda one: steps.update({one.result.student_id: one.step}))
    return steps, read


ALL_SKIPPED = dict.fromkeys(STUDENTS, "skipped")


def test_an_unchanged_class_is_skipped_without_being_read(root):
    assert run(root) == (ALL_SKIPPED, [])


def test_a_change_that_keeps_size_and_time_is_seen(root):
    path = root / "submitted/bob/mini/double.py"
    before = path.stat()
    path.write_text(WRONG)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert run(root) == ({**ALL_SKIPPED, "bob": "graded"}, ["bob"])


def test_what_changed_just_now_is_read_though_it_is_the_same(root):
    path = root / "submitted/bob/mini/double.py"
    path.write_text(RIGHT)
    assert signature_of(path.parent) == ""
    assert run(root) == (ALL_SKIPPED, ["bob"])


@pytest.mark.parametrize("lost", ["bob.json", "bob.md", "bob.html"])
def test_a_result_or_page_that_is_lost_is_there_again(root, lost):
    (root / "scores/mini" / lost).unlink()
    steps, read = run(root)
    assert read == ["bob"]
    assert steps["bob"] == ("graded" if lost.endswith(".json") else "skipped")
    assert (root / "scores/mini" / lost).exists()


def test_a_result_that_was_changed_is_read_and_shown_as_it_is(root):
    path = root / "scores/mini/bob.json"
    path.write_text(path.read_text().replace('"score": 4.0', '"score": 3.0', 1))
    scores = {one.student_id: one.score for one in Ledger(root / "scores").results()}
    assert scores == {"ada": 4.0, "bob": 3.0, "cy": 4.0}


@pytest.mark.parametrize("damage", [b"", b"\x00nonsense", None])
def test_without_its_ledger_a_folder_of_scores_is_read(root, damage):
    path = root / "scores" / ledger.NAME
    path.unlink() if damage is None else path.write_bytes(damage)
    assert run(root) == (ALL_SKIPPED, list(STUDENTS))
    assert run(root) == (ALL_SKIPPED, [])


def test_other_tests_or_another_seed_grade_anew(root):
    tests = root / "tests/tasks/mini/test_mini.py"
    tests.write_text(tests.read_text() + "\n")
    assert run(root) == (dict.fromkeys(STUDENTS, "graded"), list(STUDENTS))


def test_the_table_from_the_ledger_is_that_from_the_results(root):
    course, out = find_course(root), root / "scores"
    shutil.rmtree(out / "mini" / "nobody", ignore_errors=True)
    (out / "mini" / "torn.json").write_text("{")
    said = []
    short = write_csv(out, course, Ledger(out).results(said.append)).read_text()
    assert "torn.json" in said[0]
    assert short == write_csv(out, course, read_results(out, said.append)).read_text()
    assert len(short.splitlines()) == 1 + len(STUDENTS)


def test_a_submission_that_is_a_link_or_gone_has_no_lasting_signature(tmp_path):
    assert signature_of(tmp_path / "nowhere") == ""
    (tmp_path / "link").symlink_to(tmp_path)
    assert signature_of(tmp_path / "link") == ""

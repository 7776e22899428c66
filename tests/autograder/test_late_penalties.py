"""Late penalties through nbgrader's own plugin, in SQLite and in PostgreSQL: never lost, never doubled."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from gradebooks import exported, new_database, opened, postgres
from handing_in import build_course, result

from autograder.deadlines import Late
from autograder.errors import KitError
from autograder.registry import Course
from autograder.scores.final import read_finals
from autograder.scores.gradebook import write_gradebook

pytest.importorskip("nbgrader", reason="an extra: pip install 'autodiff-course-kit[grade]'")

DUE = datetime(2026, 10, 1, 21, 59, tzinfo=UTC)
POLICY = Late(grace="2h", points_a_day=2, cutoff_days=5)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    with postgres(tmp_path_factory.mktemp("pg")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gradebook.db'}"
    return new_database(request.getfixturevalue("server"))


def dated(course: Course, late: Late | None = POLICY, due: datetime | None = DUE) -> Course:
    alpha, beta = course.assignments
    return msgspec.structs.replace(
        course, assignments=(msgspec.structs.replace(alpha, due=due, late=late), beta)
    )


def handed_in(student: str, hours_late: float, **of_the_result: object):
    return msgspec.structs.replace(
        result(student, **of_the_result), submitted=DUE + timedelta(hours=hours_late)
    )


def penalty(url: str, student: str) -> float | None:
    with opened(url) as gradebook:
        return gradebook.find_submission_notebook("alpha", "alpha", student).late_submission_penalty


CLASS = (("ada", -1), ("bob", 1.5), ("cy", 3), ("dee", 25), ("eve", 24 * 5 + 1))


def test_nbgrader_shows_what_the_policy_takes_off(url, tmp_path):
    course = dated(build_course(tmp_path / "course"))
    write_gradebook([handed_in(student, hours) for student, hours in CLASS], course, url)
    rows = {row["student_id"]: row for row in exported(url, tmp_path)}
    assert {name: float(row["late_submission_penalty"]) for name, row in rows.items()} == {
        "ada": 0.0,
        "bob": 0.0,
        "cy": 2.0,
        "dee": 4.0,
        "eve": 17.5,
    }
    assert (rows["dee"]["raw_score"], rows["dee"]["score"]) == ("17.5", "13.5")
    assert rows["dee"]["duedate"] == "2026-10-01 21:59:00"
    assert rows["dee"]["timestamp"] == "2026-10-02 22:59:00"
    finals = read_finals(tmp_path, course, url)
    assert {one.student_id: one.points for one in finals.of("alpha")} == {
        "ada": 17.5,
        "bob": 17.5,
        "cy": 15.5,
        "dee": 13.5,
        "eve": 0.0,
    }


def test_a_regrade_neither_loses_nor_doubles_it_and_keeps_what_staff_entered(url, tmp_path):
    course = dated(build_course(tmp_path / "course"))
    write_gradebook([handed_in("dee", 25)], course, url)
    with opened(url) as gradebook:
        grade = gradebook.find_grade("task1_2", "alpha", "alpha", "dee")
        grade.manual_score, grade.extra_credit = 20.0, 3.0
    for _ in range(3):
        write_gradebook([handed_in("dee", 25)], course, url)
        assert penalty(url, "dee") == 4.0
    with opened(url) as gradebook:
        submission = gradebook.find_submission("alpha", "dee")
        assert (submission.score, submission.late_submission_penalty) == (33.0, 4.0)
    write_gradebook([msgspec.structs.replace(handed_in("dee", 25), submitted=msgspec.UNSET)], course, url)
    assert penalty(url, "dee") == 4.0  # (where nothing says it now, the time in the gradebook stays)


def test_staffs_own_penalty_and_staffs_waiver_stay(url, tmp_path):
    course = dated(build_course(tmp_path / "course"))
    both = [handed_in("dee", 25), handed_in("eve", 25)]
    write_gradebook(both, course, url)
    with opened(url) as gradebook:
        gradebook.find_submission_notebook("alpha", "alpha", "dee").late_submission_penalty = 1.0
        gradebook.find_submission_notebook("alpha", "alpha", "eve").late_submission_penalty = 0.0
    for _ in range(2):
        write_gradebook(both, course, url)
        assert (penalty(url, "dee"), penalty(url, "eve")) == (1.0, 0.0)


def test_it_follows_the_score_an_extension_the_due_time_and_the_policy(tmp_path):
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    course = build_course(tmp_path / "course")
    tenth = Late(percent_a_day=10, of="earned")
    write_gradebook([handed_in("dee", 25)], dated(course, tenth), url)
    assert penalty(url, "dee") == 3.5
    write_gradebook([handed_in("dee", 25, scores=(10.0, 30.0))], dated(course, tenth), url)
    assert penalty(url, "dee") == 8.0
    with opened(url) as gradebook:
        gradebook.find_submission("alpha", "dee").extension = timedelta(hours=20)
    write_gradebook([handed_in("dee", 25, scores=(10.0, 30.0))], dated(course, tenth), url)
    assert penalty(url, "dee") == 4.0
    write_gradebook(
        [handed_in("dee", 25, scores=(10.0, 30.0))], dated(course, tenth, DUE + timedelta(2)), url
    )
    assert penalty(url, "dee") == 0.0
    write_gradebook([handed_in("dee", 25)], dated(course, POLICY), url)
    assert penalty(url, "dee") == 2.0
    write_gradebook([handed_in("dee", 25)], dated(course, None), url)
    assert penalty(url, "dee") == 0.0


def test_nbgraders_own_reset_is_no_waiver_and_its_due_time_stays_without_one_of_ours(tmp_path):
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    course = build_course(tmp_path / "course")
    write_gradebook([handed_in("dee", 25)], dated(course), url)
    with opened(url) as gradebook:
        gradebook.find_submission_notebook("alpha", "alpha", "dee").late_submission_penalty = None
        gradebook.update_or_create_assignment("alpha", duedate="2026-10-02 21:59:00 UTC")
    write_gradebook([handed_in("dee", 25)], dated(course, due=None), url)
    assert penalty(url, "dee") == 0.0
    with opened(url) as gradebook:
        gradebook.find_submission_notebook("alpha", "alpha", "dee").late_submission_penalty = None
    write_gradebook([handed_in("dee", 49)], dated(course, due=None), url)
    assert penalty(url, "dee") == 4.0


@pytest.mark.parametrize(
    ("late", "hours", "earned", "points"),
    [
        (Late(points_a_day=3), 0, 20, 0),
        (Late(points_a_day=3), 0.001, 20, 3),
        (Late(points_a_day=3), 24, 20, 3),
        (Late(points_a_day=3), 24.001, 20, 6),
        (Late(points_a_day=3), 24 * 30, 20, 20),
        (Late(percent_a_day=10), 30, 20, 8),
        (Late(percent_a_day=10, of="earned"), 30, 20, 4),
        (Late(percent_a_day=10, grace="1.5 h"), 1.5, 20, 0),
        (Late(percent_a_day=10, grace="30min"), 0.51, 20, 4),
        (Late(cutoff_days=2), 48, 20, 0),
        (Late(cutoff_days=2), 48.001, 20, 20),
        (Late(cutoff_days=0, grace="1d"), 24, 20, 0),
        (Late(points_a_day=3), 5, 0, 0),
    ],
)
def test_what_a_policy_takes_off(late, hours, earned, points):
    assert late.penalty(hours * 3600, earned, 40) == pytest.approx(points, abs=1e-9)


AUTOGRADE = """
from nbgrader.preprocessors.latesubmissions import AssignLatePenalties
from nbgrader.api import Gradebook
from traitlets.config import Config
import sys
config = Config()
config.AssignLatePenalties.plugin_class = "autograder.scores.nbgrader_late.CourseLatePolicy"
config.CourseLatePolicy.course = sys.argv[2]
step = AssignLatePenalties(config=config)
said = {"notebook": "alpha", "assignment": "alpha", "student": "dee", "db_url": sys.argv[1]}
step.preprocess(type("Notebook", (), {"cells": []})(), {"nbgrader": said})
"""


def test_nbgraders_own_autograde_counts_by_the_same_policy(tmp_path):
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    course = build_course(tmp_path / "course")
    (course.root / "course.toml").write_text(
        "[due]\nalpha = 2026-10-01T23:59:00+02:00\n[late]\npercent_a_day = 10\n"
    )
    write_gradebook([handed_in("dee", 25)], dated(course, None), url)
    assert not penalty(url, "dee")
    done = subprocess.run(
        [sys.executable, "-c", AUTOGRADE, url, str(course.root)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert penalty(url, "dee") == 8.0
    write_gradebook([handed_in("dee", 25)], dated(course, Late(percent_a_day=10)), url)
    assert penalty(url, "dee") == 8.0


@pytest.mark.long
def test_a_new_database_is_stamped_as_nbgrader_stamps_it_without_running_a_program(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    write_gradebook([result()], build_course(tmp_path / "course"), url)
    monkeypatch.undo()
    program = [sys.executable, "-m", "nbgrader", "db", "upgrade", f"--db={url}"]
    done = subprocess.run(
        program,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stderr
    assert "Running upgrade" not in done.stderr
    assert [row["score"] for row in exported(url, tmp_path)] == ["17.5"]


def test_a_database_of_another_nbgrader_is_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    course = build_course(tmp_path / "course")
    write_gradebook([result()], course, url)
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        book.execute("update alembic_version set version_num = '724cde206c17'")
    with pytest.raises(
        KitError, match=r"another version of nbgrader; make a copy, then: nbgrader db upgrade"
    ):
        write_gradebook([result()], course, url)


@pytest.mark.parametrize("there", ["no file", "no server"])
def test_scores_out_of_no_gradebook_are_one_line_and_nothing_is_made(there, tmp_path, request):
    course = build_course(tmp_path / "course")
    url = f"sqlite:///{tmp_path / 'none.db'}"
    if there == "no server":
        url = new_database(request.getfixturevalue("server"))
    with pytest.raises(KitError, match="no gradebook is there; autograder grade writes one"):
        read_finals(tmp_path, course, url)
    assert not (tmp_path / "none.db").exists()

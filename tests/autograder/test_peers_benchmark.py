"""The comparison with other graders: its submissions, its verdicts, its limit; the installs are its own run's."""

import os
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
sys.path.append(str(ROOT))  # (the benchmarks are no part of the package)

from benchmarks.class_speed import NAME, Cost  # noqa: E402
from benchmarks.peers import environments, harness, measuring, outcome, page, submissions  # noqa: E402
from benchmarks.peers.__main__ import wanted  # noqa: E402
from benchmarks.peers.course import write_exam  # noqa: E402
from benchmarks.peers.with_pytest import Pytest  # noqa: E402


@pytest.fixture(scope="module")
def exam(tmp_path_factory):
    return write_exam(tmp_path_factory.mktemp("exam") / "course")


@pytest.fixture(scope="module")
def entries(exam):
    return submissions.entries(exam.course.assignment(NAME))


def test_there_are_twenty_submissions_of_different_text(entries):
    texts = {tuple(sorted(entry.handed_in("ours").items())) for entry in entries}
    assert len(entries) == len(texts) == 20


def test_the_tests_points_are_the_tasks(exam):
    for task in exam.course.assignment(NAME).tasks:
        assert exam.points_of_task(task.id) == task.points
    assert abs(sum(test.points for test in exam.tests) - exam.max_points) <= 1e-9


def test_a_cheat_at_a_harness_has_a_text_for_each(entries):
    for name in ("patched_runner", "overwritten_result"):
        (entry,) = wanted(entries, [name])[1:]
        texts = {entry.handed_in(one)["chain_rule"] for one in submissions.HARNESSES}
        assert len(texts) == len(submissions.HARNESSES)


def test_an_unknown_submission_is_named_with_those_there_are(entries):
    with pytest.raises(SystemExit, match=r"--submissions typo: no such submission; there are reference, "):
        wanted(entries, ["typo"])


def _run(tmp_path, script, limit_s):
    log = tmp_path / "log"
    command = [sys.executable, "-c", script]
    return measuring.run(command, cwd=tmp_path, variables=dict(os.environ), limit_s=limit_s, log=log)


def test_a_command_tells_its_exit_code_its_last_lines_and_its_processor_time(tmp_path):
    ran = _run(tmp_path, "sum(range(3_000_000)); print('last'); raise SystemExit(3)", 60)
    assert (ran.exit_code, ran.said) == (3, "last")
    assert ran.cost.cpu_s > 0
    assert 0 < ran.cost.wall_s < 60


def test_at_the_limit_a_child_in_a_session_of_its_own_is_killed_too(tmp_path):
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'while True: pass'], start_new_session=True)\n"
        "open('pid', 'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    ran = _run(tmp_path, script, 2)
    assert ran.exit_code is None
    pid = int((tmp_path / "pid").read_text())
    until = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _graded(points, exit_code=0):
    return harness.Graded(points, measuring.Ran(Cost(2.0, 1.0), exit_code, ""))


def _measured(points, **kwargs):
    grades = {name: _graded(value) for name, value in points.items()}
    return outcome.Measured("nbgrader", "about", "1.0", grades, Cost(4.0, 3.0), **kwargs)


def test_a_cheat_fools_a_harness_that_gives_it_more_than_the_starter_code(entries):
    found = wanted(entries, ["exits", "patched_runner", "dana", "hana", "ada"])
    one = _measured(
        {"untouched": 5.0, "exits": 5.0, "patched_runner": 5.5, "dana": 80.0, "hana": 79.0, "ada": 80.0}
    )
    assert one.fooled_by(found, 80) == ["dana", "patched_runner"]
    assert one.full(found, 80) == 1


def test_no_grade_fools_nobody_and_is_named(entries):
    one = _measured({"untouched": 0.0, "exits": None})
    assert one.fooled_by(wanted(entries, ["exits"]), 80) == []
    assert one.without_grade() == ["exits"]


OURS = outcome.Measured("ours", "about", "1.0", {}, None)


def _comparison(entries, measured, size=200):
    ours = {outcome.ONE_WORKER: Cost(0.1, 0.1), outcome.TWO_WORKERS: Cost(0.05, 0.1)}
    return outcome.Comparison(entries, 80, 118, [OURS, *measured], ours, 5, size, 120)


def test_the_page_tells_who_was_fooled_and_whether_a_ratio_is_reached(entries):
    found = wanted(entries, ["exits", "patched_runner"])
    one = _measured({"untouched": 0.0, "exits": None, "patched_runner": 80.0})
    text = page.page(_comparison(found, [one]), "command")
    assert "| nbgrader | 4.00 | 3.00 | 40.0 | 80.0 | 0 of 0 | patched_runner | exits |" in text
    assert "at least 30 times faster than nbgrader: 40.0 times, reached" in text
    assert "| **80** |" in text
    assert "small run" not in text


def test_a_page_of_few_submissions_says_that_its_times_are_not_to_be_quoted(entries):
    one = _measured({entries[0].name: 80.0})
    text = page.page(_comparison(entries[:1], [one], size=20), "command")
    assert "A small run" in text
    assert "reached" not in text


def test_a_peer_that_is_not_to_be_had_is_told_in_the_page(entries):
    with pytest.raises(environments.NotInstalledError, match=r"ERROR: .*no-such-folder"):
        environments._pip(Path(sys.prefix), "install", "--no-index", "./no-such-folder")
    one = outcome.Measured("otter-grader", "about", "", {}, None, "could not be installed here: ERROR")
    assert "| otter-grader | could not be installed here: ERROR |" in page.page(
        _comparison(entries[:1], [one]), "command"
    )


@pytest.mark.long
def test_bare_pytest_grades_the_reference_the_starter_code_and_a_cheat(tmp_path, exam, entries):
    there = environments.Environment(Path(sys.prefix), {})
    one = Pytest()
    one.prepare(harness.Setting(exam, there, tmp_path, 120))
    reference, untouched, cheat = wanted(entries, ["reference", "patched_runner"])
    assert abs(one.grade("reference", reference.handed_in("pytest")).points - 80) <= 1e-6
    assert one.grade("untouched", untouched.handed_in("pytest")).points == 0
    assert one.grade("cheat", cheat.handed_in("pytest")).points > 70

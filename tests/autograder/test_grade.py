"""``autograder grade`` from the outside: scores out, one line for bad input, nothing lost, nothing done twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from minicourse import write_course

from autograder.errors import KitError
from autograder.grading.collecting import find_places
from autograder.grading.engine import LocalEngine
from autograder.registry import find_course

RIGHT = {
    "double": "def double(x):\n    return 2 * x\n",
    "quadruple": "from mini.double import double\ndef quadruple(x):\n    return double(double(x))\n",
    "greet": "def greet(name):\n    return 'hello ' + name\n",
}
SLOW = "import time\ntime.sleep(0.3)\n" + RIGHT["double"]


def write_submission(submitted: Path, student: str, **modules: str) -> None:
    folder = submitted / student / "mini"
    folder.mkdir(parents=True)
    for name, text in {**RIGHT, **modules}.items():
        (folder / f"{name}.py").write_text(text)


def autograder(course: Path, *arguments: object, **options):
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=120, **options)


@pytest.fixture
def course(tmp_path):
    root = write_course(tmp_path / "course")
    for student in ("ada", "bob", "cy"):
        write_submission(root / "submitted", student)
    (root / "submitted/bob/mini/double.py").write_text("def double(x):\n    return 3 * x\n")
    return root


def results(out: Path) -> dict[str, dict]:
    return {path.stem: json.loads(path.read_text()) for path in sorted((out / "mini").glob("*.json"))}


def stamps(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (out / "mini").glob("*.json")}


def test_a_class_goes_in_and_scores_come_out(course):
    done = autograder(course, "grade", "submitted", "--out", "scores", "-j", "2")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = results(course / "scores")
    assert {name: one["score"] for name, one in found.items()} == {"ada": 12.0, "bob": 8.0, "cy": 12.0}
    assert list(found["ada"])[:5] == ["schema", "student_id", "assignment", "score", "max_score"]
    assert found["ada"]["schema"] == "autograder/result/v1"
    rows = (course / "scores/scores.csv").read_text().splitlines()
    assert rows[0] == "student_id,assignment,task9_1,task9_2,task9_3,score,max_score"
    assert rows[2] == "bob,mini,0,6,2,8,12"
    assert "bob" in done.stdout
    assert "3 graded" in done.stdout
    with sqlite3.connect(course / "scores/gradebook.db") as book:
        (count,) = book.execute("select count(*) from submitted_assignment").fetchone()
    assert count == 3


def test_a_second_run_grades_only_what_changed(course):
    autograder(course, "grade", "submitted", "--no-gradebook")
    before = stamps(course / "scores")
    (course / "submitted/bob/mini/double.py").write_text(RIGHT["double"])
    done = autograder(course, "grade", "submitted", "--no-gradebook")
    assert "1 graded, 2 skipped" in done.stdout
    after = stamps(course / "scores")
    assert {name for name in after if after[name] != before[name]} == {"bob.json"}
    assert results(course / "scores")["bob"]["score"] == 12.0


def test_changed_tests_and_another_seed_grade_anew(course):
    autograder(course, "grade", "submitted", "--no-gradebook")
    assert "3 graded" in autograder(course, "grade", "submitted", "--no-gradebook", "--seed", "7").stdout
    tests = course / "tests/tasks/mini/test_mini.py"
    tests.write_text(tests.read_text() + "\n")
    assert "3 graded" in autograder(course, "grade", "submitted", "--no-gradebook", "--seed", "7").stdout


def start(course: Path) -> subprocess.Popen:
    for number in range(20):
        write_submission(course / "submitted", f"slow{number}", double=SLOW)
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", "submitted", "--no-gradebook"],
        cwd=course,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a shell's background jobs ignore the interrupt, and so would what they start
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def wait_for_results(course: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(list((course / "scores/mini").glob("*.json"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_stopped_continues_and_grades_nothing_twice(course, how):
    running = start(course)
    wait_for_results(course, 5)
    running.send_signal(how)
    _, said = running.communicate(timeout=60)
    if how is signal.SIGINT:
        assert running.returncode == 130
        assert "the same command continues" in said
        assert (course / "scores/scores.csv").exists()
    before = stamps(course / "scores")
    assert 5 <= len(before) < 23
    done = autograder(course, "grade", "submitted", "--no-gradebook")
    assert done.returncode == 0
    assert f"{23 - len(before)} graded, {len(before)} skipped" in done.stdout
    after = stamps(course / "scores")
    assert len(after) == 23
    assert {name: after[name] for name in before} == before


def test_nothing_runs_on_when_the_grader_was_killed(course):
    running = start(course)
    wait_for_results(course, 3)
    tree = descendants(running.pid)
    assert len(tree) >= 2
    running.kill()
    running.communicate(timeout=60)
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in tree):
        assert time.monotonic() < deadline, [
            Path(f"/proc/{p}/cmdline").read_bytes() for p in tree if alive(p)
        ]
        time.sleep(0.05)


def descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


BAD = {
    "no such path": (("grade", "nowhere"), 1, "nowhere"),
    "no submission": (("grade", "solutions/mini/assignment.toml"), 1, "assignment.toml"),
    "an unknown assignment": (("grade", "submitted", "--assignment", "maxi"), 1, "this course has mini"),
    "no course": (("grade", "submitted", "--course", "/"), 1, "no course here"),
    "no argument": (("grade",), 2, "SUBMITTED"),
    "no such option": (("grade", "submitted", "--fast"), 2, "--fast"),
    "a wrong number": (("grade", "submitted", "-j", "0"), 2, "-j"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_its_exit_code(course, case):
    arguments, code, said = BAD[case]
    done = autograder(course, *arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    if code == 1:
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("autograder: ")


def test_a_rung_that_is_not_reached_is_refused_before_anything_is_graded(course):
    found = find_course(course)
    places = find_places(course / "submitted", found)
    engine = LocalEngine(found, highest=2, require_rung=3)
    with pytest.raises(KitError, match="reaches rung 2, rung 3 is required"):
        list(engine.grade(found.assignment("mini"), places, 0, lambda place, key: None))


def test_a_marker_at_fault_stops_the_run_with_its_line(course):
    path = course / "solutions/mini/double.py"
    path.write_text(path.read_text().replace("BEGIN", "BEGINN"))
    done = autograder(course, "grade", "submitted")
    assert done.returncode == 1
    assert "double.py:6" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.getuid() != 0, reason="mounts a small disk")
def test_a_full_disk_is_one_line_and_keeps_what_was_written(course, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "none", disk], check=False)
    if mounted.returncode:
        pytest.skip("no mounts here")
    try:
        done = autograder(course, "grade", "submitted", "--out", disk, "--no-gradebook")
        assert done.returncode == 1
        assert "No space left" in done.stderr or "full" in done.stderr
        assert "Traceback" not in done.stderr
        for path in disk.glob("mini/*.json"):
            assert json.loads(path.read_text())["max_score"] == 12.0
        subprocess.run(["mount", "-o", "remount,size=1m", disk], check=True)
        done = autograder(course, "grade", "submitted", "--out", disk, "--no-gradebook")
        assert done.returncode == 0, done.stderr
        assert len(results(disk)) == 3
    finally:
        subprocess.run(["umount", disk], check=True)


def test_an_out_that_cannot_be_written_is_one_line_before_any_work(course):
    (course / "scores").write_text("a file where the folder should be")
    done = autograder(course, "grade", "submitted")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "scores" in done.stderr

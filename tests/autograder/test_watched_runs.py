"""What staff see while a class is graded: troubles as they come, rate and estimate, the same as JSON lines."""

import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from minicourse import write_course

from autograder.errors import OutputError
from autograder.grading.engine import Progress, Step
from autograder.grading.result import Result, Sandbox, Status, TaskScore, TestOutcome
from autograder.scores.watching import Log, Tally, troubles

HANGS = "def double(x):\n    while True: pass\n"
LEAVES = "import os\ndef double(x):\n    os._exit(0)\n"
RIGHT = "def double(x):\n    return 2 * x\n"


def result(*statuses: Status, tampering=(), score: float | None = 1.0) -> Result:
    tasks = tuple(
        TaskScore(
            task=f"task9_{number}",
            title="",
            status=status,
            score=None if status is Status.ERROR else float(status is Status.PASSED),
            max_score=1.0,
            tests=(TestOutcome(name="test", status=status),),
        )
        for number, status in enumerate(statuses, 1)
    )
    return Result(
        student_id="ada",
        assignment="mini",
        score=score,
        max_score=float(len(tasks)),
        seed=0,
        sandbox=Sandbox(rung=4),
        submission_sha256="",
        course_version="",
        started="",
        duration_s=0.5,
        tampering=tampering,
        tasks=tasks,
    )


def test_troubles_are_what_staff_should_see_not_what_a_student_has_to_mend():
    assert troubles(result(Status.PASSED, Status.FAILED, Status.TODO)) == {}
    bad = result(Status.CRASHED, Status.TIMEOUT, Status.CRASHED, Status.ERROR, tampering=["task9_1: wrote"])
    assert troubles(bad) == {
        "crashed": "task9_1, task9_3",
        "timed out": "task9_2",
        "not graded": "task9_4",
        "tampered": "task9_1",
    }


def test_the_rate_counts_what_was_graded_and_the_estimate_what_is_left():
    now = [100.0]
    tally = Tally(clock=lambda: now[0])
    tally.begin(10)
    assert tally.left_s is None
    for step in (Step.SKIPPED, Step.SKIPPED, Step.GRADED, Step.GRADED):
        tally.add(Progress(step, result(Status.PASSED, Status.TIMEOUT)))
    now[0] = 104.0
    assert tally.rate == 0.5
    assert tally.left_s == 12.0
    assert tally.counts() == {
        "graded": 2,
        "skipped": 2,
        "crashed": 0,
        "timed_out": 2,
        "not_graded": 0,
        "tampered": 0,
    }
    assert tally.line() == "2 timed out"
    assert {task: mean.value for task, mean in tally.means.items()} == {"task9_1": 1.0, "task9_2": 0.0}


def test_a_log_that_cannot_be_written_is_said_in_one_line(tmp_path):
    with pytest.raises(
        OutputError, match=r"--log-json .*: cannot be written \(Is a directory\); name another"
    ):
        Log(tmp_path)


@pytest.fixture
def course(tmp_path):
    root = write_course(tmp_path / "course")
    for student, text in {"ada": RIGHT, "hal": HANGS, "lea": LEAVES}.items():
        folder = root / "submitted" / student / "mini"
        folder.mkdir(parents=True)
        (folder / "double.py").write_text(text)
    return root


def command(root: Path, *options: str) -> list[str]:
    grade = [sys.executable, "-m", "autograder", "grade", str(root / "submitted"), "--no-gradebook"]
    return [*grade, "--course", str(root), "--out", str(root / "scores"), *options]


def seen_on_a_terminal(command: list[str], at: bytes = b"", how: int = signal.SIGINT) -> tuple[int, str]:
    """Exit code and output of a command on a terminal, which is sent a signal once it has shown `at`."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "COLUMNS": "120", "TERM": "xterm"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    os.close(theirs)
    seen, deadline = io.BytesIO(), time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            part = os.read(ours, 4096)
        except OSError:  # how Linux says that nobody holds the terminal any more
            break
        seen.write(part)
        if at and at in seen.getvalue():
            process.send_signal(how)
            at = b""
    os.close(ours)
    return process.wait(10), seen.getvalue().decode()


def test_a_terminal_shows_troubles_as_they_come_and_a_log_has_it_all(course, tmp_path):
    log = tmp_path / "log.jsonl"
    code, seen = seen_on_a_terminal(command(course, "--log-json", str(log)))
    assert code == 0, seen
    assert "hal/mini: timed out (task9_1)" in seen
    assert "lea/mini: crashed (task9_1)" in seen
    assert "ada/mini" not in seen
    assert "/s" in seen
    assert "of those graded now: 1 crashed, 1 timed out" in seen
    begin, *done, end = [json.loads(line) for line in log.read_text().splitlines()]
    assert begin["schema"] == "autograder/log/v1"
    assert (begin["event"], begin["total"]) == ("begin", 3)
    assert {one["student_id"]: one["troubles"] for one in done} == {
        "ada": [],
        "hal": ["timed out"],
        "lea": ["crashed"],
    }
    assert [one["done"] for one in done] == [1, 2, 3]
    assert done[-1]["left_s"] == 0.0
    assert (end["event"], end["how"], end["graded"], end["timed_out"]) == ("end", "done", 3, 1)
    assert end["task_means"]["task9_1"] == pytest.approx(4 / 3, abs=0.01)


def test_an_interrupt_says_how_to_go_on_and_the_log_ends_with_it(course, tmp_path):
    log = tmp_path / "log.jsonl"
    code, seen = seen_on_a_terminal(command(course, "--log-json", str(log)), at=b"hal/mini: timed out")
    assert code == 130
    assert "of 3 done; scores so far are in" in seen
    assert "the same command continues" in seen
    assert "Traceback" not in seen
    assert json.loads(log.read_text().splitlines()[-1])["how"] == "interrupted"

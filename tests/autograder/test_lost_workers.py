"""A worker or its fork server that is lost is replaced, and what it was grading is graded again."""

import os
import time
from pathlib import Path

import pytest
from minicourse import write_course

from autograder.errors import KitError
from autograder.grading.grader import Grader
from autograder.grading.messages import Job
from autograder.grading.result import Status
from autograder.grading.submission import Submission
from autograder.registry import find_course

RIGHT = Submission("ada", "mini", {"double": "def double(x):\n    return 2 * x\n"}, "0" * 64)


def test_a_lost_worker_is_replaced_and_the_submission_graded_again(tmp_path):
    course = find_course(write_course(tmp_path))
    with Grader(course, course.assignment("mini")) as grader:
        os.kill(grader.pid, 9)
        assert grader.grade(RIGHT, 0).score == 4.0


def test_a_lost_fork_server_is_replaced_and_the_submission_graded_again(tmp_path):
    course = find_course(write_course(tmp_path))
    with Grader(course, course.assignment("mini")) as grader:
        (server,) = Path(f"/proc/{grader.pid}/task/{grader.pid}/children").read_text().split()
        os.kill(int(server), 9)
        assert grader.grade(RIGHT, 0).score == 4.0
        assert grader.grade(RIGHT, 0).score == 4.0


def test_a_worker_that_is_lost_while_it_starts_is_replaced(tmp_path, monkeypatch):
    course = find_course(write_course(tmp_path))
    launched, launch = [], Grader._launch

    def launch_and_lose_the_first(grader):
        launch(grader)
        launched.append(grader.pid)
        if len(launched) == 1:
            os.kill(grader.pid, 9)

    monkeypatch.setattr(Grader, "_launch", launch_and_lose_the_first)
    with Grader(course, course.assignment("mini")) as grader:
        assert grader.grade(RIGHT, 0).score == 4.0
    assert len(launched) == 2


def test_a_worker_that_never_starts_is_said(tmp_path, monkeypatch):
    course = find_course(write_course(tmp_path))
    launch = Grader._launch

    def launch_and_lose(grader):
        launch(grader)
        os.kill(grader.pid, 9)

    monkeypatch.setattr(Grader, "_launch", launch_and_lose)
    with pytest.raises(KitError, match=r"did not start \(the grading worker died\); run autograder doctor"):
        Grader(course, course.assignment("mini"))


class LosesItsWorker(Grader):
    """A grader whose worker ends whenever it is given a submission with modules."""

    spares_empty = True

    def _send(self, message):
        if isinstance(message, Job) and (message.submission.modules or not self.spares_empty):
            os.kill(self.pid, 15)
            time.sleep(0.1)
        super()._send(message)


class KilledFromOutside(Grader):
    """A grader whose worker, or its server, is killed the first times that it is given a submission."""

    kills = 5

    def _send(self, message):
        if isinstance(message, Job) and self.kills:
            self.kills -= 1
            (server,) = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            os.kill(int(server) if self.kills % 2 else self.pid, 9)
        super()._send(message)


def test_a_submission_whose_workers_somebody_kills_is_graded_all_the_same(tmp_path):
    course = find_course(write_course(tmp_path))
    with KilledFromOutside(course, course.assignment("mini")) as grader:
        result = grader.grade(RIGHT, 0)
    assert (result.score, result.tampering, grader.kills) == (4.0, (), 0)


def test_a_submission_with_which_every_worker_is_lost_has_crashed_if_an_empty_one_has_not(tmp_path):
    course = find_course(write_course(tmp_path))
    with LosesItsWorker(course, course.assignment("mini")) as grader:
        result = grader.grade(RIGHT, 0)
        assert {task.status for task in result.tasks} == {Status.CRASHED}
        assert result.score == 0.0
        assert len(result.tampering) == 3
        assert "ended the grader 3 times" in result.tasks[0].tests[0].message
        grader.spares_empty = False
        result = grader.grade(RIGHT, 0)
        assert {task.status for task in result.tasks} == {Status.ERROR}
        assert result.score is None
        assert result.tampering == ()

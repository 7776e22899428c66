"""The reference solutions on a machine whose processors are all busy: full marks, every time."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.grading.collecting import read_submission
from autograder.grading.grader import Grader
from autograder.grading.result import Status
from autograder.grading.submission import Place
from autograder.registry import find_course

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
NAMES = [assignment.name for assignment in COURSE.assignments]
FEW, MANY = 1, 300
HOGS_A_PROCESSOR = 2


@contextmanager
def load():
    """Keep every processor busy, with two processes for each."""
    program = "import os, time\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(10**6))"
    count = HOGS_A_PROCESSOR * (os.cpu_count() or 1)
    hogs = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(count)]
    try:
        yield
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


def graded_under_load(name, seeds):
    """Grade the reference with each seed; how many got full marks, and what the others lost."""
    assignment = COURSE.assignment(name)
    reference = read_submission(Place("reference", name, assignment.folder), assignment)
    full, lost = 0, []
    with load(), Grader(COURSE, assignment) as grader:
        for seed in seeds:
            result = grader.grade(reference, seed)
            full += result.score == result.max_score
            lost += [
                f"{name}, seed {seed}, {task.task}, {test.name}: {test.status}: {test.message}"
                for task in result.tasks
                for test in task.tests
                if test.status is not Status.PASSED
            ]
    return full, lost


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_gets_full_marks_on_a_busy_machine(name):
    full, lost = graded_under_load(name, range(100, 100 + FEW))
    assert not lost
    assert full == FEW


@pytest.mark.long
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("name", NAMES)
def test_three_hundred_references_get_full_marks_on_a_busy_machine(name):
    each = -(-MANY // len(NAMES))
    full, lost = graded_under_load(name, range(each))
    print(f"{name}: full marks {full} times of {each} under {HOGS_A_PROCESSOR} busy processes a processor")
    assert not lost
    assert full == each

"""The examples of a run: drawn once, shared by its workers, and the same whoever draws them."""

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import strategies as st
from minicourse import write_course

from autograder.errors import KitError
from autograder.grading.drawing import Drawing
from autograder.grading.grader import Grader, WorkerLost
from autograder.grading.submission import Submission
from autograder.registry import find_course
from autograder.testing.examples import draw_examples, floats, packed, unpacked

WRONG_FOR_SOME = "def double(x):\n    return 2 * x if x < 3 else 0.0\n"


class Counted(Grader):
    """A grader that keeps what its worker drew."""

    def draw(self, seed: int, name: str) -> bytes | None:
        drawn = super().draw(seed, name)
        self.drew = [*getattr(self, "drew", []), name]
        return drawn


@pytest.fixture(scope="module")
def graders(tmp_path_factory) -> Iterator[list[Counted]]:
    course = find_course(write_course(tmp_path_factory.mktemp("course")))
    assignment = course.assignment("mini")
    with Counted(course, assignment) as one, Counted(course, assignment) as other:
        yield [one, other]


def graded(grader: Grader, seed: int):
    return grader.grade(Submission("ada", "mini", {"double": WRONG_FOR_SOME}, "0" * 64), seed).tasks


def test_each_test_is_drawn_once_and_all_workers_have_its_examples(graders):
    drawing = Drawing(seed=5)
    threads = [threading.Thread(target=drawing.share, args=(grader,)) for grader in graders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drew = [name for grader in graders for name in grader.drew]
    assert sorted(drew) == sorted(graders[0].ready.properties)
    assert len(drew) == 2
    with_shared = [graded(grader, seed=5) for grader in graders]
    graded(graders[0], seed=6)  # and now it draws those of seed 5 again, by itself
    assert [graded(graders[0], seed=5)] * 2 == with_shared


def test_a_worker_that_is_lost_while_it_draws_is_replaced(tmp_path):
    course = find_course(write_course(tmp_path))
    drawing = Drawing(seed=0)
    with (
        Counted(course, course.assignment("mini")) as lost,
        Counted(course, course.assignment("mini")) as other,
    ):
        os.kill(lost.pid, 9)
        drawing.share(lost)
        drawing.share(other)
        assert sorted(lost.drew) == sorted(other.ready.properties)
        assert graded(lost, seed=0) == graded(other, seed=0)


def test_what_a_stopped_worker_should_have_drawn_falls_to_another(tmp_path):
    course = find_course(write_course(tmp_path))
    drawing = Drawing(seed=0)
    with (
        Counted(course, course.assignment("mini")) as stopped,
        Counted(course, course.assignment("mini")) as other,
    ):
        stopped.kill()
        with pytest.raises(WorkerLost):
            drawing.share(stopped)
        drawing.share(other)
        assert sorted(other.drew) == sorted(other.ready.properties)


def test_a_test_whose_drawing_ends_every_worker_is_said(tmp_path):
    class Dies(Counted):
        def draw(self, seed, name):
            os.kill(self.pid, 9)
            return super().draw(seed, name)

    course = find_course(write_course(tmp_path))
    with (
        Dies(course, course.assignment("mini")) as grader,
        pytest.raises(KitError, match=r"ended 12 workers .* run autograder validate"),
    ):
        Drawing(seed=0).share(grader)


def test_examples_cross_between_workers_unchanged():
    strategies = {"x": floats(), "t": st.tuples(st.integers(), st.text()), "p": st.lists(st.booleans())}
    drawn = draw_examples(strategies, 50, 1)
    crossed = packed(drawn)
    assert crossed is not None
    assert repr(unpacked(crossed)) == repr(drawn)


def test_examples_that_are_no_plain_data_stay_where_they_were_drawn():
    assert packed([{"x": object()}]) is None

"""A failing submission is told the known mistake that gives the same wrong answers, and nothing that is not so."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from minicourse import write_course

from autograder.grading.engine import LocalEngine, Step
from autograder.grading.grader import Grader
from autograder.grading.misconceptions import HANGS_SOON, nearest, similarity
from autograder.grading.observing import MAX_LEAVES, digest, observed
from autograder.grading.result import Status
from autograder.grading.submission import Place
from autograder.registry import find_course
from autograder.testing.asking import Raised
from autograder.validation import wrong
from autograder.validation.pool import Pool

ROOT = Path(__file__).parents[2]
NEVER = lambda place, key: None  # noqa: E731  (nothing was graded before)

SQUARES = '"""Twice x is x + x;\nx times x is its square.\n\nMore."""\ndef double(x):\n    return x * x\n'
TRIPLES = '"""Add x to itself once, not twice."""\ndef double(x):\n    return 3 * x\n'
TRIPLES_TOO = '"""Three is one too many."""\ndef double(x):\n    return x + x + x\n'
HALVES = '"""Four is two times two, not two."""\ndef quadruple(x):\n    return x + x\n'
MISTAKES = {
    "task9_1/squares": SQUARES,
    "task9_1/triples": TRIPLES,
    "task9_2/halves": HALVES,
    "task9_3/shouts": '"""Say it softly."""\ndef greet(name):\n    return f"HELLO {name}"\n',
}
RIGHT = {
    "double": "def double(x):\n    return 2 * x\n",
    "quadruple": "from mini.double import double\ndef quadruple(x):\n    return double(double(x))\n",
    "greet": "def greet(name):\n    return 'hello ' + name\n",
}


def course_with(root, mistakes):
    write_course(root)
    for name, source in mistakes.items():
        path = root / "tests" / "wrong" / "mini" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return find_course(root)


def graded(course, *classmates, memory=None):
    """The results of submissions that differ from the right one in the modules given (None: not handed in)."""
    places = []
    for number, changes in enumerate(classmates):
        folder = course.root / "submitted" / str(number) / "mini"
        folder.mkdir(parents=True)
        for name, source in (RIGHT | changes).items():
            if source is not None:
                (folder / f"{name}.py").write_text(source)
        places.append(Place(str(number), "mini", folder))
    engine = LocalEngine(course, memory=memory)
    done = list(engine.grade(course.assignment("mini"), places, 0, NEVER))
    assert all(progress.step is Step.GRADED for progress in done)
    return [progress.result for progress in sorted(done, key=lambda one: one.result.student_id)]


def told(result):
    """What is said of each task, beyond its verdict."""
    return {score.task: (score.likely, score.broken_by) for score in result.tasks}


NOTHING = {"task9_1": ("", ()), "task9_2": ("", ()), "task9_3": ("", ())}


@pytest.fixture(scope="module")
def class_of_ten(tmp_path_factory):
    course = course_with(tmp_path_factory.mktemp("course"), MISTAKES)
    return graded(
        course,
        {},
        {"double": "def double(x):\n    y = abs(x)\n    return y * y\n"},
        {"double": "import math\ndef double(x):\n    return math.fsum([x, x, x])\n"},
        {"double": "def double(x):\n    return 5 * x\n"},
        {"double": None},
        {"quadruple": "from mini.double import double\ndef quadruple(x):\n    return double(x)\n"},
        {"double": "def double(x:\n"},
        {"greet": "def greet(name):\n    return 'hello ' + name if name == 'ada' else 'HELLO bob'\n"},
        {"greet": "def greet(name):\n    raise ValueError(name)\n"},
        {"double": "def double(x):\n    while True: pass\n"},
    )


def test_right_work_is_told_nothing(class_of_ten):
    assert told(class_of_ten[0]) == NOTHING
    assert class_of_ten[0].score == class_of_ten[0].max_score


@pytest.mark.parametrize(
    ("student", "hint"),
    [(1, "Twice x is x + x; x times x is its square."), (2, "Add x to itself once, not twice.")],
)
def test_a_mistake_is_recognised_however_it_is_written(class_of_ten, student, hint):
    assert told(class_of_ten[student])["task9_1"] == (hint, ())


def test_a_mistake_in_one_task_is_told_there_alone(class_of_ten):
    assert told(class_of_ten[5]) == NOTHING | {"task9_2": ("Four is two times two, not two.", ())}


@pytest.mark.parametrize("student", [3, 4, 6, 7, 8, 9])
def test_nothing_is_guessed_of_a_mistake_that_is_not_known(class_of_ten, student):
    assert not any(score.likely for score in class_of_ten[student].tasks)


@pytest.mark.parametrize("student", [1, 2, 3, 4, 6, 9])
def test_a_right_task_says_which_earlier_one_breaks_it(class_of_ten, student):
    result = class_of_ten[student]
    assert result.tasks[1].status is Status.PASSED
    assert result.tasks[1].broken_by == ("task9_1",)
    assert result.tasks[0].broken_by == result.tasks[2].broken_by == ()


def test_a_right_task_that_works_on_the_broken_one_says_nothing(tmp_path):
    own = {
        "double": "def double(x):\n    return 2 * x if abs(x) < 1e9 else 0.0\n",
    }
    (result,) = graded(course_with(tmp_path, {}), own)
    assert [score.status for score in result.tasks] == [Status.FAILED, Status.PASSED, Status.PASSED]
    assert told(result) == NOTHING


def test_what_is_told_changes_no_score(class_of_ten, tmp_path):
    mistake = {"double": "def double(x):\n    return x + x + x\n"}
    (without,) = graded(course_with(tmp_path / "plain", {}), mistake)
    assert without.tasks[0].likely == ""
    assert [score.score for score in without.tasks] == [score.score for score in class_of_ten[2].tasks]
    assert [score.tests for score in without.tasks] == [score.tests for score in class_of_ten[2].tasks]


def test_two_mistakes_with_the_same_answers_are_not_told_apart(tmp_path):
    course = course_with(tmp_path, {"task9_1/triples": TRIPLES, "task9_1/triples_too": TRIPLES_TOO})
    (result,) = graded(course, {"double": "def double(x):\n    return 3 * x\n"})
    assert told(result)["task9_1"][0] == ""


def test_what_mistakes_answer_is_found_out_once_a_run_and_kept_for_the_next(tmp_path, monkeypatch):
    course, memory, asked = course_with(tmp_path / "course", MISTAKES), tmp_path / "memory", []
    ask = Grader.scores

    def counting(self, submission, *rest):
        asked.append(submission.student_id)
        return ask(self, submission, *rest)

    monkeypatch.setattr(Grader, "scores", counting)
    triples = {"double": "def double(x):\n    return 3 * x\n"}
    first = graded(
        course, {}, triples, triples | {"greet": "def greet(name):\n    return name\n"}, memory=memory
    )
    assert sorted(name for name in asked if not name.isdigit()) == ["shouts", "squares", "triples"]
    (course.root / "submitted").rename(tmp_path / "before")
    asked.clear()
    (again,) = graded(course, triples, memory=memory)
    assert [name for name in asked if not name.isdigit()] == []
    assert told(again) == told(first[1])
    for path in memory.iterdir():
        path.write_bytes(b"torn")
    (course.root / "submitted").rename(tmp_path / "before that")
    assert told(graded(course, triples, memory=memory)[0]) == told(again)


def test_a_right_submission_is_graded_once_and_nothing_else(tmp_path, monkeypatch):
    course, asked = course_with(tmp_path, MISTAKES), []
    ask = Grader.scores
    monkeypatch.setattr(
        Grader, "scores", lambda self, submission, *rest: asked.append(1) or ask(self, submission, *rest)
    )
    graded(course, {}, {})
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1 / 3, 0.1 / 0.3),
        (0.0, -1e-17),
        ([1.0, (2.0, {"a": 3.0})], [1.0000000001, (2.0, {"a": 3.0})]),
        (np.array([0.1, 0.2]), np.array([0.1, 0.1 + 0.1])),
        (np.float32(0.1), np.float32(0.10001)),
        (
            Raised("RecursionError", "maximum depth", "a.py", 3),
            Raised("RecursionError", "in repr", "b.py", 5),
        ),
        (10**400, 10**500),
        ([0.0] * 10 * MAX_LEAVES, [0.0] * (10 * MAX_LEAVES - 1) + [1.0]),
    ],
)
def test_answers_that_differ_by_rounding_alone_are_the_same(one, other):
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1),
        (1.0, 1.001),
        (1.0, -1.0),
        (float("nan"), 0.0),
        (None, 0.0),
        (True, 1),
        ("1", 1),
        ([1.0, 2.0], (1.0, 2.0)),
        ([[1.0], 2.0], [1.0, [2.0]]),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (np.zeros(2), np.zeros(2, dtype=np.float32)),
        (Raised("TypeError", "no len()", "a.py", 3), Raised("TypeError", "not callable", "a.py", 3)),
    ],
)
def test_answers_that_differ_are_not_the_same(one, other):
    assert digest(one) != digest(other)


def test_of_a_test_that_got_no_answer_only_that_is_seen():
    failing = [({"x": 1.0}, 2.0)]
    assert observed(Status.TIMEOUT, failing, 1.0) == observed(Status.TIMEOUT, (), None)
    assert observed(Status.TIMEOUT, (), None) != observed(Status.CRASHED, (), None)
    assert observed(Status.FAILED, failing, None) == observed(Status.FAILED, failing, 5.0)


def test_of_a_hidden_test_only_the_status_is_seen_which_is_shown_in_any_case():
    one = observed(Status.FAILED, [({"x": 1.0}, 2.0)], None, hidden=True)
    assert one == observed(Status.FAILED, (), 5.0, hidden=True)
    assert one != observed(Status.TIMEOUT, (), 5.0, hidden=True)


def test_failures_are_alike_as_far_as_tests_examples_and_answers_are():
    seen = {"test_a": {1: 10, 2: 20}, "test_b": {1: 30}}
    assert similarity(seen, seen) == 1.0
    assert similarity(seen, {"test_a": seen["test_a"]}) == 0.5
    assert similarity(seen, {"test_c": {1: 10}}) == similarity({}, {}) == 0.0
    assert 0.5 < similarity(seen, {"test_a": {1: 10, 2: 21}, "test_b": {1: 30}}) < 1.0


def test_tests_that_are_to_do_say_nothing():
    known = {"one": {"test_a": {1: 10}, "test_b": {1: 11}}, "two": {"test_a": {1: 20}}}
    assert nearest({"test_a": {1: 10}}, known, {"test_a", "test_b"}) is None
    assert nearest({"test_a": {1: 10}}, known, {"test_a"}) == "one"
    assert nearest({}, known, set()) is None
    assert nearest({"test_a": {1: 10}}, {}, {"test_a"}) is None


def diagnosed(assignment, tasks):
    """Known mistakes of these tasks that feedback names rightly, names wrongly and does not name."""
    course = find_course(ROOT)
    trials = [
        replace(trial, manner=msgspec.structs.replace(trial.manner, tasks=(trial.task,), patience=HANGS_SOON))
        for trial in wrong.trials(course, assignment)
        if trial.task in tasks
    ]
    with Pool(course, assignment, 1) as pool:
        found = wrong.judged(assignment, pool.outcomes(trials, lambda: None))
    right = sum(one.diagnosed == one.mistake for one in found)
    silent = sum(not one.diagnosed for one in found)
    print(
        f"{assignment.name}: wrong solutions: {len(found)}, diagnosed {right}, wrongly {len(found) - right - silent}"
    )
    return right, len(found) - right - silent, silent


def test_most_known_mistakes_of_two_tasks_are_named():
    right, wrongly, silent = diagnosed(
        find_course(ROOT).assignment("scalar_autodiff"), {"task1_1", "task1_3"}
    )
    assert wrongly == 0
    assert right >= 0.9 * (right + silent)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [assignment.name for assignment in find_course(ROOT).assignments])
def test_most_known_mistakes_of_every_assignment_are_named(name):
    assignment = find_course(ROOT).assignment(name)
    right, wrongly, silent = diagnosed(assignment, {task.id for task in assignment.tasks})
    assert wrongly == 0
    assert right >= 0.9 * (right + silent)

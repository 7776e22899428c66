"""What is said where a reference lies beside the student's code: enough to learn from, too little to spell with."""

import numpy as np
import pytest

from autograder.grading.result import Status
from autograder.grading.verdict import verdict
from autograder.testing.asking import Raised
from autograder.testing.checks import CheckFailed, check_close, check_equal, check_raised
from autograder.testing.discretion import NUMBERS, Discretion, hold
from autograder.testing.proxies import Remote
from autograder.testing.showing import show
from autograder.wire.codec import Handle

SECRET = "def double(x): return x + x"  # noqa: S105  (no password)


@pytest.fixture(autouse=True)
def discretion():
    held = Discretion(types=frozenset({"Scalar", "set"}), lines={"chain_rule.py": 40})
    hold(held)
    yield held
    hold(None)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.6931471805599453, "0.693"),
        (-0.0, "-0.0"),
        (3, "3"),
        (123456, "1.23e+05"),
        (10**400, "a huge number"),
        (-1e300, "a huge number"),
        (5e-324, "a tiny number"),
        (float("nan"), "nan"),
        (np.float64(1.5), "1.5"),
        (None, "None (is a return missing?)"),
        (True, "True"),
        (SECRET, "some other text"),
        (SECRET.encode(), "a bytes"),
        ({SECRET: SECRET}, "a dict"),
        ([1.0, SECRET], "[1.0, some other text]"),
        ((), "()"),
        (list(SECRET.encode()), "a list of 27 elements"),
        (np.frombuffer(SECRET.encode(), dtype=np.uint8), "an array of shape (27,)"),
        (np.zeros((0, 123456)), "an array of another shape"),
        (Remote(Handle(0, "Scalar")), "an object of type Scalar"),
        (Remote(Handle(0, SECRET)), "an object of another type"),
    ],
)
def test_a_value_is_said_to_be(discretion, value, said):
    assert discretion.said(show(value)) == said


def test_texts_that_the_test_expects_may_be_shown():
    with pytest.raises(CheckFailed, match=r"order is \['b', 'a', some other text\], expected \['a', 'b'\]"):
        check_equal(["b", "a", SECRET], ["a", "b"], "order")


def test_a_small_difference_is_told_by_its_size():
    with pytest.raises(CheckFailed) as failed:
        check_close(0.693148, 0.6931471805599453, "f")
    said = "f is 0.693, expected 0.693147 (off by about 8e-07)"
    assert verdict(failed.value, set()) == (Status.FAILED, said)


def test_numbers_are_shown_until_they_could_spell_too_much(discretion):
    composed = [show(0.1 * number) for number in range(1, 100)]  # and never sent
    sent = [discretion.said(composed[0]) for _ in range(NUMBERS + 2)]
    assert sent == ["0.1"] * NUMBERS + ["(another number)"] * 2
    assert discretion.said(show([SECRET] * 9)) == "a list of (another number) elements"


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (Raised("ValueError", SECRET, "chain_rule.py", 40), "chain_rule.py, line 40: ValueError"),
        (Raised("ValueError", "", "chain_rule.py", 41), "ValueError"),
        (Raised("ValueError", "", SECRET, 1), "ValueError"),
        (Raised(SECRET, "", "", 0), "an exception of its own"),
        (Raised("print", "", "", 0), "an exception of its own"),
        (Raised("SyntaxError", SECRET, "chain_rule.py", 3), "chain_rule.py, line 3: SyntaxError"),
        (Raised("NotImplementedError", "task9999: ", "", 0), "NotImplementedError"),
        (KeyError(SECRET), "your code's answer is of a kind that the test cannot use (KeyError)"),
        (AssertionError(SECRET), "the answer is not as expected"),
    ],
)
def test_an_error_is_said_to_be(raised, said):
    assert verdict(raised, {"task1_1", "task1_2"}) == (Status.FAILED, said)


def test_a_todo_is_one_of_the_assignments():
    todo = Raised("NotImplementedError", "task1_2: Scalar functions is still to do", "", 0)
    assert verdict(todo, {"task1_1", "task1_2"}) == (Status.TODO, "task1_2 is still to do")


def test_what_python_says_of_a_module_before_it_runs_is_passed_on():
    raised = Raised("SyntaxError", "'(' was never closed, column 7", "chain_rule.py", 3)
    raised.parsing = True
    said = "chain_rule.py, line 3: SyntaxError: '(' was never closed, column 7"
    assert verdict(raised, set()) == (Status.FAILED, said)


def test_the_wrong_error_is_named_by_its_type_alone():
    with pytest.raises(CheckFailed, match=r"^f\(1\) raised ValueError, expected TypeError$"):
        check_raised(Raised("ValueError", SECRET, "", 0), "TypeError", "f(1)")

"""What the graded tests are written with.

    probes = student_module("scalar_autodiff_probes")

    @pytest.mark.task1_1
    @pytest.mark.timeout(10)
    @for_all(x=floats(-10.0, 10.0))
    def test_slope_of_a_square(x):
        slope = yield ask(probes.slope_of_square, x)
        check_close(slope, 2 * x, f"central_difference(square, {x})")

`for_each` makes a test of a table of cases, `once` of a single one. A test yields its questions and
is resumed with the answers, so that at grading all examples of a test, and of its parametrizations,
cross to the student's process together; in a student's own run each is a plain call. What comes back
is plain data or an opaque handle (see `autograder.wire.codec`).
"""

from autograder.testing.asking import Question, Raised, Unresponsive, ask
from autograder.testing.checks import CheckFailed, check, check_close, check_equal, check_raised
from autograder.testing.examples import floats, for_all, for_each, once
from autograder.testing.proxies import student_module
from autograder.testing.showing import show

__all__ = [
    "CheckFailed",
    "Question",
    "Raised",
    "Unresponsive",
    "ask",
    "check",
    "check_close",
    "check_equal",
    "check_raised",
    "floats",
    "for_all",
    "for_each",
    "once",
    "show",
    "student_module",
]

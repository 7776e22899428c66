"""Points are shared by weight, full marks are exact, and our own faults are never a zero."""

from pathlib import Path

import pytest
from handing_in import build_course
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.grading.result import Sandbox, Status, TaskScore, TestOutcome
from autograder.grading.scoring import result_of, score_task
from autograder.grading.submission import Submission
from autograder.registry import Task

PASSED, FAILED, TODO = Status.PASSED, Status.FAILED, Status.TODO
TIMEOUT, CRASHED, ERROR = Status.TIMEOUT, Status.CRASHED, Status.ERROR


def task(points: int = 10) -> Task:
    return Task(id="task1_1", title="Rules", module="rules", points=points, hint="", section="")


def scored(statuses: list[Status], weights: list[float] | None = None, points: int = 10) -> TaskScore:
    outcomes = [TestOutcome(name=f"test_{number}", status=status) for number, status in enumerate(statuses)]
    weights = weights or [1.0] * len(statuses)
    return score_task(task(points), list(zip(outcomes, weights, strict=True)))


class TestPoints:
    def test_equal_tests_share_the_points_equally(self):
        assert scored([PASSED, FAILED, PASSED, PASSED]).score == 7.5

    def test_points_are_shared_by_weight(self):
        assert scored([PASSED, FAILED], [3.0, 1.0]).score == 7.5

    def test_partial_points_have_two_decimals(self):
        assert scored([PASSED, FAILED, FAILED]).score == 3.33

    def test_no_test_passed_is_zero(self):
        assert scored([FAILED, TODO, TIMEOUT]).score == 0

    def test_a_light_test_that_failed_still_costs(self):
        assert scored([PASSED, FAILED], [1e6, 1.0]).score == 9.99

    @given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50), st.integers(1, 1000))
    def test_full_marks_are_exactly_the_points(self, weights, points):
        assert scored([PASSED] * len(weights), weights, points).score == points

    @given(
        st.lists(st.tuples(st.sampled_from([PASSED, FAILED]), st.floats(0.01, 100)), min_size=1),
        st.integers(1, 100),
    )
    def test_points_lie_between_nothing_and_full_marks(self, tests, points):
        statuses, weights = [status for status, _ in tests], [weight for _, weight in tests]
        score = scored(statuses, weights, points).score
        assert 0 <= score <= points
        assert (score == points) == (FAILED not in statuses)

    @given(st.permutations(range(6)))
    def test_the_order_of_the_tests_does_not_matter(self, order):
        statuses, weights = [PASSED, PASSED, FAILED, PASSED, TODO, FAILED], [0.1, 0.2, 0.3, 0.7, 1.1, 2.0]
        one = scored(statuses, weights)
        two = scored([statuses[i] for i in order], [weights[i] for i in order])
        assert (one.score, one.status) == (two.score, two.status)


class TestStatus:
    @pytest.mark.parametrize(
        ("statuses", "status"),
        [
            ([PASSED, PASSED], PASSED),
            ([TODO, TODO], TODO),
            ([PASSED, TODO], TODO),
            ([FAILED, TODO], FAILED),
            ([FAILED, PASSED], FAILED),
            ([TIMEOUT, FAILED, PASSED], TIMEOUT),
            ([TIMEOUT, TODO], TIMEOUT),
            ([FAILED, TIMEOUT, CRASHED], CRASHED),
            ([ERROR, CRASHED], ERROR),
        ],
    )
    def test_the_worst_test_speaks_for_the_task(self, statuses, status):
        assert scored(statuses).status is status

    def test_an_error_of_ours_leaves_no_score(self):
        assert scored([PASSED, ERROR]).score is None

    def test_the_tests_are_kept_in_order(self):
        assert [test.name for test in scored([PASSED, FAILED]).tests] == ["test_0", "test_1"]


class TestRefusals:
    def test_no_tests_are_never_full_marks(self):
        with pytest.raises(CourseError, match="task1_1: no graded test is marked with it"):
            score_task(task(), [])

    @pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
    def test_a_weight_that_shares_nothing(self, weight):
        with pytest.raises(CourseError, match=r"test_0: the weight .* must be above 0; mend its mark"):
            scored([PASSED], [weight])


class TestResult:
    def result(self, tmp_path: Path, *scores: float | None):
        assignment = build_course(tmp_path).assignment("alpha")
        tasks = [
            TaskScore(task=t.id, title=t.title, status=PASSED, score=s, max_score=float(t.points), tests=())
            for t, s in zip(assignment.tasks, scores, strict=False)
        ]
        submission = Submission("ada", "alpha", {}, "sha", notes=("a note",))
        return result_of(
            submission,
            assignment,
            tasks,
            seed=3,
            sandbox=Sandbox(rung=2),
            course_version="v",
            started="s",
            duration_s=1.0,
        )

    def test_the_score_is_the_sum(self, tmp_path):
        result = self.result(tmp_path, 3.33, 0.1)
        assert (result.score, result.max_score) == (3.43, 40.0)
        assert (result.student_id, result.notes, result.key) == ("ada", ("a note",), ("sha", "v", 3))

    def test_a_task_without_score_leaves_the_whole_without(self, tmp_path):
        result = self.result(tmp_path, 10.0, None)
        assert result.score is None
        assert not result.complete

    def test_a_task_that_was_not_scored_is_not_overlooked(self, tmp_path):
        with pytest.raises(CourseError, match="alpha: the scored tasks differ from the registry's"):
            self.result(tmp_path, 10.0)

"""Results in the formats of other tools hold what those publish, and nothing hidden."""

import json
import os
import shutil
import subprocess
import sys

import junitparser
import msgspec
import pytest
from handing_in import build_course, result
from hypothesis import given
from hypothesis import strategies as st
from minicourse import write_course
from published_formats import JUNIT, Classroom50, GradescopeResults

from autograder.errors import OutputError
from autograder.grading.result import Status, TaskScore, TestOutcome
from autograder.scores.classroom50 import classroom50, whole_points
from autograder.scores.gradescope import Visibility, gradescope
from autograder.scores.junit import junit


def scored(task, status, score, *tests):
    outcomes = tuple(TestOutcome(name=name, status=state, message=said) for name, state, said in tests)
    return TaskScore(task=task, title="A & B", status=status, score=score, max_score=10.0, tests=outcomes)


GRADED = msgspec.structs.replace(
    result(),
    score=15.0,
    max_score=20.0,
    tasks=(
        scored("task1_1", Status.PASSED, 10.0, ("test_a[x < y]", Status.PASSED, "")),
        scored(
            "task1_2",
            Status.FAILED,
            5.0,
            ("test_b", Status.FAILED, "f(<1>) is \x1b]]>2, expected 3"),
            ("test_c", Status.TIMEOUT, "no answer"),
            ("hidden test 1", Status.FAILED, "large numbers"),
            ("hidden test 2", Status.PASSED, ""),
        ),
    ),
)
OURS = scored("task1_2", Status.ERROR, None, ("grading", Status.ERROR, "the kit's fault, not yours"))
UNGRADED = msgspec.structs.replace(GRADED, score=None, tasks=(GRADED.tasks[0], OURS))


GIVEN = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "ad",
    "SUBMISSION_TAG": "submit/2026-01-01T00-00-00Z-abc",
    "COMMIT_URL": "https://x/commit/abc",
    "RELEASE_URL": "https://x/releases/tag/submit",
    "REVIEW_URL": "https://x/compare/a...b",
}


@pytest.fixture(scope="module")
def alpha(tmp_path_factory):
    return build_course(tmp_path_factory.mktemp("alpha")).assignment("alpha")


def read_gradescope(result, alpha, hidden=Visibility.VISIBLE):
    return msgspec.json.decode(gradescope(result, alpha, hidden), type=GradescopeResults)


def read_classroom50(result, environment=GIVEN):
    return msgspec.json.decode(classroom50(result, environment), type=Classroom50)


class TestJunit:
    @pytest.mark.parametrize("graded", [GRADED, UNGRADED])
    def test_it_is_valid_by_jenkins_schema(self, graded):
        JUNIT.validate(junit(graded))

    def test_the_schema_refuses_what_jenkins_refuses(self):
        wrong = junit(GRADED).replace("<testcase ", "<testcase line='1' ", 1)
        assert not JUNIT.is_valid(wrong)

    def test_junitparser_reads_it_back(self):
        first, second = junitparser.JUnitXml.fromstring(junit(GRADED).encode())
        assert (first.name, first.tests, first.failures) == ("task1_1 A & B", 1, 0)
        assert (second.tests, second.failures, second.errors) == (4, 3, 0)
        properties = {one.name: one.value for one in second.properties()}
        assert properties == {"task": "task1_2", "score": "5", "max_score": "10"}
        cases = {case.name: case for case in second}
        assert (cases["test_b"].is_failure, cases["test_c"].is_failure) == (True, True)
        assert cases["test_b"].result[0].message == "f(<1>) is ?]]>2, expected 3"
        assert cases["test_c"].result[0].type == "timeout"
        assert cases["hidden test 2"].is_passed

    def test_our_own_fault_is_an_error_without_points(self):
        _, second = junitparser.JUnitXml.fromstring(junit(UNGRADED).encode())
        assert (second.failures, second.errors) == (0, 1)
        assert {one.name for one in second.properties()} == {"task", "max_score"}


class TestGradescope:
    def test_it_is_by_the_specification(self, alpha):
        read = read_gradescope(GRADED, alpha)
        assert read.total == read.score == 15.0
        assert read.extra_data["seed"] == GRADED.seed
        assert read.extra_data["rung"] == GRADED.sandbox.rung
        assert [test.number for test in read.tests] == "1.1 1.1.1 1.2 1.2.1 1.2.2 1.2.3 1.2.4".split()
        assert [
            test.status for test in read.tests
        ] == "passed passed failed failed failed failed passed".split()
        assert sum(test.score or 0 for test in read.tests) == read.score
        assert sum(test.max_score or 0 for test in read.tests) == GRADED.max_score
        assert {tag for test in read.tests for tag in test.tags} == {"task1_1", "task1_2"}

    def test_a_task_says_what_the_feedback_says(self, alpha):
        said = {test.number: test.output for test in read_gradescope(GRADED, alpha).tests}["1.2"].splitlines()
        assert said[0] == "failed, 5 of 10 points"
        assert "A hidden test: large numbers" in said
        assert "Hidden tests: 1 of 2 passed" in said
        assert "Hint: think" in said

    def test_students_see_hidden_tests_results_and_so_their_total(self, alpha):
        assert read_gradescope(GRADED, alpha).students_see_a_total

    @pytest.mark.parametrize("hidden", [one for one in Visibility if one is not Visibility.VISIBLE])
    def test_an_instructor_may_keep_hidden_tests_results_back(self, alpha, hidden):
        read = read_gradescope(GRADED, alpha, hidden)
        assert not read.students_see_a_total
        kept = {test.name for test in read.tests if test.visibility == hidden}
        assert kept == {"hidden test 1", "hidden test 2"}
        assert not any(
            "idden test" in t.output or "large" in t.output for t in read.tests if t.name not in kept
        )

    def test_what_is_not_graded_has_no_points_anywhere(self, alpha):
        read = read_gradescope(UNGRADED, alpha)
        assert read.total is None
        assert "no fault of yours" in read.output
        assert [(test.name, test.status) for test in read.tests[2:]] == [
            ("task1_2 A & B", None),
            ("grading", None),
        ]


class TestClassroom50:
    def test_it_is_by_its_schema(self):
        read = read_classroom50(GRADED, GIVEN | {"OWNER": "ada", "ASSIGNMENT_TYPE": "individual"})
        given = (read.classroom, read.assignment, read.submission, read.commit, read.release, read.review)
        assert given == tuple(GIVEN.values())
        assert (read.owner, read.assignment_type, read.datetime) == (
            "ada",
            "individual",
            "2025-01-01T00:00:00Z",
        )
        assert (read.score, read.max_score) == (15, 20)
        assert [(test.passed, test.score, test.max_score) for test in read.tests] == [
            (True, 10, 10),
            (False, 5, 10),
        ]

    def test_parts_of_points_are_rounded_so_that_they_add_up(self):
        tasks = tuple(msgspec.structs.replace(task, score=8.4) for task in (*GRADED.tasks, *GRADED.tasks))
        read = read_classroom50(msgspec.structs.replace(GRADED, tasks=tasks, score=33.6, max_score=40.0))
        assert (read.score, [test.score for test in read.tests]) == (34, [8, 9, 8, 9])
        assert json.loads(classroom50(GRADED, GIVEN))["tests"][1]["points"] == 5.0

    @given(st.lists(st.integers(1, 40).flatmap(lambda most: st.tuples(st.floats(0, most), st.just(most)))))
    def test_no_task_gets_more_than_its_points_and_full_marks_stay_full(self, tasks):
        whole = whole_points([score for score, _ in tasks])
        assert abs(sum(whole) - sum(score for score, _ in tasks)) <= 0.5 + 1e-4
        for points, (score, most) in zip(whole, tasks, strict=True):
            assert 0 <= points <= most
            assert abs(points - score) < 1 + 1e-4
            assert points == score or score not in {0, most}

    def test_without_a_review_there_is_the_commit(self):
        assert read_classroom50(GRADED, GIVEN | {"REVIEW_URL": ""}).review == GIVEN["COMMIT_URL"]

    def test_what_is_not_graded_is_no_zero(self):
        assert classroom50(UNGRADED, GIVEN) is None

    def test_nothing_is_written_that_would_not_be_collected(self):
        with pytest.raises(
            OutputError, match="classroom50: CLASSROOM, SUBMISSION_TAG not set, which Classroom 50"
        ):
            classroom50(GRADED, GIVEN | {"CLASSROOM": "", "SUBMISSION_TAG": ""})


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    root = write_course(tmp_path_factory.mktemp("course"))
    folder = root / "submitted" / "ada" / "mini"
    folder.mkdir(parents=True)
    (folder / "double.py").write_text("def double(x):\n    return x + x if x < 1e9 else 0.0\n")
    grade(root, "junit,markdown,gradescope,classroom50")
    return root


def grade(root, formats, code=0, environment=GIVEN):
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        "submitted",
        "--no-gradebook",
        "--format",
        formats,
    ]
    done = subprocess.run(
        command, cwd=root, env=os.environ | environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_grading_writes_each_format_and_nothing_hidden(exported):
    files = [
        path
        for name in ("junit", "markdown", "gradescope", "classroom50")
        for path in (exported / "scores" / name).rglob("*.*")
    ]
    assert [path.name for path in files] == ["ada.xml", "ada.md", "ada.json", "ada.json"]
    for path in files:
        text = path.read_text()
        assert "task9_1" in text
        assert "SECRET" not in text
        assert "double_large" not in text
    assert json.loads(files[2].read_text())["score"] == 1.0


def test_a_second_run_makes_a_lost_file_again_and_takes_exports_for_no_results(exported):
    (exported / "scores/junit/mini/ada.xml").unlink()
    said = grade(exported, "junit, gradescope")
    assert "1 skipped" in said
    assert "left out" not in said
    assert (exported / "scores/junit/mini/ada.xml").exists()


def test_an_unknown_format_is_wrong_usage(exported):
    assert "xunit: no such format; there are junit, markdown, gradescope, classroom50" in " ".join(
        grade(exported, "xunit", code=2).replace("│", " ").split()
    )


def test_classroom50_elsewhere_is_one_line_before_anything_is_graded(exported):
    said = grade(exported, "classroom50", code=1, environment={})
    assert said.startswith("autograder: classroom50: CLASSROOM, ASSIGNMENT, ")
    assert said.count("\n") == 1


def test_a_students_own_tree_grades_nothing(exported, tmp_path):
    tree = tmp_path / "ada"
    shutil.copytree(exported / "solutions" / "mini", tree / "assignments" / "mini")
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", "."],
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "a student's tree, which cannot grade; name the author's course with --course" in done.stderr

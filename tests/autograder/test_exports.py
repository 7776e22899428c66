"""Results in the formats of other tools hold what those publish, and nothing hidden."""

import json
import subprocess
import sys
from typing import Literal

import junitparser
import msgspec
import pytest
from handing_in import result
from minicourse import write_course

from autograder.grading.result import Status, TaskScore, TestOutcome
from autograder.scores.classroom50 import classroom50
from autograder.scores.gradescope import gradescope
from autograder.scores.junit import junit

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
TextFormat = Literal["text", "html", "simple_format", "md", "ansi"]


class GradescopeTest(msgspec.Struct, forbid_unknown_fields=True):
    """One of ``tests``, as the specification of Gradescope's results.json has it."""

    name: str
    number: str
    status: Literal["passed", "failed"]
    output: str
    visibility: Visibility
    tags: list[str]
    score: float | None = None
    max_score: float | None = None
    name_format: TextFormat = "text"
    output_format: TextFormat = "text"
    extra_data: dict = {}


class GradescopeResults(msgspec.Struct, forbid_unknown_fields=True):
    """The whole of it."""

    tests: list[GradescopeTest]
    score: float | None = None
    execution_time: float | None = None
    output: str = ""
    output_format: TextFormat = "text"
    test_output_format: TextFormat = "text"
    test_name_format: TextFormat = "text"
    visibility: Visibility = "visible"
    stdout_visibility: Visibility = "hidden"
    extra_data: dict = {}
    leaderboard: list = []


class Classroom50Test(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """One of ``tests`` of classroom50/result/v1."""

    test_name: str
    passed: bool
    score: float
    max_score: int


class Classroom50(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """The whole of it."""

    schema: Literal["classroom50/result/v1"]
    classroom: str
    assignment: str
    submission: str
    commit: str
    release: str
    review: str
    datetime: str
    score: float
    max_score: int
    tests: list[Classroom50Test]


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


class TestJunit:
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
    def test_it_is_by_the_specification(self):
        read = msgspec.json.decode(gradescope(GRADED), type=GradescopeResults)
        assert read.score == 15.0
        assert read.extra_data["seed"] == GRADED.seed
        assert read.extra_data["rung"] == GRADED.sandbox.rung
        assert [test.number for test in read.tests] == [
            "1.1",
            "1.1.1",
            "1.2",
            "1.2.1",
            "1.2.2",
            "1.2.3",
            "1.2.4",
        ]
        assert sum(test.score or 0 for test in read.tests) == read.score
        assert sum(test.max_score or 0 for test in read.tests) == GRADED.max_score
        assert {t.name: t.visibility for t in read.tests}["hidden test 1"] == "after_published"

    def test_what_is_not_graded_has_no_score(self):
        read = msgspec.json.decode(gradescope(UNGRADED), type=GradescopeResults)
        assert read.score is None
        assert "no fault of yours" in read.output
        assert [test.score for test in read.tests if test.name.startswith("task1_2")] == [None]


class TestClassroom50:
    def test_it_is_by_its_schema(self):
        given = {
            "CLASSROOM": "cs",
            "ASSIGNMENT": "ad",
            "SUBMISSION_TAG": "submit/1",
            "COMMIT_URL": "https://x",
        }
        read = msgspec.json.decode(classroom50(GRADED, given), type=Classroom50)
        assert (read.classroom, read.assignment, read.submission, read.release) == (
            "cs",
            "ad",
            "submit/1",
            "",
        )
        assert (read.score, read.max_score) == (15.0, 20)
        assert [(test.passed, test.score, test.max_score) for test in read.tests] == [
            (True, 10.0, 10),
            (False, 5.0, 10),
        ]

    def test_what_is_not_graded_is_no_zero(self):
        assert classroom50(UNGRADED, {}) is None


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    root = write_course(tmp_path_factory.mktemp("course"))
    folder = root / "submitted" / "ada" / "mini"
    folder.mkdir(parents=True)
    (folder / "double.py").write_text("def double(x):\n    return x + x if x < 1e9 else 0.0\n")
    grade(root, "junit,markdown,gradescope,classroom50")
    return root


def grade(root, formats, code=0):
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
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
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

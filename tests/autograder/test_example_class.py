"""The example class is graded as it was when its results were read and found right."""

import csv
import json

import pytest
from example_class import GOLDEN, SUBMITTED, grade_class, lasting, results

STUDENTS = sorted(path.name for path in SUBMITTED.iterdir() if path.is_dir())

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("scores")
    return grade_class(out), out


def scores(run, student: str) -> dict[str, tuple[str, float]]:
    """Each task's status and points."""
    return {task["task"]: (task["status"], task["score"]) for task in results(run[1])[student]["tasks"]}


def test_the_run_ends_well_and_says_nothing_but_its_table(run):
    done, _ = run
    assert (done.returncode, done.stderr) == (0, "")
    assert "scalar_autodiff: 16 submissions" in done.stdout
    assert "result of" not in done.stdout, "a student's print came through"


def test_each_student_has_a_result_and_a_golden_one(run):
    assert sorted(results(run[1])) == STUDENTS
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == STUDENTS


@pytest.mark.parametrize("student", STUDENTS)
def test_the_result_is_the_golden_one(run, student):
    expected = json.loads((GOLDEN / f"{student}.json").read_text(encoding="utf-8"))
    assert lasting(results(run[1])[student]) == expected


@pytest.mark.parametrize("student", STUDENTS)
def test_the_result_tells_when_under_what_and_how_safely_it_was_graded(run, student):
    result = results(run[1])[student]
    assert result["started"].startswith("20")
    assert result["duration_s"] > 0
    assert len(result["course_version"]) >= 12
    assert 1 <= result["sandbox"]["rung"] <= 4


@pytest.mark.parametrize("student", ["ada", "ivan", "karim", "lucia", "mateo", "nora"])
def test_whoever_is_right_has_full_marks(run, student):
    result = results(run[1])[student]
    assert result["score"] == result["max_score"] == 100
    assert all(test["status"] == "passed" for task in result["tasks"] for test in task["tests"])


@pytest.mark.parametrize(
    ("student", "task", "status"),
    [
        ("dana", "task1_4", "failed"),
        ("emil", "task1_4", "failed"),
        ("farah", "task1_4", "failed"),
        ("gabriel", "task1_4", "timeout"),
        ("hana", "task1_3", "failed"),
        ("jana", "task1_5", "crashed"),
        ("oleg", "task1_3", "failed"),
        ("priya", "task1_4", "failed"),
    ],
)
def test_one_mistake_costs_one_task(run, student, task, status):
    others = {"task1_1", "task1_2", "task1_3", "task1_4", "task1_5"} - {task}
    others -= {"task1_5"} if student == "gabriel" else set()  # he did not begin it
    found = scores(run, student)
    assert found[task][0] == status
    assert {found[other][0] for other in others} == {"passed"}


def test_whoever_did_nothing_is_told_what_is_to_do_and_not_what_is_wrong(run):
    assert set(scores(run, "chidi").values()) == {("todo", 0)}


def test_whoever_did_half_keeps_it(run):
    found = scores(run, "bruno")
    assert [found[f"task1_{number}"][0] for number in range(1, 6)] == [
        "passed",
        "passed",
        "failed",
        "todo",
        "todo",
    ]
    assert 0 < found["task1_3"][1] < 15


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("hana", "chain_rule.py, line 89: SyntaxError: expected ':', column 36"),
        ("oleg", "chain_rule.py is not UTF-8 text (byte "),
        ("jana", "your code ended the interpreter"),
    ],
)
def test_a_message_says_what_and_where(run, student, words):
    failed = [
        test["message"]
        for task in results(run[1])[student]["tasks"]
        for test in task["tests"]
        if test["status"] != "passed"
    ]
    assert all(words in message for message in failed if not message.startswith("hidden"))
    assert all("\n" not in message for message in failed)


def test_notes_say_what_was_found_elsewhere_changed_or_left_aside(run):
    notes = {student: result["notes"] for student, result in results(run[1]).items() if result["notes"]}
    assert notes == {
        "lucia": ["chain_rule.py was found in week 2/; hand it in directly in scalar_autodiff/"],
        "mateo": [
            "operators.py is given and was changed; the course's own is used",
            "4 other files were left aside",
        ],
    }


def test_the_csv_holds_the_same_scores(run):
    rows = csv.DictReader((run[1] / "scores.csv").read_text(encoding="utf-8").splitlines())
    found = {row["student_id"]: float(row["score"]) for row in rows}
    assert found == {student: result["score"] for student, result in results(run[1]).items()}

"""The example class is graded as it was when its results were read and found right."""

import csv
import json

import pytest
from example_class import GOLDEN, ROOT, grade_class, lasting, results, submissions

from autograder.registry import find_course

SUBMISSIONS = submissions()

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("scores")
    return grade_class(out), out


@pytest.fixture(scope="module")
def found(run):
    return results(run[1])


def scores(result) -> dict[str, tuple[str, float]]:
    """Each task's status and points."""
    return {task["task"]: (task["status"], task["score"]) for task in result["tasks"]}


def messages(result) -> list[str]:
    """What is said of the tests that did not pass."""
    return [
        test["message"] for task in result["tasks"] for test in task["tests"] if test["status"] != "passed"
    ]


def test_the_run_ends_well_and_says_nothing_but_its_tables(run):
    done, _ = run
    assert (done.returncode, done.stderr) == (0, "")
    for assignment in {name.partition("/")[0] for name in SUBMISSIONS}:
        count = sum(name.startswith(f"{assignment}/") for name in SUBMISSIONS)
        assert f"{assignment}: {count} submissions" in done.stdout
    assert "result of" not in done.stdout, "a student's print came through"


def test_the_tables_come_in_the_courses_order(run):
    done, _ = run
    course = [f"{assignment.name}: " for assignment in find_course(ROOT).assignments]
    places = [done.stdout.index(title) for title in course if title in done.stdout]
    assert len(places) == len({name.partition("/")[0] for name in SUBMISSIONS})
    assert places == sorted(places)


def test_each_submission_has_a_result_and_a_golden_one(found):
    assert sorted(found) == SUBMISSIONS
    assert sorted(results(GOLDEN)) == SUBMISSIONS


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_the_result_is_the_golden_one(found, name):
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert lasting(found[name]) == expected


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_the_result_tells_when_under_what_and_how_safely_it_was_graded(found, name):
    result = found[name]
    assert result["started"].startswith("20")
    assert result["duration_s"] > 0
    assert len(result["course_version"]) >= 12
    assert 1 <= result["sandbox"]["rung"] <= 4


@pytest.mark.parametrize(
    "name",
    [
        *(f"scalar_autodiff/{student}" for student in ("ada", "ivan", "karim", "lucia", "mateo", "nora")),
        *(f"operator_overloading/{student}" for student in ("ada", "nora")),
        *(f"computation_graph/{student}" for student in ("ada", "nora")),
        *(f"tensor_autodiff/{student}" for student in ("ada", "nora")),
        *(f"optimization/{student}" for student in ("ada", "nora")),
    ],
)
def test_whoever_is_right_has_full_marks(found, name):
    result = found[name]
    assert result["score"] == result["max_score"] == 100
    assert all(test["status"] == "passed" for task in result["tasks"] for test in task["tests"])


@pytest.mark.parametrize(
    ("name", "task", "status"),
    [
        ("scalar_autodiff/dana", "task1_4", "failed"),
        ("scalar_autodiff/emil", "task1_4", "failed"),
        ("scalar_autodiff/farah", "task1_4", "failed"),
        ("scalar_autodiff/gabriel", "task1_4", "timeout"),
        ("scalar_autodiff/hana", "task1_3", "failed"),
        ("scalar_autodiff/jana", "task1_5", "crashed"),
        ("scalar_autodiff/oleg", "task1_3", "failed"),
        ("scalar_autodiff/priya", "task1_4", "failed"),
        ("operator_overloading/dana", "task2_1", "failed"),
        ("operator_overloading/emil", "task2_1", "failed"),
        ("operator_overloading/gabriel", "task2_1", "timeout"),
        ("operator_overloading/hana", "task2_2", "failed"),
        ("operator_overloading/jana", "task2_2", "failed"),
        ("computation_graph/dana", "task3_2", "failed"),
        ("computation_graph/emil", "task3_2", "failed"),
        ("computation_graph/gabriel", "task3_2", "timeout"),
        ("computation_graph/hana", "task3_1", "failed"),
        ("computation_graph/jana", "task3_3", "crashed"),
        ("computation_graph/priya", "task3_2", "failed"),
        ("tensor_autodiff/dana", "task4_2", "failed"),
        ("tensor_autodiff/emil", "task4_7", "failed"),
        ("tensor_autodiff/gabriel", "task4_2", "timeout"),
        ("tensor_autodiff/hana", "task4_4", "failed"),
        ("tensor_autodiff/priya", "task4_3", "failed"),
        ("optimization/gabriel", "task5_2", "timeout"),
    ],
)
def test_one_mistake_costs_one_task(found, name, task, status):
    of = scores(found[name])
    assert of.pop(task)[0] == status
    # (gabriel never begins an assignment's last task)
    allowed = {"passed"} if not name.endswith("/gabriel") else {"passed", "todo"}
    assert {status for status, _ in of.values()} <= allowed


@pytest.mark.parametrize(
    "assignment",
    ["scalar_autodiff", "operator_overloading", "computation_graph", "tensor_autodiff", "optimization"],
)
def test_whoever_did_nothing_is_told_what_is_to_do_and_not_what_is_wrong(found, assignment):
    assert set(scores(found[f"{assignment}/chidi"]).values()) == {("todo", 0)}


@pytest.mark.parametrize(
    ("assignment", "statuses", "partly"),
    [
        ("scalar_autodiff", ["passed", "passed", "failed", "todo", "todo"], {"task1_3": 15}),
        ("operator_overloading", ["failed", "todo"], {"task2_1": 50, "task2_2": 50}),
        ("computation_graph", ["todo", "todo", "todo"], {"task3_1": 30, "task3_2": 40}),
        (
            "tensor_autodiff",
            ["failed", "todo", "passed", "todo", "todo", "todo", "failed"],
            {"task4_1": 15, "task4_2": 25, "task4_7": 10},
        ),
        (
            "optimization",
            ["failed", "todo", "todo", "failed", "todo", "todo"],
            {"task5_1": 15, "task5_3": 20, "task5_4": 20},
        ),
    ],
)
def test_whoever_did_half_keeps_it(found, assignment, statuses, partly):
    of = scores(found[f"{assignment}/bruno"])
    assert [status for status, _ in of.values()] == statuses
    assert all(0 < of[task][1] < points for task, points in partly.items())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("scalar_autodiff/hana", "chain_rule.py, line 89: SyntaxError: expected ':', column 36"),
        ("scalar_autodiff/oleg", "chain_rule.py is not UTF-8 text (byte "),
        ("scalar_autodiff/jana", "your code ended the interpreter"),
        ("operator_overloading/hana", "fit_neuron.py, line 65: SyntaxError: expected ':', column 34"),
        ("operator_overloading/jana", "fit_neuron.py, line 22: FileNotFoundError"),
        ("computation_graph/hana", "value.py, line 38: SyntaxError: '(' was never closed, column 21"),
        ("computation_graph/jana", "your code ended the interpreter"),
        (
            "tensor_autodiff/hana",
            "reverse_mode.py, line 42: SyntaxError: expected an indented block after 'if'",
        ),
    ],
)
def test_a_message_says_what_and_where(found, name, words):
    failed = messages(found[name])
    assert failed
    assert all(words in message and "\n" not in message for message in failed)


def test_notes_say_what_was_found_elsewhere_changed_or_left_aside(found):
    notes = {name: result["notes"] for name, result in found.items() if result["notes"]}
    unanswered = {name: notes.pop(name) for name in list(notes) if name.startswith("optimization/")}
    assert set(unanswered) == {f"optimization/{student}" for student in ("bruno", "chidi", "gabriel", "nora")}
    assert all("no written answer is there to be graded" in note for (note,) in unanswered.values())
    assert notes == {
        "scalar_autodiff/lucia": [
            "chain_rule.py was found in week 2/; hand it in directly in scalar_autodiff/"
        ],
        "scalar_autodiff/mateo": [
            "operators.py is given and was changed; the course's own is used",
            "4 other files were left aside",
        ],
    }


def test_the_csv_holds_the_same_scores(run, found):
    rows = csv.DictReader((run[1] / "scores.csv").read_text(encoding="utf-8").splitlines())
    written = {f"{row['assignment']}/{row['student_id']}": float(row["score"]) for row in rows}
    assert written == {name: result["score"] for name, result in found.items()}


def test_written_answers_wait_for_staff_beside_the_automatic_points(found):
    (ada,) = found["optimization/ada"]["written"]
    assert (ada["written"], ada["max_score"]) == ("task5_6_answers", 20.0)
    assert "0.1 was best" in ada["text"]
    assert found["optimization/ada"]["max_score"] == 100
    assert found["optimization/bruno"]["written"][0]["text"] == ""
    assert "written" not in found["scalar_autodiff/ada"]

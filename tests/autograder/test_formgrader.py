"""Formgrader shows graded modules as it shows notebooks, by nbgrader's own API and its own feedback."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import msgspec
import nbformat
import pytest
from gradebooks import opened
from handing_in import FILES, build_course, lay, read_at, result

from autograder.commands import export_formgrader
from autograder.errors import KitError
from autograder.grading.result import Status, TestOutcome, WrittenAnswer
from autograder.registry import find_course
from autograder.scores.files import write_result
from autograder.scores.gradebook import write_gradebook

pytest.importorskip("nbgrader", reason="an extra: pip install 'autodiff-course-kit[grade]'")

WRITTEN = """
[written.task1_2_answers]
title = "In words"
file = "ANSWERS.md"
points = 5
section = "graphs"
"""
HOSTILE = "<script>alert(1)</script>\n```\n<img src=x>\n"
AT = datetime(2026, 10, 2, 21, 59, 0, 734190, tzinfo=UTC)

ASK = """
import json, sys
from nbgrader.apps import NbGraderAPI
from traitlets.config import PyFileConfigLoader
api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py").load_config())
handed_in = {one["student"]: one for one in api.get_submissions("alpha")}
listed = {one["student"]: one for one in api.get_notebook_submissions("alpha", "alpha")}
feedback = api.generate_feedback("alpha", "ada")
print(json.dumps({"handed_in": handed_in, "listed": listed, "feedback": feedback}))
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """A class of two in formgrader's folder, ada's answers written and marked; bob handed in anew since."""
    root = build_course(tmp_path_factory.mktemp("formgrader") / "course").root
    registry = root / "solutions/alpha/assignment.toml"
    registry.write_text(registry.read_text() + WRITTEN)
    (registry.parent / "ANSWERS.md").write_text(
        "What do you see?\n<!-- BEGIN SOLUTION task1_2_answers -->\nA line.\n<!-- END SOLUTION task1_2_answers -->\n"
    )
    course = find_course(root)
    for student in ("ada", "bob"):
        files = {**FILES, "rules.py": f"RULE = {HOSTILE!r}\n".encode(), "ANSWERS.md": HOSTILE.encode()}
        folder = lay(root / "submitted" / student / "alpha", files)
        write_result(root / "scores", of(student, read_at(folder, course).sha256))
    write_gradebook([of("ada"), of("bob")], course, f"sqlite:///{root / 'scores/gradebook.db'}")
    lay(root / "submitted/bob/alpha", {"graphs.py": b"GRAPH = 3\n"})
    export_formgrader.command(root / "submitted", root / "class", root / "scores", course=root)
    return root


def of(student: str, sha: str = "a"):
    failed = TestOutcome(name="hidden test 1", status=Status.FAILED, message="large graphs work too")
    first, second = result().tasks
    answer = WrittenAnswer(
        written="task1_2_answers", title="In words", file="ANSWERS.md", max_score=5, text=HOSTILE
    )
    tasks = (first, msgspec.structs.replace(second, tests=(failed,)))
    return msgspec.structs.replace(result(student, sha=sha), tasks=tasks, written=(answer,), submitted=AT)


def test_nbgraders_own_api_lists_scores_and_what_waits_for_staff(shown):
    with opened(f"sqlite:///{shown / 'scores/gradebook.db'}") as gradebook:
        gradebook.find_grade("task1_2", "alpha", "alpha", "ada").extra_credit = 1.0
    done = subprocess.run([sys.executable, "-c", ASK], cwd=shown / "class", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    ada = said["handed_in"]["ada"]
    assert (ada["autograded"], ada["score"], ada["max_score"], ada["needs_manual_grade"]) == (
        True,
        18.5,
        45,
        True,
    )
    assert ada["display_timestamp"] == "2026-10-02 21:59:00 UTC"
    assert list(said["listed"]) == ["ada"]
    assert said["feedback"]["success"], said["feedback"]["log"]
    page = (shown / "class/feedback/ada/alpha/alpha.html").read_text()
    assert "Score: 18.5 / 45.0" in page
    assert "large graphs work too" in page
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


def test_a_notebook_has_a_graded_cell_for_each_task_and_answer(shown):
    notebook = nbformat.read(shown / "class/autograded/ada/alpha/alpha.ipynb", as_version=4)
    nbformat.validate(notebook)
    graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [(cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points) for cell in graded] == [
        ("task1_1", 10),
        ("task1_2", 30),
        ("task1_2_answers", 5),
    ]
    assert graded[1].outputs[0].text == "7.5 of 30, failed\nlarge graphs work too\n"
    assert graded[2].source == f"````text\n{HOSTILE}\n````"


def test_what_was_handed_in_anew_is_not_shown_with_its_old_grade(shown, capsys):
    assert not (shown / "class/autograded/bob").exists()
    export_formgrader.command(shown / "submitted", shown / "class", shown / "scores", course=shown)
    said = capsys.readouterr().out
    assert "1 without a result of what is there now; run autograder grade: bob (alpha)" in said
    assert "1 submissions; to see them: cd" in said


def test_without_a_gradebook_it_is_one_line(shown, tmp_path):
    with pytest.raises(KitError, match="no gradebook is there; autograder grade writes one"):
        export_formgrader.command(shown / "submitted", tmp_path / "class", tmp_path, course=shown)

"""Answers in words: declared in the registry, given as questions, collected, and graded by hand."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from handing_in import ALPHA, build_course, lay, result
from rich.console import Console

from autograder.errors import CourseError
from autograder.grading.collecting import find_places
from autograder.grading.result import Result, WrittenAnswer
from autograder.grading.submission import Place
from autograder.grading.submissions_reading import read_submission
from autograder.registry import find_course, load_course
from autograder.release.assignments import released
from autograder.release.project import _readme
from autograder.release.written import templates
from autograder.scores.files import read_results, write_csv, write_result
from autograder.scores.gradebook import write_gradebook
from autograder.scores.table import closing_table

DECLARED = """
[written.task1_2_answers]
title = "What you saw"
file = "ANSWERS.md"
points = 15
section = "what-you-saw"
"""
SOLUTION = """# Answers

1. Why?

<!-- BEGIN SOLUTION task1_2_answers -->
Because the **secret** says so.
<!-- END SOLUTION task1_2_answers -->
"""
GIVEN = "# Answers\n\n1. Why?\n\n*Your answer.*\n"
ANSWERED = GIVEN.replace("*Your answer.*", "It is so.")


@pytest.fixture
def course(tmp_path):
    return course_of(tmp_path)


def course_of(folder: Path, declared: str = DECLARED, text: str = SOLUTION):
    root = folder / "course"
    build_course(root)
    alpha = root / "solutions" / "alpha"
    (alpha / "assignment.toml").write_text(ALPHA + declared)
    (alpha / "ANSWERS.md").write_text(text)
    for module, task in (("rules", "task1_1"), ("graphs", "task1_2")):
        body = f"    ### BEGIN SOLUTION {task}\n    return 1\n    ### END SOLUTION {task}\n"
        (alpha / f"{module}.py").write_text(f'"""It."""\n\n\ndef f():\n    """One."""\n{body}')
    return load_course(root, root / "solutions")


def read(course, folder: Path, files: dict[str, bytes]):
    lay(folder / "ada" / "alpha", files)
    (place,) = find_places(folder, course, "alpha")
    return read_submission(place, course.assignment("alpha"))


def answered(text: str, *, scores=(10.0, 7.5)) -> Result:
    written = WrittenAnswer(
        written="task1_2_answers", title="What you saw", file="ANSWERS.md", max_score=15.0, text=text
    )
    return msgspec.structs.replace(result(scores=scores), written=(written,))


def test_the_registry_knows_written_answers_and_keeps_their_points_apart(course):
    alpha = course.assignment("alpha")
    (written,) = alpha.written
    assert (written.id, written.file, written.points) == ("task1_2_answers", "ANSWERS.md", 15)
    assert alpha.max_score == 40
    assert course.assignment("beta").written == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("task1_2_answers", "task7_1_answers"), "named after a task of this assignment and a word"),
        (("task1_2_answers", "answers"), "named after a task of this assignment and a word"),
        (("ANSWERS.md", "rules.py"), "file is 'rules.py'; answers are written in a file like ANSWERS.md"),
        (("ANSWERS.md", "../ANSWERS.md"), "answers are written in a file like ANSWERS.md"),
        (("ANSWERS.md", "README.md"), "answers are written in a file like ANSWERS.md"),
        (("ANSWERS.md", "MORE.md"), "there is no MORE.md beside the registry; add the questions"),
        (("points = 15", "points = 0"), "points must be more than 0"),
        (("points = 15", 'points = 15\nhint = "x"'), "unknown field `hint`"),
    ],
)
def test_a_declaration_that_does_not_hold_is_refused(tmp_path, change, message):
    with pytest.raises(CourseError, match=message.replace("(", r"\(")):
        course_of(tmp_path, DECLARED.replace(*change))


def test_one_file_belongs_to_one_table(tmp_path):
    with pytest.raises(CourseError, match=r"ANSWERS\.md is declared twice"):
        course_of(tmp_path, DECLARED + DECLARED.replace("task1_2_answers", "task1_1_answers"))


def test_students_get_the_questions_and_never_the_authors_answer(course):
    alpha = course.assignment("alpha")
    files = {str(path): content for path, content in released(alpha).items()}
    assert files["ANSWERS.md"].decode() == GIVEN
    assert not any(b"secret" in content for content in files.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# Questions\n", r"ANSWERS\.md:1: has no place for an answer"),
        (SOLUTION.replace("<!-- END SOLUTION task1_2_answers -->\n", ""), r":5: is never ended"),
        (SOLUTION.replace("<!-- BEGIN SOLUTION task1_2_answers -->\n", ""), r":6: BEGIN and END do not take"),
        (SOLUTION.replace("BEGIN SOLUTION", "begin solution"), r":5: looks like a marker; write <!-- BEGIN"),
        (SOLUTION.replace("END SOLUTION task1_2_answers", "END SOLUTION task1_2"), r":7: marks task1_2, and"),
        (SOLUTION.replace("<!-- END", "text <!-- END"), r":7: looks like a marker"),
    ],
)
def test_a_doubtful_marker_is_refused(tmp_path, text, message):
    with pytest.raises(CourseError, match=message):
        templates(course_of(tmp_path, text=text).assignment("alpha"))


def test_an_authors_answer_in_an_undeclared_file_is_refused(course):
    alpha = course.assignment("alpha")
    (alpha.folder / "NOTES.md").write_text(SOLUTION)
    with pytest.raises(
        CourseError, match=r"NOTES\.md:5: a solution's marker in a file that students get whole"
    ):
        released(alpha)


def test_the_students_readme_says_where_to_write_and_what_it_is_worth(course):
    text = _readme([course.assignment("alpha")], constrained=False)
    assert (
        "[What you saw](assignments/alpha/README.md#what-you-saw) | `ANSWERS.md`, graded by hand | 15 |"
        in text
    )
    assert "- `alpha/`: `rules.py`, `graphs.py`, `ANSWERS.md`" in text


def test_answers_are_collected_with_the_submission_and_change_its_key(course, tmp_path):
    modules = {"rules.py": b"x = 1\n"}
    without = read(course, tmp_path / "a", modules)
    given = read(course, tmp_path / "b", {**modules, "ANSWERS.md": GIVEN.encode()})
    with_answer = read(course, tmp_path / "c", {**modules, "ANSWERS.md": ANSWERED.encode()})
    assert with_answer.answers == {"ANSWERS.md": ANSWERED}
    assert not given.answers
    assert without.sha256 == given.sha256 != with_answer.sha256
    assert "ANSWERS.md was not handed in: no written answer is there to be graded" in without.notes
    assert "ANSWERS.md is as it was given: no written answer is there to be graded" in given.notes
    assert not any("left aside" in note or "ANSWERS" in note for note in with_answer.notes)


def test_answers_that_cannot_be_read_are_a_note_and_cost_no_automatic_point(course, tmp_path):
    taken = read(course, tmp_path / "class", {"rules.py": b"x = 1\n", "ANSWERS.md": b"caf\xe9"})
    assert not taken.faults
    assert any(note.startswith("ANSWERS.md is not UTF-8 text") for note in taken.notes)


def test_a_result_without_written_answers_is_written_as_before(tmp_path):
    assert "written" not in json.loads(write_result(tmp_path, result()).read_text())


def test_a_result_carries_the_answer_beside_the_automatic_points(course, tmp_path):
    write_result(tmp_path, answered(ANSWERED))
    (back,) = read_results(tmp_path)
    assert back == answered(ANSWERED)
    assert (back.score, back.max_score) == (17.5, 40.0)
    assert (tmp_path / "alpha" / "ada.ANSWERS.md").read_text() == ANSWERED
    table = csv.DictReader(io.StringIO(write_csv(tmp_path, course, [back]).read_text()))
    assert [(row["score"], row["max_score"]) for row in table] == [("17.5", "40")]


def test_the_closing_table_says_what_waits_for_staff(tmp_path):
    console = Console(file=io.StringIO(), width=200)
    console.print(closing_table([answered(ANSWERED), answered("")], tmp_path))
    assert "task1_2_answers, of 15, is graded by hand: 1 of 2 wrote" in console.file.getvalue()


def test_a_grade_by_hand_is_filled_in_and_survives_grading_again(course, tmp_path):
    pytest.importorskip("nbgrader", reason="an extra: pip install 'autodiff-course-kit[grade]'")
    from nbgrader.api import Gradebook  # noqa: PLC0415  (an extra)

    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    write_gradebook([answered(ANSWERED)], course, url)
    with Gradebook(url) as gradebook:
        (cell,) = [
            c for c in gradebook.find_assignment("alpha").notebooks[0].grade_cells if c.name[-1] == "s"
        ]
        assert (cell.name, cell.max_score, cell.cell_type) == ("task1_2_answers", 15.0, "markdown")
        grade = gradebook.find_grade("task1_2_answers", "alpha", "alpha", "ada")
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (None, None, True)
        assert gradebook.find_submission("alpha", "ada").needs_manual_grade
        grade.manual_score, grade.needs_manual_grade = 12.0, False
        gradebook.find_comment("task1_2_answers", "alpha", "alpha", "ada").manual_comment = "well put"
        gradebook.db.commit()
    write_gradebook([answered(ANSWERED, scores=(10.0, 30.0))], course, url)
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("task1_2_answers", "alpha", "alpha", "ada")
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (None, 12.0, False)
        assert gradebook.find_comment("task1_2_answers", "alpha", "alpha", "ada").comment == "well put"
        assert gradebook.find_submission("alpha", "ada").score == 10.0 + 30.0 + 12.0
    program = [sys.executable, "-m", "nbgrader", "export", f"--db={url}", "--to=grades.csv"]
    subprocess.run(program, cwd=tmp_path, check=True, capture_output=True)
    (row,) = csv.DictReader((tmp_path / "grades.csv").read_text().splitlines())
    assert (float(row["score"]), float(row["max_score"])) == (52.0, 55.0)


def test_what_was_not_answered_has_no_points_and_waits_for_nobody(course, tmp_path):
    pytest.importorskip("nbgrader", reason="an extra: pip install 'autodiff-course-kit[grade]'")
    from nbgrader.api import Gradebook  # noqa: PLC0415  (an extra)

    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    for text, expected in (("", (0.0, False)), (ANSWERED, (None, True))):
        write_gradebook([answered(text)], course, url)
        with Gradebook(url) as gradebook:
            grade = gradebook.find_grade("task1_2_answers", "alpha", "alpha", "ada")
            assert (grade.auto_score, grade.needs_manual_grade) == expected


def test_a_students_own_course_takes_the_given_file_as_it_is(course, tmp_path):
    alpha = course.assignment("alpha")
    own = tmp_path / "own" / "assignments"
    for path, content in released(alpha).items():
        lay(own / "alpha", {str(path): content})
    student = find_course(own).assignment("alpha")
    taken = read_submission(Place("ada", "alpha", own / "alpha"), student)
    assert not taken.answers

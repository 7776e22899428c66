"""Scores for Canvas and Moodle: into the instructor's own export, by the importers' rules, nothing hidden in them."""

import csv
import html
import json
import subprocess
import sys
from pathlib import Path

import pytest
from gradebooks import opened
from handing_in import build_course, result
from lms_importers import Canvas, Moodle
from minicourse import write_course

from autograder.errors import KitError
from autograder.scores import canvas, moodle
from autograder.scores.files import write_result
from autograder.scores.final import Final, matched, read_finals, sorted_out

pytest.importorskip("nbgrader", reason="an extra: pip install 'autodiff-course-kit[grade]'")

STUDENTS = {
    101: ("Ada Lovelace", "S1", "ada"),
    102: ("Bob =cmd", "S2", "bob@uni.edu"),
    103: ("Zoë Ödegård", "S3", "zoe"),
    105: ("Test Student", "", "e0ff"),
}
EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Mini (4711),Essay (12),Current Score,Final Score
,,,,,,Manual Posting,,,
    Points Possible,,,,,,12.00,10.00,(read only),(read only)
"Lovelace, Ada",101,S1,ada,"CS 1, CS 2",x,,9.50,95.00,90
"=cmd|' /C calc'!A0",102,S2,bob@uni.edu,CS 1,,3.00,,,
"Ödegård, Zoë",103,S3,zoe,CS 1,,5.00,,,
"Student, Test",105,,e0ff,CS 1,,,,,
"""
GRADES = """\
First name,Surname,ID number,Email address,Assignment: Mini (Real),Last downloaded from this course
Ada,Lovelace,,ada@uni.edu,-,1790000000
=cmd,Bob,,bob@uni.edu,3.00,1790000000
Zoë,Ödegård,,zoe@uni.edu,5.00,1790000000
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Online text,Last modified (grade),Feedback comments
Participant 901,Ada Lovelace,ada@uni.edu,Submitted,,12.00,Yes,"Friday, 2 October 2026, 9:00 PM",=2+2,-,
Participant 902,=cmd,bob@uni.edu,Submitted,3.00,12.00,No,-,,-,old
Participant 903,Zoë,zoe@uni.edu,No submission,5.00,12.00,Yes,-,,-,well done
"""
ROSTER = "student_id,last_name,first_name,email\nada,Lovelace,Ada,ada@uni.edu\nbob,=cmd,Bob,bob@uni.edu\n"

MOODLE_USERS = {"email": {"ada@uni.edu": 901, "bob@uni.edu": 902, "zoe@uni.edu": 903}}
NO_CANVAS = {
    "no export": ("a,b\n1,2\n", "no gradebook of Canvas .*; export it in Canvas: Grades"),
    "no points": (EXPORT.replace("    Points Possible", "x"), "no row of Points Possible; export it"),
    "ragged": (EXPORT.replace("95.00,90", "95.00"), "'Lovelace, Ada' has 9 cells under 10 headings"),
}
NO_MOODLE = {
    "no list": ("a,b\n1,2\n", "no list of Moodle's .*; download the assignment's grading worksheet"),
    "ragged": (GRADES.replace("-,179", "-,,179"), "'Ada' has 7 cells under 6 headings"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A class of three, bob a day late and wrong in a hidden test, zed on nobody's list."""
    root = write_course(tmp_path_factory.mktemp("course"))
    wrong = "def double(x):\n    return x + x if x < 1e9 else 0.0\n"
    right = "def double(x):\n    return x + x\n"
    for student, double in (("ada", right), ("bob", wrong), ("zed", right)):
        folder = root / "submitted" / student / "mini"
        folder.mkdir(parents=True)
        (folder / "double.py").write_text(double)
        (folder / "greet.py").write_text("def greet(name):\n    return '<b>' + name\n")
        (folder / "timestamp.txt").write_text("2026-10-01 21:00:00 UTC")
    (root / "submitted/bob/mini/timestamp.txt").write_text("2026-10-02 21:59:00 UTC")
    (root / "course.toml").write_text("[due]\nmini = 2026-10-01T23:59:00+02:00\n[late]\npoints_a_day = 0.5\n")
    for name, text in (("canvas", EXPORT), ("grades", GRADES), ("worksheet", WORKSHEET), ("roster", ROSTER)):
        (root / f"{name}.csv").write_text(text, encoding="utf-8")
    done = autograder(root, "grade", "submitted", "--roster", "roster.csv")
    assert "not on the roster  1  zed" in done.stdout
    autograder(root, "export", "canvas", "canvas.csv", "--out", "to_canvas.csv")
    for name in ("grades", "worksheet"):
        autograder(root, "export", "moodle", f"{name}.csv", "--assignment", "mini", "--out", f"to_{name}.csv")
    return root


def autograder(root: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stderr
    return done


def final(student: str, assignment: str, points: float, of: float, *keys: str) -> Final:
    return Final(student, assignment, points, of, penalty=0.0, waiting=False, ungraded=False, keys=keys)


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines(), strict=True))


def test_the_time_of_submission_is_in_the_result_and_a_later_one_grades_nothing_anew(graded):
    path = graded / "scores/mini/ada.json"
    before = json.loads(path.read_text())
    assert before["submitted"] == "2026-10-01T21:00:00Z"
    (graded / "submitted/ada/mini/timestamp.txt").write_text("2026-10-01 21:01:00 UTC")
    assert "3 skipped" in autograder(graded, "grade", "submitted", "--no-gradebook").stdout
    assert json.loads(path.read_text()) == {**before, "submitted": "2026-10-01T21:01:00Z"}


class TestCanvas:
    def test_its_importer_takes_the_final_scores_and_touches_nothing_else(self, graded):
        there = Canvas(
            STUDENTS,
            {4711: ("Mini", 12.0), 12: ("Essay", 10.0)},
            {(101, 12): "9.5", (102, 4711): "3.0", (103, 4711): "5.0"},
        )
        changes = there.import_file(graded / "to_canvas.csv")
        assert changes == {(101, 4711): "4", (102, 4711): "0.5"}
        assert there.proposed == []

    def test_no_cell_is_a_formula_and_the_ids_are_canvass_own(self, graded):
        header, points, *students = rows(graded / "to_canvas.csv")
        assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Mini (4711)"]
        assert points == ["    Points Possible", "", "", "", "", "12.00"]
        assert [row[0] for row in students] == ["Lovelace, Ada", "'=cmd|' /C calc'!A0"]
        assert [row[1] for row in students] == ["101", "102"]

    @pytest.fixture
    def course(self, tmp_path):
        return build_course(tmp_path / "course")

    def export(self, tmp_path, text):
        (tmp_path / "export.csv").write_text(text, encoding="utf-8")
        return canvas.read_export(tmp_path / "export.csv")

    def test_semicolons_decimal_commas_and_further_columns_of_canvas(self, tmp_path, course):
        text = (
            "LastName;FirstName;ID;SIS User ID;SIS Login ID;Integration ID;Section;Alpha (1)\n"
            "    Points Possible;;;;;;;40,00\nLovelace;Ada;101;S1;ada;;CS;\n"
        )
        export = self.export(tmp_path, text)
        at = canvas.column_of(export, course.assignment("alpha"), "")
        scores = [final("ada", "alpha", 17.5, 40.0, "ADA")]
        assert canvas.factor(export, at, scores, scale=False) == 1.0
        assert canvas.filled(export, {at: (scores, 1.0)}).rows[2] == (
            "Lovelace;Ada;101;S1;ada;;CS;17.5".split(";")
        )

    def test_excused_stays_excused(self, tmp_path):
        export = self.export(tmp_path, EXPORT.replace('CS 2",x,,', 'CS 2",x,EX,'))
        scores = [final("ada", "mini", 4.0, 12.0, "ada")]
        filled = canvas.filled(export, {6: (scores, 1.0)})
        assert (filled.excused, len(filled.rows)) == (("ada",), 2)

    @pytest.mark.parametrize("fault", NO_CANVAS)
    def test_a_file_that_is_none_is_one_line(self, tmp_path, fault):
        text, said = NO_CANVAS[fault]
        with pytest.raises(KitError, match=said):
            self.export(tmp_path, text)

    def test_a_column_that_is_not_there_is_one_line_with_those_that_are(self, tmp_path, course):
        export = self.export(tmp_path, EXPORT)
        with pytest.raises(
            KitError, match=r'no columns titled "Alpha" or "alpha" in .*Mini \(4711\).*--column'
        ):
            canvas.column_of(export, course.assignment("alpha"), "")
        with pytest.raises(KitError, match="no columns with the id 99"):
            canvas.column_of(export, course.assignment("alpha"), "99")
        assert canvas.column_of(export, course.assignment("alpha"), "12") == 7

    def test_other_full_marks_are_refused_or_converted(self, tmp_path):
        export = self.export(tmp_path, EXPORT)
        scores = [final("ada", "mini", 4.0, 24.0, "ada")]
        with pytest.raises(
            KitError, match=r"Mini \(4711\): Canvas has 12.00 points possible, full marks are 24"
        ):
            canvas.factor(export, 6, scores, scale=False)
        assert canvas.factor(export, 6, scores, scale=True) == 0.5

    def test_a_wrong_option_is_wrong_usage(self, graded):
        done = autograder(
            graded, "export", "canvas", "canvas.csv", "--out", "x.csv", "--column", "mini=abc", code=2
        )
        assert "is no A=ID" in done.stderr


class TestMoodle:
    def test_its_grade_import_takes_grade_and_feedback_and_loses_no_other(self, graded):
        there = Moodle(MOODLE_USERS, {903: (5.0, "well done"), 902: (3.0, "")})
        there.import_grades(
            graded / "to_grades.csv",
            {"Email address": "email", "Assignment: Mini": "grade", "Feedback: Mini": "feedback"},
        )
        assert {user: grade for user, (grade, _) in there.grades.items()} == {901: 4.0, 902: 0.5, 903: 5.0}
        said = html.unescape(there.grades[902][1]).split("<br>")
        assert said[0] == "0.5 of 12, 0.5 taken off for being late"
        assert said[1] == "Double: 1 of 4, failed: doubling works for large numbers too"
        assert "'<b>ada'" in said[3]
        assert "<b>" not in there.grades[902][1]
        assert there.grades[903] == (5.0, "well done")

    def test_its_worksheet_is_filled_in_and_locked_grades_are_left_alone(self, graded):
        there = Moodle({}, {902: (3.0, "old"), 903: (5.0, "well done")})
        there.import_worksheet(graded / "to_worksheet.csv", {902}, 12.0)
        assert {user: grade for user, (grade, _) in there.grades.items()} == {901: 4.0, 902: 3.0, 903: 5.0}
        header, ada = rows(graded / "to_worksheet.csv")
        assert header == WORKSHEET.splitlines()[0].split(",")
        assert ada[7:9] == ["Friday, 2 October 2026, 9:00 PM", "'=2+2"]

    def test_no_cell_is_a_formula(self, graded):
        cells = [cell for row in rows(graded / "to_grades.csv") for cell in row]
        assert "'=cmd" in cells
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)

    @pytest.mark.parametrize("fault", NO_MOODLE)
    def test_a_file_that_is_none_is_one_line(self, tmp_path, fault):
        text, said = NO_MOODLE[fault]
        (tmp_path / "list.csv").write_text(text)
        with pytest.raises(KitError, match=said):
            moodle.read_list(tmp_path / "list.csv")

    def test_other_full_marks_and_grades_that_moodle_refuses(self, tmp_path):
        alpha = build_course(tmp_path / "course").assignment("alpha")
        (tmp_path / "list.csv").write_text(WORKSHEET)
        scores = [final("ada", "alpha", 110.0, 120.0, "ada@uni.edu")]
        with pytest.raises(
            KitError, match=r"alpha: Moodle has 12.00 as the maximum grade, full marks are 120"
        ):
            moodle.filled(moodle.read_list(tmp_path / "list.csv"), alpha, scores, {})
        (tmp_path / "list.csv").write_text(GRADES)
        assert moodle.filled(moodle.read_list(tmp_path / "list.csv"), alpha, scores, {}).too_large == 1


@pytest.mark.parametrize(
    "name", ["to_canvas.csv", "to_grades.csv", "to_worksheet.csv", "scores/absences.csv"]
)
def test_nothing_hidden_and_no_stranger_is_in_a_file(graded, name):
    text = (graded / name).read_text(encoding="utf-8")
    for secret in ("SECRET", "double_large", "2e12", "return x + x", "double(double", "hidden test"):
        assert secret not in text
    if name != "scores/absences.csv":
        assert "zed" not in text
    for row in rows(graded / name):
        said = [cell for cell in row if "<br>" in cell]
        assert not any("ada@" in cell or "Lovelace" in cell for cell in said)


def test_the_gradebook_holds_no_hidden_test_and_no_solution(graded):
    held = (graded / "scores/gradebook.db").read_bytes()
    for secret in (b"SECRET", b"double_large", b"2e12", b"return x"):
        assert secret not in held


class TestScores:
    def test_without_a_gradebook_they_are_the_automatic_ones_and_it_is_said(self, tmp_path):
        course = build_course(tmp_path / "course")
        for one in (result("ada"), result("bob", scores=(10.0, None))):
            write_result(tmp_path, one)
        finals = read_finals(tmp_path, course, None)
        assert "without what staff entered" in finals.source
        chosen, said = sorted_out(finals, "alpha", waiting=True)
        assert [(one.student_id, one.points) for one in chosen] == [("ada", 17.5)]
        assert said == ["alpha: 1 not fully graded and left out; run autograder grade again: bob"]

    def test_what_waits_for_staff_is_left_out_until_asked_for_and_no_fault_of_ours_is_a_zero(self, tmp_path):
        from autograder.scores.gradebook import write_gradebook  # noqa: PLC0415

        course, url = build_course(tmp_path / "course"), f"sqlite:///{tmp_path / 'gradebook.db'}"
        write_gradebook([result("ada"), result("bob"), result("cy", scores=(10.0, None))], course, url)
        with opened(url) as gradebook:
            gradebook.find_grade("task1_2", "alpha", "alpha", "bob").needs_manual_grade = True
        finals = read_finals(tmp_path, course, None)
        assert finals.source == "the gradebook"
        assert [one.student_id for one in sorted_out(finals, "alpha", waiting=False)[0]] == ["ada"]
        assert [one.student_id for one in sorted_out(finals, "alpha", waiting=True)[0]] == ["ada", "bob"]

    def test_no_scores_are_one_line(self, tmp_path):
        with pytest.raises(KitError, match="no scores here; autograder grade writes them"):
            read_finals(tmp_path, build_course(tmp_path / "course"), None)

    def test_students_are_told_by_the_column_that_knows_most_and_never_by_guesswork(self):
        scores = [
            final(student, "alpha", 1.0, 2.0, student, f"{student}@uni.edu")
            for student in ("ada", "bob", "cy", "101")
        ]
        there = [["101", "ada@uni.edu"], ["102", "BOB@uni.edu"], ["103", "cy@uni.edu"], ["104", "cy@uni.edu"]]
        found = matched(scores, ["ID", "Email"], there, ("ID", "Email"))
        assert (found.column, {number: one.student_id for number, one in found.rows.items()}) == (
            "Email",
            {0: "ada", 1: "bob"},
        )
        assert (found.strangers, found.without) == (("cy", "101"), (2, 3))


def test_export_lists_its_formats(graded):
    said = autograder(graded, "export", "--help").stdout
    assert all(name in said for name in ("canvas", "formgrader", "moodle"))

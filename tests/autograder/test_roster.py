"""Rosters: three tools' exports are read, names are harmless, and absences are listed both ways."""

import csv
import io

import pytest
from gradebooks import exported, opened
from handing_in import build_course, result
from rich.console import Console

from autograder.errors import KitError
from autograder.scores.gradebook import write_gradebook
from autograder.scores.roster import Student, absences, read_roster, write_absences
from autograder.scores.roster_table import absences_table

ADA = Student("ada", "Ada", "Lovelace", "ada@uni.edu")
ROSTERS = {
    "nbgrader's": (
        "id,first_name,last_name,email,lms_user_id\nada,Ada,Lovelace,ada@uni.edu,101\n",
        "ada",
        "101",
    ),
    "our own": ("student_id;last_name;first_name;email\nada;Lovelace;Ada;ada@uni.edu\n", "ada", ""),
    "Canvas's": (
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,email\n    Points Possible,,,,,\n{}".format(
            '"Lovelace, Ada",101,S1,ada,CS,ada@uni.edu\n'
        ),
        "ada",
        "101",
    ),
    "Moodle's": (
        "First name,Surname,ID number,Email address\nAda,Lovelace,ada,ada@uni.edu\n",
        "ada",
        "",
    ),
    "Moodle's participants": (
        "First name,Last name,Email address,Groups\nAda,Lovelace,ada@uni.edu,\n",
        "ada@uni.edu",
        "",
    ),
}


@pytest.mark.parametrize("whose", ROSTERS)
def test_a_roster_is_read_as_it_was_exported(whose, tmp_path):
    text, student, lms = ROSTERS[whose]
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    (read,) = read_roster(tmp_path / "roster.csv").students.values()
    assert read == Student(student, "Ada", "Lovelace", "ada@uni.edu", lms)


FAULTS = {
    "no ids": ("name,group\nAda,1\n", "no column tells who a student is; name it student_id"),
    "a line without": ("student_id,email\n,ada@uni.edu\n", "line 2: no student id; fill it in or remove"),
    "one twice": ("student_id\nada\nada\n", "line 3: ada is there twice; keep one line"),
    "a field too long": (f"student_id,email\nada,{'a' * 129}\n", "line 2: a field is longer than 128"),
    "empty": ("", "is empty; its first line names the columns"),
    "no text": (b"\xff\xfe\x00", "no UTF-8 text; save it as CSV in UTF-8"),
    "no CSV": ('student_id\n"ada\n', "no CSV .*; export it again"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line(fault, tmp_path):
    text, said = FAULTS[fault]
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(KitError, match=rf"roster\.csv: {said}"):
        read_roster(path)


def test_no_file_is_one_line(tmp_path):
    with pytest.raises(KitError, match=r"none\.csv: No such file or directory; name a CSV file"):
        read_roster(tmp_path / "none.csv")


def roster(tmp_path, *lines):
    path = tmp_path / "roster.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["student_id", "last_name", "first_name", "email"], *lines])
    return read_roster(path)


def test_who_handed_in_nothing_and_who_is_not_on_it_are_listed_both_ways(tmp_path):
    known = roster(
        tmp_path, ["ada", "Lovelace", "=1+1", "ada@uni.edu"], ["bob", "B", "", ""], ["cy", "C", "", ""]
    )
    results = [result("bob"), result("=zed"), result("dee")]
    (absence,) = absences(known, results)
    assert [student.id for student in absence.without_submission] == ["ada", "cy"]
    assert absence.without_student == ("=zed", "dee")
    lines = write_absences(tmp_path, known, results).read_text().splitlines()
    assert lines[1:] == [
        "alpha,no submission,ada,Lovelace,'=1+1,ada@uni.edu",
        "alpha,no submission,cy,C,,",
        "alpha,not on the roster,'=zed,,,",
        "alpha,not on the roster,dee,,,",
    ]
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(absences_table([absence], tmp_path))
    said = console.export_text()
    assert "no submission      2  ada, cy" in said
    assert "not on the roster  2  =zed, dee" in said
    assert "absences.csv" in said.replace("\n", "")


def test_nobody_missing_is_said_too(tmp_path):
    known = roster(tmp_path, ["ada", "", "", ""])
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(absences_table(list(absences(known, [result("ada")])), tmp_path))
    assert "Every student on the roster has a submission" in console.export_text()


def test_names_reach_nbgrader_and_break_neither_its_export_nor_a_spreadsheet(tmp_path):
    pytest.importorskip("nbgrader", reason="an extra: pip install 'autodiff-course-kit[grade]'")
    course, url = build_course(tmp_path / "course"), f"sqlite:///{tmp_path / 'gradebook.db'}"
    known = roster(
        tmp_path,
        ["ada", "Lovelace, Countess", '"Ada"', "ada@uni.edu"],
        ["bob", "=HYPERLINK(1)", "\tB\nb", "@bob"],
        ["cy", "-C", "+Cy", "cy@uni.edu"],
    )
    write_gradebook([result("ada"), result("bob")], course, url, known)
    rows = {row["student_id"]: row for row in exported(url, tmp_path)}
    assert rows["ada"]["last_name"] == "Lovelace  Countess"
    assert (rows["ada"]["score"], rows["cy"]["score"]) == ("17.5", "0.0")
    names = [row[name] for row in rows.values() for name in ("last_name", "first_name", "email")]
    assert all(not name.startswith(("=", "+", "-", "@", "\t")) for name in names)
    with opened(url) as gradebook:
        gradebook.find_student("ada").lms_user_id = "101"
    write_gradebook([], course, url, roster(tmp_path, ["ada", "Byron", "", ""]))
    with opened(url) as gradebook:
        ada = gradebook.find_student("ada")
        assert (ada.last_name, ada.first_name, ada.lms_user_id) == ("Byron", "'Ada'", "101")
        assert len(gradebook.students) == 3

"""Who is in the course: a roster as nbgrader, Canvas or Moodle export it, and who of it handed in nothing."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import KitError
from autograder.grading.result import Result
from autograder.scores.files import no_formula, written_whole

# What tells who a student is, the first that is there: a submission's folder bears this name.
_IDS = ("student_id", "username", "sis login id", "id", "id number", "email address", "email")
_FIRST = ("first_name", "first name", "firstname", "given name")
_LAST = ("last_name", "last name", "lastname", "surname", "family name")
_WHOLE = ("student", "name", "full name")
_EMAILS = ("email", "email address", "e-mail")
_LONGEST = 128
"""Characters in a field of nbgrader's table of students."""


@dataclass(frozen=True, slots=True)
class Student:
    """One line of a roster; all but the id may be ""."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in the course, by id."""

    students: Mapping[str, Student]


@dataclass(frozen=True, slots=True)
class Absence:
    """What the roster and the submissions to one assignment do not share.

    Attributes:
        without_submission: students who handed in nothing.
        without_student: submissions of nobody on the roster, by student id.
    """

    assignment: str
    without_submission: tuple[Student, ...]
    without_student: tuple[str, ...]


def read_roster(path: Path) -> Roster:
    """The roster in a CSV file: a line a student, the columns told by their headings.

    Raises:
        KitError: no such file, no column of ids, a line without an id, or an id that is there twice.
    """
    rows = read_table(path)
    headings = {name.casefold(): at for at, name in enumerate(rows[0])}
    if not any(name in headings for name in _IDS):
        raise KitError(
            f"{path}: no column tells who a student is; name it student_id (as the submissions' folders are "
            f"named), or give an export with one of: {', '.join(_IDS[1:])}"
        )
    students: dict[str, Student] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(row) or row[0].startswith("Points Possible"):
            continue
        student = _student(row, headings)
        where = f"{path}: line {number}"
        if not student.id:
            raise KitError(f"{where}: no student id; fill it in or remove the line")
        if student.id in students:
            raise KitError(f"{where}: {student.id} is there twice; keep one line")
        if max(map(len, (student.id, student.first_name, student.last_name, student.email))) > _LONGEST:
            raise KitError(f"{where}: a field is longer than {_LONGEST} characters; shorten it")
        students[student.id] = student
    return Roster(students)


def read_table(path: Path) -> list[list[str]]:
    """The rows of a CSV file, separated by commas or semicolons, each cell without spaces around it.

    Raises:
        KitError: it cannot be read, is no UTF-8 text or empty.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except UnicodeDecodeError as fault:
        raise KitError(f"{path}: no UTF-8 text; save it as CSV in UTF-8") from fault
    except csv.Error as fault:
        raise KitError(f"{path}: no CSV ({fault}); export it again") from fault
    except OSError as fault:
        raise KitError(f"{path}: {fault.strerror}; name a CSV file") from fault
    if not rows or not any(rows[0]):
        raise KitError(f"{path}: is empty; its first line names the columns")
    return [[cell.strip() for cell in row] for row in rows]


def _student(row: Sequence[str], headings: Mapping[str, int]) -> Student:
    def cell(names: Sequence[str]) -> str:
        ats = [headings[name] for name in names if name in headings]
        return next((row[at] for at in ats if at < len(row) and row[at]), "")

    key = next(name for name in _IDS if name in headings)
    last, first = _parted(cell(_WHOLE))
    return Student(
        id=unicodedata.normalize("NFC", cell([key])),  # (as of a folder's name)
        first_name=_plain(cell(_FIRST) or first),
        last_name=_plain(cell(_LAST) or last),
        email=_plain(cell(_EMAILS)),
        # (Canvas's own number stands under "ID", beside the login)
        lms_user_id=cell(["lms_user_id", *(["id"] if key == "sis login id" else [])]),
    )


def _parted(name: str) -> tuple[str, str]:
    """Last and first name of "Lovelace, Ada" or "Ada Lovelace"."""
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.rpartition(" ")
    return last.strip(), first.strip()


def _plain(text: str) -> str:
    """`text` as it can stand in nbgrader's export, which quotes nothing, and in a spreadsheet."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return no_formula(printable.replace(",", " ").replace('"', "'").strip())


def absences(roster: Roster, results: Iterable[Result]) -> Iterator[Absence]:
    """For each assignment that has a result: who handed in nothing, and who is not on the roster."""
    handed_in: dict[str, set[str]] = defaultdict(set)
    for result in results:
        handed_in[result.assignment].add(result.student_id)
    for assignment, ids in sorted(handed_in.items()):
        missing = (student for id_, student in roster.students.items() if id_ not in ids)
        unknown = sorted(ids.difference(roster.students))
        yield Absence(assignment, tuple(missing), tuple(unknown))


def write_absences(out: Path, roster: Roster, results: Iterable[Result]) -> Path:
    """Write ``absences.csv``: a line for each student without a submission and each submission without one.

    Raises:
        OutputError: the file cannot be written; an earlier one is as it was.
    """
    path = out / "absences.csv"
    with written_whole(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["assignment", "what", "student_id", "last_name", "first_name", "email"])
        for absence in absences(roster, results):
            for one in absence.without_submission:
                names = [no_formula(one.id), one.last_name, one.first_name, one.email]
                table.writerow([absence.assignment, "no submission", *names])
            for student in absence.without_student:
                table.writerow([absence.assignment, "not on the roster", no_formula(student), "", "", ""])
    return path

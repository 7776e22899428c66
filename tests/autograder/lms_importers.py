"""What Canvas and Moodle do with an imported CSV, written anew from their importers' published source.

Canvas: ``lib/gradebook_importer.rb``. Moodle: ``grade/import/csv/classes/load_data.php``,
``grade/import/lib.php`` and ``mod/assign/feedback/offline``. Neither shares a line with what writes the files.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Canvas:
    """A course there: students by id (name, SIS user id, login), assignments by id (title, points), scores."""

    students: Mapping[int, tuple[str, str, str]]
    assignments: Mapping[int, tuple[str, float]]
    scores: dict[tuple[int, int], str]
    proposed: list[str] = field(default_factory=list)

    def import_file(self, path: Path) -> dict[tuple[int, int], str]:
        """The scores that change, by student and assignment; what it would create is in `proposed`."""
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()[:3]
        fields = {mark: {len(next(csv.reader([line], delimiter=mark))) for line in lines} for mark in ";,"}
        counts = {mark: sizes.pop() if len(sizes) == 1 else 0 for mark, sizes in fields.items()}
        mark = ";" if counts[";"] > counts[","] else ","
        kept = [line for line in text.split("\n") if line and not re.fullmatch("[;, ]+", line)]
        header, *rows = csv.reader(kept, delimiter=mark, strict=True)
        columns = self._columns(header)
        changes: dict[tuple[int, int], str] = {}
        for row in ([self._number(cell) for cell in row] for row in rows):
            if "Points Possible" in row[0]:
                for at, assignment in columns.items():
                    if float(row[at]) != self.assignments[assignment][1]:
                        self.proposed.append(f"points of {assignment}: {row[at]}")
                continue
            student = self._student(row, header)
            for at, assignment in columns.items():
                new, old = row[at].strip(), self.scores.get((student, assignment), "")
                if self._differs(old, new):
                    changes[student, assignment] = new
        return changes

    def _columns(self, header: list[str]) -> dict[int, int]:
        assert len(header) > 3
        assert "Student" in header[0]
        assert "ID" in header[1]
        own = 3
        if re.search(r"SIS\s+Login\s+ID", header[2]):
            own = 4
        elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
            own = 5 + ("Integration ID" in header[4])
            own += "Root Account" in header[own - 1]
        assert "Section" in header[own - 1]
        columns = {}
        for at, heading in enumerate(header[own:], own):
            assert not re.search(r"(Current|Final|Override) (Score|Points|Grade)", heading)
            found = re.fullmatch(r"(.*)\s\((\d+)\)", heading, re.DOTALL)
            if found and int(found[2]) in self.assignments:
                columns[at] = int(found[2])
            else:
                self.proposed.append(heading)
        return columns

    def _student(self, row: list[str], header: list[str]) -> int:
        if row[1].isdecimal() and int(row[1]) in self.students:
            return int(row[1])
        for at, which in (("SIS User ID", 1), ("SIS Login ID", 2)):
            for key, known in self.students.items():
                if at in header and row[header.index(at)] and row[header.index(at)] == known[which]:
                    return key
        self.proposed.append(row[0])
        return -1

    @staticmethod
    def _number(cell: str) -> str:
        if not re.fullmatch(r"-?[0-9.,]+%?", cell):
            return cell
        *whole, last = re.split("[,.]", cell)
        return f"{''.join(whole)}.{last}" if whole else last

    @staticmethod
    def _differs(old: str, new: str) -> bool:
        if old == new or (old in {"", "-"} and new in {"", "-"}):
            return False
        if not old or not new or "EX" in {old.upper(), new.upper()}:
            return True
        return round(float(old), 2) != round(float(new), 2)


@dataclass
class Moodle:
    """A course there: users by a field and its value; grade and feedback by user."""

    users: Mapping[str, Mapping[str, int]]
    grades: dict[int, tuple[float | None, str]] = field(default_factory=dict)
    largest: float = 100.0

    def import_grades(self, path: Path, mapping: Mapping[str, str]) -> None:
        """Import as ``grade/import/csv`` does, with headings mapped to a user's field, "grade" or "feedback"."""
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, strict=True)
        buffer: dict[int, tuple[float | None, str]] = {}
        for row in rows:
            assert len(row) == len(header), "csvweirdcolumns"
            cells = {
                mapping[name]: cell.strip() for name, cell in zip(header, row, strict=True) if name in mapping
            }
            ((which, key),) = [(name, cell) for name, cell in cells.items() if name in self.users]
            user = self.users[which].get(key)
            assert user is not None, f"usermappingerror: {key}"
            grade = None if cells.get("grade", "") in {"", "-"} else float(cells["grade"])
            assert grade is None or grade <= self.largest, "gradevaluetoobig"
            buffer[user] = (grade, cells.get("feedback", ""))
        self.grades.update(buffer)  # (feedback without its grade's column takes the grade away)

    def import_worksheet(self, path: Path, locked: set[int], full_marks: float) -> None:
        """Import an assignment's worksheet: rows told by "Participant 12", grades in range alone."""
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
        assert {"Identifier", "Grade", "Last modified (grade)"} <= set(rows[0])
        for row in rows:
            user = int(row["Identifier"].removeprefix("Participant "))
            grade, feedback = self.grades.get(user, (None, ""))
            if row["Grade"] and user not in locked and 0 <= float(row["Grade"]) <= full_marks:
                grade = float(row["Grade"])
            self.grades[user] = (grade, row.get("Feedback comments", feedback))

"""Files in which students answer in words: the questions stay, an author's own answers are cut out.

In Markdown a solution's markers are comments, each on a line of its own::

    <!-- BEGIN SOLUTION task5_6_answers -->
    What staff compare a student's answer with.
    <!-- END SOLUTION task5_6_answers -->
"""

from __future__ import annotations

import re

from autograder.registry import Assignment, Written
from autograder.release.markers import fault, source_lines
from autograder.release.stubs import module_source

MARKER = re.compile(r"<!-- (BEGIN|END) SOLUTION (\S+) -->")
MEANT = re.compile(r"\b(begin|end)[\s_-]*solution", re.IGNORECASE)
PLACE = "*Your answer.*\n"


def templates(assignment: Assignment) -> dict[str, str]:
    """What students get of each file for written answers, by the file's name.

    Raises:
        CourseError: a marker is at fault, or a file has none.
    """
    return {written.file: _template(assignment, written) for written in assignment.written}


def _template(assignment: Assignment, written: Written) -> str:
    file = f"{assignment.folder.parent.name}/{assignment.name}/{written.file}"
    begun, found, kept = 0, False, list[str]()
    for number, line in enumerate(source_lines(module_source(assignment.folder / written.file, file)), 1):
        marker = MARKER.fullmatch(line.rstrip("\r\n"))
        if marker is None:
            if MEANT.search(line):
                raise fault(file, number, f"looks like a marker; write <!-- BEGIN SOLUTION {written.id} -->")
            kept += [] if begun else [line]
        elif marker[2] != written.id:
            raise fault(
                file, number, f"marks {marker[2]}, and this file belongs to {written.id}; mend its id"
            )
        elif (marker[1] == "BEGIN") == bool(begun):
            raise fault(file, number, "BEGIN and END do not take turns; pair the markers")
        else:
            kept += [] if begun else [PLACE]
            begun, found = (0 if begun else number), True
    if begun:
        raise fault(file, begun, f"is never ended; add <!-- END SOLUTION {written.id} -->")
    if not found:
        raise fault(
            file, 1, f"has no place for an answer; mark one with <!-- BEGIN SOLUTION {written.id} -->"
        )
    return "".join(kept)

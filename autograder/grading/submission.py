"""What a student handed in, as far as it is taken: the source of the registry's modules, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where one student's work for one assignment lies.

    Attributes:
        path: a folder or an archive.
    """

    student_id: str
    assignment: str
    path: Path


@dataclass(frozen=True, slots=True)
class Submission:
    """The modules of one submission, read.

    Attributes:
        modules: module name to source text.
        faults: module name to one line for the student, where a module was there but could not be taken
            (too large, not UTF-8, a link); its tasks fail with this line.
        missing: the declared modules that were not handed in; their stubs stand in.
        notes: what staff and student should know (a file found in another folder, files left aside).
        sha256: of names and contents of the modules and of the faults.
    """

    student_id: str
    assignment: str
    modules: Mapping[str, str]
    sha256: str
    faults: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

"""What a student handed in, as far as it is taken: the source of the registry's modules, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.notebooks import assembling


@dataclass(frozen=True, slots=True)
class Place:
    """Where one student's work for one assignment lies.

    Attributes:
        path: a folder or an archive.
        notes: what staff and student should know of how it was found (handed in twice).
    """

    student_id: str
    assignment: str
    path: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a submission is looked at; whatever goes beyond becomes a fault of its own.

    Attributes:
        module_bytes: the size of one module.
        notebook_bytes: the size of a notebook, pictures in its outputs included.
        entries: files and folders in a submission, those of tools (``.git``, ``.venv``) not counted; of
            a folder the first are looked at, an archive with more is refused.
        members: everything in an archive, those of tools included.
        unpacked_bytes: how far a compressed stream (.tar.gz) is unpacked in search of its members.
    """

    module_bytes: int = 256 * 1024
    notebook_bytes: int = 16 * 1024 * 1024
    entries: int = 2_000
    members: int = 20_000
    unpacked_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Submission:
    """The modules of one submission, read.

    Attributes:
        modules: module name to source text.
        faults: module name to one line for the student, where a module was there but could not be taken
            (too large, not UTF-8, a link); its tasks fail with this line.
        missing: the declared modules that were not handed in; their stubs stand in.
        notes: what staff and student should know (a file found in another folder, files left aside).
        sha256: of names and contents of the modules, of the faults and of the answers.
        answers: file name to text, of the files with written answers; one left as it was given is none.
        places: of modules that were handed in as a notebook's cells, where their lines come from.
    """

    student_id: str
    assignment: str
    modules: Mapping[str, str]
    sha256: str
    faults: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[assembling.Place, ...]] = field(default_factory=dict)

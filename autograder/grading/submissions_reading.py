"""Reading one submission: the registry's modules are taken, everything else is left aside."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path

from autograder.grading.archives import archive_stem, open_archive
from autograder.grading.submission import Limits, Place, Submission
from autograder.grading.submissions_folder import FolderTree, open_file, open_folder
from autograder.grading.submissions_notebook import SUFFIX, Taken, take_notebook
from autograder.grading.submissions_tree import Entry, Refused, Tree, Unreadable, is_common, shown
from autograder.notebooks import BESIDE
from autograder.registry import Assignment
from autograder.release.written import templates

_LISTED = 3
"""How many places a message names before it counts the others."""


def read_submission(place: Place, assignment: Assignment, limits: Limits | None = None) -> Submission:
    """What was handed in at `place`; whatever is wrong with it becomes a fault or a note, never an error."""
    limits = limits or Limits()
    names = (*assignment.task_modules, *assignment.helpers, assignment.name)
    try:
        with open_tree(place.path, names, limits) as tree:
            taken = _take(tree, assignment, limits)
    except Unreadable as fault:
        taken = Taken(faults=dict.fromkeys(assignment.task_modules, str(fault)))
    return Submission(
        student_id=place.student_id,
        assignment=assignment.name,
        modules=taken.modules,
        sha256=_sha256(taken),
        faults=taken.faults,
        missing=tuple(name for name in assignment.task_modules if not taken.has(name)),
        notes=(*place.notes, *taken.notes),
        answers=taken.answers,
        places=taken.places,
    )


@contextmanager
def open_tree(path: Path, names: Sequence[str], limits: Limits) -> Iterator[Tree]:
    """The folder, archive or notebook at `path`; a folder that holds nothing but an archive is that archive.

    Args:
        path: of the submission.
        names: of modules and notebooks that a submission may hold; without any, an archive is looked for.
        limits: how much to look at.

    Raises:
        Unreadable: it cannot be opened.
    """
    with ExitStack() as opened:
        if path.is_dir() or path.is_symlink():
            folder = opened.enter_context(open_folder(path, limits))
            inner = _archive_within(folder, names)
            if inner is None:
                yield folder
                return
            try:
                file = opened.enter_context(folder.open(inner.path))
            except Refused as fault:
                raise Unreadable(f"{shown(inner.path)} {fault}") from fault
            yield opened.enter_context(open_archive(file, inner.name, limits))
        elif path.suffix == SUFFIX:
            yield opened.enter_context(open_folder(path.parent, limits, only=path.name))
        else:
            file = opened.enter_context(open_file(path))
            yield opened.enter_context(open_archive(file, path.name, limits))


def _archive_within(folder: FolderTree, names: Sequence[str]) -> Entry | None:
    """The archive that was handed in in place of modules, None where there are modules or no archive."""
    files = {f"{name}{suffix}" for name in names for suffix in (".py", SUFFIX)}
    archives = [entry for entry in folder.entries if archive_stem(entry.name) is not None]
    if not archives or any(entry.name in files for entry in folder.entries):
        return None
    if len(archives) > 1:
        raise Unreadable(
            f"{_some([entry.path for entry in archives])} are handed in and no module; hand in one"
        )
    if archives[0].fault:
        raise Unreadable(f"{shown(archives[0].path)} {archives[0].fault}")
    return archives[0]


def _take(tree: Tree, assignment: Assignment, limits: Limits) -> Taken:
    taken = Taken()
    finder = _Finder(tree, assignment)
    written = take_notebook(taken, tree, finder, assignment, limits)
    for name in (*(assignment.task_modules if written is None else ()), *assignment.helpers):
        try:
            entry = finder.find(f"{name}.py")
            if entry is not None:
                taken.modules[name] = _text(tree.read(entry.path, limits.module_bytes))
        except Refused as fault:
            taken.faults[name] = f"{name}.py {fault}"
    if written is None:
        written = _written_files(taken, tree, finder, assignment, limits)
    _take_answers(taken, written, assignment)
    taken.notes += finder.notes(limits)
    if not any(taken.has(name) for name in assignment.task_modules):
        files = ", ".join(f"{name}.py" for name in assignment.task_modules)
        taken.notes.append(f"no module of {assignment.name} was handed in; it has {files}")
    elif tree.cut:
        taken.notes.append(f"only {limits.entries:,} files were looked at; hand in nothing but your modules")
    return taken


def _written_files(
    taken: Taken, tree: Tree, finder: _Finder, assignment: Assignment, limits: Limits
) -> Mapping[str, str]:
    """The texts of the files with written answers, by id.

    What cannot be taken is a note, since no automatic point hangs on it.
    """
    texts = {}
    for written in assignment.written:
        try:
            entry = finder.find(written.file)
            if entry is not None:
                texts[written.id] = _text(tree.read(entry.path, limits.module_bytes))
        except Refused as fault:
            taken.notes.append(f"{written.file} {fault}")
            texts[written.id] = ""
    return texts


def _take_answers(taken: Taken, texts: Mapping[str, str], assignment: Assignment) -> None:
    """Take the written answers, a note in the place of what is as it was given."""
    given = _templates(assignment)
    for written in assignment.written:
        text = texts.get(written.id)
        if text and text.split() != given[written.file].split():
            taken.answers[written.file] = text
        elif text != "":
            was = "was not handed in" if text is None else "is as it was given"
            taken.notes.append(f"{written.file} {was}: no written answer is there to be graded")


class _Finder:
    """Where each module lies in a submission."""

    def __init__(self, tree: Tree, assignment: Assignment) -> None:
        self._tree, self._assignment = tree, assignment
        # An archive's folders are the student's tree of assignments; a folder is mostly the assignment's own.
        inside = (f"{assignment.name}/", f"assignments/{assignment.name}/")
        self._places = ("", *inside) if tree.name == assignment.name else (*inside, "")
        others = _assignments(assignment.folder.parent) - {assignment.name}
        self._entries = {entry.path: entry for entry in tree.entries if others.isdisjoint(entry.folders)}
        self._chosen: list[Entry] = []

    def find(self, file: str) -> Entry | None:
        """The entry to take for a file of this name, None where there is none.

        Raises:
            Refused: it is there but may not be taken, or it is not clear which one is meant.
        """
        entry = self.at_its_place(file) or self._elsewhere(file)
        if entry is None:
            self._check_behind()
            return None
        self._chosen.append(entry)
        if entry.fault:
            raise Refused(entry.fault)
        return entry

    def notes(self, limits: Limits) -> list[str]:
        """What is worth saying of the files that were taken from elsewhere, changed or left aside."""
        return [*self._moved(), *self._given_changed(limits), *self._left_aside()]

    def at_its_place(self, file: str) -> Entry | None:
        """The entry of this name in the assignment's folder, None where there is none."""
        return next((self._entries[p + file] for p in self._places if p + file in self._entries), None)

    def with_suffix(self, suffix: str) -> list[Entry]:
        """Every entry whose name ends so, in the order of the paths."""
        return [entry for entry in self._entries.values() if entry.name.endswith(suffix)]

    def _elsewhere(self, file: str) -> Entry | None:
        named = [entry for entry in self._entries.values() if entry.name == file]
        readable = [entry for entry in named if not entry.fault] or named[:1]
        at_home = [entry for entry in readable if entry.folders[-1:] == [self._assignment.name]]
        candidates = at_home if len(at_home) == 1 else readable
        if len(candidates) > 1:
            found = _some([entry.path for entry in candidates])
            raise Refused(f"was handed in more than once: {found}; keep one, in {self._assignment.name}/")
        return candidates[0] if candidates else None

    def _check_behind(self) -> None:
        """Refuse a module whose folder is there but cannot be entered."""
        for entry in self._tree.entries:
            if entry.fault and any(place.startswith(f"{entry.path}/") for place in self._places):
                raise Refused(f"cannot be reached: {shown(entry.path)} {entry.fault}")

    def _moved(self) -> Iterator[str]:
        by_folder: dict[str, list[str]] = defaultdict(list)
        for entry in self._chosen:
            folder = "".join(f"{name}/" for name in entry.folders)
            if folder not in self._places and not entry.fault:
                by_folder[folder].append(entry.name)
        for folder, files in by_folder.items():
            were, them = ("was", "it") if len(files) == 1 else ("were", "them")
            place = f"{self._assignment.name}/"
            yield f"{', '.join(files)} {were} found in {shown(folder)}; hand {them} in directly in {place}"

    def _given_changed(self, limits: Limits) -> Iterator[str]:
        for name, text in _given(self._assignment).items():
            entry = self.at_its_place(f"{name}.py")
            if entry is not None and not self._reads(entry, text, limits):
                yield f"{name}.py is given and was changed; the course's own is used"

    def _reads(self, entry: Entry, text: str, limits: Limits) -> bool:
        try:
            return not entry.fault and _text(self._tree.read(entry.path, limits.module_bytes)) == text
        except Refused:
            return False

    def _left_aside(self) -> Iterator[str]:
        given = {f"{name}.py" for name in self._assignment.given_modules}
        taken = {entry.path for entry in self._chosen}
        beside = BESIDE if any(path.endswith(SUFFIX) for path in taken) else ""
        count = sum(
            path not in taken
            and entry.name not in given
            and not is_common(entry)
            and beside not in entry.folders
            for path, entry in self._entries.items()
        )
        if count:
            yield "1 other file was left aside" if count == 1 else f"{count:,} other files were left aside"


def _text(content: bytes) -> str:
    """The module's text, with the line ends and without the mark that Python itself drops."""
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise Refused(f"holds a NUL byte (line {line}); save it as plain text in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        at = fault.start + len(content) - len(fault.object)
        line = content.count(b"\n", 0, at) + 1
        raise Refused(f"is not UTF-8 text (byte {at}, line {line}); save it in UTF-8") from fault
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _some(paths: Sequence[str]) -> str:
    """The first paths, and how many more."""
    listed = ", ".join(shown(path) for path in paths[:_LISTED])
    return f"{listed} and {len(paths) - _LISTED} more" if len(paths) > _LISTED else listed


@lru_cache
def _assignments(tree: Path) -> frozenset[str]:
    return frozenset(path.parent.name for path in tree.glob("*/assignment.toml"))


@lru_cache
def _given_texts(folder: Path, names: tuple[str, ...]) -> Mapping[str, str]:
    return {name: _text((folder / f"{name}.py").read_bytes()) for name in names}


def _templates(assignment: Assignment) -> Mapping[str, str]:
    """What each file for written answers looked like when it was given."""
    if assignment.folder.parent.name == "solutions":
        return templates(assignment)
    return {w.file: _text((assignment.folder / w.file).read_bytes()) for w in assignment.written}


def _given(assignment: Assignment) -> Mapping[str, str]:
    return _given_texts(assignment.folder, assignment.given_modules)


def _sha256(taken: Taken) -> str:
    digest = hashlib.sha256()
    for kind, texts in (("module", taken.modules), ("fault", taken.faults), ("answer", taken.answers)):
        for name, text in sorted(texts.items()):
            content = text.encode()
            digest.update(f"{kind} {name} {len(content)}\n".encode() + content)
    return digest.hexdigest()

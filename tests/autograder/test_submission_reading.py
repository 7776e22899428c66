"""Submissions are read alike in every form; what cannot be taken costs only its own tasks."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from handing_in import FILES, build_course, found, lay, pack, read_at

from autograder.grading.collecting import find_places
from autograder.grading.submission import Limits
from autograder.registry import Course

IN_ALPHA = {f"alpha/{name}": content for name, content in FILES.items()}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return build_course(tmp_path / "course")


@pytest.fixture
def class_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    return folder


class TestTaking:
    def test_modules_and_helpers_and_nothing_else(self, class_folder, course):
        lay(
            class_folder, {**FILES, "tools.py": b"T = 3\n", "given.py": b"GIVEN = 0\n", "conftest.py": b"0/0"}
        )
        submission = read_at(class_folder, course)
        assert set(submission.modules) == {"rules", "graphs", "tools"}
        assert submission.missing == ()
        assert submission.notes == ("1 other file was left aside",)

    def test_a_module_that_was_not_handed_in_is_missing(self, class_folder, course):
        lay(class_folder, {"rules.py": b""})
        submission = read_at(class_folder, course)
        assert (submission.missing, dict(submission.faults), submission.notes) == (("graphs",), {}, ())

    def test_an_empty_submission_has_everything_missing_and_a_note(self, class_folder, course):
        submission = read_at(class_folder, course)
        assert submission.missing == ("rules", "graphs")
        assert submission.notes == ("no module of alpha was handed in; it has rules.py, graphs.py",)

    def test_a_module_in_another_folder_is_taken_with_a_note(self, class_folder, course):
        lay(class_folder, {"rules.py": b"", "old/src/graphs.py": b"OLD = 1\n"})
        submission = read_at(class_folder, course)
        assert submission.modules["graphs"] == "OLD = 1\n"
        assert submission.notes == ("graphs.py was found in old/src/; hand it in directly in alpha/",)

    def test_all_modules_in_another_folder_make_one_note(self, class_folder, course):
        lay(class_folder, {f"src/{name}": content for name, content in FILES.items()})
        assert read_at(class_folder, course).notes == (
            "rules.py, graphs.py were found in src/; hand them in directly in alpha/",
        )

    def test_the_module_at_its_place_wins_over_one_elsewhere(self, class_folder, course):
        lay(class_folder, {**FILES, "old/rules.py": b"OLD = 1\n"})
        submission = read_at(class_folder, course)
        assert submission.modules["rules"] == "RULE = 1\n"
        assert submission.notes == ("1 other file was left aside",)

    def test_several_candidates_are_a_fault_that_lists_them(self, class_folder, course):
        lay(class_folder, {f"v{number}/rules.py": b"" for number in range(5)})
        submission = read_at(class_folder, course)
        assert submission.faults["rules"] == (
            "rules.py was handed in more than once: v0/rules.py, v1/rules.py, v2/rules.py and 2 more; "
            "keep one, in alpha/"
        )
        assert submission.missing == ("graphs",)

    def test_of_several_the_one_in_a_folder_of_the_assignments_name(self, class_folder, course):
        lay(class_folder, {"old/rules.py": b"", "new/alpha/rules.py": b"NEW = 1\n"})
        assert read_at(class_folder, course).modules["rules"] == "NEW = 1\n"

    def test_another_assignments_folder_is_not_searched(self, class_folder, course):
        lay(class_folder, {"alpha/graphs.py": b"", "beta/rules.py": b""})
        assert read_at(class_folder, course).missing == ("rules",)

    def test_a_given_module_that_was_changed_is_not_taken_but_told(self, class_folder, course):
        lay(class_folder, {**FILES, "given.py": b"GIVEN = 9\n"})
        submission = read_at(class_folder, course)
        assert "given" not in submission.modules
        assert submission.notes == ("given.py is given and was changed; the course's own is used",)

    def test_a_given_module_with_other_line_ends_is_unchanged(self, class_folder, course):
        lay(class_folder, {**FILES, "given.py": b"\xef\xbb\xbfGIVEN = 0\r\n"})
        assert read_at(class_folder, course).notes == ()

    def test_common_files_are_worth_no_word(self, class_folder, course):
        common = (
            "README.md assignment.toml .DS_Store .git/config __pycache__/rules.pyc .venv/lib/x.py "
            "__MACOSX/._rules.py .ipynb_checkpoints/rules.py"
        )
        lay(class_folder, {**FILES, **dict.fromkeys(common.split(), b"")})
        submission = read_at(class_folder, course)
        assert (submission.notes, dict(submission.faults)) == ((), {})

    def test_line_ends_and_a_byte_order_mark_are_accepted(self, class_folder, course):
        lay(class_folder, {"rules.py": b"\xef\xbb\xbfa = 1\r\nb = '\xc3\xa9'\r", "graphs.py": b""})
        assert read_at(class_folder, course).modules["rules"] == "a = 1\nb = '\u00e9'\n"

    def test_a_folder_with_too_many_files_is_looked_at_from_the_top(self, class_folder, course):
        lay(class_folder, {"rules.py": b"", **{f"data/{number}.csv": b"" for number in range(50)}})
        submission = read_at(class_folder, course, Limits(entries=20))
        assert set(submission.modules) == {"rules"}
        assert submission.notes[-1] == "only 20 files were looked at; hand in nothing but your modules"

    def test_a_bottomless_folder_ends(self, class_folder, course):
        lay(class_folder, FILES)
        deep = class_folder
        for _ in range(200):
            deep /= "d"
        deep.mkdir(parents=True)
        assert read_at(class_folder, course).missing == ()


class TestFaults:
    def fault(self, folder: Path, course: Course) -> str:
        """The fault of ``rules.py``; the other module is taken all the same."""
        lay(folder, {"graphs.py": b"GRAPH = 2\n"})
        submission = read_at(folder, course)
        assert dict(submission.modules) == {"graphs": "GRAPH = 2\n"}
        assert submission.missing == ()
        return submission.faults["rules"]

    def test_too_large(self, class_folder, course):
        lay(class_folder, {"rules.py": b"#" * (256 * 1024 + 1)})
        assert self.fault(class_folder, course) == (
            "rules.py is larger than 256 KiB; hand in your code alone, without data"
        )

    def test_exactly_at_the_limit_is_taken(self, class_folder, course):
        lay(class_folder, {**FILES, "rules.py": b"#" * (256 * 1024)})
        assert len(read_at(class_folder, course).modules["rules"]) == 256 * 1024

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_not_utf_8(self, class_folder, course, mark):
        lay(class_folder, {"rules.py": mark + b"a = 1\nb = '\xe9'\n"})
        assert self.fault(class_folder, course) == (
            f"rules.py is not UTF-8 text (byte {len(mark) + 11}, line 2); save it in UTF-8"
        )

    def test_nul_bytes(self, class_folder, course):
        lay(class_folder, {"rules.py": b"a = 1\n\nb = '\0'\n"})
        assert self.fault(class_folder, course) == (
            "rules.py holds a NUL byte (line 3); save it as plain text in UTF-8"
        )

    def test_a_link_is_not_followed(self, class_folder, course, tmp_path):
        (tmp_path / "secret.py").write_text("SECRET = 1\n")
        (class_folder / "rules.py").symlink_to(tmp_path / "secret.py")
        assert self.fault(class_folder, course) == (
            "rules.py is a link, and links are not followed; hand in the file itself"
        )

    def test_a_link_above_is_not_followed(self, class_folder, course, tmp_path):
        lay(tmp_path / "elsewhere", FILES)
        (class_folder / "alpha").symlink_to(tmp_path / "elsewhere")
        submission = read_at(class_folder, course)
        assert dict(submission.modules) == {}
        assert submission.faults["rules"] == (
            "rules.py cannot be reached: alpha is a link, and links are not followed; hand in the file itself"
        )

    def test_a_link_in_place_of_the_submission_is_not_followed(self, class_folder, course, tmp_path):
        lay(tmp_path / "elsewhere", FILES)
        (class_folder / "ada").mkdir()
        (class_folder / "ada" / "alpha").symlink_to(tmp_path / "elsewhere")
        assert found(class_folder, course) == [("ada", "alpha", "ada/alpha")]
        submission = read_at(class_folder / "ada" / "alpha", course)
        assert dict(submission.modules) == {}
        assert submission.faults["graphs"].startswith("alpha is a link")

    def test_a_link_in_place_of_the_checkouts_folder_is_not_followed(self, class_folder, course, tmp_path):
        lay(tmp_path / "elsewhere" / "alpha", FILES)
        (class_folder / "ada").mkdir()
        (class_folder / "ada" / "assignments").symlink_to(tmp_path / "elsewhere")
        (place,) = find_places(class_folder, course, "alpha")
        assert dict(read_at(place.path, course).modules) == {}

    def test_a_pipe_does_not_block(self, class_folder, course):
        os.mkfifo(class_folder / "rules.py")
        assert "is no ordinary file" in self.fault(class_folder, course)

    def test_a_socket(self, class_folder, course, monkeypatch):
        monkeypatch.chdir(class_folder)
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind("rules.py")
            assert "is no ordinary file" in self.fault(class_folder, course)

    def test_a_pipe_in_place_of_an_archive_does_not_block(self, class_folder, course):
        os.mkfifo(class_folder / "ada.zip")
        assert "is no ordinary file" in read_at(class_folder / "ada.zip", course).faults["rules"]

    def test_a_folder_in_place_of_the_module_counts_as_missing(self, class_folder, course):
        lay(class_folder, {"rules.py/x.txt": b""})
        assert read_at(class_folder, course).missing == ("rules", "graphs")

    @pytest.mark.parametrize(("hidden", "named"), [("rules.py", "rules.py"), ("", "class")])
    def test_no_permission(self, hidden, named):
        with TemporaryDirectory() as name, _ordinary_user(Path(name)):
            course = build_course(Path(name) / "course")
            folder = lay(Path(name) / "class", FILES)
            (folder / hidden).chmod(0)
            fault = read_at(folder, course).faults["rules"]
            (folder / hidden).chmod(0o700)
        assert fault == f"{named} cannot be read (Permission denied); make it readable and hand it in again"

    def test_a_place_that_has_gone(self, class_folder, course):
        fault = read_at(class_folder / "alpha", course).faults["rules"]
        assert fault.startswith("alpha cannot be read (No such file or directory)")

    def test_names_that_differ_only_in_case(self, class_folder, course):
        lay(class_folder, {"rules.py": b"", "Rules.py": b""})
        assert self.fault(class_folder, course) == (
            "rules.py is there twice, or under names that differ only in case; hand in one"
        )

    def test_a_file_name_from_a_terminals_nightmare_stays_one_printable_line(self, class_folder, course):
        lay(class_folder, {"a\x1b[31m\nb/rules.py": b"", "graphs.py": b""})
        lay(class_folder, {os.fsdecode(b"\xff/x.py"): b""})
        submission = read_at(class_folder, course)
        assert submission.notes[0] == "rules.py was found in a?[31m?b/; hand it in directly in alpha/"
        assert all(note.isprintable() for note in submission.notes)


class TestHash:
    def test_the_same_modules_have_one_hash_in_every_form(self, class_folder, course):
        forms = [
            lay(class_folder / "ada" / "alpha", FILES),
            lay(class_folder / "bob", {f"src/{name}": content for name, content in FILES.items()}),
            lay(class_folder / "cy", {**FILES, "notes.txt": b"", "rules.py": b"\xef\xbb\xbfRULE = 1\r\n"}),
            pack(class_folder / "di.zip", FILES),
            pack(class_folder / "ed.zip", IN_ALPHA),
            pack(class_folder / "fi.tar.gz", {f"./{name}": content for name, content in IN_ALPHA.items()}),
        ]
        assert len({read_at(path, course).sha256 for path in forms}) == 1

    @pytest.mark.parametrize(
        "other",
        [{"rules.py": b"RULE = 2\n"}, {"tools.py": b""}, {"rules.py": b"\xff"}, {"rules.py": b"GRAPH = 2\n"}],
    )
    def test_other_modules_have_another(self, class_folder, course, other):
        one = read_at(lay(class_folder / "ada", FILES), course)
        two = read_at(lay(class_folder / "bob", {**FILES, **other}), course)
        assert one.sha256 != two.sha256

    def test_a_missing_module_and_an_empty_one_differ(self, class_folder, course):
        one = read_at(lay(class_folder / "ada", {"rules.py": b""}), course)
        two = read_at(lay(class_folder / "bob", {"rules.py": b"", "graphs.py": b""}), course)
        assert one.sha256 != two.sha256


@contextmanager
def _ordinary_user(folder: Path) -> Iterator[None]:
    """Own `folder` as a user whom permissions hold back, which they do not do for root."""
    before = os.geteuid()
    if before == 0:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)

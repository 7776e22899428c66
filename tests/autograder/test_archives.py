"""Archives are hostile until read: every trick costs at most the module that it is played with."""

import gzip
import io
import resource
import struct
import tarfile
import zipfile
from hashlib import shake_128
from pathlib import Path

import pytest
from handing_in import FILES, build_course, pack, read_at

from autograder.grading.submission import Limits, Submission
from autograder.registry import Course

MIB = 1024 * 1024


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return build_course(tmp_path / "course")


def zip_of(path: Path, *members: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members:
            archive.writestr(member, content)
    return path


def tar_of(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def in_zip(name: str, mode: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = mode << 16
    return member


def in_tar(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


def all_faulted(submission: Submission, *words: str) -> bool:
    """Whether nothing was taken, each module has the same one line, and the line holds the words."""
    lines = set(submission.faults.values())
    line = next(iter(lines))
    nothing = (
        not submission.modules and not submission.missing and set(submission.faults) == {"rules", "graphs"}
    )
    return nothing and len(lines) == 1 and "\n" not in line and all(word in line for word in words)


class TestWholeArchives:
    @pytest.mark.parametrize("name", ["ada.zip", "ada.tar.gz", "ada.tgz", "ada.rar", "ada.7z"])
    def test_no_archive_at_all(self, tmp_path, course, name):
        (tmp_path / name).write_bytes(b"this is no archive")
        assert all_faulted(read_at(tmp_path / name, course), name, "neither a .zip nor a .tar.gz; pack")

    @pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
    @pytest.mark.parametrize("kept", [0.3, 0.7, 0.95])
    def test_cut_short(self, tmp_path, course, suffix, kept):
        path = pack(tmp_path / f"ada{suffix}", {"rules.py": bytes(range(1, 256)) * 40, "graphs.py": b""})
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
        assert all_faulted(read_at(path, course), "is damaged and cannot be read; pack and hand it in again")

    def test_empty_file(self, tmp_path, course):
        (tmp_path / "ada.zip").touch()
        assert all_faulted(read_at(tmp_path / "ada.zip", course), "neither a .zip nor")

    def test_the_contents_tell_the_kind_not_the_suffix(self, tmp_path, course):
        path = pack(tmp_path / "ada.tar.gz", FILES).rename(tmp_path / "ada.zip")
        assert set(read_at(path, course).modules) == {"rules", "graphs"}

    def test_too_many_files(self, tmp_path, course):
        path = pack(tmp_path / "ada.zip", {**FILES, **{f"data/{n}": b"" for n in range(2_000)}})
        assert all_faulted(
            read_at(path, course), "holds more than 2,000 files; pack nothing but your modules"
        )

    def test_the_files_of_tools_are_not_counted(self, tmp_path, course):
        path = pack(tmp_path / "ada.zip", {**FILES, **{f".venv/lib/{n}.py": b"" for n in range(5_000)}})
        assert (read_at(path, course).missing, read_at(path, course).notes) == ((), ())

    def test_several_archives_and_no_module(self, tmp_path, course):
        pack(tmp_path / "ada" / "v1.zip", FILES)
        pack(tmp_path / "ada" / "v2.zip", FILES)
        assert all_faulted(
            read_at(tmp_path / "ada", course), "v1.zip, v2.zip are handed in and no module; hand in"
        )

    def test_modules_beside_an_archive_win(self, tmp_path, course):
        pack(tmp_path / "ada" / "v1.zip", {"rules.py": b"OLD = 1\n"})
        (tmp_path / "ada" / "rules.py").write_bytes(b"NEW = 1\n")
        submission = read_at(tmp_path / "ada", course)
        assert (submission.modules["rules"], submission.missing) == ("NEW = 1\n", ("graphs",))

    def test_a_link_to_an_archive_is_not_followed(self, tmp_path, course):
        pack(tmp_path / "secret.zip", FILES)
        (tmp_path / "ada.zip").symlink_to(tmp_path / "secret.zip")
        (tmp_path / "bob").mkdir()
        (tmp_path / "bob" / "work.zip").symlink_to(tmp_path / "secret.zip")
        assert all_faulted(read_at(tmp_path / "ada.zip", course), "ada.zip is a link")
        assert all_faulted(read_at(tmp_path / "bob", course), "work.zip is a link")


class TestBombs:
    def test_a_member_is_unpacked_no_further_than_the_limit(self, tmp_path, course):
        content = shake_128(b"").digest(MIB)
        path = pack(tmp_path / "ada.zip", {"rules.py": content, "graphs.py": b""})
        packed = bytearray(path.read_bytes())
        packed[MIB - 1000 : MIB - 900] = bytes(100)  # whoever unpacks all of it finds it damaged
        path.write_bytes(packed)
        fault = read_at(path, course).faults["rules"]
        assert fault == "rules.py is larger than 256 KiB; hand in your code alone, without data"

    def test_a_tar_is_unpacked_no_further_than_the_limit(self, tmp_path, course):
        path = tmp_path / "ada.tar.gz"
        path.write_bytes(gzip.compress(shake_128(b"").digest(3 * MIB))[:-MIB])
        submission = read_at(path, course, Limits(unpacked_bytes=MIB))
        assert all_faulted(submission, "unpacks to more than 1 MiB; pack nothing but your modules")

    def test_a_tar_that_unpacks_to_gigabytes(self, tmp_path, course):
        path = tmp_path / "ada.tar.gz"
        path.write_bytes(gzip.compress(bytes(16 * MIB)) * 64)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert all_faulted(read_at(path, course), "unpacks to more than 64 MiB")
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before <= 200 * 1024

    def test_a_list_of_many_members_is_not_read(self, tmp_path, course):
        numbers = (20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        listing = (struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *numbers) + b"a") * 200_000
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listing), 0, 0)
        (tmp_path / "ada.zip").write_bytes(listing + end)
        assert all_faulted(read_at(tmp_path / "ada.zip", course), "holds too much to look through")

    def test_a_tar_of_headers_that_call_for_headers(self, tmp_path, course):
        longname = tarfile.TarInfo("././@LongLink")
        longname.type, longname.size = tarfile.GNUTYPE_LONGNAME, 1
        header = longname.tobuf(tarfile.GNU_FORMAT) + b"a".ljust(512, b"\0")
        (tmp_path / "ada.tar.gz").write_bytes(gzip.compress(header * 5_000))
        assert all_faulted(read_at(tmp_path / "ada.tar.gz", course), "is damaged")


class TestMembers:
    @pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("/alpha/rules.py", "has an absolute name"),
            ("C:/alpha/rules.py", "has an absolute name"),
            ("../alpha/rules.py", "has a name that leads out of the archive"),
            ("alpha/../../rules.py", "has a name that leads out of the archive"),
            ("alpha\\rules.py", "has a backslash in its archived name"),
        ],
    )
    def test_a_name_that_may_not_be(self, tmp_path, course, suffix, name, why):
        path = pack(tmp_path / f"ada{suffix}", {name: b"RULE = 1\n", "alpha/graphs.py": b""})
        submission = read_at(path, course)
        assert set(submission.modules) == {"graphs"}
        assert submission.faults["rules"].startswith(f"rules.py {why}")

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_a_name_that_is_there_twice(self, tmp_path, course):
        twice = zip_of(
            tmp_path / "a.zip", ("rules.py", b"A = 1\n"), ("rules.py", b"B = 1\n"), ("graphs.py", b"")
        )
        tarred = tar_of(tmp_path / "a.tgz", (in_tar("rules.py"), b"A"), (in_tar("./rules.py"), b"B"))
        for path in (twice, tarred):
            assert read_at(path, course).faults["rules"].startswith("rules.py is there twice")

    @pytest.mark.parametrize("other", ["Rules.py", "rules.PY"])
    def test_names_that_differ_only_in_case(self, tmp_path, course, other):
        path = pack(tmp_path / "ada.zip", {**FILES, other: b""})
        submission = read_at(path, course)
        assert set(submission.modules) == {"graphs"}
        assert "differ only in case" in submission.faults["rules"]

    def test_names_that_differ_only_in_unicode_form(self, tmp_path, course):
        path = pack(tmp_path / "ada.zip", {"\u00e9/rules.py": b"", "e\u0301/rules.py": b"", "graphs.py": b""})
        assert "is there twice" in read_at(path, course).faults["rules"]

    def test_links_are_not_followed(self, tmp_path, course):
        zipped = zip_of(
            tmp_path / "a.zip", (in_zip("rules.py", 0o120777), b"/etc/passwd"), ("graphs.py", b"G")
        )
        symbolic = tar_of(tmp_path / "a.tgz", (in_tar("rules.py", tarfile.SYMTYPE, "graphs.py"), b""))
        hard = tar_of(
            tmp_path / "b.tgz",
            (in_tar("graphs.py"), b""),
            (in_tar("rules.py", tarfile.LNKTYPE, "graphs.py"), b""),
        )
        for path in (zipped, symbolic, hard):
            assert read_at(path, course).faults["rules"].startswith("rules.py is a link")

    def test_devices_and_pipes(self, tmp_path, course):
        zipped = zip_of(tmp_path / "a.zip", (in_zip("rules.py", 0o010644), b""))
        device = tar_of(tmp_path / "a.tgz", (in_tar("rules.py", tarfile.CHRTYPE), b""))
        for path in (zipped, device):
            assert read_at(path, course).faults["rules"].startswith("rules.py is no ordinary file")

    def test_protected_with_a_password(self, tmp_path, course):
        path = pack(tmp_path / "ada.zip", FILES)
        content = bytearray(path.read_bytes())
        for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = content.find(signature)
            while start >= 0:
                content[start + at] |= 1
                start = content.find(signature, start + 1)
        path.write_bytes(content)
        submission = read_at(path, course)
        assert dict(submission.modules) == {}
        assert submission.faults["rules"] == (
            "rules.py is protected with a password in the archive; pack it without one"
        )

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_an_unusual_compression(self, tmp_path, course, method):
        with zipfile.ZipFile(tmp_path / "ada.zip", "w", method) as archive:
            archive.writestr("rules.py", b"RULE = 1\n" * 100)
        assert "compressed in a way that is not read" in read_at(tmp_path / "ada.zip", course).faults["rules"]

    def test_a_damaged_member_costs_itself_alone(self, tmp_path, course):
        path = tmp_path / "ada.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("rules.py", b"RULE = 1\n")
            archive.writestr("graphs.py", b"GRAPH = 2\n")
        path.write_bytes(path.read_bytes().replace(b"RULE = 1", b"RULE = 7"))
        submission = read_at(path, course)
        assert set(submission.modules) == {"graphs"}
        assert submission.faults["rules"] == "rules.py is damaged in the archive; pack and hand it in again"

    def test_the_tricks_of_folders_count_for_members_too(self, tmp_path, course):
        path = pack(tmp_path / "ada.zip", {"rules.py": b"\xff", "graphs.py": b"a\0"})
        submission = read_at(path, course)
        assert "not UTF-8" in submission.faults["rules"]
        assert "NUL" in submission.faults["graphs"]

    def test_traces_of_a_mac_are_passed_over(self, tmp_path, course):
        path = pack(tmp_path / "ada.zip", {**FILES, "__MACOSX/._rules.py": b"\0", "._graphs.py": b"\0"})
        submission = read_at(path, course)
        assert (set(submission.modules), submission.notes) == ({"rules", "graphs"}, ())


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_whatever_byte_is_wrong_reading_ends_in_a_submission(tmp_path, course, suffix):
    path = pack(tmp_path / f"ada{suffix}", {**FILES, "rules.py": b"RULE = 1\n" * 20})
    right = path.read_bytes()
    for at in range(len(right)):
        path.write_bytes(right[:at] + bytes([right[at] ^ 0xFF]) + right[at + 1 :])
        submission = read_at(path, course)
        told = {*submission.modules, *submission.faults, *submission.missing}
        assert told == {"rules", "graphs"}

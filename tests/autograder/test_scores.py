"""Scores are written whole or not at all, read back with care, and laid out for people."""

import csv
import io
import json
import os
import resource
import stat
import subprocess
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from handing_in import build_course, result
from rich.console import Console

from autograder.errors import OutputError
from autograder.grading.result import Result
from autograder.grading.submission import Place
from autograder.scores.files import (
    finished,
    points_text,
    read_results,
    remove_unfinished,
    write_csv,
    write_result,
)
from autograder.scores.table import SMALL_CLASS, closing_table


def read_all(out: Path) -> tuple[list[Result], list[str]]:
    problems: list[str] = []
    return list(read_results(out, problems.append)), problems


class TestWriting:
    def test_a_result_comes_back_as_it_was(self, tmp_path):
        write_result(tmp_path, result())
        assert read_all(tmp_path) == ([result()], [])

    def test_the_file_is_as_designed(self, tmp_path):
        path = write_result(tmp_path / "new" / "scores", result())
        assert path == tmp_path / "new" / "scores" / "alpha" / "ada.json"
        text = path.read_text()
        assert text.startswith('{\n  "schema": "autograder/result/v1",\n  "student_id": "ada",\n')
        assert (
            list(json.loads(text))
            == (
                "schema student_id assignment score max_score seed sandbox submission_sha256 course_version "
                "started duration_s waited_s tampering notes tasks"
            ).split()
        )
        assert list(json.loads(text)["tasks"][0]) == "task title status score max_score tests".split()

    def test_it_can_be_read_by_whom_the_umask_lets(self, tmp_path):
        before = os.umask(0o027)
        path = write_result(tmp_path, result())
        os.umask(before)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_an_earlier_result_is_replaced(self, tmp_path):
        write_result(tmp_path, result(scores=(1.0, 1.0)))
        write_result(tmp_path, result(scores=(2.0, 2.0)))
        assert [found.score for found in read_all(tmp_path)[0]] == [4.0]
        assert len(list((tmp_path / "alpha").iterdir())) == 1

    def test_a_full_disk_keeps_the_earlier_result_and_leaves_nothing_behind(self, tmp_path):
        write_result(tmp_path, result(scores=(1.0, 1.0)))
        with _no_room(), pytest.raises(OutputError) as fault:
            write_result(tmp_path, result(scores=(2.0, 2.0)))
        line = "cannot be written (File too large); make room or choose another --out"
        assert str(fault.value) == f"{tmp_path}/alpha/ada.json: {line}"
        assert [found.score for found in read_all(tmp_path)[0]] == [2.0]
        assert [path.name for path in (tmp_path / "alpha").iterdir()] == ["ada.json"]

    def test_a_full_disk_keeps_the_earlier_csv(self, tmp_path):
        course = build_course(tmp_path / "course")
        path = write_csv(tmp_path, course, [result()])
        before = path.read_text()
        with _no_room(), pytest.raises(OutputError, match=r"scores\.csv: cannot be written"):
            write_csv(tmp_path, course, [result(f"s{number}") for number in range(100)])
        assert path.read_text() == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "scores.csv"]

    def test_a_folder_that_is_a_file(self, tmp_path):
        (tmp_path / "scores").touch()
        with pytest.raises(OutputError, match=r"scores/alpha/ada\.json: cannot be written"):
            write_result(tmp_path / "scores", result())

    def test_what_a_killed_run_had_begun_is_removed_and_what_a_living_one_has_is_not(self, tmp_path):
        path = write_result(tmp_path, result())
        dead = subprocess.Popen(["true"])
        dead.wait()
        begun = [folder / f".x.{dead.pid}.tmp" for folder in (tmp_path, path.parent)]
        kept = [path.parent / f".ada.json.{os.getpid()}.tmp", path.parent / ".own.tmp", path]
        for file in (*begun, *kept[:2]):
            file.write_text("{")
        remove_unfinished(tmp_path)
        assert not any(file.exists() for file in begun)
        assert all(file.exists() for file in kept)

    def test_an_interrupt_leaves_nothing_behind(self, tmp_path):
        def interrupted() -> Iterator[Result]:
            yield result()
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write_csv(tmp_path, build_course(tmp_path / "course"), interrupted())
        assert [path.name for path in tmp_path.iterdir()] == ["course"]


class TestReading:
    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": "other"}', b"\xff\xfe", b"null"])
    def test_a_torn_or_foreign_file_counts_as_absent_and_is_told(self, tmp_path, content):
        write_result(tmp_path, result("bob"))
        (tmp_path / "alpha" / "ada.json").write_bytes(content)
        found, problems = read_all(tmp_path)
        assert [each.student_id for each in found] == ["bob"]
        assert len(problems) == 1
        assert problems[0].startswith(f"{tmp_path}/alpha/ada.json: no result (")
        assert problems[0].endswith("; it is left out, remove it or grade again")
        assert "\n" not in problems[0]

    def test_a_copy_under_another_name_is_foreign(self, tmp_path):
        path = write_result(tmp_path, result())
        path.with_name("eve.json").write_bytes(path.read_bytes())
        found, problems = read_all(tmp_path)
        assert len(found) == 1
        assert "eve.json: not the result that belongs here" in problems[0]

    def test_any_cut_is_noticed(self, tmp_path):
        path = write_result(tmp_path, result())
        whole = path.read_bytes()
        for length in range(0, len(whole.rstrip()), 7):
            path.write_bytes(whole[:length])
            assert read_all(tmp_path)[0] == []
            assert finished(tmp_path, Place("ada", "alpha", tmp_path), result().key) is None

    def test_problems_go_to_standard_error_unless_taken(self, tmp_path, capsys):
        (tmp_path / "alpha").mkdir()
        (tmp_path / "alpha" / "ada.json").touch()
        assert list(read_results(tmp_path)) == []
        assert "ada.json: no result" in capsys.readouterr().err

    def test_no_scores_yet(self, tmp_path):
        assert read_all(tmp_path / "nowhere") == ([], [])

    def test_students_come_in_order(self, tmp_path):
        for student in ("cy", "ada", "bob"):
            write_result(tmp_path, result(student))
        assert [found.student_id for found in read_all(tmp_path)[0]] == ["ada", "bob", "cy"]


class TestFinished:
    def finished(self, tmp_path: Path, key: tuple[str, str, int]) -> bool:
        return finished(tmp_path, Place("ada", "alpha", tmp_path), key) is not None

    def test_the_same_key_is_finished(self, tmp_path):
        write_result(tmp_path, result())
        assert self.finished(tmp_path, result().key)

    @pytest.mark.parametrize("key", [("b", "v", 0), ("a", "w", 0), ("a", "v", 1)])
    def test_another_submission_course_or_seed_is_not(self, tmp_path, key):
        write_result(tmp_path, result())
        assert not self.finished(tmp_path, key)

    def test_a_result_without_score_is_graded_again(self, tmp_path):
        write_result(tmp_path, result(scores=(10.0, None)))
        assert not self.finished(tmp_path, result().key)

    def test_nothing_is_not(self, tmp_path):
        assert not self.finished(tmp_path, result().key)


class TestCsv:
    def rows(self, tmp_path: Path, *results: Result) -> list[list[str]]:
        path = write_csv(tmp_path, build_course(tmp_path / "course"), results)
        return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))

    def test_a_line_a_result_and_a_column_a_task(self, tmp_path):
        assert self.rows(tmp_path, result("ada"), result("bob", scores=(0.0, 30.0))) == [
            "student_id assignment task1_1 task1_2 task2_1 task2_2 score max_score".split(),
            ["ada", "alpha", "10", "7.5", "", "", "17.5", "40"],
            ["bob", "alpha", "0", "30", "", "", "30", "40"],
        ]

    def test_what_could_not_be_graded_is_blank_and_no_zero(self, tmp_path):
        assert self.rows(tmp_path, result(scores=(10.0, None)))[1] == ["ada", "alpha", "10", *[""] * 4, "40"]

    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
    def test_a_name_is_no_formula(self, tmp_path, name):
        assert self.rows(tmp_path, result(name))[1][0] == f"'{name}"

    def test_a_name_with_a_comma_or_quotes_stays_one_field(self, tmp_path):
        assert self.rows(tmp_path, result('Lovelace, "Ada" Ünal'))[1][0] == 'Lovelace, "Ada" Ünal'

    def test_ten_thousand_results_are_not_held(self, tmp_path):
        course = build_course(tmp_path / "course")
        results = (msgspec.structs.replace(result(f"s{n:05}"), notes=("x" * 2000,)) for n in range(10_000))
        tracemalloc.start()
        write_csv(tmp_path, course, results)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len((tmp_path / "scores.csv").read_text().splitlines()) == 10_001
        assert peak <= 2_000_000


@pytest.mark.parametrize(
    ("points", "text"), [(10.0, "10"), (6.25, "6.25"), (0.0, "0"), (0.1, "0.1"), (None, "")]
)
def test_points_are_written_short(points, text):
    assert points_text(points) == text


class TestTable:
    def drawn(self, *results: Result, width: int = 80) -> str:
        console = Console(width=width, file=io.StringIO())
        console.print(closing_table(results, Path("out")))
        return console.file.getvalue()

    def test_a_line_a_student(self):
        text = self.drawn(result("ada"), result("bob", scores=(10.0, 30.0)))
        assert "alpha: 2 submissions" in text
        assert [line.split() for line in text.splitlines() if line.startswith((" ada", " bob", " mean"))] == [
            ["ada", "10", "7.5", "fail", "17.5"],
            ["bob", "10", "30", "40"],
            ["mean", "10", "18.75", "28.75"],
        ]

    def test_where_the_scores_are(self):
        assert self.drawn(result()).rstrip().endswith("Scores: out/scores.csv, out/alpha/<student>.json")

    def test_what_could_not_be_graded_is_no_zero_and_said(self):
        text = self.drawn(result("ada", scores=(10.0, None)), result("bob", scores=(5.0, 30.0)))
        assert "10  ungraded      -" in text
        assert ["mean", "7.5", "30", "35"] in [line.split() for line in text.splitlines()]
        assert "1 submission was not fully graded, by our own fault: run the command again" in text

    def test_notes_are_pointed_at(self):
        noted = msgspec.structs.replace(result("eve"), notes=("a note",))
        text = self.drawn(result("ada"), noted)
        assert " eve *" in text
        assert " ada *" not in text
        assert "* has notes on its files" in text

    def test_a_large_class_is_a_line_a_task(self):
        text = self.drawn(*(result(f"s{number}") for number in range(SMALL_CLASS + 1)))
        assert "s3" not in text
        assert ["task1_2", "Graphs", "7.5/30", "41"] in [line.split() for line in text.splitlines()]

    @pytest.mark.parametrize("width", [80, 120])
    @pytest.mark.parametrize("count", [3, 1000])
    def test_no_line_is_wider_than_the_terminal(self, width, count):
        text = self.drawn(*(result("x" * 60 + str(number)) for number in range(count)), width=width)
        assert max(map(len, text.splitlines())) <= width

    def test_a_name_is_no_markup(self):
        assert "[bold]eve[/bold]" in self.drawn(result("[bold]eve[/bold]"))

    def test_no_results(self):
        assert "Scores: out/scores.csv" in self.drawn()


@contextmanager
def _no_room() -> Iterator[None]:
    """Let files grow to 100 bytes only, as a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

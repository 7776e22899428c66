"""What an instructor reads of a validation, what a machine reads of it, and what the terminal shows."""

import contextlib
import io
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from proving_minicourse import WEAK, planted, proven
from rich.console import Console

from autograder.errors import OutputError
from autograder.validation.page import DATA, PAGE, page, write_report
from autograder.validation.record import Validation
from autograder.validation.table import table

TRIPLES = (
    '"""Add x to itself | not thrice: 2 * x, *never* 3 * x.\n\nMore."""\ndef double(x):\n    return 3 * x\n'
)


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    wrong = {"tests/wrong/mini/task9_2/sums.py": TRIPLES, "tests/wrong/mini/task9_1/triples.py": TRIPLES}
    return proven(planted(tmp_path_factory.mktemp("course"), WEAK, wrong), mutants=True)


@pytest.fixture(scope="module")
def validation(proof):
    return Validation(
        kit="0.1.0",
        started="2026-01-31T12:00:00+00:00",
        workers=2,
        seconds=61.5,
        holds=False,
        assignments=(proof,),
    )


def lines_with(text, word):
    return [line for line in text.splitlines() if word in line]


def test_the_page_says_first_whether_everything_holds(validation):
    assert page(validation).splitlines()[2] == (
        f"**{len(validation.assignments[0].faults)} faults**, listed with their assignments. Begun "
        "2026-01-31T12:00:00+00:00, 62 s with 2 at once, autograder 0.1.0."
    )
    proven = msgspec.structs.replace(validation, holds=True)
    assert page(proven).splitlines()[2].startswith("Everything holds. Begun 2026")


def test_every_row_of_a_table_has_as_many_cells_as_its_head(validation):
    rows = [line for line in page(validation).splitlines() if line.startswith("|")]
    cells = [len(re.findall(r"(?<!\\)\|", row)) for row in rows]
    heads = [i for i, row in enumerate(rows) if i + 1 < len(rows) and rows[i + 1].startswith("| ---")]
    assert len(heads) == 5
    for first, last in zip(heads, [*heads[1:], len(rows)], strict=True):
        assert len(set(cells[first:last])) == 1


def test_the_page_shows_what_each_mistake_cost_with_its_hint(validation):
    (row,) = lines_with(page(validation), "`triples`")
    assert row == (
        "| task9_1 | `triples` | Add x to itself \\| not thrice: 2 \\* x, \\*never\\* 3 \\* x. | 0 of 4 | 0 | 0 | 6 |  |"
    )


def test_the_page_shows_which_tests_fail_without_a_task(validation):
    text = page(validation)
    assert "| without | task9_1 | task9_2 | task9_3 |" in text
    assert "| task9_1 | **2 of 2** | (1 of 1) |  |" in text


def test_the_page_names_the_tests_that_caught_nothing(validation):
    after = page(validation).partition("### Tests that caught nothing")[2]
    (row,) = lines_with(after, "| task9_1 |")
    assert row == "| task9_1 | hidden test 1 |"


def test_the_page_shows_a_survivor_as_a_diff(validation):
    text = page(validation)
    after = text.partition("#### Survivors")[2]
    assert "task9_1, `double`, `solutions/mini/double.py` line 7:" in after
    assert "```diff\n@@ -5,4 +5,4 @@\n" in after
    assert "-    return x + x\n+    return x - x\n" in after
    assert "| task9_1 | 2 | 1 | 0 | 0 | 1 | 50.0% |" in text


def test_a_link_of_the_overview_leads_to_its_assignment(validation):
    text = page(validation)
    link = re.search(r"\[mini\]\(#([\w-]+)\)", text).group(1)
    heading = re.search(r"^## (.*)$", text, re.MULTILINE).group(1)
    assert re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") == link


def test_the_data_are_the_same_record_under_their_schema(validation, tmp_path):
    write_report(validation, tmp_path / "new" / "folder")
    text = (tmp_path / "new" / "folder" / DATA).read_bytes()
    assert json.loads(text)["schema"] == "autograder/validation/v1"
    assert msgspec.json.decode(text, type=Validation) == validation
    assert (tmp_path / "new" / "folder" / PAGE).read_text() == page(validation)


def test_a_report_that_cannot_be_written_is_an_error_with_a_cure(validation, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot be written .*; make room there, or choose another folder"):
        write_report(validation, tmp_path / "file")


def test_the_table_counts_what_holds(proof):
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(table(proof))
    said = {
        line.split("│")[1].strip(): line.split("│")[2].strip()
        for line in lines_with(console.export_text(), "│")
    }
    assert said["full marks for the reference solutions, by seeds"] == "1 of 1"
    assert said["known mistakes that cost points in their own task"] == "1 of 2"
    assert said["points that known mistakes cost in other tasks"] == "0"
    assert said["mutants killed by their own task's tests"] == "5 of 6"
    assert said["tasks that break those alone that say they need them"] == "3 of 3"


def test_the_command_prints_the_table_and_the_faults_writes_the_report_and_ends_with_1(tmp_path):
    planted(tmp_path, WEAK)
    words = ["validate", "--mutants", "--seeds", "1", "--assignment", "mini", "--report", "out"]
    ran = subprocess.run(
        [sys.executable, "-m", "autograder", *words], cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert "mini: what must hold" in ran.stdout
    assert "a mutant of task9_1 survives" in ran.stdout
    assert ran.stderr == ""
    read = msgspec.json.decode((tmp_path / "out" / DATA).read_bytes(), type=Validation)
    assert not read.holds
    assert [a.assignment for a in read.assignments] == ["mini"]


def test_the_command_ends_with_0_where_everything_holds(tmp_path):
    planted(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "autograder", "validate", "--seeds", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "mutants" not in ran.stdout


def workers_of(folder):
    """Ids of the processes whose command line names the folder of a course."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # (a process that has just ended)
            if f"'{folder}'".encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs Linux' list of processes")
def test_an_interrupted_validation_leaves_no_process(tmp_path):
    planted(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", "validate", "--seeds", "1000", "-j", "2"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background jobs ignore the interrupt, and so would what they start
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while len(workers_of(tmp_path)) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1]
    assert (process.returncode, said) == (130, "autograder: interrupted\n")
    assert workers_of(tmp_path) == []

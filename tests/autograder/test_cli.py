"""The command line's frame: which commands there are, and what becomes of each kind of fault."""

import os
import signal
import subprocess
import sys
import time

import pytest
from minicourse import write_course

from autograder import cli
from autograder.commands import NAMES, check, present
from autograder.errors import CourseError


def run(*words, cwd, **environment):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *words],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def ended(monkeypatch, capsys, *words):
    """The exit code of the command line in this process, and what it printed on standard error."""
    monkeypatch.setattr(sys, "argv", ["autograder", *words])
    with pytest.raises(SystemExit) as ending:
        cli.main()
    return ending.value.code, capsys.readouterr().err


def test_the_help_lists_the_commands_that_are_there_in_their_order(tmp_path):
    shown = run("--help", cwd=tmp_path)
    assert shown.returncode == 0
    places = [shown.stdout.index(f"│ {name} ") for name in present()]
    assert places == sorted(places)
    assert {"release", "check", "doctor"} <= set(present()) <= set(NAMES)


def test_the_help_leaves_out_commands_that_are_not_there(monkeypatch, capsys):
    monkeypatch.setattr(cli, "present", lambda: ["check"])
    monkeypatch.setattr(sys, "argv", ["autograder", "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    shown = capsys.readouterr().out
    assert "check" in shown
    assert "doctor" not in shown
    assert ended(monkeypatch, capsys, "doctor")[0] == 2


def test_the_version_is_shown(tmp_path):
    assert run("--version", cwd=tmp_path).stdout == "autograder 0.1.0\n"


@pytest.mark.parametrize(
    "words", [["nope"], ["check", "--nope"], ["release", "--check", "--out", "x"], ["check", "--junit"]]
)
def test_wrong_usage_is_2(tmp_path, words):
    ran = run(*words, cwd=tmp_path)
    assert ran.returncode == 2
    assert "Error" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_expected_fault_is_one_line_and_1(tmp_path):
    ran = run("check", cwd=tmp_path)
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr.count("\n") == 1
    assert ran.stderr.startswith(f"autograder: {tmp_path}: no course here")
    assert "change into the course's folder or name it with --course" in ran.stderr


def test_a_bug_shows_its_traceback_asks_for_a_report_and_is_3(monkeypatch, capsys):
    def command():
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(check, "command", command)
    code, said = ended(monkeypatch, capsys, "check")
    assert code == 3
    assert "Traceback" in said
    last = said.strip().splitlines()[-1]
    assert last.startswith(
        "autograder: this is a bug of ours; please report it with the lines above (autograder"
    )


def test_a_fault_in_a_command_is_printed_without_a_traceback(monkeypatch, capsys):
    def command():
        raise CourseError("m.py:1: wrong; mend it")

    monkeypatch.setattr(check, "command", command)
    assert ended(monkeypatch, capsys, "check") == (1, "autograder: m.py:1: wrong; mend it\n")


def test_an_interrupt_is_one_line_and_130(monkeypatch, capsys):
    def command():
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "command", command)
    assert ended(monkeypatch, capsys, "check") == (130, "autograder: interrupted\n")


def test_ctrl_c_during_a_check_leaves_no_process_behind(tmp_path):
    write_course(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (tmp_path / "solutions" / "mini" / "greet.py").write_text(
        f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", "check", "greet", "--course", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background jobs ignore the interrupt, and so would what they start
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1]
    assert (process.returncode, said) == (130, "autograder: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_release_makes_checks_and_publishes(tmp_path):
    write_course(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    assert run("release", "--check", cwd=tmp_path).returncode == 1
    made = run("release", cwd=tmp_path)
    assert made.stdout == "assignments/: 6 files, made from solutions/\n"
    checked = run("release", "--check", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "assignments/ is what solutions/ generate\n")
    (tmp_path / "assignments" / "mini" / "greet.py").write_text("")
    stale = run("release", "--check", "--course", str(tmp_path), cwd="/")
    assert stale.returncode == 1
    assert stale.stdout.splitlines() == [
        "assignments/mini/greet.py:1: differs",
        "1 file differs from what solutions/ generate; run autograder release",
    ]
    refused = run("release", "--out", ".", cwd=tmp_path / "solutions")
    assert refused.returncode == 1
    assert refused.stderr == "autograder: .: is the course's own folder; choose one outside it with --out\n"
    ours = run("release", "--out", str(tmp_path / "hand-out"), cwd=tmp_path)
    assert ours.stdout.endswith("files for students; hand out this folder\n")


def test_no_color_is_honoured(tmp_path):
    write_course(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    coloured = run("check", "greet", cwd=tmp_path, FORCE_COLOR="1", TERM="xterm-256color", NO_COLOR="")
    plain = run("check", "greet", cwd=tmp_path, FORCE_COLOR="1", TERM="xterm-256color", NO_COLOR="1")
    assert "\x1b[32m" in coloured.stdout
    assert "\x1b[32m" not in plain.stdout


def test_doctor_finds_what_the_course_needs(tmp_path):
    write_course(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    ran = run("doctor", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout
    for what in (
        "Python",
        "numpy",
        "pytest-timeout",
        "course",
        "pytest -m task9_1 finds its tests",
        "sandbox",
    ):
        assert what in ran.stdout
    assert "Everything that is needed is here." in ran.stdout


def test_doctor_names_what_is_missing_with_its_cure(tmp_path):
    ran = run("doctor", cwd=tmp_path)
    assert ran.returncode == 1
    assert "name it with --course" in " ".join(ran.stdout.split())
    assert "Missing: course. The cures stand above." in ran.stdout

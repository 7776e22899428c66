"""What a student does with a release: install it, run a task's tests, complete the task, run them again."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from autograder.registry import find_course
from autograder.release.publishing import publish
from autograder.release.stubs import module_source, render

ROOT = Path(__file__).parents[2]
TITLES = {"task1_1": "Numerical derivatives"}
WITHOUT_POSIX = (Path(__file__).parent / "without_posix.py").read_text()


def run(folder, *words, code=0):
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    environment |= {"COLUMNS": "200", "PATH": f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=250, check=False
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("released") / "students"
    publish(find_course(ROOT), (), folder)
    venv.create(folder / ".venv")
    pip(folder, "install", "--quiet", "--no-compile", "-e", ".", "-c", "constraints.txt")
    return folder


def pip(folder, *words):
    """What this environment's pip says of the student's: an environment without its own is made faster."""
    return run(
        folder, sys.executable, "-m", "pip", "--python", str(folder / ".venv" / "bin" / "python"), *words
    )


def test_a_student_installs_fails_completes_and_passes(tree):
    bin_ = tree / ".venv" / "bin"
    failing = run(tree, str(bin_ / "pytest"), "-m", "task1_1", code=1)
    assert "task1_1 is still to do: central_difference.py, line" in failing
    assert "Error" not in failing.replace("NotImplementedError", "")
    assert " passed" not in failing
    place = Path("scalar_autodiff", "central_difference.py")
    solution = module_source(ROOT / "solutions" / place, place.name)
    (tree / "assignments" / place).write_text(render(solution, place.name, TITLES, frozenset(TITLES)))
    passing = run(tree, str(bin_ / "pytest"), "-m", "task1_1")
    assert " failed" not in passing
    shown = run(tree, str(bin_ / "autograder"), "check", "task1_1", "task1_3")
    assert "task1_1   Numerical derivatives   passed" in shown
    assert "task1_3   The chain rule          to do" in shown


def test_a_students_install_lists_no_author_commands_and_pulls_no_nbgrader(tree):
    bin_ = tree / ".venv" / "bin"
    shown = run(tree, str(bin_ / "autograder"), "--help")
    commands = [word for word in ("release", "check", "grade", "validate", "doctor") if f"│ {word} " in shown]
    assert commands == ["check", "doctor"]
    installed = {p["name"] for p in json.loads(pip(tree, "list", "--format", "json"))}
    assert installed.isdisjoint({"nbgrader", "jupyterlab", "nbconvert"})
    doctor = run(tree, str(bin_ / "autograder"), "doctor")
    assert "Everything that is needed is here." in doctor
    assert "sandbox" not in doctor


def test_no_part_that_students_get_needs_more_than_windows_has():
    sources = [
        ROOT / "autograder" / f"{name}.py" for name in ("cli", "errors", "markdown", "registry", "__main__")
    ]
    sources += [
        p
        for part in ("testing", "wire", "checking", "pictures")
        for p in (ROOT / "autograder" / part).glob("*.py")
    ]
    sources += [ROOT / "autograder" / "commands" / f"{name}.py" for name in ("__init__", "check", "doctor")]
    code = WITHOUT_POSIX + "import importlib, json\n"
    names = [p.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for p in sources]
    code += f"[importlib.import_module(n) for n in {[n for n in names if n != 'autograder.__main__']!r}]\n"
    code += "print(json.dumps([m for m in sys.modules if m in ('resource', 'fcntl') and sys.modules[m]]))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == []

"""Task 0: the editor's settings and nox do in a student's tree what the handout says they do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.registry import find_course
from autograder.release.publishing import publish

ROOT = Path(__file__).parents[2]
EDITOR = ROOT / ".vscode"
HANDOUT = ROOT / "solutions" / "operator_overloading" / "README.md"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A release of this assignment whose class is solved and whose network is still to do."""
    folder = tmp_path_factory.mktemp("released") / "students"
    publish(find_course(ROOT), ("operator_overloading",), folder)
    package = folder / "assignments" / "operator_overloading"
    source = (ROOT / "solutions" / "operator_overloading" / "autograd.py").read_text(encoding="utf-8")
    solved = "".join(line for line in source.splitlines(keepends=True) if "###" not in line)
    (package / "autograd.py").write_text(solved, encoding="utf-8")
    return folder


def settings(name: str) -> dict[str, object]:
    return json.loads((EDITOR / name).read_text(encoding="utf-8"))


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def commands(task: str) -> dict[str, list[str]]:
    """Each task of the editor as the command that it runs, where `task` is typed in."""
    fillers = {"${command:python.interpreterPath}": sys.executable, "${input:task}": task}
    return {
        t["label"]: [fillers.get(word, word) for word in (t["command"], *t["args"])]
        for t in settings("tasks.json")["tasks"]
    }


def test_students_get_the_editors_settings_and_nox(tree):
    for name in ("noxfile.py", ".vscode/settings.json", ".vscode/tasks.json", ".vscode/extensions.json"):
        assert (tree / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_handout_names_every_task_of_the_editor():
    handout = HANDOUT.read_text(encoding="utf-8")
    assert [label for label in commands("task2_1") if f"*{label}*" not in handout] == []


def test_the_editors_tasks_run_on_a_students_tree(tree):
    ran = {label: run(tree, *words) for label, words in commands("task2_1").items()}
    assert "task2_1   Operator overloading   passed" in ran["Check one task"].stdout
    assert "task2_2   Gradient descent       to do" in ran["Check all tasks"].stdout
    assert " passed" in ran["Test one task with pytest"].stdout
    assert "failed" not in ran["Test one task with pytest"].stdout
    assert "Everything that is needed is here." in ran["Look at the set-up"].stdout


def test_what_is_asked_for_is_declared():
    declared = {f"${{input:{entry['id']}}}" for entry in settings("tasks.json")["inputs"]}
    used = {word for words in commands("").values() for word in words if word.startswith("${")}
    assert used <= declared


def test_the_editor_runs_the_tests_with_the_folders_own_python(tree):
    chosen = settings("settings.json")
    assert chosen["python.defaultInterpreterPath"] == "${workspaceFolder}/.venv"
    assert chosen["python.testing.pytestEnabled"] is True
    collected = run(
        tree, sys.executable, "-m", "pytest", "--collect-only", "-q", *chosen["python.testing.pytestArgs"]
    )
    assert collected.returncode == 0
    assert (
        "tests/tasks/operator_overloading/test_autograd.py::test_chain_of_a_hundred_steps" in collected.stdout
    )


def test_recommended_extensions_are_those_that_the_settings_speak_to():
    assert settings("extensions.json")["recommendations"][0] == "ms-python.python"


def test_nox_runs_the_tests_of_a_students_tree(tree):
    done = run(tree, sys.executable, "-m", "nox", "-s", "test", "--", "-m", "task2_1", "-q")
    assert done.returncode == 0
    assert " passed" in done.stdout
    todo = run(tree, sys.executable, "-m", "nox", "-s", "test")
    assert todo.returncode == 1
    assert "task2_2 is still to do: fit_neuron.py" in todo.stdout

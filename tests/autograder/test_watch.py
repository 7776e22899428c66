"""``autograder check --watch`` runs again on save, the changed task first, and ends when it is told to."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from minicourse import write_course

from autograder.checking.watching import changed_tasks
from autograder.registry import find_course
from autograder.release.publishing import publish

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a terminal's signals")

RIGHT = "def double(x):\n    return x + x\n"
WRONG = "def double(x):\n    return x * x\n"
COMMAND = ["-m", "autograder"]
WITHOUT_FORK = """
import sys
from autograder.checking import watching
watching.can_fork = lambda: False
from autograder.cli import main
main()
"""
WITHOUT_LIBRARY = """
import sys
sys.modules["watchfiles"] = None
from autograder.cli import main
main()
"""


@pytest.fixture
def tree(tmp_path):
    author = write_course(tmp_path / "author")
    (author / "pyproject.toml").write_text("[project]\nname = 'mini'\n")
    publish(find_course(author), (), tmp_path / "student")
    return tmp_path / "student"


class Watching:
    """A watching check: what it prints, and how it ends."""

    def __init__(self, tree, *words, python=COMMAND):
        self.module = tree / "assignments" / "mini" / "double.py"
        self.tests = tree / "tests" / "tasks" / "mini" / "test_mini.py"
        self.process = subprocess.Popen(
            [sys.executable, "-u", *python, "check", "--watch", *words],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "150"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, words, seconds=60):
        """What is printed up to the line that holds these words."""
        said, deadline = "", time.monotonic() + seconds
        while words not in said:
            assert time.monotonic() < deadline, said
            said += self._lines.get(timeout=seconds)
        return said

    def save(self, text):
        self.module.write_text(text)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@pytest.fixture
def watching(tree, request):
    started = []

    def start(*words, **options):
        started.append(Watching(tree, *words, **options))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()


@pytest.mark.parametrize("python", [COMMAND, ["-c", WITHOUT_FORK]], ids=["warm", "without fork"])
def test_the_changed_task_comes_first_then_everything(watching, python):
    watch = watching(python=python)
    assert "0 of 3 tasks pass" in watch.until("Ctrl-C ends")
    watch.save(WRONG)
    first = watch.until("Next:")
    assert "double.py saved" in first
    assert "task9_1   Double" in first
    assert "task9_2" not in first
    assert ", expected " in first
    everything = watch.until("Ctrl-C ends")
    assert "double(1.0) is 1.0, expected 2.0" in everything
    assert "task9_3   Greet" in everything
    watch.save(RIGHT)
    assert "It passes its public tests" in watch.until("Grading runs")
    assert "1 of 3 tasks pass" in watch.until("Ctrl-C ends")
    assert watch.interrupt() == 130


def test_a_file_that_does_not_parse_is_told_and_the_next_save_is_checked(watching):
    watch = watching("task9_1")
    watch.until("Ctrl-C ends")
    watch.save("def double(x:\n")
    assert "mini/double.py, line 1" in watch.until("Ctrl-C ends")
    watch.save(RIGHT)
    assert "It passes" in watch.until("Ctrl-C ends")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os\n\n\ndef double(x):\n    os._exit(3)\n", "brought Python down"),
        ("def double(x):\n    while True:\n        pass\n", "no answer within"),
        ("raise KeyboardInterrupt\n", "crashed"),
    ],
    ids=["exit", "loop", "interrupt"],
)
def test_code_that_ends_or_holds_the_process_costs_only_its_test(watching, text, said):
    watch = watching("task9_1")
    watch.until("Ctrl-C ends")
    watch.save(text)
    assert said in watch.until("Ctrl-C ends")
    watch.save(RIGHT)
    assert "It passes" in watch.until("Ctrl-C ends")


def test_a_save_during_a_run_starts_it_over(watching):
    watch = watching("task9_1")
    watch.until("Ctrl-C ends")
    watch.save("import time\n\n\ndef double(x):\n    time.sleep(60)\n")
    time.sleep(0.5)
    watch.save(RIGHT)
    assert "It passes" in watch.until("Ctrl-C ends", seconds=20)


def test_a_saved_test_is_collected_anew(watching):
    watch = watching("task9_1")
    watch.until("Ctrl-C ends")
    watch.save(RIGHT)
    watch.until("Ctrl-C ends")
    watch.tests.write_text(watch.tests.read_text().replace("2 * x", "5 * x"))
    assert "expected 5.0" in watch.until("Ctrl-C ends")


def test_nothing_is_left_running(watching):
    watch = watching("task9_1")
    watch.until("Ctrl-C ends")
    left = children(watch.process.pid)
    assert left
    assert watch.interrupt() == 130
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in left):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_without_the_library_one_line_names_what_to_install(tree):
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_LIBRARY, "check", "--watch"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 1
    assert (
        ran.stderr == "autograder: --watch needs watchfiles, which is not installed: pip install watchfiles\n"
    )


def test_a_given_module_is_every_tasks(tmp_path):
    course = find_course(write_course(tmp_path))
    (mini,) = course.assignments
    wanted = [(mini, task) for task in mini.tasks]
    changed = {mini.folder / "double.py"}
    assert [task.id for _, task in changed_tasks(wanted, changed)] == ["task9_1"]
    assert changed_tasks(wanted, {mini.folder / "__init__.py"}) == wanted
    assert changed_tasks(wanted, {tmp_path / "double.py"}) == []


def test_a_report_of_a_run_without_end_is_wrong_usage(tree):
    ran = subprocess.run(
        [sys.executable, *COMMAND, "check", "--watch", "--junit", "out.xml"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "150"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 2
    assert "is for a single run; leave out --watch" in ran.stderr

"""A student's own run says what passes and what to do next, whatever their code does."""

import os
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from minicourse import write_course

from autograder.checking.running import run_tests
from autograder.checking.selecting import selected
from autograder.registry import find_course
from autograder.release.publishing import publish

WITHOUT_POSIX = (Path(__file__).parent / "without_posix.py").read_text()

DONE = {
    "double": "def double(x):\n    return x + x\n",
    "quadruple": "from mini.double import double\n\n\ndef quadruple(x):\n    return double(double(x))\n",
    "greet": "def greet(name):\n    return f'hello {name}'\n",
}


class Student:
    """A student's tree, and what its command line says."""

    def __init__(self, root):
        self.root = root
        self.environment = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"}

    def write(self, **modules):
        for name, source in modules.items():
            (self.root / "assignments" / "mini" / f"{name}.py").write_text(source)

    def limit(self, seconds):
        tests = self.root / "tests" / "tasks" / "mini" / "test_mini.py"
        marked = tests.read_text().replace("@pytest.mark.timeout(5)\n", "")
        tests.write_text(
            marked.replace("\n@pytest.mark.task", f"\n@pytest.mark.timeout({seconds})\n@pytest.mark.task")
        )

    def run(self, *words, code=0):
        ran = subprocess.run(
            [sys.executable, "-m", "autograder", *words],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        self.said_wrong = ran.stderr
        return ran.stdout

    def check(self, *words, code=0):
        return self.run("check", *words, code=code)


@pytest.fixture
def student(tmp_path):
    author = tmp_path / "author"
    write_course(author)
    (author / "pyproject.toml").write_text("[project]\nname = 'mini'\n")
    publish(find_course(author), (), tmp_path / "student")
    return Student(tmp_path / "student")


def row(shown, task):
    return next(line.split() for line in shown.splitlines() if line.strip().startswith(task))


def section(shown, task):
    """What is said of one task that does not pass."""
    _, _, rest = shown.partition(f"\n{task} ")
    return rest.partition("\n \n")[0].partition("\n\n")[0]


def test_an_untouched_tree_is_to_do_and_the_first_task_is_next(student):
    shown = student.check()
    assert row(shown, "task9_1") == ["task9_1", "Double", "to", "do", "0/1", "4"]
    assert row(shown, "task9_3") == ["task9_3", "Greet", "to", "do", "0/2", "2"]
    said = section(shown, "task9_1")
    assert "checked  double" in said
    assert "task9_1 is still to do: double.py, line 7" in said
    assert "hint     Add it to itself." in said
    assert "read     assignments/mini/README.md#double" in said
    assert "run      pytest -m task9_1" in said
    assert shown.rstrip().endswith(
        "0 of 3 tasks pass. Next: task9_1 Double\nassignments/mini/double.py, line 6"
    )


def test_a_complete_tree_passes_and_hidden_tests_are_not_promised(student):
    student.write(**DONE)
    shown = student.check()
    assert row(shown, "task9_3") == ["task9_3", "Greet", "passed", "2/2", "2"]
    assert "All 3 tasks pass their public tests. Grading runs further tests" in shown


def test_a_wrong_answer_shows_the_smallest_counterexample(student):
    student.write(**{**DONE, "double": "def double(x):\n    return x * x\n"})
    shown = student.check()
    assert row(shown, "task9_1")[2] == "failed"
    assert "found    double(1.0) is 1.0, expected 2.0" in section(shown, "task9_1")
    said = section(shown, "task9_2")
    assert "note     rests on task9_1, which does not pass yet: begin there" in said


def test_a_task_that_meets_anothers_todo_waits_for_it(student):
    student.write(quadruple=DONE["quadruple"], greet=DONE["greet"])
    shown = student.check()
    assert row(shown, "task9_2")[2] == "waiting"
    assert "because  rests on task9_1, which is still to do" in section(shown, "task9_2")
    only = student.check("task9_2")
    assert "Next: task9_1 (which is still to do)." in only


@pytest.mark.parametrize("posix", [True, False], ids=["posix", "without fork, alarm, resource and fcntl"])
def test_a_hang_a_crash_and_an_exit_lose_one_test_each(student, tmp_path, posix):
    student.limit(1)
    if not posix:
        (tmp_path / "hiding").mkdir()
        (tmp_path / "hiding" / "sitecustomize.py").write_text(WITHOUT_POSIX)
        student.environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path / 'hiding'}"
    student.write(
        double="def double(x):\n    while True:\n        x = x\n",
        quadruple="import os\n\n\ndef quadruple(x):\n    os._exit(0)\n",
        greet="def greet(name):\n    if name == 'bob':\n        raise SystemExit\n    return 'hello ada'\n",
    )
    shown = student.check()
    assert row(shown, "task9_1")[2:4] == ["timed", "out"]
    assert "no answer within 1 s" in section(shown, "task9_1")
    assert ("double.py, line" in section(shown, "task9_1")) is posix
    assert row(shown, "task9_2")[2:4] == ["crashed", "0/1"]
    assert "your code brought Python down (it ended with exit code 0; is there an os._exit" in shown
    assert row(shown, "task9_3")[2:4] == ["crashed", "1/2"]
    assert "your code ended the program (exit), greet.py, line 3" in shown


def test_code_that_swallows_the_alarm_is_stopped_from_outside(student):
    student.limit(0.5)
    loop = (
        "while True:\n    try:\n        while 1:\n            pass\n    except BaseException:\n        pass\n"
    )
    student.write(**{**DONE, "double": "def double(x):\n" + textwrap.indent(loop, "    ")})
    shown = student.check("task9_1", "task9_3")
    assert row(shown, "task9_1")[2:4] == ["timed", "out"]
    assert row(shown, "task9_3")[2] == "passed"


def test_a_dead_interpreter_and_an_interrupt_are_crashes(student):
    student.write(
        double="import os, signal\n\n\ndef double(x):\n    os.kill(os.getpid(), signal.SIGSEGV)\n",
        quadruple="def quadruple(x):\n    raise KeyboardInterrupt\n",
        greet=DONE["greet"],
    )
    shown = student.check()
    assert "your code brought Python down (signal SIGSEGV)" in section(shown, "task9_1")
    assert row(shown, "task9_2")[2] == "crashed"
    assert row(shown, "task9_3")[2] == "passed"


def test_a_syntax_error_is_one_line_and_the_other_tasks_go_on(student):
    student.write(**{**DONE, "double": "def double(x):\n    return (x +\n"})
    shown = student.check()
    assert shown.splitlines()[0].strip() == "mini/double.py, line 2, column 12: '(' was never closed"
    assert row(shown, "task9_1")[2] == "failed"
    assert "double.py, line 2, column 12: '(' was never closed" in section(shown, "task9_1")
    assert row(shown, "task9_2")[2] == "waiting"
    assert "rests on task9_1, whose module double.py does not parse" in shown
    assert row(shown, "task9_3")[2] == "passed"


def test_a_function_that_is_gone_and_the_line_of_an_error_are_named(student):
    student.write(
        double="def twice(x):\n    return x\n",
        quadruple="def quadruple(x):\n    return x['x']\n",
        greet="import nowhere\n",
    )
    shown = student.check()
    assert "mini.double defines no double (was it renamed or deleted?)" in section(shown, "task9_1")
    assert "quadruple.py, line 2: TypeError: 'float' object is not" in section(shown, "task9_2")
    assert "greet.py, line 1: ModuleNotFoundError: No module named 'nowhere'" in section(shown, "task9_3")


@pytest.mark.parametrize(
    ("words", "tasks"),
    [
        ([], ["task9_1", "task9_2", "task9_3"]),
        (["task9_3"], ["task9_3"]),
        (["greet"], ["task9_3"]),
        (["greet.py"], ["task9_3"]),
        (["mini.greet"], ["task9_3"]),
        (["mini"], ["task9_1", "task9_2", "task9_3"]),
        (["greet", "task9_1"], ["task9_1", "task9_3"]),
    ],
)
def test_tasks_are_selected_by_any_of_their_names(tmp_path, words, tasks):
    course = find_course(write_course(tmp_path))
    assert [task.id for _, task in selected(course, words)] == tasks


def test_an_unknown_name_is_one_line_with_the_known_ones(student):
    assert student.check("task7_7", code=1) == ""
    assert student.said_wrong == (
        "autograder: task7_7: no such task; "
        "name one of task9_1, task9_2, task9_3, an assignment (mini) or a module\n"
    )


def test_verbose_shows_every_test_and_whose_fault_it_was(student):
    tests = student.root / "tests" / "tasks" / "mini" / "test_mini.py"
    tests.write_text(tests.read_text() + "\n@pytest.mark.task9_3\ndef test_x():\n    ask(print)\n")
    student.write(greet="def greet(name):\n    return 'hello ada'\n")
    shown = student.check("-v", "task9_3")
    assert "task9_1" not in shown
    assert "passed  test_greet[ada]" in shown
    assert "failed  test_greet[bob]" in shown
    assert "greet('bob') is 'hello ada', expected 'hello bob'" in shown
    assert "error   test_x" in shown
    assert "the course's fault, not yours: ask(<built-in function print>)" in shown


def test_junit_holds_every_test_even_after_a_crash(student, tmp_path):
    student.write(**{**DONE, "quadruple": "import os\n\n\ndef quadruple(x):\n    os._exit(0)\n"})
    student.check("--junit", str(tmp_path / "deep" / "out.xml"))
    suites = ET.parse(tmp_path / "deep" / "out.xml").getroot()  # noqa: S314  (our own file)
    counts = [(suite.get("tests"), suite.get("failures"), suite.get("errors")) for suite in suites]
    assert counts == [("1", "0", "0"), ("1", "1", "0"), ("2", "0", "0")]
    (case,) = [case for case in suites.iter("testcase") if case.find("failure") is not None]
    assert case.get("name") == "test_quadruple"
    assert case.find("failure").get("type") == "crashed"
    properties = {one.get("name"): one.get("value") for one in suites[1].find("properties")}
    assert properties == {"task": "task9_2", "status": "crashed", "points": "6"}


def test_a_summary_is_appended_in_markdown_in_which_nothing_is_markup(student, tmp_path):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    student.write(greet="def greet(name):\n    return '`</td>|*x*'\n", quadruple=DONE["quadruple"])
    student.check("--markdown", str(summary))
    said = summary.read_text()
    assert said.startswith("before\n## 0 of 3 tasks pass their public tests\n")
    assert "| task9_1 | Double | to do | 0/1 | 4 |" in said
    assert "| task9_2 | Quadruple | waiting | 0/1 | 6 |" in said
    assert "- **task9_3**: ``greet('ada') is '`</td>|*x*', expected 'hello ada'`` (`test_greet[ada]`)" in said
    assert "  - Say hello." in said


def test_a_summary_that_cannot_be_written_is_one_line(student):
    student.check("--markdown", "pyproject.toml/x.md", "task9_3", code=1)
    assert "choose another --markdown" in student.said_wrong


def test_strict_fails_until_every_task_passes(student):
    student.check("--strict", code=1)
    student.write(**DONE)
    student.check("--strict")


def test_junit_that_cannot_be_written_is_one_line(student):
    student.check("--junit", "pyproject.toml/x.xml", "task9_3", code=1)
    assert "pyproject.toml/x.xml: cannot be written (" in student.said_wrong
    assert "choose another --junit" in student.said_wrong


def test_a_damaged_test_file_is_named_and_a_task_without_tests_is_untested(student):
    folder = student.root / "tests" / "tasks" / "mini"
    (folder / "test_damaged.py").write_text("def test_a(:\n")
    tests = folder / "test_mini.py"
    tests.write_text(tests.read_text().partition("@pytest.mark.task9_3")[0])
    shown = student.check("task9_1", "task9_3", code=1)
    assert row(shown, "task9_1")[2:4] == ["to", "do"]
    assert row(shown, "task9_3") == ["task9_3", "Greet", "untested", "none", "2"]
    assert "tests/tasks/mini/test_damaged.py: its tests cannot run:" in student.said_wrong
    assert "Traceback" not in student.said_wrong


def test_what_the_students_code_prints_or_reads_does_no_harm(student):
    body = "print('x' * 10000)\ntry:\n    input()\nexcept (EOFError, OSError):\n    return f'hello {name}'\n"
    student.write(**{**DONE, "greet": "def greet(name):\n" + textwrap.indent(body, "    ")})
    shown = student.check("task9_3")
    assert "xxxx" not in shown
    assert row(shown, "task9_3")[2] == "passed"


def test_in_an_authors_tree_the_solutions_are_checked_without_hidden_tests(tmp_path):
    course = find_course(write_course(tmp_path))
    seen = []
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    run = run_tests(
        course.root,
        course.modules,
        [course.tests / "mini"],
        ["task9_1"],
        lambda *progress: seen.append(progress),
    )
    assert [test.name for test in run.tests.values()] == ["test_double"]
    assert [outcome.status for outcome in run.outcomes.values()] == ["passed"]
    assert seen[-1] == (1, 1, "")

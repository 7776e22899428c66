"""A notebook's cells in a real IPython shell: modules made of them, and their tests."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from notebook_work import cell, released, small_course

from autograder.notebooks.course import release

SESSION = """
import contextlib, io, json, os, sys, tempfile
from IPython.core.interactiveshell import InteractiveShell

os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
cells = json.loads(sys.stdin.read())
shell = InteractiveShell.instance()
shell.history_manager.enabled = False
said = {}

def run(source, store=True):
    return shell.run_cell(source, store_history=store)

def value(expression):
    return eval(expression, shell.user_ns)

DOUBLE = "# double.py: double\\ndef double(x):\\n    return {}"
QUADRUPLE = "# quadruple.py: quadruple\\ndef quadruple(x):\\n    return double(double(x))"
run(cells["start"]).raise_error()
for name in ("double-imports", "quadruple-imports", "greet-imports"):
    run(cells[name]).raise_error()

report = run("check_task('task9_1')").result
said["before"] = [repr(report), report._repr_html_()]
run(DOUBLE.format("helper(x)")).raise_error()
run("def helper(x):\\n    return 2 * x").raise_error()
run(DOUBLE.format("helper(x)")).raise_error()
run(QUADRUPLE).raise_error()
said["module"] = value("double.__module__")
said["quadruple"] = value("quadruple(1)")
run("from mini.given import double as theirs, TWO; import mini.quadruple as whole").raise_error()
said["given"] = value("theirs(1)")
run(DOUBLE.format("10 * x")).raise_error()
said["made anew"] = [value("double(1)"), value("theirs(1)"), value("quadruple(1)"), value("whole.quadruple(1)")]
run(DOUBLE.format("x") + "\\n1 / 0")
run("# quadruple.py: quadruple\\nquadruple = lambda x: broken\\nif __name__ == 'mini.quadruple': 1 / 0")
said["kept"] = value("whole.quadruple(1)")
run(DOUBLE.format("2 * x")).raise_error()
run(QUADRUPLE).raise_error()
said["points"] = repr(run("check_task('task9_2')").result)
run(DOUBLE.format("3 * x")).raise_error()
report = run("check_task('task9_1')").result
said["wrong"] = [repr(report), report._repr_html_()]
run(DOUBLE.format("(2 * x")).error_before_exec
said["broken"] = run("check_task('task9_1')").result._repr_html_()
run(DOUBLE.format("2 * x")).raise_error()
with contextlib.redirect_stdout(io.StringIO()) as printed:
    run("run('mini.double')").raise_error()
    run("run('mini.nothing')").raise_error()
said["program"] = printed.getvalue()
said["unknown"] = str(run("check_task('task1_1')").error_in_exec)
said["again"] = str(run(cells["start"]).error_in_exec)
said["callbacks"] = [len(shell.events.callbacks[event]) for event in ("pre_run_cell", "post_run_cell")]
run("from autograder.notebooks import kernel; kernel.NEEDED = ('nobodys_package',)").raise_error()
said["lacking"] = str(run("start('mini')").error_in_exec)
os.chdir("course")
said["astray"] = str(run("start('mini')").error_in_exec)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    course = small_course(tmp_path_factory.mktemp("course"))
    out = tmp_path_factory.mktemp("out") / "nbgrader"
    release(course, [], out)
    made = released(course, course.assignment("mini"))
    cells = {
        name: cell(made, name).source
        for name in ("start", "double-imports", "quadruple-imports", "greet-imports")
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SESSION],
        cwd=out / "source" / "mini",
        input=json.dumps(cells),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_what_has_not_run_is_to_do_and_named(said):
    points, page = said["before"]
    assert points == "0"
    assert "not run yet: double.py: double; run these cells, whose first lines name them" in page


def test_a_cell_is_the_modules_with_the_helpers_of_other_cells(said):
    assert said["module"] == "mini.double"
    assert said["quadruple"] == 4
    assert said["given"] == 2


def test_a_cell_that_runs_again_is_new_wherever_it_was_imported(said):
    assert said["made anew"] == [10, 10, 100, 100]


def test_a_module_that_does_not_import_leaves_the_one_before(said):
    assert said["kept"] == 100


def test_test_cells_give_the_points_of_the_public_tests(said):
    assert said["points"] == "6"


def test_a_wrong_one_shows_what_was_computed_and_the_hint(said):
    points, page = said["wrong"]
    assert points == "0"
    assert "double(" in page
    assert ", expected " in page
    assert "<b>Hint:</b> Add it to itself." in page


def test_a_cell_that_does_not_parse_is_told_by_its_line(said):
    assert (
        "(double.py: double), line 3: SyntaxError: &#x27;(&#x27; was never closed, column 12"
        in said["broken"]
    )


def test_what_can_go_wrong_says_what_to_do(said):
    assert said["unknown"] == "task1_1: no such task in mini; it has task9_1, task9_2, task9_3"
    assert said["astray"].endswith("not there; keep the folder course/ beside the notebook")
    assert said["lacking"] == "nobodys_package is not installed; run %pip install -r course/requirements.txt"
    assert said["again"] == "None"
    assert said["callbacks"][1] == 1


def test_a_program_of_the_assignment_runs_on_the_cells(said):
    first, *others = said["program"].splitlines()
    assert first == "twice 21 is 42"
    assert "No module named mini.nothing" in others[0]
    assert others[-1] == "(it ended with exit code 1)"

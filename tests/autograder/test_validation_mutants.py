"""Mutants: which are made, which are killed, and what the reviewed file may say of those that are not."""

import ast
import importlib.metadata
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mutmut.mutation.file_mutation import create_mutations
from proving_minicourse import DOUBLE, EQUIVALENT, GREET, PROBES, TESTS, WEAK, entry, planted, proven

from autograder.errors import CourseError, KitError
from autograder.registry import find_course
from autograder.release.markers import regions
from autograder.release.student_tree import student_files
from autograder.validation.equivalents import load
from autograder.validation.mutants import mutants

ROOT = Path(__file__).parents[2]

COUNTS_DOWN = ("    return x + x\n", "    n = 3\n    while n > 0:\n        n -= 1\n    return x + x\n")

STRICT = """
@pytest.mark.task9_3
def test_truth():
    assert probes.greeted("ada")
"""

GIVEN = """

class Given:
    def one(self):
        return 1

    def two(self):
        ### BEGIN SOLUTION task9_1
        return 2
        ### END SOLUTION task9_1
"""

# Where the greeting is right, plain True; where it is not, an object, whose truth no test may ask for.
GREETED = """
def greeted(name):
    from mini.greet import greet
    return greet(name) == f"hello {name}" or object()
"""


def written(found):
    """Each mutant as (task, function, before, after)."""
    return {(m.task, m.where, m.before, m.after) for m in found}


def test_every_operator_and_the_deletion_of_every_statement_make_a_mutant_each(tmp_path):
    text = "    y = x\n    y += x\n    if y == 1 and len([x]) > 0:\n        y = f(x, 2)\n    return y\n"
    course = planted(tmp_path, {DOUBLE: [("    return x + x\n", text)]})
    made = [m for m in mutants(course.assignment("mini")) if m.task == "task9_1"]
    assert {m.after for m in made if "\n" not in m.before} == {
        *("y = None", "pass", "y -= x", "y = x"),
        *("if y != 1 and len([x]) > 0:", "if y == 2 and len([x]) > 0:", "if y == 1 or len([x]) > 0:"),
        *("if y == 1 and len(None) > 0:", "if y == 1 and len([x]) >= 0:", "if y == 1 and len([x]) > 1:"),
        *("y = f(None, 2)", "y = f(x, None)", "y = f(2)", "y = f(x, )", "y = f(x, 3)"),
    }
    assert [m.after for m in made if "\n" in m.before] == ["pass"]
    assert len(made) == len({m.source for m in made})


def test_nothing_outside_a_region_is_changed_and_each_change_is_named_by_its_function(tmp_path):
    course = planted(tmp_path)
    with (tmp_path / DOUBLE).open("a") as file:
        file.write(GIVEN)
    made = [m for m in mutants(course.assignment("mini")) if m.task == "task9_1"]
    assert written(made) == {
        ("task9_1", "double", "return x + x", "return x - x"),
        ("task9_1", "double", "return x + x", "pass"),
        ("task9_1", "Given.two", "return 2", "return 3"),
        ("task9_1", "Given.two", "return 2", "pass"),
    }
    assert {m.line for m in made if m.where == "double"} == {7}
    assert "-    return x + x\n+    return x - x\n" in next(m for m in made if m.after == "return x - x").diff
    assert all(m.file == "solutions/mini/double.py" for m in made)


@pytest.mark.long
@pytest.mark.parametrize("assignment", [a.name for a in find_course(ROOT).assignments])
def test_every_change_that_mutmut_itself_makes_in_a_region_is_among_ours(assignment, tmp_path, monkeypatch):
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path)  # mutmut looks for something to mutate where it is
    found = find_course(ROOT).assignment(assignment)
    ours = {ast.dump(ast.parse(m.source)) for m in mutants(found)}
    titles = {task.id: task.title for task in found.tasks}
    checked = []
    for module in found.task_modules:
        source = (found.folder / f"{module}.py").read_text()
        inside = {line for r in regions(source, module, titles) for line in range(r.begin + 1, r.end)}
        tree, changes, _, _ = create_mutations(module, source, inside)
        for change in changes:
            text = tree.deep_replace(change.original_node, change.mutated_node).code
            checked.append(
                ast.dump(ast.parse(text)) in ours or ast.dump(ast.parse(text)) == ast.dump(ast.parse(source))
            )
    assert len(checked) > 100
    assert all(checked)


def test_mutants_that_the_tasks_own_tests_kill_are_counted(tmp_path):
    proof = proven(planted(tmp_path), mutants=True, workers=2)
    assert proof.faults == ()
    double, quadruple, greet = proof.mutation.tasks
    assert (double.mutants, double.killed, double.share) == (2, 2, 1.0)
    assert (quadruple.mutants, quadruple.killed) == (3, 3)
    assert (greet.mutants, greet.killed) == (1, 1)
    assert double.killers == {"test_double": 2}
    assert proof.mutation.tool.startswith("mutmut 3.")


def test_a_mutant_that_a_weak_test_lets_live_is_shown_and_is_a_fault(tmp_path):
    proof = proven(planted(tmp_path, WEAK), mutants=True)
    assert [len(task.survivors) for task in proof.mutation.tasks] == [1, 0, 0]  # task9_2's test fails with it
    (survivor,) = proof.mutation.survivors
    assert (survivor.task, survivor.where, survivor.line) == ("task9_1", "double", 7)
    assert "-    return x + x\n+    return x - x\n" in survivor.diff
    assert len(proof.faults) == 2
    assert proof.faults[0] == (
        "solutions/mini/double.py:7: a mutant of task9_1 survives: 'return x - x' in place of 'return x + x'; "
        "sharpen a test, or record it as equivalent"
    )
    assert proof.faults[1] == "task9_1: its tests kill 50.0% of 2 mutants, fewer than 95%"


def test_a_survivor_that_is_recorded_with_its_reason_is_no_fault(tmp_path):
    proof = proven(planted(tmp_path, WEAK, {EQUIVALENT: entry()}), mutants=True)
    assert proof.faults == ()
    (equivalent,) = proof.mutation.equivalent
    assert equivalent.reason == "No test doubles anything but 0."
    double = proof.mutation.tasks[0]
    assert (double.mutants, double.killed, double.share) == (2, 1, 1.0)


def test_an_entry_whose_mutant_a_test_kills_is_a_fault(tmp_path):
    proof = proven(planted(tmp_path, files={EQUIVALENT: entry()}), mutants=True)
    assert proof.faults == (
        (
            "tests/mutants/mini.toml: task9_1, double: 'return x - x' in place of 'return x + x' fails a test of its "
            "task; take it out of the file"
        ),
    )


@pytest.mark.parametrize("stale", [{"after": "return x ** x"}, {"where": "triple"}, {"task": "task9_2"}])
def test_an_entry_that_no_mutant_answers_to_any_more_is_a_fault(tmp_path, stale):
    course = planted(tmp_path, WEAK, {EQUIVALENT: entry() + entry(**stale).partition("\n\n")[2]})
    made = mutants(course.assignment("mini"))
    survived = [m for m in made if m.after == "return x - x"]
    found = load(course, course.assignment("mini"))
    assert [found.reason(m) for m in survived] == ["No test doubles anything but 0."]
    (fault,) = found.faults(made, survived)
    assert fault.startswith("tests/mutants/mini.toml: task9_")
    assert fault.endswith("is no mutant of the solution any more; take it out of the file")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (entry(reason="equal"), "task9_1, double: 'return x + x' has no reason; give one"),
        (entry(task="task9_8"), "task9_8: no such task in mini"),
        (
            entry() + entry().partition("\n\n")[2],
            "task9_1, double: 'return x - x' is there twice; take one out",
        ),
        (entry().replace("v1", "v0"), 'schema is "autograder/equivalent-mutants/v0"; this kit reads'),
        (entry().replace("where", "were"), "unknown field `were`"),
        ("schema = ", "mend the file"),
    ],
)
def test_a_file_that_says_too_little_is_refused(tmp_path, file, said):
    course = planted(tmp_path, WEAK, {EQUIVALENT: file})
    with pytest.raises(CourseError) as fault:
        load(course, course.assignment("mini"))
    assert said in str(fault.value)


def test_a_mutant_that_hangs_is_cut_and_counts_as_killed(tmp_path):
    course = planted(tmp_path, {DOUBLE: [COUNTS_DOWN]})
    since = time.monotonic()
    double = proven(course, mutants=True).mutation.tasks[0]
    assert time.monotonic() - since < 30
    assert double.timeouts >= 2  # (n += 1 and n = 1 never come to the end)
    assert not {"n += 1", "n = 1"} & {survivor.after for survivor in double.survivors}


def test_a_solution_that_is_too_slow_for_the_mutants_deadline_is_a_fault(tmp_path):
    slow = ('    return f"', '    import time\n\n    time.sleep(0.2)\n    return f"')
    proof = proven(planted(tmp_path, {GREET: [slow]}), mutants=True)
    assert proof.solutions.full_marks == 1
    assert any(
        "the solution of task9_3 itself fails as its mutants do: test_greet" in f for f in proof.faults
    )


def test_a_test_that_gives_up_kills_nothing(tmp_path):
    course = planted(tmp_path)
    with (tmp_path / PROBES).open("a") as file:
        file.write(GREETED)
    (tmp_path / TESTS).write_text(
        (tmp_path / TESTS).read_text().partition("@pytest.mark.task9_3")[0] + STRICT
    )
    proof = proven(course, mutants=True)
    (survivor,) = proof.mutation.survivors
    assert survivor.after == "pass"
    assert survivor.note.startswith("the kit's fault, not yours: ")


def test_without_mutmut_one_line_says_what_to_install(monkeypatch, tmp_path):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    course = planted(tmp_path)
    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(KitError) as fault:
        mutants(course.assignment("mini"))
    assert str(fault.value) == (
        "validate --mutants: mutmut is not installed; install it with pip install -e '.[dev]'"
    )


def test_the_command_line_does_not_import_the_mutation_tool():
    program = "import autograder.commands.validate, sys; print({'libcst', 'mutmut'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_no_release_holds_the_equivalent_mutants():
    course = find_course(ROOT)
    assert list((ROOT / "tests" / "mutants").glob("*.toml"))
    files = student_files(course, course.assignments)
    assert not [
        path for path, content in files.items() if "mutants" in str(path) or b"equivalent-mutants" in content
    ]
    assert not list((ROOT / "assignments").rglob("*mutants*"))

"""Releases: assignments/ is what solutions/ generate, and a student's tree holds nothing else's secrets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from minicourse import write_course

from autograder.errors import CourseError, OutputError
from autograder.registry import find_course
from autograder.release.publishing import STAMP, outdated, publish, regenerate

ROOT = Path(__file__).parents[2]

PYPROJECT = """
[build-system]
requires = ["hatchling>=1.27"]
[project]
name = "mini-course"
requires-python = ">=3.11"
dependencies = ["numpy>=2.0", "pytest>=8.3", "nbgrader"]
[project.optional-dependencies]
plot = ["matplotlib>=3.9"]
[tool.pytest.ini_options]
minversion = "8.3"
markers = ["long: ours"]
filterwarnings = ["error"]
"""


@pytest.fixture
def course(tmp_path):
    write_course(tmp_path)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return find_course(tmp_path)


def tree(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_assignments_are_the_same_tree_without_the_solutions(course):
    figure = course.modules / "mini" / "figures" / "chain.svg"
    figure.parent.mkdir()
    figure.write_bytes(b"\x89not text\xff")
    junk = course.modules / "mini" / "__pycache__" / "double.pyc"
    junk.parent.mkdir()
    junk.write_bytes(b"")
    (course.modules / "mini" / ".double.py.swp").write_text("return x + x")
    (course.modules / "mini" / "double.py.orig").write_text("return x + x")
    assert regenerate(course, ()) == 7
    made = course.root / "assignments" / "mini"
    expected = "__init__.py README.md assignment.toml double.py figures/chain.svg greet.py quadruple.py"
    assert tree(made) == set(expected.split())
    assert (made / "figures" / "chain.svg").read_bytes() == figure.read_bytes()
    assert "x + x" not in (made / "double.py").read_text()
    assert "# TODO(task9_1): Double" in (made / "double.py").read_text()
    assert outdated(course, ()) == []


def test_what_no_longer_comes_from_a_solution_is_removed(course):
    regenerate(course, ())
    stray = course.root / "assignments" / "old" / "left.py"
    stray.parent.mkdir()
    stray.write_text("")
    assert outdated(course, ()) == ["assignments/old/left.py: comes from no solution"]
    regenerate(course, ())
    assert not stray.exists()
    assert sorted(p.name for p in course.root.iterdir() if p.name.startswith(".")) == []


def test_differences_name_the_file_and_the_line(course):
    regenerate(course, ())
    made = course.root / "assignments" / "mini"
    lines = (made / "double.py").read_text().splitlines(keepends=True)
    (made / "double.py").write_text("".join([*lines[:3], "edited\n", *lines[4:]]))
    (made / "greet.py").unlink()
    (made / "secret_solution.py").write_text("")
    with (made / "README.md").open("a") as readme:
        readme.write("more\n")
    assert outdated(course, ()) == [
        "assignments/mini/README.md:2: differs",
        "assignments/mini/double.py:4: differs",
        "assignments/mini/greet.py: missing",
        "assignments/mini/secret_solution.py: comes from no solution",
    ]


def test_one_assignment_is_released_without_touching_the_others(course):
    second = course.modules / "second"
    second.mkdir()
    for path in (course.modules / "mini").iterdir():
        (second / path.name).write_text(
            path.read_text().replace("task9", "task8").replace("mini.", "second.")
        )
    both = find_course(course.root)
    regenerate(both, ())
    (both.root / "assignments" / "mini" / "greet.py").write_text("mine\n")
    (both.root / "assignments" / "second" / "greet.py").write_text("mine\n")
    assert outdated(both, ["second"]) == ["assignments/second/greet.py:1: differs"]
    regenerate(both, ["second"])
    assert outdated(both, ()) == ["assignments/mini/greet.py:1: differs"]


def test_an_unknown_assignment_is_refused(course):
    with pytest.raises(CourseError, match=r"^nope: no such assignment; this course has mini$"):
        regenerate(course, ["nope"])


def test_a_solution_in_a_file_that_is_copied_whole_is_refused(course):
    (course.modules / "mini" / "notes.md").write_text("x\n\n    ### BEGIN SOLUTION task9_1\n")
    with pytest.raises(CourseError, match=r"^solutions/mini/notes\.md:3: a solution's marker in a file"):
        regenerate(course, ())


def test_a_link_is_refused(course):
    (course.modules / "mini" / "link.py").symlink_to("double.py")
    with pytest.raises(CourseError, match=r"link\.py: is a link; put the file itself here"):
        regenerate(course, ())


def test_a_refused_release_leaves_everything_as_it_was(course):
    regenerate(course, ())
    before = (course.root / "assignments" / "mini" / "double.py").read_text()
    broken = course.modules / "mini" / "quadruple.py"
    broken.write_text(broken.read_text().replace("### END", "## END"))
    with pytest.raises(CourseError, match=r"quadruple\.py:10"):
        regenerate(course, ())
    assert (course.root / "assignments" / "mini" / "double.py").read_text() == before


def test_a_stub_that_needs_a_solution_at_import_is_refused(course):
    module = course.modules / "mini" / "quadruple.py"
    module.write_text(module.read_text() + "\n\nEIGHT = quadruple(2)\n")
    with pytest.raises(CourseError) as caught:
        regenerate(course, ())
    assert str(caught.value) == (
        "assignments/mini/quadruple.py:12: the stub does not import (NotImplementedError: task9_2: Quadruple "
        "is still to do); let nothing that runs at import need a solution"
    )
    assert not (course.root / "assignments").exists()


def test_a_place_that_cannot_be_written_is_one_line(course, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(
        OutputError, match=r"cannot be written \(Not a directory\); make room there, or choose"
    ):
        publish(course, (), blocked / "students")


def test_a_students_tree_holds_only_what_students_may_see(course, tmp_path):
    (course.root / "tests" / "tasks" / "mini" / "table.csv").write_text("1\n")
    (course.root / "tests" / "tasks" / "mini" / "secret.csv").write_text("1\n")
    (course.root / "tests" / "wrong" / "mini").mkdir(parents=True)
    (course.root / "tests" / "wrong" / "mini" / "w.py").write_text("")
    tests = course.root / "tests" / "tasks" / "mini" / "test_mini.py"
    tests.write_text(tests.read_text() + '\nTABLE = "table.csv"\n')
    out = tmp_path / "out" / "students"
    assert publish(course, (), out) == len(tree(out))
    found = tree(out)
    assert {name for name in found if name.startswith("tests/")} == {
        "tests/tasks/mini/probes.py",
        "tests/tasks/mini/test_mini.py",
        "tests/tasks/mini/table.csv",
    }
    kit = {name.split("/")[1] for name in found if name.startswith("autograder/")}
    expected = (
        "__init__.py __main__.py cli.py deadlines.py errors.py markdown.py memory.py registry.py "
        "testing wire checking pictures commands"
    )
    assert kit == set(expected.split())
    commands = {name for name in found if name.startswith("autograder/commands/")}
    assert commands == {f"autograder/commands/{name}.py" for name in ("__init__", "check", "doctor")}
    texts = {name: (out / name).read_text() for name in found}
    assert not [name for name, text in texts.items() if "test_double_large" in text or "SECRET" in text]
    assert not [name for name, text in texts.items() if "x + x" in text or "SOLUTION" in text]
    assert "nbgrader" not in texts["pyproject.toml"]
    assert "def test_double(" in texts["tests/tasks/mini/test_mini.py"]


def test_a_students_project_has_the_courses_versions_and_its_readme_the_tasks(course, tmp_path):
    (course.root / "constraints.txt").write_text("# lock\nnumpy==2.4.0\nnbgrader==0.9.6\niniconfig==2.0\n")
    out = tmp_path / "students"
    publish(course, (), out)
    project = (out / "pyproject.toml").read_text()
    assert '"numpy>=2.0",' in project
    assert '"matplotlib>=3.9",' in project
    assert '"networkx",' in project
    assert 'packages = ["autograder", "assignments/mini"]' in project
    assert "long: ours" not in project
    assert (out / "constraints.txt").read_text() == "# lock\nnumpy==2.4.0\niniconfig==2.0\n"
    readme = (out / "README.md").read_text()
    assert "pip install -e . -c constraints.txt" in readme
    assert "| `task9_2` | [Quadruple](assignments/mini/README.md#quadruple) | `quadruple.py` | 6 |" in readme
    assert "- `mini/`: `double.py`, `quadruple.py`, `greet.py` (and `extra.py`, if you wrote them)" in readme
    assert "pytest -m task9_1" in readme
    assert "$" not in readme


def test_every_module_of_a_students_tree_imports(course, tmp_path):
    out = tmp_path / "students"
    publish(course, (), out)
    modules = [
        name.removeprefix("assignments/").removesuffix(".py").replace("/", ".")
        for name in tree(out)
        if name.startswith(("autograder/", "assignments/")) and name.endswith(".py")
    ]
    code = f"import importlib\nfor name in {[m for m in modules if m != 'autograder.__main__']!r}:\n"
    code += "    importlib.import_module(name)\nimport autograder\nprint(autograder.__file__)"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=out,
        env={**os.environ, "PYTHONPATH": f"{out}{os.pathsep}{out / 'assignments'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == str(out / "autograder" / "__init__.py")


def test_an_earlier_release_is_updated_and_other_files_in_it_stay(course, tmp_path):
    out = tmp_path / "students"
    publish(course, (), out)
    (out / ".git").mkdir()
    (out / ".git" / "config").write_text("kept")
    (course.modules / "mini" / "README.md").unlink()
    publish(course, (), out)
    assert (out / ".git" / "config").read_text() == "kept"
    assert not (out / "assignments" / "mini" / "README.md").exists()
    assert "assignments/mini/README.md" not in (out / STAMP).read_text()


@pytest.mark.parametrize("place", ["solutions/out", "assignments", "tests/x", "autograder", "."])
def test_the_courses_own_folders_are_refused(course, place):
    with pytest.raises(OutputError, match=r"is the course's own folder; choose one outside it"):
        publish(course, (), course.root / place)


@pytest.mark.parametrize("stamp", [None, "something else\n"])
def test_a_folder_that_holds_something_else_is_refused(course, tmp_path, stamp):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.tex").write_text("")
    if stamp:
        (out / STAMP).write_text(stamp)
    with pytest.raises(
        OutputError, match=r"holds something that is no release of ours; choose a new or empty"
    ):
        publish(course, (), out)
    assert (out / "thesis.tex").exists()


def test_a_stamp_cannot_make_a_release_delete_files_elsewhere(course, tmp_path):
    out = tmp_path / "students"
    publish(course, (), out)
    victim = tmp_path / "victim"
    victim.write_text("")
    with (out / STAMP).open("a") as stamp:
        stamp.write(f"../victim\n{victim}\n")
    publish(course, (), out)
    assert victim.exists()


def test_a_course_without_solutions_has_nothing_to_release(course, tmp_path):
    out = tmp_path / "students"
    publish(course, (), out)
    with pytest.raises(CourseError, match=r"has no solutions/ to release from"):
        regenerate(find_course(out), ())


def test_the_courses_own_assignments_are_up_to_date():
    assert outdated(find_course(ROOT), ()) == []


def test_no_name_is_missing_or_unused_in_the_courses_public_tests(tmp_path):
    publish(find_course(ROOT), (), tmp_path / "students")
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F", "tests", "autograder"],
        cwd=tmp_path / "students",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout

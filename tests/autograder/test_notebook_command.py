"""``autograder release --notebooks``: what it writes, and what an author is told."""

from __future__ import annotations

import nbformat
import pytest
from notebook_work import run, small_course, tiny_course

from autograder.errors import CourseError, KitError, OutputError
from autograder.notebooks.building import notebook
from autograder.notebooks.course import release


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return tiny_course(tmp_path_factory.mktemp("course"))


def test_the_handout_stands_around_the_cells(tmp_path):
    course = small_course(tmp_path)
    made = nbformat.reads(notebook(course, course.assignment("mini")), 4)
    told = [c.source.split("\n")[0] for c in made.cells]
    assert told == [
        "# Mini",
        "## This notebook",
        "# Run this cell first, and again whenever the kernel was restarted.",
        "## What you write",
        "## Double",
        "# double.py: imports (given)",
        "# double.py: double",
        "**Check** with `pytest -m task9_1`.",
        "# task9_1: Double, 4 points",
        "**Usual mistakes** are none. ![a picture](course/assignments/mini/figures/none.png)",
        "## Quadruple",
        "# quadruple.py: imports (given)",
        "# quadruple.py: quadruple",
        "# task9_2: Quadruple, 6 points",
        "## Greet",
        "# greet.py: imports (given)",
        "# greet.py: greet",
        "# task9_3: Greet, 2 points",
        "### In words",
        "# Why",
    ]
    assert "Exactly" not in made.cells[3].source
    assert "[9.1](#Double)" in made.cells[3].source


def test_a_second_release_keeps_what_is_the_staffs(course, tmp_path):
    out = tmp_path / "out"
    options = ("--course", course.root, "--notebooks", out)
    assert (
        "run nbgrader generate_assignment there"
        in run("autograder", "release", *options, cwd=tmp_path).stdout
    )
    source = out / "source" / "mini" / "mini.ipynb"
    first = source.read_bytes()
    (out / "nbgrader_config.py").write_text("mine")
    (out / "submitted").mkdir()
    source.write_text("changed")
    (out / "source" / "mini" / "course" / "tests" / "tasks" / "mini" / "probes.py").unlink()
    release(course, ["mini"], out)
    assert (out / "nbgrader_config.py").read_text() == "mine"
    assert (out / "submitted").is_dir()
    assert (out / "source" / "mini" / "course" / "tests" / "tasks" / "mini" / "probes.py").is_file()
    assert source.read_bytes() == first, "a release is the same each time"


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--check"], 2, "leave out --out and --notebooks"),
        (["--out", "elsewhere"], 2, "leave out --out"),
        (["--assignment", "nobody"], 1, "no such assignment"),
    ],
)
def test_options_that_do_not_go_together(course, tmp_path, options, code, said):
    words = ("--notebooks", "out", "--course", course.root, *options)
    done = run("autograder", "release", *words, cwd=tmp_path, fails=True)
    assert said in " ".join(done.stderr.replace("│", "").split())
    assert done.returncode == code
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_release_is_left_alone(course, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(OutputError, match="is no release of ours; choose a new or empty folder"):
        release(course, [], tmp_path)


def test_a_task_without_a_section_is_the_authors_fault(tmp_path):
    course = small_course(tmp_path / "course")
    (course.root / "solutions" / "mini" / "README.md").write_text("# Mini\n\n## Double\n")
    with pytest.raises(
        CourseError, match=r"README\.md: has no heading #quadruple for task9_2; add it, or mend"
    ):
        release(course, [], tmp_path / "out")
    (course.root / "solutions" / "mini" / "README.md").unlink()
    with pytest.raises(CourseError, match=r"README\.md: not there; a notebook is made of the handout"):
        release(course, [], tmp_path / "out")


def test_without_nbgrader_it_says_what_to_install(course, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(KitError, match=r'--notebooks needs jupytext; pip install "auto'):
        release(course, [], tmp_path / "out")


def test_data_that_hidden_tests_alone_name_is_the_authors_fault(tmp_path):
    course = tiny_course(tmp_path / "course")
    tests = course.tests / "mini"
    (tests / "secret.csv").write_text("1")
    (tests / "test_mini.py").write_text((tests / "test_mini.py").read_text().replace("SECRET", "secret.csv"))
    with pytest.raises(CourseError, match=r"secret\.csv: only hidden tests name it, and a notebook's cell"):
        release(course, [], tmp_path / "out")

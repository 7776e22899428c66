"""The notebooks in nbgrader's own hands: its commands release, grade and give feedback."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator
from notebook_work import ANSWERS, ROOT, cell, run, small_course, solution_parts, tiny_course, write

from autograder.notebooks.course import release
from autograder.registry import find_course
from autograder.scores.files import read_results

pytestmark = pytest.mark.timeout(1200)

SECRETS = re.compile(r"HIDDEN|SOLUTION|hidden|SECRET|test_double_large|AUTHOR|return x \+ x")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return tiny_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def nbcourse(course, tmp_path_factory):
    """An nbgrader course with two submissions, released and graded by nbgrader's commands."""
    out = tmp_path_factory.mktemp("nbgrader") / "course"
    notebooks_of(course, out)
    return graded(out, right=read(out, "source"), stub=read(out, "release"))


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    """A larger one, with a submission that is right in part and whose test cell was changed."""
    course = small_course(tmp_path_factory.mktemp("larger"))
    out = tmp_path_factory.mktemp("nbgrader") / "course"
    notebooks_of(course, out)
    right, part = read(out, "source"), read(out, "release")
    for key in ("quadruple-quadruple", "greet-greet", "task9_3_answers"):
        cell(part, key).source = re.sub(r" *### .*SOLUTION.*\n?", "", cell(right, key).source)
    cell(
        part, "double-double"
    ).source = "print('noise')\ndef double(x):\n    return x + x if x < 1e6 else 0.0"
    cell(part, "task9_1").source = "4.0"
    return course, graded(out, right=right, stub=read(out, "release"), part=part)


def notebooks_of(course, out: Path) -> None:
    assert release(course, [], out) > 0
    run("nbgrader", "generate_assignment", "mini", cwd=out)


def graded(out: Path, **submitted) -> Path:
    for student, made in submitted.items():
        write(made, out / "submitted" / student / "mini" / "mini.ipynb")
    run("nbgrader", "autograde", "mini", cwd=out)
    run("nbgrader", "generate_feedback", "mini", cwd=out)
    return out


def read(out: Path, kind: str):
    return nbformat.read(out / kind / "mini" / "mini.ipynb", 4)


def grades(out: Path, assignment: str, student: str) -> dict[str, tuple[float | None, float, bool]]:
    """Each cell's points by nbgrader, its full marks, and whether it waits for staff."""
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(assignment, student)
        return {
            grade.name: (grade.auto_score, grade.max_score, grade.needs_manual_grade)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def outputs(path: Path) -> list:
    return [o for c in nbformat.read(path, 4).cells if c.cell_type == "code" for o in c.outputs]


class TestRelease:
    def test_it_holds_no_solution_and_nothing_hidden(self, nbcourse):
        pages = [path for path in (nbcourse / "release" / "mini").rglob("*") if path.is_file()]
        ours = [path for path in pages if "autograder" not in path.parts]
        assert {path.suffix for path in ours} == {".ipynb", ".md", ".py", ".toml", ".txt"}
        for path in ours:
            assert not SECRETS.findall(path.read_text()), path
        made = read(nbcourse, "release")
        assert cell(made, "task9_1").source == '# task9_1: Double, 4 points\ncheck_task("task9_1")'

    def test_its_source_does(self, nbcourse):
        source = (nbcourse / "source" / "mini" / "mini.ipynb").read_text()
        found = set(SECRETS.findall(source))
        assert {
            "HIDDEN",
            "SOLUTION",
            "hidden",
            "SECRET",
            "test_double_large",
            "AUTHOR",
            "return x + x",
        } <= found

    def test_each_cell_has_nbgraders_metadata(self, nbcourse, course):
        made = read(nbcourse, "release")
        MetadataValidator().validate_nb(made)
        marked = {c.metadata.nbgrader.grade_id: c for c in made.cells if "nbgrader" in c.metadata}
        every = {"schema_version", "grade_id", "grade", "solution", "locked", "task", "cell_type", "checksum"}
        for each in marked.values():
            assert set(each.metadata.nbgrader) - {"points"} == every
            assert each.metadata.nbgrader.schema_version == 3
        points = {key: c.metadata.nbgrader.points for key, c in marked.items() if c.metadata.nbgrader.grade}
        assert points == {"task9_1": 4, "task9_1_answers": 5}
        solutions = {key for key, c in marked.items() if c.metadata.nbgrader.solution}
        assert solutions == {*solution_parts(course.assignment("mini")), "task9_1_answers"}
        assert marked["task9_1_answers"].cell_type == "markdown"

    def test_answers_are_asked_for_without_the_authors(self, nbcourse):
        given = cell(read(nbcourse, "release"), "task9_1_answers").source
        assert given == "# Why\n\nWhy hello?\n\nYOUR ANSWER HERE"
        assert "AUTHOR" in ANSWERS


class TestAutograde:
    def test_the_solution_earns_full_marks(self, nbcourse):
        full = {"task9_1": (4.0, 4.0, False), "task9_1_answers": (None, 5.0, True)}
        assert grades(nbcourse, "mini", "right") == full

    def test_the_release_runs_without_an_error_and_earns_nothing(self, nbcourse):
        assert grades(nbcourse, "mini", "stub") == {
            "task9_1": (0.0, 4.0, False),
            "task9_1_answers": (0.0, 5.0, False),
        }
        said = outputs(nbcourse / "autograded" / "stub" / "mini" / "mini.ipynb")
        assert {output.output_type for output in said} == {"execute_result"}

    @pytest.mark.long
    def test_scores_of_the_sandbox_fit_into_the_same_gradebook(self, larger, tmp_path):
        course, out = larger
        _check_gradebook(out, course, tmp_path, "right", "stub")

    @pytest.mark.long
    def test_some_of_a_task_earns_some_points_as_in_the_sandbox(self, larger, tmp_path):
        course, out = larger
        results = _check_gradebook(out, course, tmp_path, "right", "stub", "part")
        part = {task.task: task.score for task in results["part"].tasks}
        assert part == {"task9_1": 1.0, "task9_2": 6.0, "task9_3": 2.0}


def _check_gradebook(out: Path, course, folder: Path, *students: str):
    """Grade in the sandbox into nbgrader's gradebook: the same cells get the same points."""
    shutil.copy(out / "gradebook.db", folder)
    before = {student: grades(folder, "mini", student) for student in students}
    database = f"sqlite:///{folder / 'gradebook.db'}"
    options = ("--course", course.root, "--out", folder / "scores", "--db", database)
    run("autograder", "grade", "submitted", *options, cwd=out)
    assert {student: grades(folder, "mini", student) for student in students} == before
    with Gradebook(database) as gradebook:
        (found,) = gradebook.find_assignment("mini").notebooks
        assert len(found.grade_cells) == len(before["right"])
    return {result.student_id: result for result in read_results(folder / "scores")}


class TestFeedback:
    def test_it_is_there_and_shows_nothing_hidden(self, nbcourse):
        for student in ("right", "stub"):
            page = (nbcourse / "feedback" / student / "mini" / "mini.html").read_text()
            assert "task9_1: " in page
            for secret in ("HIDDEN TESTS", "test_double_large", "SECRET", "1e12"):
                assert secret not in page, (student, secret)

    def test_a_task_to_do_says_what_to_do(self, nbcourse):
        page = (nbcourse / "feedback" / "stub" / "mini" / "mini.html").read_text()
        assert "task9_1: 0 of 2 tests pass" in page
        assert "a hidden test: doubling works for large numbers too" in page
        assert "task9_1 is still to do: double.py" not in page
        assert re.search(r"task9_1 is still to do: cell \d+ \(double.py: double\), line 5", page), page[
            -4000:
        ]
        assert "Add it to itself." in page

    @pytest.mark.long
    def test_a_failure_shows_a_hidden_tests_sentence_alone(self, larger):
        page = (larger[1] / "feedback" / "part" / "mini" / "mini.html").read_text()
        assert "task9_1: 1 of 2 tests pass" in page
        assert "a hidden test: doubling works for large numbers too" in page
        assert "SECRET" not in page


COURSE = find_course(ROOT)


@pytest.mark.long
@pytest.mark.parametrize("name", [assignment.name for assignment in COURSE.assignments])
def test_every_assignment_in_nbgraders_hands(name, tmp_path):
    assignment, out = COURSE.assignment(name), tmp_path / "course"
    run("autograder", "release", "--notebooks", out, "--assignment", name, cwd=ROOT)
    run("nbgrader", "generate_assignment", name, cwd=out)
    source, release = (out / kind / name / f"{name}.ipynb" for kind in ("source", "release"))
    for student, path in (("right", source), ("stub", release)):
        (out / "submitted" / student / name).mkdir(parents=True)
        shutil.copy(path, out / "submitted" / student / name)
    run("nbgrader", "autograde", name, cwd=out)
    run("nbgrader", "generate_feedback", name, cwd=out)
    points = {task.id: float(task.points) for task in assignment.tasks}
    full = {key: (most, most, False) for key, most in points.items()}
    full |= {w.id: (None, float(w.points), True) for w in assignment.written}
    assert grades(out, name, "right") == full
    assert {key: score for key, (score, _, _) in grades(out, name, "stub").items()} == dict.fromkeys(
        full, 0.0
    )
    assert {o.output_type for o in outputs(out / "autograded" / "stub" / name / f"{name}.ipynb")} == {
        "execute_result"
    }
    _check_nothing_hidden(assignment, out)


def _check_nothing_hidden(assignment, out: Path) -> None:
    """Neither the release nor the feedback holds a hidden test's name or text, nor a line of a solution."""
    tests = ROOT / "tests" / "tasks" / assignment.name
    texts = [path.read_text() for path in tests.glob("test_*.py")]
    hidden = {
        name for text in texts for name in re.findall(r"@pytest\.mark\.hidden\((?:.|\n)*?\ndef (\w+)", text)
    }
    assert hidden
    release = out / "release" / assignment.name
    pages = [path for path in release.rglob("*") if path.suffix in {".py", ".ipynb", ".md", ".html", ".toml"}]
    pages += (out / "feedback" / "stub" / assignment.name).glob("*.html")
    solved = (out / "source" / assignment.name / f"{assignment.name}.ipynb").read_text()
    regions = re.findall(
        r"### BEGIN SOLUTION(.*?)### END SOLUTION", "\n".join(_sources(json.loads(solved))), re.DOTALL
    )
    lines = {line.strip() for region in regions for line in region.split("\n")[1:] if len(line.strip()) > 40}
    # (A line that everyone is given anyway, in the handout or a module, is no secret.)
    given = [
        path for path in (ROOT / "assignments" / assignment.name).iterdir() if path.suffix in {".md", ".py"}
    ]
    public = "\n".join(path.read_text() for path in given)
    lines = {line for line in lines if line not in public}
    assert lines
    for page in pages:
        text = page.read_text()
        assert not {name for name in hidden if re.search(rf"\b{name}\b", text)}, page
        assert "HIDDEN TESTS" not in text or "autograder" in page.parts, page
        if page.suffix == ".ipynb":
            shown = "\n".join(_sources(json.loads(text)))
            assert not {line for line in lines if line in shown}, page


def _sources(made) -> list[str]:
    return ["".join(each["source"]) for each in made["cells"]]

"""The zip for Gradescope, set up and run in a root laid out as theirs is, without this checkout.

In make test the installed packages are linked in beside the kit, so that ``setup.sh`` has nothing to
download; the long proof installs from the registry, by the lock.
"""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
from gradescope_root import MAY_MOUNT, Root
from minicourse import DOUBLE, GREET, QUADRUPLE, write_course
from published_formats import GradescopeResults

from autograder.errors import CourseError
from autograder.gradescope.bundle import bundled, write_bundle
from autograder.gradescope.container import Settings
from autograder.registry import find_course
from autograder.release.project import grader_requirements, locked

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
MODULES = {"double.py": DOUBLE, "quadruple.py": QUADRUPLE, "greet.py": GREET}
WRONG = '"""Doubles by squaring: add it to itself."""\n\n\ndef double(x):\n    return x * x\n'
DOCKERS_RUNG = 3


def mini(folder):
    """The mini course as a project with a lock, which needs nothing that is not linked in."""
    write_course(folder)
    (folder / "pyproject.toml").write_text("[project]\ndependencies = []\n")
    (folder / "constraints.txt").write_text("")
    wrong = folder / "tests" / "wrong" / "mini" / "task9_1" / "squares.py"
    wrong.parent.mkdir(parents=True)
    wrong.write_text(WRONG)
    return find_course(folder)


def link_packages(kit):
    """Link what grading needs, as it is installed here, beside the kit."""
    for line in locked(COURSE, grader_requirements(COURSE)).splitlines():
        for file in importlib.metadata.files(line.partition("==")[0]) or []:
            if ".." not in file.parts and "__pycache__" not in file.parts:
                path = kit / file
                path.parent.mkdir(parents=True, exist_ok=True)
                _link(Path(file.locate()), path)


def _link(source, path):
    try:
        os.link(source, path)
    except OSError:  # (another file system)
        shutil.copy(source, path)


def read(graded):
    return msgspec.json.decode(graded["text"], type=GradescopeResults)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gradescope")
    write_bundle(mini(folder / "course"), Settings(assignment="mini"), folder / "mini.zip")
    root = Root(folder / "root", folder / "mini.zip")
    link_packages(root.autograder / "source" / "kit")
    done = root.set_up()
    assert done.returncode == 0, done.stdout + done.stderr
    return root


def test_the_reference_in_a_flat_folder_earns_full_marks(root):
    (root.autograder / "submission_metadata.json").write_text('{"users": [{"email": "zoe@example.edu"}]}')
    graded = root.grade(MODULES)
    results = read(graded)
    assert (results.total, results.extra_data["seed"], results.students_see_a_total) == (12.0, 0, True)
    if MAY_MOUNT:
        assert results.extra_data["rung"] == DOCKERS_RUNG
    assert {test.status for test in results.tests} == {"passed"}
    assert "zoe" not in graded["text"]
    assert graded["printed"] == ""


def test_a_git_checkout_with_mistakes_is_graded_and_nothing_hidden_is_told(root):
    files = {
        "assignments/mini/double.py": WRONG,
        "assignments/mini/greet.py": GREET,
        ".git/config": "x",
        "a.py": "1",
    }
    graded = root.grade(files)
    results = read(graded)
    by_task = {test.tags[0]: test for test in results.tests if test.max_score}
    assert results.total == 2.0
    assert [test.score for test in by_task.values()] == [0.0, 0.0, 2.0]
    assert "A hidden test: doubling works for large numbers too" in by_task["task9_1"].output
    assert "Likely: Doubles by squaring: add it to itself." in by_task["task9_1"].output
    assert "SECRET" not in graded["text"]
    assert "double_large" not in graded["text"]


def test_a_sandbox_below_the_required_rung_gives_no_points(root):
    if not MAY_MOUNT:
        pytest.skip("the fourth rung is taken away by chroot, which takes root")
    settings = root.autograder / "source" / "settings.json"
    before = settings.read_text()
    settings.write_text(before.replace('"require_rung": 2', '"require_rung": 4'))
    try:
        graded = root.grade(MODULES)
    finally:
        settings.write_text(before)
    assert read(graded).total is None
    assert "by no fault of yours" in read(graded).output
    assert "the sandbox reaches rung 3, rung 4 is required" in graded["printed"]


def test_without_a_set_up_there_are_no_points_but_a_word(root):
    ready = root.autograder / "source" / ".ready"
    ready.rename(ready.with_name("not-ready"))
    try:
        graded = root.grade(MODULES)
    finally:
        ready.with_name("not-ready").rename(ready)
    results = read(graded)
    assert (results.total, results.tests) == (None, [])
    assert results.output.startswith("Not graded, by no fault of yours")
    assert "setup.sh did not end well" in graded["printed"]


@pytest.mark.long
def test_setup_fails_where_the_reference_does_not_earn_full_marks(root):
    module = root.autograder / "source" / "course" / "solutions" / "mini" / "greet.py"
    before = module.read_text()
    module.write_text(before.replace("hello", "good bye"))
    try:
        done = root.set_up()
        graded = root.grade(MODULES)
    finally:
        module.write_text(before)
        assert root.set_up().returncode == 0
    assert done.returncode == 1
    assert "the reference does not earn full marks here: task9_3" in done.stderr
    assert read(graded).total is None


@pytest.mark.long
@pytest.mark.timeout(900)
def test_an_assignment_installs_from_the_lock_and_grades_the_class(tmp_path):
    """From the registry by ``setup.sh``, as Gradescope builds it; the class's results are the golden ones."""
    out = tmp_path / "scalar.zip"
    command = ["export", "gradescope", "--assignment", "scalar_autodiff", "--out", str(out)]
    subprocess.run([sys.executable, "-m", "autograder", *command], cwd=ROOT, check=True, timeout=60)
    root = Root(tmp_path / "root", out)
    done = root.set_up()
    assert done.returncode == 0, done.stdout + done.stderr
    for student in ("ada", "dana", "hana", "jana", "chidi"):
        folder = ROOT / "tests" / "submitted" / student / "scalar_autodiff"
        results = read(root.grade({path.name: path.read_text() for path in folder.glob("*.py")}))
        golden = json.loads((ROOT / f"tests/autograder/golden/scalar_autodiff/{student}.json").read_text())
        assert results.total == golden["score"]
        assert {t.tags[0]: t.score for t in results.tests if t.max_score} == {
            task["task"]: task["score"] for task in golden["tasks"]
        }
        assert results.extra_data["submission_sha256"] == golden["submission_sha256"]


class TestBundle:
    def test_it_holds_the_kit_the_lock_and_one_assignment(self):
        files = {
            str(path): content
            for path, content in bundled(COURSE, Settings(assignment="optimization")).items()
        }
        assert {name.split("/")[2] for name in files if name.startswith("course/solutions/")} == {
            "optimization"
        }
        assert {"setup.sh", "run_autograder", "settings.json", "kit/autograder/cli.py"} <= set(files)
        pins = files["constraints.txt"].decode()
        assert "numpy==" in pins
        assert "nbgrader" not in pins
        assert "numpy>=2.0" in files["requirements.txt"].decode().split()

    def test_the_same_course_gives_the_same_bytes_and_scripts_that_run(self, tmp_path):
        course = mini(tmp_path / "course")
        for name in ("one.zip", "two.zip"):
            write_bundle(course, Settings(assignment="mini"), tmp_path / name)
        assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
        with zipfile.ZipFile(tmp_path / "one.zip") as archive:
            assert {i.filename for i in archive.infolist() if i.external_attr >> 16 & 0o111} == {
                "setup.sh",
                "run_autograder",
            }

    def test_a_course_without_a_lock_is_one_line(self, tmp_path):
        course = mini(tmp_path)
        (tmp_path / "constraints.txt").unlink()
        with pytest.raises(CourseError, match=r"constraints.txt: not there; make lock writes it"):
            bundled(course, Settings(assignment="mini"))

    def test_a_students_tree_and_an_unknown_assignment_are_one_line(self, tmp_path):
        course = mini(tmp_path)
        with pytest.raises(CourseError, match="no such assignment; this course has mini"):
            bundled(course, Settings(assignment="maxi"))
        students = msgspec.structs.replace(course, modules=tmp_path / "assignments")
        with pytest.raises(CourseError, match="has no solutions/ to grade with"):
            bundled(students, Settings(assignment="mini"))

    def test_a_file_that_cannot_be_written_is_one_line(self, tmp_path):
        out = str(tmp_path / "course" / "pyproject.toml" / "x.zip")
        mini(tmp_path / "course")
        command = [
            sys.executable,
            "-m",
            "autograder",
            "export",
            "gradescope",
            "--assignment",
            "mini",
            "--out",
            out,
        ]
        done = subprocess.run(command, cwd=tmp_path / "course", capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "cannot be written (" in done.stderr
        assert "choose another --out" in done.stderr

"""The CI files of a student's tree and of a course: by their published schemas, and their commands run.

GitHub's and GitLab's runners need Docker and their services; what they would run in a shell is run here.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from importlib import resources
from pathlib import Path

import jsonschema
import junitparser
import msgspec
import pytest
from minicourse import write_course
from published_formats import JUNIT, Classroom50
from ruamel.yaml import YAML

from autograder.registry import find_course
from autograder.release.publishing import publish

ROOT = Path(__file__).parents[2]
GITHUB, GITLAB = Path(".github", "workflows", "check.yml"), Path(".gitlab-ci.yml")
COURSES = (ROOT / "docs" / "workflows" / "grade.yml", ROOT / "docs" / "workflows" / "grade.gitlab-ci.yml")
DONE = {
    "double": "def double(x):\n    return x + x\n",
    "quadruple": "from mini.double import double\n\n\ndef quadruple(x):\n    return double(double(x))\n",
    "greet": "def greet(name):\n    return f'hello {name}'\n",
}


@functools.cache
def validator(name):
    """The published schema, as check-jsonschema ships it."""
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def load(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def github_commands(path):
    """The shell commands of each step of the one job, by the step's name."""
    (job,) = load(path)["jobs"].values()
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


def gitlab_commands(path):
    (job,) = [value for value in load(path).values() if "script" in value]
    return job["script"]


def shell(command, folder, environment, code=0):
    """Run a step as GitHub's runner does: bash, ended by the first command that fails."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env=clean | {"COLUMNS": "120"} | environment,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def on_path(folder):
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def released(folder):
    """A student's tree of the mini course, which lies beside it."""
    course = write_course(folder / "course")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, course / name)
    publish(find_course(course), (), folder / "students")
    return folder / "students"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return released(tmp_path_factory.mktemp("released"))


@pytest.fixture
def student(tmp_path):
    """A student's tree, and a folder with the command of its own kit."""
    released(tmp_path)
    command = tmp_path / "bin" / "autograder"
    command.parent.mkdir()
    kit = f"import sys; sys.path.insert(0, {str(tmp_path / 'students')!r})"
    command.write_text(f"#!{sys.executable}\n{kit}\nfrom autograder.cli import main\nmain()\n")
    command.chmod(0o755)
    return tmp_path / "students"


def test_they_are_valid_by_the_published_schemas(tree):
    for path in (tree / GITHUB, COURSES[0]):
        validator("github-workflows").validate(load(path))
    for path in (tree / GITLAB, COURSES[1]):
        validator("gitlab-ci").validate(load(path))


@pytest.mark.parametrize(
    ("schema", "path", "key"), [("github-workflows", GITHUB, "runs-on"), ("gitlab-ci", GITLAB, "script")]
)
def test_the_schemas_refuse_what_is_wrong(tree, tmp_path, schema, path, key):
    wrong = tmp_path / path.name
    wrong.write_text((tree / path).read_text().replace(f"{key}:", f"{key}s:"))
    assert not validator(schema).is_valid(load(wrong))


def test_each_file_that_they_name_is_in_the_tree(tree):
    for path in (GITHUB, GITLAB):
        for name in re.findall(r"[\w.]+\.(?:txt|toml)", (tree / path).read_text()):
            assert (tree / name).is_file(), f"{path}: {name}"


def test_no_text_of_an_event_is_put_into_a_shell():
    assert not any("${{" in command for command in github_commands(COURSES[0]).values())


def test_the_check_is_red_until_all_is_done_and_leaves_junit_and_a_summary(student, tmp_path):
    """GitLab's command on a tree with a mistake, then GitHub's on the finished one."""
    (student / "assignments" / "mini" / "double.py").write_text("def double(x):\n    return x * x\n")
    *_, command = gitlab_commands(student / GITLAB)
    shell(command, student, on_path(tmp_path / "bin"), code=1)
    kept = load(student / GITLAB)["check"]["artifacts"]
    assert kept["when"] == "always"
    assert all((student / name).is_file() for name in (*kept["paths"], kept["reports"]["junit"]))
    JUNIT.validate(str(student / "junit.xml"))
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(student / "junit.xml"))}
    assert [(suite.tests, suite.failures) for suite in suites.values()] == [(1, 1), (1, 1), (2, 2)]
    properties = {one.name: one.value for one in suites["task9_1 Double"].properties()}
    assert properties == {"task": "task9_1", "status": "failed", "points": "4"}
    said = (student / "summary.md").read_text()
    assert "0 of 3 tasks pass" in said
    assert "- **task9_1**: `double(" in said

    for name, text in DONE.items():
        (student / "assignments" / "mini" / f"{name}.py").write_text(text)
    summary = tmp_path / "summary.md"
    environment = on_path(tmp_path / "bin") | {"GITHUB_STEP_SUMMARY": str(summary)}
    shell(github_commands(student / GITHUB)["Check"], student, environment)
    assert "3 of 3 tasks pass" in summary.read_text()
    assert "junit.xml" in (student / GITHUB).read_text()


def test_the_courses_workflow_grades_a_students_checkout(student, tmp_path):
    """The command of the instructor's workflow, with the folders laid out as its steps lay them out."""
    work = tmp_path / "work"
    work.mkdir()
    shutil.copytree(tmp_path / "course", work / "course")
    shutil.copytree(student, work / "submission")
    (work / "submission" / "assignments" / "mini" / "greet.py").write_text(DONE["greet"])
    takes_over = "import sys\nprint('TAKEN OVER')\nsys.exit(9)\n"
    (work / "submission" / "autograder" / "__init__.py").write_text(takes_over)
    (work / "submission" / "conftest.py").write_text(takes_over)
    (job,) = load(COURSES[0])["jobs"].values()
    (step,) = [step for step in job["steps"] if step.get("name") == "Grade"]
    summary = tmp_path / "summary.md"
    given = {"GITHUB_STEP_SUMMARY": str(summary), "REPOSITORY": "course/ada"}
    printed = shell(step["run"], work, on_path(Path(sys.executable).parent) | given | step["env"])
    assert "TAKEN OVER" not in printed
    result = json.loads((work / "scores" / "mini" / "ada.json").read_text())
    assert (result["score"], result["max_score"]) == (2.0, 12.0)
    JUNIT.validate(str(work / "scores" / "junit" / "mini" / "ada.xml"))
    assert "task9_3" in summary.read_text()
    assert "SECRET" not in summary.read_text()


def test_the_courses_gitlab_job_gives_the_same_command():
    lines = github_commands(COURSES[0])["Grade"].replace("\\\n", " ").splitlines()
    (ours,) = [line.split() for line in lines if line.startswith("autograder grade")]
    (theirs,) = [line for line in gitlab_commands(COURSES[1]) if line.startswith("autograder grade")]
    moved = theirs.replace('"$CI_PROJECT_DIR/scores"', "../../scores").replace(
        '"$CI_PROJECT_DIR"', "../../course"
    )
    assert moved.split() == ours
    assert load(COURSES[1])["grade"]["artifacts"]["reports"]["junit"] == "scores/junit/*/*.xml"


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("service", ["GitHub", "GitLab"])
def test_all_commands_run_in_a_fresh_environment(tmp_path, service):
    """Install and check, as the runner would after it checked the tree out: the packages come from the registry."""
    folder = tmp_path / "checkout"
    publish(find_course(ROOT), (), folder)
    venv.create(tmp_path / "python", with_pip=True)
    environment = on_path(tmp_path / "python" / "bin") | {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    commands = (
        gitlab_commands(folder / GITLAB)
        if service == "GitLab"
        else list(github_commands(folder / GITHUB).values())
    )
    install, check = commands
    shell(install, folder, environment)
    assert "to do" in shell(check, folder, environment, code=1)
    assert junitparser.JUnitXml.fromfile(str(folder / "junit.xml")).failures > 0
    for assignment in find_course(ROOT).assignments:
        for module in assignment.task_modules:
            shutil.copy(assignment.folder / f"{module}.py", folder / "assignments" / assignment.name)
    shell(check, folder, environment)
    assert junitparser.JUnitXml.fromfile(str(folder / "junit.xml")).failures == 0


@pytest.mark.parametrize("graded", [True, False])
def test_classroom50s_script_leaves_a_result_or_an_error(student, tmp_path, graded):
    course = tmp_path / "course"
    command = course / ".venv" / "bin" / "autograder"
    command.parent.mkdir(parents=True)
    if graded:
        command.symlink_to(Path(sys.executable).with_name("autograder"))
    else:  # (a grader that was lost, as far as its caller can tell)
        command.symlink_to("/bin/true")
    given = {
        "CLASSROOM": "cs",
        "ASSIGNMENT": "mini",
        "SUBMISSION_TAG": "submit/1",
        "COMMIT_URL": "https://x/c",
    }
    environment = given | {"RELEASE_URL": "https://x/r", "COURSE": str(course)}
    script = f"{sys.executable} {ROOT / 'docs' / 'workflows' / 'classroom50_autograder.py'}"
    said = shell(script, student, environment, code=0 if graded else 1)
    if graded:
        read = msgspec.json.decode((student / "result.json").read_bytes(), type=Classroom50)
        assert (read.score, read.max_score, read.classroom, len(read.tests)) == (0, 12, "cs", 3)
        assert "task9_1" in (student / "release-body.md").read_text()
    else:
        assert "::error::not fully graded" in said
        assert not (student / "result.json").exists()

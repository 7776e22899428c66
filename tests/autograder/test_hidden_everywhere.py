"""Whatever is written for students, in every format, tells nothing of hidden tests, the reference and others.

What is secret is found, not listed: each line of the course's solutions and tests that no file of a
release holds, and the names of what only hidden tests use.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.registry import find_course
from autograder.release.publishing import publish
from autograder.scores.exports import Format

ROOT = Path(__file__).parents[2]
SUBMITTED = ROOT / "tests" / "submitted"
COURSE = find_course(ROOT)
STUDENTS = sorted(path.name for path in SUBMITTED.iterdir() if path.is_dir())
SHORTEST = 16
"""Letters of a line from which on it is told from any other."""
OF_THE_RUNNER = {
    name: f"submit/{name}"
    for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL", "REVIEW_URL")
}


def lines_of(text):
    return {" ".join(line.split()) for line in text.splitlines()}


def named_in(paths):
    """The names of functions, classes and variables that these Python files define or use."""
    names = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name):
                    names.add(name)
    return names


def hidden_in(path):
    """The names of the hidden tests of a file, and the numbers of the lines with their sentences for students."""
    names, said = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.hidden"):
            said |= set(range(node.lineno, node.end_lineno + 1))
        if isinstance(node, ast.FunctionDef) and any(
            "mark.hidden" in ast.unparse(d) for d in node.decorator_list
        ):
            names.add(node.name)
    return names, said


def hidden_tests(assignment):
    """The names of an assignment's hidden tests."""
    return set().union(*(hidden_in(path)[0] for path in (COURSE.tests / assignment.name).glob("test_*.py")))


def untold_lines(path):
    """The lines of a file but for the sentences that its author wrote for students."""
    _, said = hidden_in(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines_of("\n".join(line for number, line in enumerate(lines, start=1) if number not in said))


def strings_in(value):
    """All texts in a JSON document, keys included."""
    match value:
        case str():
            yield value
        case list():
            yield from (text for item in value for text in strings_in(item))
        case dict():
            yield from (text for pair in value.items() for item in pair for text in strings_in(item))


class Secrets:
    """What no student may read of an assignment.

    Args:
        released: a tree for students.
    """

    def __init__(self, assignment, released):
        public = [path for path in released.rglob("*") if path.suffix in {".py", ".md", ".toml"}]
        known = set().union(*(lines_of(path.read_text(encoding="utf-8")) for path in public))
        tests = sorted((COURSE.tests / assignment.name).glob("*.py"))
        solutions = [assignment.folder / f"{name}.py" for name in assignment.task_modules]
        every = set().union(*map(untold_lines, (*tests, *solutions)))
        self.lines = {x for x in every - known if len(x) >= SHORTEST}
        seen = named_in(path for path in public if path.suffix == ".py")
        self.names = {x for x in named_in(tests) - seen if len(x) >= SHORTEST / 2}

    def told_by(self, text):
        """The secrets that a text holds."""
        words = set(re.findall(r"\w+", text))
        flat = " ".join(text.split())
        return {line for line in self.lines if line in flat} | (self.names & words)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("released") / "students"
    publish(COURSE, (), folder)
    return folder


def graded(tmp_path, assignment, *options, submitted=SUBMITTED):
    """The example class's scores in one assignment, in all formats."""
    command = ["grade", str(submitted), "--out", str(tmp_path / "scores"), "--assignment", assignment.name]
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *command, "-j", "2", "--format", ",".join(Format), *options],
        cwd=ROOT,
        env=os.environ | OF_THE_RUNNER,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return tmp_path / "scores", done.stdout + done.stderr


def texts_of(folder):
    """Every written file as text; what the grader keeps for itself left out."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".mistakes" not in path.parts]
    return {path.relative_to(folder): path.read_bytes().decode("utf-8", "replace") for path in files}


def as_it_reads(path, text):
    """The text in its reader's eyes: without the escapes that could cut a secret in two."""
    if path.suffix == ".json":
        return "\n".join(strings_in(json.loads(text)))
    plain = re.sub(r"\\([\\`*_\[\]<>#|~&$])", r"\1", text)
    for escaped, letter in {
        "&lt;": "<",
        "&gt;": ">",
        "&quot;": '"',
        "&#x27;": "'",
        "&#10;": " ",
        "&amp;": "&",
    }.items():
        plain = plain.replace(escaped, letter)
    return plain


def prove(scores, printed, assignment, secrets):
    """Nothing of what was written or printed tells a secret, and no student's file names another."""
    texts = texts_of(scores)
    students = {path.name.partition(".")[0] for path in texts} & set(STUDENTS)
    kinds = {path.parts[0] for path in texts}
    assert {*map(str, Format), assignment.name} <= kinds
    for path, text in texts.items():
        said = as_it_reads(path, text)
        assert secrets.told_by(said) == set(), f"{path} tells what is hidden"
        own = path.name.partition(".")[0]
        if own in students:
            others = {name for name in students - {own} if re.search(rf"\b{name}\b", said)}
            assert others == set(), f"{path} tells of another student"
    assert secrets.told_by(printed) == set()
    return len(texts), len(students)


def test_there_is_something_to_hide(released):
    for assignment in COURSE.assignments:
        secrets = Secrets(assignment, released)
        assert len(secrets.lines) > 40, assignment.name
        hidden = hidden_tests(assignment)
        assert hidden, assignment.name
        # (a name that is public in another assignment is no secret)
        assert len(hidden & secrets.names) >= 0.7 * len(hidden), assignment.name


def test_a_secret_is_found_wherever_it_is_put(released, tmp_path):
    assignment = COURSE.assignments[0]
    secrets = Secrets(assignment, released)
    for secret in (*sorted(secrets.lines)[:5], *sorted(secrets.names)[:5]):
        for path in (Path("x.md"), Path("x.json"), Path("x.xml")):
            text = json.dumps({"message": f"a {secret}\nb"}) if path.suffix == ".json" else f"a\n{secret} b"
            assert secrets.told_by(as_it_reads(path, text)), (secret, path)


def test_a_release_tells_nothing_but_what_is_public(released):
    """The release is where public is defined: it holds no hidden test's name, no solution and no student."""
    texts = {
        path: text
        for path, text in texts_of(released).items()
        if path.suffix in {".py", ".md", ".yml", ".toml"}
    }
    for assignment in COURSE.assignments:
        hidden = hidden_tests(assignment)
        solved = {
            " ".join(line.split())
            for task in assignment.task_modules
            for line in regions_of(assignment, task)
        }
        for path, text in texts.items():
            if path.parts[:3] == ("tests", "tasks", assignment.name):
                assert hidden.isdisjoint(re.findall(r"\w+", text)), path
            if path.parts[:2] == ("assignments", assignment.name) and path.stem in assignment.task_modules:
                assert solved.isdisjoint(lines_of(text) - given_lines(assignment)), path
    assert not any(
        name in path.parts for path in texts for name in ("submitted", "wrong", "solutions", "golden")
    )


def regions_of(assignment, module):
    """The lines between the markers of a module, those that tell something."""
    inside = False
    for line in (assignment.folder / f"{module}.py").read_text(encoding="utf-8").splitlines():
        if "### BEGIN SOLUTION" in line or "### END SOLUTION" in line:
            inside = "BEGIN" in line
        elif inside and len(line.strip()) >= SHORTEST:
            yield line


def given_lines(assignment):
    """The lines that stand outside of regions too, in some module of the assignment."""
    found = set()
    for path in assignment.folder.glob("*.py"):
        text = re.sub(
            r"### BEGIN SOLUTION.*?### END SOLUTION", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        found |= lines_of(text)
    return found


def test_every_format_of_one_assignment_hides_it(released, tmp_path):
    assignment = COURSE.assignment("operator_overloading")
    for student in ("bruno", "dana", "emil", "hana"):
        shutil.copytree(SUBMITTED / student / assignment.name, tmp_path / "class" / student / assignment.name)
    scores, printed = graded(tmp_path, assignment, "--no-gradebook", submitted=tmp_path / "class")
    files, students = prove(scores, printed, assignment, Secrets(assignment, released))
    assert (students, files) == (4, 4 * 7 + 2)  # (all results in one table, and in the ledger)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [assignment.name for assignment in COURSE.assignments])
def test_every_format_and_the_gradebook_hide_it(released, tmp_path, name):
    scores, printed = graded(tmp_path, COURSE.assignment(name))
    assert (scores / "gradebook.db").is_file()
    prove(scores, printed, COURSE.assignment(name), Secrets(COURSE.assignment(name), released))
    shutil.rmtree(scores)

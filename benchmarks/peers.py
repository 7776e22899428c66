"""The same tests on the same right submission under the graders that courses use today.

Prints seconds a submission for a fresh pytest process, nbgrader's autograde, ``otter run`` and ours, from
one run on one machine, and the score that each gave. nbgrader and Otter-Grader are measured where they are
installed; Otter's environment also needs ipykernel and this kit's dependencies:

    python benchmarks/peers.py [--count 3] [--otter OTHER_ENVIRONMENT/bin/otter]

What is not alike: nbgrader and Otter grade notebooks, so there a cell runs the same pytest files in the
notebook's kernel; neither isolates the code it grades, ours does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from class_speed import NAME, ROOT, fresh_pytest, graded, submission_of, write_class, write_course
from rich.console import Console
from rich.table import Table

from autograder.registry import Course


@dataclass(frozen=True)
class Measure:
    """Seconds a submission, the score given of the score to be had, the grader's version."""

    seconds: float
    score: str
    version: str


def timed(work: Callable[[], object], count: int) -> float:
    """Seconds for each of the `count` submissions that `work` grades."""
    since = time.perf_counter()
    work()
    return (time.perf_counter() - since) / count


def test_code(course: Course) -> str:
    """A cell's code that fails unless all graded tests pass in this kernel."""
    arguments = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "filterwarnings=default",
        "--rootdir",
        str(course.root),
    ]
    arguments += ["-c", str(course.root / "pyproject.toml"), "--against", str(course.modules)]
    arguments.append(str(course.tests / NAME))
    quiet = "contextlib.redirect_stdout(io.StringIO())"
    run = f"with {quiet}: code = pytest.main({arguments!r})"
    return f"import contextlib, io, pytest\n{run}\nassert code == 0, code"


def nbgrader_cell(source: str, grade_id: str, *, graded_points: int | None) -> nbformat.NotebookNode:
    """A code cell with nbgrader's metadata: a solution's, or a test's with points."""
    metadata = {"schema_version": 3, "grade_id": grade_id, "solution": graded_points is None, "task": False}
    metadata |= {"grade": graded_points is not None, "locked": graded_points is not None, "cell_type": "code"}
    if graded_points is not None:
        metadata["points"] = graded_points
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata})


def nbgrader(course: Course, folder: Path, count: int) -> Measure:
    """``nbgrader autograde`` on notebooks whose one test cell runs the tests."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbgrader_cell("### BEGIN SOLUTION\nanswer = 1\n### END SOLUTION", "answer", graded_points=None),
            nbgrader_cell(test_code(course), "tests", graded_points=1),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    source = folder / "source" / NAME
    source.mkdir(parents=True)
    nbformat.write(notebook, source / f"{NAME}.ipynb")
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'kit'\n"
        f"c.CourseDirectory.root = {str(folder)!r}\n"
        "c.ExecutePreprocessor.timeout = 300\n"
    )
    tool = [sys.executable, "-m", "nbgrader"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def call(*arguments: str) -> None:
        done = subprocess.run(
            [*tool, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"nbgrader {arguments[0]} failed:\n{done.stderr[-2000:]}")

    call("generate_assignment", NAME)
    for number in range(count):
        handed_in = folder / "submitted" / f"student{number}" / NAME
        shutil.copytree(folder / "release" / NAME, handed_in)
    seconds = timed(
        lambda: [call("autograde", NAME, "--student", f"student{number}") for number in range(count)], count
    )
    call("export", "--to", str(folder / "grades.csv"))
    header, *rows = [line.split(",") for line in (folder / "grades.csv").read_text().splitlines()]
    scores = {
        f"{float(row[header.index('score')]):g}/{float(row[header.index('max_score')]):g}" for row in rows
    }
    return Measure(seconds, " ".join(sorted(scores)), version_of("nbgrader"))


def otter(tool: str, course: Course, folder: Path, count: int) -> Measure:
    """``otter run`` on notebooks whose one test runs the tests."""
    (folder / "tests").mkdir(parents=True)
    (folder / "results").mkdir()
    code = ">>> " + test_code(course).replace("\n", "\n>>> ").replace(
        " code = pytest", "\n...     code = pytest"
    )
    code = code.replace("\n>>> assert", "\n...\n>>> assert")
    case = {"code": code, "hidden": False, "locked": False}
    test = {"name": "q1", "points": 1, "suites": [{"cases": [case], "scored": True, "type": "doctest"}]}
    (folder / "tests" / "q1.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("answer = 1")])
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(notebook, folder / "submission.ipynb")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{Path(tool).parent}:{os.environ['PATH']}"}

    def call(*arguments: str) -> None:
        done = subprocess.run(
            [tool, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"otter {arguments[0]} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")

    call(
        "generate",
        "-t",
        "tests",
        "-o",
        "autograder.zip",
        "--no-requirements",
        "--no-environment",
        "--no-config",
    )
    grade = ["run", "-a", "autograder.zip", "-o", "results", "--no-logo", "submission.ipynb"]
    seconds = timed(lambda: [call(*grade) for _ in range(count)], count)
    results = json.loads((folder / "results" / "results.json").read_text())["tests"]
    score = sum(test.get("score", 0) for test in results)
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    version = [word for word in said.split() if word[0].isdigit()][-1]
    return Measure(seconds, f"{score:g}/1", version)


def version_of(package: str) -> str:
    """The installed version of a package."""
    from importlib.metadata import version  # noqa: PLC0415  (wanted here alone)

    return version(package)


def ours(course: Course, folder: Path, size: int) -> Measure:
    """``autograder grade`` over a class, its start included, one worker."""
    submitted = write_class(folder / "submitted", submission_of(course.assignment(NAME)), size)
    cost = graded(course, submitted, folder / "out", size, 1)
    rows = (folder / "out" / "scores.csv").read_text().splitlines()[1:]
    scores = {"/".join(row.rsplit(",", 2)[1:]) for row in rows}
    return Measure(cost.wall_s, " ".join(sorted(scores)), version_of("autodiff-course-kit"))


def report(count: int, size: int, otter_tool: str | None) -> None:
    """Measure what is installed and print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course = write_course(folder / "course")
        measures = {"ours": ours(course, folder, size)}
        fresh = fresh_pytest(course, count).wall_s
        measures["fresh pytest"] = Measure(fresh, "exit code 0", version_of("pytest"))
        measures["nbgrader autograde"] = nbgrader(course, folder / "nbgrader", count)
        if otter_tool:
            measures["otter run"] = otter(otter_tool, course, folder / "otter", count)
    base = next(iter(measures.values())).seconds
    table = Table("grader", "version", "s each", "score", "against ours")
    for label, one in measures.items():
        table.add_row(label, one.version, f"{one.seconds:.2f}", one.score, f"{one.seconds / base:.0f} times")
    Console().print(table)
    print(f"ours: one worker over a class of {size}, start included; the others: the mean of {count}")
    if not otter_tool:
        print("otter run: not installed; pip install otter-grader in an environment of its own, then --otter")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=3, help="submissions for each of the other graders")
    parser.add_argument("--size", type=int, default=200, help="the class that ours grades")
    parser.add_argument("--otter", default=shutil.which("otter"), help="the otter command to measure")
    options = parser.parse_args()
    report(options.count, options.size, options.otter)

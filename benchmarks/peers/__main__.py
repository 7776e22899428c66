"""The graders that courses use today and ours: same tests, same 20 submissions, one page.

Each of nbgrader, Otter-Grader, gradescope-utils and bare pytest gets an environment of its own from the
registries, below ``--cache``; versions are pinned and printed. Prints the page; ``--page`` keeps it too.

    python -m benchmarks.peers [--cache FOLDER] [--right 5] [--size 200] [--page docs/comparison.md]
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from importlib import metadata
from pathlib import Path

from benchmarks.class_speed import NAME, Cost
from benchmarks.peers.course import Exam, write_exam
from benchmarks.peers.environments import Environment, NotInstalledError, environment
from benchmarks.peers.harness import Harness, HarnessFailedError, Modules, Setting
from benchmarks.peers.outcome import ONE_WORKER, TWO_WORKERS, WITH_GRADEBOOK, Comparison, Measured
from benchmarks.peers.page import page
from benchmarks.peers.submissions import Entry, entries, right
from benchmarks.peers.with_gradescope import Gradescope
from benchmarks.peers.with_nbgrader import Nbgrader
from benchmarks.peers.with_otter import Otter
from benchmarks.peers.with_ours import Ours
from benchmarks.peers.with_pytest import Pytest

PEERS: dict[str, Callable[[], Harness]] = {
    "pytest": Pytest,
    "gradescope-utils": Gradescope,
    "nbgrader": Nbgrader,
    "otter-grader": Otter,
}


def say(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def right_ones(exam: Exam, count: int) -> list[Modules]:
    """So many right submissions: the right ones in turn, each with a comment of its own."""
    texts = [entry.modules for entry in right(exam.course.assignment(NAME))]
    return [
        {name: f"{text}\n# student {number}\n" for name, text in texts[number % len(texts)].items()}
        for number in range(count)
    ]


def measured(harness: Harness, setting: Setting, found: list[Entry], count: int) -> Measured:
    """What a harness makes of the 20, and what a right one costs."""
    grades, cost, fault = {}, None, ""
    name = "ours" if isinstance(harness, Ours) else harness.package
    try:
        harness.prepare(setting)
        if name != "ours":  # (before the 20: nbgrader tries again whom it could not grade)
            cost = harness.grade_class(right_ones(setting.exam, count))
            say(f"{name}: {cost.wall_s:.2f} s a right submission")
        for entry in found:
            grades[entry.name] = harness.grade(entry.name, entry.handed_in(name))
            points, ran = grades[entry.name].points, grades[entry.name].ran
            say(f"{name}: {entry.name}: {points}, {ran.cost.wall_s:.1f} s, exit code {ran.exit_code}")
    except HarnessFailedError as error:
        fault = " ".join(str(error).replace(str(setting.folder), "").split())
        say(f"{name}: {fault}")
    versions = setting.environment.shown_versions(harness.package)
    return Measured(name, harness.about, versions, grades, cost, fault)


def peer(name: str, cache: Path, exam: Exam, options: argparse.Namespace, found: list[Entry]) -> Measured:
    """The same for a harness that is installed first."""
    harness = PEERS[name]()
    try:
        there = environment(cache, name)
    except NotInstalledError as error:
        say(f"{name}: {error}")
        return Measured(name, harness.about, "", {}, None, f"could not be installed here: {error}")
    say(f"{name}: {there.shown_versions(name)}")
    setting = Setting(exam, there, exam.course.root.parent / name, options.limit)
    setting.folder.mkdir()
    return measured(harness, setting, found, options.right)


def ours(exam: Exam, options: argparse.Namespace, found: list[Entry]) -> tuple[Measured, dict[str, Cost]]:
    """What ours makes of the 20, and what it costs over a class."""
    installed = {one.metadata["Name"].lower(): one.version for one in metadata.distributions()}
    there = Environment(Path(sys.prefix), installed)
    setting = Setting(exam, there, exam.course.root.parent / "ours", options.limit)
    setting.folder.mkdir()
    harness = Ours()
    one = measured(harness, setting, found, options.right)
    submissions = right_ones(exam, options.size)
    costs = {
        ONE_WORKER: harness.class_cost(submissions, 1),
        TWO_WORKERS: harness.class_cost(submissions, 2),
        WITH_GRADEBOOK: harness.class_cost(submissions, 1, "--gradebook"),
    }
    return one, costs


def wanted(found: list[Entry], names: list[str] | None) -> list[Entry]:
    """The submissions with these names, and the starter code that cheats are measured against; or all.

    Raises:
        SystemExit: there is no such submission.
    """
    known = [entry.name for entry in found]
    for name in names or ():
        if name not in known:
            raise SystemExit(f"--submissions {name}: no such submission; there are {', '.join(known)}")
    return [entry for entry in found if names is None or entry.name in (*names, "untouched")]


def compare(options: argparse.Namespace, folder: Path, cache: Path) -> Comparison:
    """Set up, grade, time."""
    exam = write_exam(folder / "course")
    found = wanted(entries(exam.course.assignment(NAME)), options.submissions)
    one, costs = ours(exam, options, found)
    peers = [peer(name, cache, exam, options, found) for name in PEERS if name in options.only]
    return Comparison(
        found,
        exam.max_points,
        len(exam.tests),
        [one, *peers],
        costs,
        options.right,
        options.size,
        options.limit,
    )


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cache", type=Path, help="keeps the environments (default: a temporary folder)")
    parser.add_argument("--right", type=int, default=5, help="right submissions that each peer is timed on")
    parser.add_argument("--size", type=int, default=200, help="the class that ours is timed on")
    parser.add_argument("--limit", type=float, default=120, help="seconds a submission")
    parser.add_argument(
        "--only", nargs="*", default=list(PEERS), choices=list(PEERS), help="these peers alone"
    )
    parser.add_argument("--submissions", nargs="*", help="these submissions alone, and untouched")
    parser.add_argument("--page", type=Path, help="write the page to this file")
    return parser.parse_args()


def shown(options: argparse.Namespace) -> str:
    """The command as the page gives it, without this machine's folders."""
    words = ["--right", str(options.right), "--size", str(options.size), "--limit", f"{options.limit:g}"]
    words += ["--only", *options.only] if len(options.only) < len(PEERS) else []
    words += ["--submissions", *options.submissions] if options.submissions else []
    return shlex.join(["python", "-m", "benchmarks.peers", *words])


def main() -> None:
    """Compare and print."""
    options = arguments()
    with (
        tempfile.TemporaryDirectory(prefix="peers-") as folder,
        nullcontext(options.cache) if options.cache else tempfile.TemporaryDirectory() as cache,
    ):
        Path(cache).mkdir(parents=True, exist_ok=True)
        found = compare(options, Path(folder), Path(cache).resolve())
    text = page(found, shown(options))
    print(text)
    if options.page:
        options.page.parent.mkdir(parents=True, exist_ok=True)
        options.page.write_text(text)


if __name__ == "__main__":
    main()

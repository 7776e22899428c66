"""How long it takes to write a large class into nbgrader's gradebook, and to write it again.

    python benchmarks/gradebook_speed.py [--submissions 5000]

Results of the course's first assignment, half of them late, go into a new SQLite file and into a new database
of a PostgreSQL server that is started for it (pgserver, of the `dev` extra): once new, once more as after a
regrade. Seconds on the wall clock; the sums that the databases then hold are compared with the results'.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from autograder.deadlines import Late
from autograder.grading.result import Result, Sandbox, Status, TaskScore
from autograder.registry import Assignment, Course, find_course
from autograder.scores.gradebook import write_gradebook

ROOT = Path(__file__).parent.parent
WANTED_S = 60.0
DUE = datetime(2026, 10, 1, 21, 59, tzinfo=UTC)
SUMS = text(
    "select (select count(*) from submitted_assignment), (select sum(auto_score) from grade), "
    "(select sum(late_submission_penalty) from submitted_notebook)"
)


def dated_course() -> tuple[Course, Assignment]:
    """The course, its first assignment due and with a late policy."""
    course = find_course(ROOT)
    late = Late(grace="2h", points_a_day=5, cutoff_days=5)
    first = msgspec.structs.replace(course.assignments[0], due=DUE, late=late)
    return msgspec.structs.replace(course, assignments=(first, *course.assignments[1:])), first


def results(assignment: Assignment, submissions: int, share: float) -> Iterator[Result]:
    """Results with this share of each task's points; every second one is a day and a bit late."""
    tasks = tuple(
        TaskScore(
            task=task.id,
            title=task.title,
            status=Status.PASSED if share == 1 else Status.FAILED,
            score=task.points * share,
            max_score=float(task.points),
            tests=(),
        )
        for task in assignment.tasks
    )
    for number in range(submissions):
        yield Result(
            student_id=f"s{number:05}",
            assignment=assignment.name,
            score=assignment.max_score * share,
            max_score=float(assignment.max_score),
            seed=0,
            sandbox=Sandbox(rung=4),
            submission_sha256="",
            course_version="",
            started="2026-10-03T00:00:00+00:00",
            duration_s=0.1,
            tasks=tasks,
            submitted=DUE + timedelta(hours=25 if number % 2 else -1),
        )


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """A URL for each kind of database, both empty."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # (pgserver keeps its sockets there)
        import pgserver  # noqa: PLC0415  (it looks for that folder when it is imported)

        server = pgserver.get_server(Path(folder) / "postgres", cleanup_mode="delete")
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            yield {"SQLite": f"sqlite:///{folder}/gradebook.db", "PostgreSQL": url}
        finally:
            server.cleanup()


def seconds(assignment: Assignment, course: Course, url: str, submissions: int, share: float) -> float:
    """What it takes to write them; what the database then holds is checked."""
    since = time.perf_counter()
    write_gradebook(results(assignment, submissions, share), course, url)
    taken = time.perf_counter() - since
    engine = create_engine(url)
    with engine.connect() as connection:
        held = tuple(connection.execute(SUMS).one())
    engine.dispose()
    due = (submissions, submissions * assignment.max_score * share, submissions // 2 * 10.0)
    if held != due:
        raise SystemExit(f"{url}: holds {held}, and not {due}")
    return taken


def main() -> None:
    """Print a line a database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=5_000, help="(default 5000)")
    count = parser.parse_args().submissions
    course, assignment = dated_course()
    table = Table(
        title=f"{count:,} submissions to {assignment.name}", title_justify="left", box=box.SIMPLE_HEAD
    )
    for heading in ("seconds", "new", "written again", ""):
        table.add_column(heading)
    with databases() as urls:
        for name, url in urls.items():
            times = [seconds(assignment, course, url, count, share) for share in (0.5, 1)]
            kept = "" if max(times) < WANTED_S else "too slow"
            table.add_row(name, *(f"{one:.1f}" for one in times), kept)
    Console().print(table)


if __name__ == "__main__":
    main()

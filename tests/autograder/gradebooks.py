"""Gradebooks for tests: new ones in SQLite and in a real PostgreSQL, and what nbgrader's own program says of one."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

_NUMBERS = count()


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL server that runs for this test alone, a database's name to follow."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # (pgserver warns without one, and keeps its sockets there)
    try:
        pgserver = pytest.importorskip(
            "pgserver", reason="PostgreSQL's binaries are in no wheel for this Python"
        )
        server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    finally:
        del os.environ["XDG_RUNTIME_DIR"]
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def new_database(server: str) -> str:
    """The URL of a new database of this server."""
    from sqlalchemy import create_engine, text  # noqa: PLC0415  (an extra)

    name = f"gradebook{next(_NUMBERS)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@contextmanager
def opened(url: str) -> Iterator:
    """nbgrader's gradebook, as its own programs open it; what is changed in it is kept."""
    from nbgrader.api import Gradebook  # noqa: PLC0415  (an extra)

    with Gradebook(url) as gradebook:
        yield gradebook
        gradebook.db.commit()


def exported(url: str, folder: Path) -> list[dict[str, str]]:
    """The rows that nbgrader's own program exports."""
    program = [sys.executable, "-m", "nbgrader", "export", f"--db={url}", "--to=grades.csv"]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader((folder / "grades.csv").read_text().splitlines()))

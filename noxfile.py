"""``nox -s test`` runs the tests; what follows ``--`` goes to pytest: ``nox -s test -- -m task2_1``."""

from __future__ import annotations

import sys
from pathlib import Path

import nox

HERE = Path(__file__).parent


def _python() -> str:
    """The interpreter in this folder's own environment, if there is one, wherever nox itself is installed."""
    places = (HERE / ".venv" / "bin" / "python", HERE / ".venv" / "Scripts" / "python.exe")
    return next((str(place) for place in places if place.exists()), sys.executable)


@nox.session(venv_backend="none")
def test(session: nox.Session) -> None:
    """Run the tests in tests/tasks with the packages that are installed already."""
    session.run(_python(), "-m", "pytest", "tests/tasks", *session.posargs, external=True)

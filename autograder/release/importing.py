"""Whether every module of a generated tree imports: what runs at import must not need a solution."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.errors import CourseError
from autograder.release.files import Files, write_files

IMPORT_ALL = """
import importlib, sys, traceback
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except BaseException as error:
        own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(sys.argv[1])]
        place = f"{own[0].filename[len(sys.argv[1]) + 1:]}:{own[0].lineno}" if own else name
        sys.exit(f"{place}: the stub does not import ({type(error).__name__}: {error})")
"""


def refuse_what_does_not_import(files: Files) -> None:
    """Import every module of ``assignments/`` in a fresh process.

    Raises:
        CourseError: one does not import; names its file and line.
    """
    paths = [path for path in files if path.suffix == ".py" and path.stem != "__main__"]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
    with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
        root = Path(scratch).resolve()
        write_files(files, root)
        ran = subprocess.run(  # noqa: S603  (our own command)
            [sys.executable, "-c", IMPORT_ALL, str(root), *names],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode:
        said = " ".join((ran.stderr.strip().splitlines() or ["Python said nothing"])[-1].split())
        raise CourseError(f"assignments/{said}; let nothing that runs at import need a solution")

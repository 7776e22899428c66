"""The engines by name: what ``autograder grade --engine`` offers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from autograder.errors import KitError
from autograder.grading.engine import Engine, LocalEngine
from autograder.registry import Course


class Kind(StrEnum):
    """An engine's name."""

    LOCAL = "local"
    DASK = "dask"


@contextmanager
def opened(  # noqa: PLR0913  (each is an option of the command line)
    kind: Kind,
    course: Course,
    *,
    workers: int,
    require_rung: int,
    memory: Path,
    scheduler: str | None = None,
) -> Iterator[Engine]:
    """The engine of this name, let go of in the end.

    Args:
        workers: how many submissions are graded at once on this machine.
        memory: a folder that keeps how known mistakes fail for the next run.
        scheduler: the address of a running Dask cluster, None for one on this machine.

    Raises:
        KitError: what the engine needs is not installed.
    """
    if kind is Kind.LOCAL:
        yield LocalEngine(course, workers=workers, require_rung=require_rung, memory=memory)
        return
    try:
        from autograder.dask_engine.engine import DaskEngine  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as fault:
        raise KitError(
            f"--engine dask needs {fault.name}, which is not installed; "
            "pip install 'autodiff-course-kit[dask]', or leave --engine out"
        ) from fault
    with DaskEngine(
        course, scheduler=scheduler, workers=workers, require_rung=require_rung, memory=memory
    ) as engine:
        yield engine

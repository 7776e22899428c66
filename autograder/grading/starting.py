"""Starts a grading worker: its fork server first, which gets warm while the worker imports its libraries."""

from __future__ import annotations

import importlib
import os
from contextlib import suppress

from autograder.grading.forkserver import SERVER_KILLED, ForkServer, ServerLost


def start(  # noqa: PLR0913, PLR0917  (a program's arguments)
    descriptor: int, root: str, modules: str, assignment: str, highest: int, processor: int | None
) -> None:
    """Be a worker on the channel `descriptor`; see `autograder.grading.worker.run`.

    A worker and its child take turns: on one `processor` they share its caches, which saves a quarter
    of the time that two processors would take to wake each other.
    """
    server = ForkServer(highest, None)
    with suppress(ServerLost), server:  # the grader starts another
        worker = importlib.import_module("autograder.grading.worker")
        if processor is not None:
            for pid in (0, server.pid):
                os.sched_setaffinity(pid, {processor})
        worker.run(descriptor, root, modules, assignment, server)
    if server.was_killed:
        raise SystemExit(SERVER_KILLED)

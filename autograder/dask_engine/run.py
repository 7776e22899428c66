# mypy: disable-error-code="no-untyped-call"
# (distributed has types for some of its methods)
"""The client's side of one run: its homes on the workers, and the tasks that it gives to Dask."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import cast

import msgspec
from distributed import Client, Future, Scheduler, Worker

from autograder.dask_engine import tasks
from autograder.dask_engine.bundle import bundle
from autograder.dask_engine.home import REFUSED, Home, Terms
from autograder.dask_engine.surroundings import differences, versions
from autograder.errors import KitError
from autograder.grading.messages import Observed
from autograder.grading.misconceptions import keep, kept
from autograder.grading.reference import course_version
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course

PREFIX = "autograder"
RETRIES = 2
"""How often Dask tries a task again that raised: a node without memory or disk, not a student's doing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be graded and how.

    Attributes:
        require_rung: a worker below it grades nothing.
        memory: a folder that keeps how known mistakes fail for the next run.
    """

    course: Course
    assignment: Assignment
    seed: int
    require_rung: int
    memory: Path | None


class Run:
    """One assignment's run on a cluster.

    Raises:
        KitError: a worker must not grade, or the course is at fault.
    """

    def __init__(self, client: Client, wanted: Wanted) -> None:
        self._client, self._wanted = client, wanted
        self.version = course_version(wanted.course, wanted.assignment)
        self.name = f"{PREFIX}:{client.id}:{wanted.assignment.name}"
        self._numbers = count()
        self._known: dict[str, Future[bytes] | bytes] = {}
        _leave_no_stale(client)
        _refuse(client.run(differences, versions(), on_error="return"))
        terms = Terms(wanted.seed, self.version, wanted.require_rung, versions())
        client.register_plugin(Home(self.name, bundle(wanted.course, wanted.assignment), terms))
        try:
            _refuse(client.run(_fault, self.name, on_error="return"))
        except KitError:
            client.unregister_worker_plugin(self.name)
            raise
        client.subscribe_topic(REFUSED, _say_refused)
        self._examples = self._drawn()

    def close(self, flying: Sequence[Future[bytes]]) -> None:
        """Call off what is under way and have the workers stop their graders; the cluster forgets the run."""
        with suppress(Exception):  # what stays of it on a cluster that breaks, the next run removes
            self._client.cancel(list(flying), force=True)
            self._remember()
            self._known.clear()
            self._client.unsubscribe_topic(REFUSED)
            self._client.unregister_worker_plugin(self.name)

    def threads(self) -> int:
        """How many submissions the cluster grades at once."""
        return sum(self._client.nthreads().values())

    def grade(self, submissions: Sequence[Submission]) -> Future[bytes]:
        """The submissions' answers to be."""
        encoded = msgspec.msgpack.encode(submissions)
        key = self._key("grade", ",".join(one.student_id for one in submissions))
        return self._client.submit(tasks.graded, self.name, encoded, self._examples, key=key, retries=RETRIES)

    def answers(self, futures: Sequence[Future[bytes]]) -> dict[Future[bytes], tuple[tasks.Answer, ...]]:
        """What has come back, fetched at once: an answer for each submission of a future."""
        got = self._client.gather(list(futures))
        return {
            future: msgspec.msgpack.decode(one, type=tuple[tasks.Answer, ...])
            for future, one in zip(futures, got, strict=True)
        }

    def explain(self, submission: Submission, answer: tasks.Answer) -> Future[bytes]:
        """The answer to be, with what can be said of the submission's failures."""
        known = {task: self._mistakes(task) for task in answer.unknown}
        encoded = msgspec.msgpack.encode(submission), msgspec.msgpack.encode(answer)
        key = self._key("explain", submission.student_id)
        return self._client.submit(
            tasks.explained, self.name, *encoded, self._examples, known, key=key, priority=1, retries=RETRIES
        )

    def begun(self, future: Future[bytes]) -> int:
        """How many workers began with a task."""
        events = self._client.get_events(self.name) or ()
        return sum(event.get("begun") == str(future.key) for _, event in events)

    def _remember(self) -> None:
        """Keep for the next run what was found out of known mistakes in this one."""
        if not self._wanted.memory:
            return
        found = {task: one for task, one in self._known.items() if isinstance(one, Future) and one.done()}
        for task, known in self._client.gather(found, errors="skip").items():
            mistakes = msgspec.msgpack.decode(known, type=dict[str, Observed])
            keep(self._wanted.memory, task, self._wanted.seed, self.version, mistakes)

    def _mistakes(self, task: str) -> Future[bytes] | bytes:
        """How a task's known mistakes fail: from the disk, else found out once, by one of the workers."""
        if task not in self._known:
            memory = self._wanted.memory
            known = kept(memory, task, self._wanted.seed, self.version) if memory else None
            self._known[task] = msgspec.msgpack.encode(known) if known is not None else self._found_out(task)
        return self._known[task]

    def _found_out(self, task: str) -> Future[bytes]:
        key = self._key("mistakes", task)
        return self._client.submit(
            tasks.mistakes, self.name, task, self._examples, key=key, priority=2, retries=RETRIES
        )

    def _drawn(self) -> Future[dict[str, bytes]]:
        """The examples, drawn by all workers together."""
        names = self._client.submit(tasks.properties, self.name, key=self._key("properties", "")).result()
        keys = [self._key("draw", name) for name in names]
        drawn = self._client.map(tasks.drawn, [self.name] * len(names), names, key=keys, retries=RETRIES)
        return self._client.submit(tasks.examples, names, drawn, key=self._key("examples", ""))

    def _key(self, what: str, which: str) -> tuple[str, str, int]:
        """A task's key; the first part groups tasks on Dask's dashboard, and has it queue them."""
        return f"{what}-{self.name}", which, next(self._numbers)


def _refuse(faults: Mapping[str, object]) -> None:
    """Refuse, by name, the workers that must not grade.

    Raises:
        KitError: there are some.
    """
    refused = [f"worker {address}: {_line(fault)}" for address, fault in sorted(faults.items()) if fault]
    if refused:
        raise KitError(f"{'; '.join(refused)}; see autograder doctor on that machine, or take the worker off")


def _line(fault: object) -> str:
    """What a worker said, or why it could not say it."""
    if isinstance(fault, ModuleNotFoundError):
        return f"{fault.name} is not installed there"
    return str(fault) if isinstance(fault, str) else f"{type(fault).__name__}: {fault}"


def _say_refused(event: tuple[float, str]) -> None:
    """Tell staff of a worker that came while the run was on and must not grade."""
    print(f"autograder: worker {event[1]}; it grades nothing", file=sys.stderr)


def _fault(run: str, dask_worker: Worker) -> str:
    """Run on a worker: why it must not grade, with its own name."""
    fault = cast("Home", dask_worker.plugins[run]).fault
    return fault and f"{dask_worker.name}, {fault}"


def _leave_no_stale(client: Client) -> None:
    """Have the workers stop what clients that vanished had them start."""

    def left_over(dask_scheduler: Scheduler) -> list[str]:
        # (Nested, so that it travels whole: a scheduler needs nothing of the kit.)
        plugins = [name.split(":") for name in dask_scheduler.worker_plugins]
        ours = [parts for parts in plugins if parts[0] == "autograder" and len(parts) == 3]  # noqa: PLR2004
        return [":".join(parts) for parts in ours if parts[1] not in dask_scheduler.clients]

    for name in client.run_on_scheduler(left_over):
        client.unregister_worker_plugin(name)

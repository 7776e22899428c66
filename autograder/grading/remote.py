"""The session that asks a sandboxed child: one child a task, a fresh one after each that hung or died."""

from __future__ import annotations

import hashlib
import marshal
import os
import resource
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgpack

from autograder.grading.forkserver import Ended, ForkServer
from autograder.sandbox.frames import Closed, DeadlineChannel, TooLate
from autograder.testing.asking import (
    Answer,
    Question,
    Raised,
    Unresponsive,
    answer_decoder,
    question_encoder,
    read_answer,
)
from autograder.testing.examples import Example, PropertyTest
from autograder.wire.codec import Budget, WireError

LOAD_SECONDS = 5.0
# How much memory the trusted process may take beyond what it holds when its tests are collected.
GROWTH_BYTES = 2**30
# A process whose channel has closed is about to end by itself: its wait status then says how.
DYING_SECONDS = 1.0
# A task whose code hung this often is waited for less long by its next tests, so that it cannot stop a class.
PATIENT_TIMES, IMPATIENCE = 3, 4
# On a busy machine a child at work is waited for so many times its seconds at most; at work is one that has
# used this share of them since it was last looked at.
BUSY_TIMES, AT_WORK = 10, 0.005


@dataclass(frozen=True, slots=True)
class Load:
    """What a child is given before it is asked.

    Attributes:
        source: module name to (file name, text) of the student's modules.
        trusted: module name to marshalled code: the stubs, and the reference modules of the task's
            prerequisites.
        packages: the packages among the modules.
        seed: for Python's and numpy's global random generators.
        hidden: module name to marshalled code of what hidden tests need; sent with the first of them.
    """

    source: Mapping[str, tuple[str, str]]
    trusted: Mapping[str, bytes]
    packages: Sequence[str]
    seed: int = 0
    hidden: Mapping[str, bytes] = field(default_factory=dict)

    def message(self) -> bytes:
        """The message that loads it."""
        order = {
            "source": self.source,
            "trusted": self.trusted,
            "packages": list(self.packages),
            "seed": self.seed,
        }
        return bytes(msgpack.packb(["load", order]))

    def further(self) -> bytes:
        """The message that brings what hidden tests need, empty where they need nothing more."""
        return bytes(msgpack.packb(["replace", self.hidden])) if self.hidden else b""


def compiled(file: str, source: str) -> bytes:
    """The marshalled code of one of the course's own modules."""
    return marshal.dumps(compile(source, file, "exec", dont_inherit=True))


@dataclass(slots=True)
class Usage:
    """What the children of one submission used."""

    children: int = 0
    cpu_s: float = 0.0
    peak_bytes: int = 0

    def add(self, ended: Ended) -> None:
        """Count one more child."""
        self.children += 1
        self.cpu_s += ended.cpu_s
        self.peak_bytes = max(self.peak_bytes, ended.peak_bytes)


@dataclass(slots=True)
class _Child:
    pid: int
    channel: DeadlineChannel
    fresh: bool = field(default=True)
    told: bool = field(default=False)


class RemoteSession:
    """Carries a task's questions to its child.

    Args:
        server: forks the children.
    """

    def __init__(self, server: ForkServer) -> None:
        self._server, self._seed = server, 0
        self._encode, self._decode = question_encoder(), answer_decoder()
        self._examples: dict[str, list[Example]] = {}
        self._child: _Child | None = None
        self._load, self._further = b"", b""
        self._hidden = False
        self._refusal: Exception | None = None
        self._seconds, self._hung = 0.0, 0
        self._budget = Budget()
        self.usage = Usage()

    def begin_submission(self) -> None:
        """Begin a submission: what its children use is counted from here."""
        self.usage = Usage()

    def examples(self, seed: int, name: str, test: PropertyTest) -> list[Example]:
        """The examples of the property test `name` for a seed, which becomes the session's."""
        self.take(seed, {})
        return self.replay(name, test.draw)

    def take(self, seed: int, examples: dict[str, list[Example]]) -> None:
        """Take examples that have been drawn for a seed, which becomes the session's."""
        if seed != self._seed:
            self._examples.clear()
            self._seed = seed
        self._examples.update(examples)

    @property
    def refused(self) -> bool:
        """Whether the task's module could not even be imported."""
        return self._refusal is not None

    def open(self, load: Load, seconds: float) -> None:
        """Begin a task: its questions go to a child that holds `load` and has `seconds` for each batch."""
        self.close()
        self._load, self._further, self._seconds, self._refusal = (
            load.message(),
            load.further(),
            seconds,
            None,
        )
        self._hung = 0

    def close(self) -> None:
        """End the task's child."""
        if self._child:
            self._end()

    def begin_test(self, *, hidden: bool = False) -> None:
        """Begin a test: handles of the test before it mean nothing any more."""
        self._hidden = hidden
        if self._child:
            self._child.fresh = True

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers, in order.

        Raises:
            Raised: the student's module could not be imported.
            Unresponsive: no answer came to one of the questions.
        """
        child = self._child or self._start()
        seconds = self._seconds if self._hung < PATIENT_TIMES else self._seconds / IMPATIENCE
        begun = time.monotonic()
        message = self._encode(["ask", child.fresh, [question.message() for question in questions]])
        child.fresh = False
        self._budget = Budget()
        answers: list[Answer] = []
        try:
            self._tell(child, begun + seconds)
            child.channel.send(message, begun + seconds)
            while len(answers) < len(questions):
                answers += self._part(child, len(questions) - len(answers), begun, seconds)
        except (Closed, TooLate, WireError) as fault:
            self._hung += isinstance(fault, TooLate)
            raise self._verdict(fault, seconds, len(answers)) from None
        return answers

    def _tell(self, child: _Child, deadline: float) -> None:
        """Bring a child, once, what hidden tests need, if this is one of them."""
        if self._hidden and self._further and not child.told:
            child.channel.send(self._further, deadline)
            child.told = True

    def replay(self, name: str, draw: Callable[[int], list[Example]]) -> list[Example]:
        """The examples of a property test for this session's seed, drawn the first time."""
        if name not in self._examples:
            self._examples[name] = draw(seed_of(self._seed, name))
        return self._examples[name]

    def _receive(self, child: _Child, begun: float, seconds: float) -> bytes:
        """The child's next message; a child that did not get the processor is given more time.

        Where the wall clock has run out, but the child is at work and has not used up as much processor
        time, the machine is busy, not the code slow. A child that sleeps uses none.
        """
        deadline, before = begun + seconds, 0.0
        while True:
            try:
                return child.channel.receive(deadline, self._budget.size)
            except TooLate:
                used = self._server.used(child.pid)
                late = time.monotonic() > begun + BUSY_TIMES * seconds
                if late or used >= seconds or used - before < AT_WORK * seconds:
                    raise
                deadline, before = time.monotonic() + seconds / IMPATIENCE, used

    def _part(self, child: _Child, wanted: int, begun: float, seconds: float) -> list[Answer]:
        match self._decode(self._receive(child, begun, seconds), self._budget):
            case ["answers", list(part)] if 0 < len(part) <= wanted:
                return [read_answer(answer) for answer in part]
        raise WireError("an answer that was not asked for")

    def _start(self) -> _Child:
        """Fork a child and load the modules; what kept a load from working is raised for each test."""
        if self._refusal:
            raise self._refusal
        pid, channel = self._server.fork()
        self._child = _Child(pid, channel)
        begun, self._budget = time.monotonic(), Budget()
        try:
            channel.send(self._load, begun + LOAD_SECONDS)
            self._refusal = self._refused("parsed", "unparsed", begun) or self._refused(
                "loaded", "broken", begun
            )
        except (Closed, TooLate, WireError) as fault:
            self._refusal = self._verdict(fault, LOAD_SECONDS, None)
            raise self._refusal from None
        if self._refusal:
            self._end()
            raise self._refusal
        return self._child

    def _refused(self, done: str, failed: str, begun: float) -> Raised | None:
        """What kept the child, which is loading, from saying `done`."""
        assert self._child is not None
        match self._decode(self._receive(self._child, begun, LOAD_SECONDS), self._budget):
            case [str(said)] if said == done:
                return None
            case [str(said), [answer]] if said == failed and isinstance(
                raised := read_answer(answer), Raised
            ):
                raised.parsing = failed == "unparsed"
                return raised
        raise WireError("a message out of turn")

    def _verdict(self, fault: Exception, seconds: float, question: int | None) -> Unresponsive:
        """End the child that did not answer; what became of it."""
        ended = self._end(DYING_SECONDS if isinstance(fault, Closed) else 0.0)
        if isinstance(fault, TooLate):
            return Unresponsive("timeout", f"no answer within {seconds:g} s", question)
        if isinstance(fault, WireError):
            return Unresponsive("crashed", f"your code broke the grader's protocol: {fault}", question)
        return Unresponsive("crashed", death(ended.status), question)

    def _end(self, patience: float = 0.0) -> Ended:
        assert self._child is not None
        self._child.channel.close()
        ended = self._server.end(self._child.pid, patience)
        self._child = None
        self.usage.add(ended)
        return ended


def limit_own_memory() -> None:
    """Let this process, which decodes what students' code sends, grow by so much and no more.

    The budget of a batch keeps far below that. Should anything ever get past it, one allocation fails, and
    with it one test, in place of the machine. Where the system does not tell a process's size (macOS)
    there is no such limit.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123  (one line of a pseudo-file)
            held = int(sizes.read().split()[0]) * resource.getpagesize()
    except OSError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (held + GROWTH_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


def death(status: int) -> str:
    """How a process ended, in words, from its wait status."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return "the process was killed; does your code use too much memory or time?"
        return f"the interpreter crashed ({signal.Signals(number).name})"
    return f"your code ended the interpreter (exit code {os.WEXITSTATUS(status)})"


def seed_of(seed: int, name: str) -> int:
    """The random seed of one property test in a run."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8])

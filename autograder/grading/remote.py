"""The session that asks a sandboxed child: one child a task, a fresh one after each that hung or died."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence

from autograder.grading.asked import Asked, Usage, death
from autograder.grading.collected import GradedTest
from autograder.grading.forkserver import Ended, ForkServer, ServerLost
from autograder.grading.load import Load
from autograder.grading.messages import BUDGET_TIMES
from autograder.grading.observing import Failing
from autograder.grading.processes import processor_seconds
from autograder.sandbox.frames import Closed, TooLate
from autograder.testing.asking import (
    Answer,
    Question,
    Raised,
    Unresponsive,
    answer_decoder,
    grouped,
    question_encoder,
    read_answer,
)
from autograder.testing.bodies import Body, Example, Run, run_side_by_side
from autograder.testing.examples import PropertyTest
from autograder.wire.codec import Budget
from autograder.wire.limits import TooLarge, WireError

LOAD_SECONDS = 5.0
# A process whose channel has closed is about to end by itself: its wait status then says how.
DYING_SECONDS = 1.0
# A task whose code hung this often is waited for less long by its next tests, so that it cannot stop a class.
PATIENT_TIMES, IMPATIENCE = 3, 4
# On a busy machine a child is waited for so many times its seconds at most.
BUSY_TIMES = 10
MOMENT_SECONDS = 0.05
# So many examples are run at a time: more fall out of the processor's cache before they are answered.
AT_ONCE = 400


class RemoteSession:
    """Carries a task's questions to its child.

    Args:
        server: forks the children.

    Attributes:
        failing: of the running property test, the examples that failed.
        last: the last answer of the running test.
    """

    def __init__(self, server: ForkServer) -> None:
        self._server, self._seed = server, 0
        self._encode, self._decode = question_encoder(), answer_decoder()
        self._examples: dict[str, list[Example]] = {}
        self._child: Asked | None = None
        self._load, self._further = b"", b""
        self._hidden = False
        self._refusal: Exception | None = None
        self._seconds, self._hung, self._left, self._together = 0.0, 0, 0.0, True
        self._budget = Budget()
        self.failing: Failing = ()
        self.last: Answer = None
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
        self._load, self._further, self._refusal = load.message(), load.further(), None
        self._seconds, self._hung, self._left, self._together = seconds, 0, BUDGET_TIMES * seconds, True

    def close(self) -> None:
        """End the task's child."""
        if self._child:
            self._end()

    def begin_test(self, *, hidden: bool = False) -> None:
        """Begin a test: handles of the test before it mean nothing any more."""
        self._hidden, self.failing, self.last = hidden, (), None
        if self._child:
            self._child.fresh = True

    def side_by_side(self, tests: Sequence[GradedTest]) -> Sequence[Run | None]:
        """What became of the parametrizations of a test, whose questions were asked together.

        Returns:
            None for each where that is not known: tests that do not yield their questions, and once one
            has not been answered. The time that this took is given back.
        """
        unknown = [None] * len(tests)
        bodies = [(test.yielding, test.arguments) for test in tests if test.yielding]
        if not self._together or not 1 < len(tests) == len(bodies):
            return unknown
        hung, left = self._hung, self._left
        self.begin_test(hidden=tests[0].hidden is not None)
        try:
            runs = [(test.body, test.replayed(fixed)) for test, fixed in bodies]
            return [run for part in _parts(runs) for run in run_side_by_side(part)]
        except ServerLost:
            raise
        except Exception:  # whatever it is, it is found again in the test that it belongs to
            self._hung, self._left, self._together = hung, left, False
            return unknown

    def keep(self, failing: Failing) -> None:
        """Keep which examples of a property test failed, each with the answer on which it did."""
        self.failing = failing

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers, in order.

        Raises:
            Raised: the student's module could not be imported.
            Unresponsive: no answer came to one of the questions.
        """
        asked = self._child or self._start()
        seconds = self._seconds if self._hung < PATIENT_TIMES else self._seconds / IMPATIENCE
        seconds = min(seconds, self._affordable())
        begun = time.monotonic()
        message = self._encode(["ask", asked.fresh, grouped(questions)])
        asked.fresh, asked.used_s = False, processor_seconds(asked.child.system_pid)
        self._budget = Budget()
        answers: list[Answer] = []
        try:
            self._tell(asked, begun + seconds)
            asked.child.channel.send(message, begun + seconds)
            while len(answers) < len(questions):
                answers += self._part(asked, len(questions) - len(answers), begun, seconds)
        except (Closed, TooLate, WireError) as fault:
            self._hung += isinstance(fault, TooLate)
            raise self._verdict(fault, seconds, len(answers)) from None
        finally:
            self._left -= time.monotonic() - begun
        self.last = answers[-1] if answers else None
        return answers

    def _affordable(self) -> float:
        """The seconds that are left to this task's tests.

        Raises:
            Unresponsive: none.
        """
        if self._left <= 0:
            seconds = BUDGET_TIMES * self._seconds
            raise Unresponsive("timeout", f"the {seconds:g} s for all tests of this task are used up", None)
        return self._left

    def _tell(self, asked: Asked, deadline: float) -> None:
        """Bring a child, once, what hidden tests need, if this is one of them."""
        if self._hidden and self._further and not asked.told:
            asked.child.channel.send(self._further, deadline)
            asked.told = True

    def replay(self, name: str, draw: Callable[[int], list[Example]]) -> list[Example]:
        """The examples of a property test for this session's seed, drawn the first time."""
        if name not in self._examples:
            self._examples[name] = draw(seed_of(self._seed, name))
        return self._examples[name]

    def _receive(self, asked: Asked, begun: float, seconds: float) -> bytes:
        """The child's next message; a child that did not get the processor is given more time.

        Where the wall clock has run out, but the child has waited for a processor for a part of the time,
        the machine is busy, not the code slow: it is given that part again. A child that sleeps does not
        wait, and one that keeps itself waiting, with threads, uses up processor time.
        """
        deadline = begun + seconds
        while True:
            try:
                return asked.child.channel.receive(deadline, self._budget.size)
            except TooLate:
                more = asked.missed(seconds)
                if more < MOMENT_SECONDS or time.monotonic() > begun + BUSY_TIMES * seconds:
                    raise
                deadline = max(deadline, time.monotonic()) + more
                self.usage.waited_s += more
                self._left += more

    def _part(self, asked: Asked, wanted: int, begun: float, seconds: float) -> list[Answer]:
        match self._decode(self._receive(asked, begun, seconds), self._budget):
            case ["answers", list(part)] if 0 < len(part) <= wanted:
                return [read_answer(answer) for answer in part]
        raise WireError("an answer that was not asked for")

    def _start(self) -> Asked:
        """Fork a child and load the modules; what kept a load from working is raised for each test."""
        if self._refusal:
            raise self._refusal
        self._affordable()
        self._child = Asked(self._server.fork())
        begun, self._budget = time.monotonic(), Budget()
        try:
            self._child.child.channel.send(self._load, begun + LOAD_SECONDS)
            self._refusal = self._refused("parsed", "unparsed", begun) or self._refused(
                "loaded", "broken", begun
            )
        except (Closed, TooLate, WireError) as fault:
            self._refusal = self._verdict(fault, LOAD_SECONDS, None)
            raise self._refusal from None
        finally:
            self._left -= time.monotonic() - begun
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
            self.usage.broke_protocol += not isinstance(fault, TooLarge)
            return Unresponsive("crashed", f"your code broke the grader's protocol: {fault}", question)
        return Unresponsive("crashed", death(ended.status), question)

    def _end(self, patience: float = 0.0) -> Ended:
        assert self._child is not None
        self._child.child.channel.close()
        ended = self._server.end(self._child.child.pid, patience)
        self._child = None
        self.usage.add(ended)
        return ended


def _parts(
    tests: Sequence[tuple[Body, Sequence[Example]]],
) -> Iterator[Sequence[tuple[Body, Sequence[Example]]]]:
    """The tests in parts of so many examples that what they hold stays in the processor's cache."""
    part: list[tuple[Body, Sequence[Example]]] = []
    for test in tests:
        if part and sum(len(examples) for _, examples in part) + len(test[1]) > AT_ONCE:
            yield part
            part = []
        part.append(test)
    yield part


def seed_of(seed: int, name: str) -> int:
    """The random seed of one property test in a run."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8])

"""Runs the bodies of tests that yield their questions, as many as may be side by side.

Round by round, the next questions of all of them cross in one message.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from autograder.testing.asking import Answer, Question, Raised, Unresponsive, current

Steps = Generator[Question, object, None]
Body = Callable[..., Steps]
Example = dict[str, object]


@dataclass(slots=True)
class Run:
    """One test on its examples.

    Attributes:
        failures: the examples that failed, each with the answer on which it did, and how.
        last: the last answer.
    """

    failures: list[tuple[Example, Answer, Exception]] = field(default_factory=list)
    last: Answer = None
    _going: list[tuple[Example, Steps]] = field(default_factory=list)

    def begin(self, body: Body, examples: Sequence[Example]) -> list[Question]:
        """The first question of each example."""
        self._going = [(example, body(**example)) for example in examples]
        return self.resume([None] * len(examples))

    def resume(self, answers: Sequence[Answer]) -> list[Question]:
        """The next question of each example that has one, after the answers to those before."""
        going, questions = [], []
        for (example, steps), answer in zip(self._going, answers, strict=True):
            try:
                question = steps.throw(answer) if isinstance(answer, Raised) else steps.send(answer)
            except StopIteration:
                continue
            except Exception as failure:  # (it is the test's outcome)
                self.failures.append((example, answer, failure))
                continue
            going.append((example, steps))
            questions.append(question)
        self._going = going
        self.last = answers[-1] if answers else None
        return questions

    @property
    def failing(self) -> list[tuple[Example, Answer]]:
        """The examples that failed, each with the answer on which it did."""
        return [(example, answer) for example, answer, _ in self.failures]

    @property
    def fault(self) -> Exception | None:
        """The failure of the simplest example among those that failed."""
        return min(self.failures, key=lambda failed: len(repr(failed[0])))[2] if self.failures else None


def run_together(body: Body, examples: Sequence[Example]) -> None:
    """Run `body` on all examples, their questions asked together.

    Raises:
        AssertionError: the failure of the simplest example among those that failed.
        Unresponsive: the student's code gave no answer; the message names the example's call.
    """
    run = Run()
    questions = run.begin(body, examples)
    while questions:
        questions = run.resume(_ask(questions))
    if run.fault:
        current().keep(run.failing)
        raise run.fault


def run_side_by_side(tests: Sequence[tuple[Body, Sequence[Example]]]) -> list[Run]:
    """What became of several tests whose questions were asked together.

    Raises:
        Exception: it is known of none of them; run them one by one to find out which is at fault.
    """
    runs = [Run() for _ in tests]
    waiting = [run.begin(*test) for run, test in zip(runs, tests, strict=True)]
    while any(waiting):
        answers = iter(current().ask([question for questions in waiting for question in questions]))
        waiting = [
            _resumed(run, answers, len(questions)) for run, questions in zip(runs, waiting, strict=True)
        ]
    return runs


def _resumed(run: Run, answers: Iterator[Answer], count: int) -> list[Question]:
    """The run's next questions; one that has none any more is left as it is."""
    return run.resume(list(islice(answers, count))) if count else []


def _ask(questions: Sequence[Question]) -> list[Answer]:
    try:
        return current().ask(questions)
    except Unresponsive as silence:
        if silence.question is None:
            raise
        unanswered = questions[min(silence.question, len(questions) - 1)]
        arguments = ", ".join(repr(argument) for argument in unanswered.arguments)
        name = unanswered.target.partition(":")[2]
        raise Unresponsive(silence.verdict, f"{name}({arguments}): {silence}", silence.question) from None

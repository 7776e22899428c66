"""Property tests that hypothesis searches in a student's run and that grading replays.

Drawing an example costs hypothesis about 0.6 ms whatever the test does, and shrinking far more.
At grading each test's examples are therefore drawn once per seed and run on every submission, all
together: round by round, every example's next question crosses in one message.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn, Protocol, runtime_checkable
from unittest import mock

import hypothesis
import msgspec
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from autograder.testing.asking import Answer, Question, Raised, Unresponsive, current
from autograder.testing.checks import CheckFailed
from autograder.wire.codec import Decoder, Encoder, WireError

TINY = 1e-6

Body = Callable[..., Generator[Question, object, None]]
Example = dict[str, object]

_SETTINGS = hypothesis.settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
    print_blob=False,
)


@runtime_checkable
class PropertyTest(Protocol):
    """A test that `for_all` made.

    Attributes:
        property_name: the same for all parametrizations of the test, and in every run.
    """

    property_name: str

    def draw(self, seed: int) -> list[Example]:
        """The examples for a random seed, the edges before them."""


def floats(smallest: float = -100.0, largest: float = 100.0) -> st.SearchStrategy[float]:
    """Finite floats of an ordinary size: 0, or far enough from it that quotients and logarithms are too."""
    return st.floats(smallest, largest, allow_nan=False, allow_infinity=False).map(_zero_if_tiny)


def _zero_if_tiny(x: float) -> float:
    return x if abs(x) >= TINY else 0.0


def for_all(
    *, count: int = 100, edges: Sequence[Example] = (), **strategies: st.SearchStrategy[object]
) -> Callable[[Body], Callable[..., None]]:
    """Make a test of a generator function: it must hold for every example that the strategies draw.

    Args:
        count: how many examples are drawn.
        edges: examples that are tried in any case, before the drawn ones.
        strategies: a hypothesis strategy for each argument of the test that is not parametrized.
    """

    def decorate(body: Body) -> Callable[..., None]:
        name = f"{body.__module__}.{body.__qualname__}"

        def draw(seed: int) -> list[Example]:
            return [dict(edge) for edge in edges] + draw_examples(strategies, count, seed)

        def test(**fixed: object) -> None:
            examples = current().replay(name, draw)
            if examples is None:
                _search(body, strategies, count, edges, fixed)
            else:
                run_together(body, [{**fixed, **example} for example in examples])

        parameters = inspect.signature(body).parameters
        test.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [p for key, p in parameters.items() if key not in strategies]
        )
        test.__name__, test.__qualname__, test.__doc__ = body.__name__, body.__qualname__, body.__doc__
        test.__module__ = body.__module__
        test.__dict__.update(body.__dict__)
        test.draw = draw  # type: ignore[attr-defined]
        test.property_name = name  # type: ignore[attr-defined]
        return test

    return decorate


def draw_examples(strategies: dict[str, st.SearchStrategy[object]], count: int, seed: int) -> list[Example]:
    """`count` examples (fewer where the strategies have no more), the same for the same seed."""
    drawn: list[Example] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(_SETTINGS, max_examples=count, derandomize=False, phases=[hypothesis.Phase.generate])
    @hypothesis.given(**strategies)
    def collect(**example: object) -> None:
        drawn.append(example)

    with _no_local_constants():
        collect()
    return drawn


@contextmanager
def _no_local_constants() -> Iterator[None]:
    """Keep hypothesis from mixing in the constants that it finds in the source of loaded modules.

    They would make what a seed draws depend on every number in the kit's own code.
    """
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        with mock.patch.object(providers, "_get_local_constants", Constants):
            yield
    finally:
        providers.CONSTANTS_CACHE.cache.clear()


def packed(examples: list[Example]) -> bytes | None:
    """The examples as bytes for another of our own processes; None where they are not plain data."""
    try:
        return Encoder(_not_plain).encode(examples)
    except WireError:
        return None


def unpacked(drawn: bytes) -> list[Example]:
    """The examples that `packed` made bytes of."""
    return msgspec.convert(Decoder(_not_plain).decode(drawn), list[Example])


def _not_plain(value: object) -> NoReturn:
    raise WireError(f"{type(value).__name__} is no plain data")


def run_together(body: Body, examples: Sequence[Example]) -> None:
    """Run `body` on all examples, their questions asked together, round by round.

    Raises:
        AssertionError: the failure of the simplest example among those that failed.
        Unresponsive: the student's code gave no answer; the message names the example's call.
    """
    running = [(example, body(**example)) for example in examples]
    answers: Sequence[Answer] = [None] * len(running)
    failures: list[tuple[Example, Answer, Exception]] = []
    while running:
        going, questions = [], []
        for (example, steps), answer in zip(running, answers, strict=True):
            try:
                question = steps.throw(answer) if isinstance(answer, Raised) else steps.send(answer)
            except StopIteration:
                continue
            except Exception as failure:  # (it is reported below, as the test's outcome)
                failures.append((example, answer, failure))
                continue
            going.append((example, steps))
            questions.append(question)
        running = going
        if running:
            answers = _ask(questions)
    if failures:
        current().keep([(example, answer) for example, answer, _ in failures])
        raise min(failures, key=lambda failed: len(repr(failed[0])))[2]


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


def _search(
    body: Body,
    strategies: dict[str, st.SearchStrategy[object]],
    count: int,
    edges: Sequence[Example],
    fixed: Example,
) -> None:
    """Let hypothesis search for a failing example and shrink it; its failure is raised alone."""
    for edge in edges:
        run_together(body, [{**fixed, **edge}])

    @hypothesis.settings(_SETTINGS, max_examples=count)
    @hypothesis.given(**strategies)
    def search(**example: object) -> None:
        run_together(body, [{**fixed, **example}])

    try:
        search()
    except CheckFailed as failure:
        raise CheckFailed(str(failure)) from None

"""Property tests that hypothesis searches in a student's run and that grading replays; tables of cases.

Drawing an example costs hypothesis about 0.6 ms whatever the test does, and shrinking far more.
At grading each test's examples are therefore drawn once per seed and run on every submission.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import NoReturn, Protocol, runtime_checkable
from unittest import mock

import hypothesis
import msgspec
from hypothesis import core
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from autograder.testing.asking import current
from autograder.testing.bodies import Body, Example, run_together
from autograder.testing.checks import CheckFailed
from autograder.wire.codec import Decoder, Encoder
from autograder.wire.limits import WireError

TINY = 1e-6

_SETTINGS = hypothesis.settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
    print_blob=False,
)


@runtime_checkable
class YieldingTest(Protocol):
    """A test that `for_all` or `for_each` made of a body that yields its questions."""

    body: Body

    def replayed(self, fixed: Mapping[str, object]) -> list[Example]:
        """The examples of this run, with the `fixed` arguments; only where examples are replayed."""


@runtime_checkable
class PropertyTest(YieldingTest, Protocol):
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

        def replayed(fixed: Mapping[str, object]) -> list[Example]:
            return [{**fixed, **example} for example in current().replay(name, draw) or ()]

        test.draw = draw  # type: ignore[attr-defined]
        test.property_name = name  # type: ignore[attr-defined]
        return _made(test, body, replayed, strategies)

    return decorate


def for_each(*cases: Example) -> Callable[[Body], Callable[..., None]]:
    """Make a test of a generator function: it must hold for every case, whose questions are asked together.

    Args:
        cases: of each the arguments of the test that are not parametrized.
    """

    def decorate(body: Body) -> Callable[..., None]:
        def replayed(fixed: Mapping[str, object]) -> list[Example]:
            return [{**fixed, **case} for case in cases]

        def test(**fixed: object) -> None:
            run_together(body, replayed(fixed))

        return _made(test, body, replayed, cases[0])

    return decorate


once = for_each({})
"""Make a test of a generator function that asks its questions and is resumed with the answers."""


def _made(
    test: Callable[..., None],
    body: Body,
    replayed: Callable[[Mapping[str, object]], list[Example]],
    own: Collection[str],
) -> Callable[..., None]:
    """The test, named as its body is, with those of its parameters that are not its `own`."""
    parameters = inspect.signature(body).parameters
    test.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [p for key, p in parameters.items() if key not in own]
    )
    test.__name__, test.__qualname__, test.__doc__ = body.__name__, body.__qualname__, body.__doc__
    test.__module__ = body.__module__
    test.__dict__.update(body.__dict__)
    test.body = body  # type: ignore[attr-defined]
    test.replayed = replayed  # type: ignore[attr-defined]
    return test


def draw_examples(strategies: dict[str, st.SearchStrategy[object]], count: int, seed: int) -> list[Example]:
    """`count` examples (fewer where the strategies have no more), the same for the same seed."""
    drawn: list[Example] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(_SETTINGS, max_examples=count, derandomize=False, phases=[hypothesis.Phase.generate])
    @hypothesis.given(**strategies)
    def collect(**example: object) -> None:
        drawn.append(example)

    with _undisturbed():
        collect()
    return drawn


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep hypothesis from what it does for tests that are no part of ours.

    It mixes in the constants that it finds in the source of loaded modules, which would make what a seed
    draws depend on every number in the kit's own code. And it saves and seeds Python's and numpy's global
    generators around every example, which takes a fifth of the time: ours is kept in a list and runs nothing.
    """
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        with (
            mock.patch.object(providers, "_get_local_constants", Constants),
            mock.patch.object(core, "deterministic_PRNG", nullcontext),
        ):
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

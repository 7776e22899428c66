"""What may be said of a student's values and errors where a reference lies beside their code.

The code could spell the reference out in whatever it returns or raises. There a message has a few numbers
of three digits, and of everything else only what it is.
"""

from __future__ import annotations

import builtins
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from autograder.testing.asking import Raised
from autograder.testing.proxies import Remote

NUMBERS = 20
FEW = 6
THOUSAND = 1000
TINY, HUGE = 1e-12, 1e12


@dataclass(slots=True)
class Discretion:
    """What may be said about one task's answers.

    Attributes:
        types: names of types that may be named: they are in the stubs that everyone has.
        lines: the student's files, by name, and how many lines each has.
        numbers: how many more numbers may be shown; two bytes could be hidden in each.
    """

    types: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)
    numbers: int = NUMBERS

    def told(self, value: object, like: object = None) -> str:
        """`value` in a message; texts that occur in `like`, which the test expected, may be shown."""
        return self._told(value, frozenset(_texts(like)))

    def said(self, message: str) -> str:
        """A message that goes out: its numbers count, and are left out when there have been too many."""
        return _NUMBER.sub(self._counted, message)

    def error(self, raised: Raised) -> Raised:
        """An error without its text, of a type that Python has, at a place that the student's files have."""
        found = getattr(builtins, raised.kind, None)
        known = isinstance(found, type) and issubclass(found, BaseException)
        there = 0 < raised.line <= self.lines.get(raised.file, 0)
        kind = raised.kind if known else "an exception of its own"
        return Raised(kind, "", raised.file if there else "", raised.line if there else 0)

    def _told(self, value: object, texts: frozenset[str]) -> str:
        match value:
            case None:
                return "None (is a return missing?)"
            case bool():
                return repr(value)
            case int() | float() | np.integer() | np.floating():
                return self._number(value)  # type: ignore[arg-type]
            case str():
                return repr(value) if value in texts else "some other text"
            case np.ndarray():
                return _array(value.shape)
            case list() | tuple() if len(value) <= FEW:
                inner = ", ".join(self._told(element, texts) for element in value)
                return f"[{inner}]" if type(value) is list else f"({inner})"
            case list() | tuple():
                return f"a {type(value).__name__} of {_number(str(len(value)))} elements"
            case Remote():
                kind = value.__handle__.kind
                return f"an object of type {kind}" if kind in self.types else "an object of another type"
        return f"a {type(value).__name__}"

    def _number(self, value: float) -> str:
        if value == 0 or (isinstance(value, float) and not math.isfinite(value)):
            return str(value)
        if not TINY <= abs(value) <= HUGE:
            return "a tiny number" if abs(value) < 1 else "a huge number"
        digits = f"{value:.3g}"
        whole = isinstance(value, float) and digits.lstrip("-").isdigit()
        return _number(f"{digits}.0" if whole else digits)

    def _counted(self, marked: re.Match[str]) -> str:
        self.numbers -= 1
        return marked[1] if self.numbers >= 0 else "(another number)"


# A number is marked in a message until it goes out: of the many examples that fail, one is reported.
_MARKS = "\ue000", "\ue001"
_NUMBER = re.compile(f"{_MARKS[0]}([^{_MARKS[1]}]*){_MARKS[1]}")


def _number(digits: str) -> str:
    return digits.join(_MARKS)


def _array(shape: tuple[int, ...]) -> str:
    if len(shape) > FEW or any(size >= THOUSAND for size in shape):
        return "an array of another shape"
    sizes = ", ".join(_number(str(size)) for size in shape)
    return f"an array of shape ({sizes}{',' if len(shape) == 1 else ''})"


def _texts(value: object) -> Iterable[str]:
    """The texts in a value that a test expects."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from _texts(element)


_held: list[Discretion] = []


def hold(discretion: Discretion | None) -> None:
    """From now on show values with this discretion, or with none."""
    _held[:] = [discretion] if discretion else []


def held() -> Discretion | None:
    """The discretion to show values with, if any."""
    return _held[0] if _held else None

"""What the failing tests of a task saw, in a form that two submissions can be compared by.

Of every example that failed, its arguments and the answer on which it failed are kept, each as a number of
64 bits. An answer's floats are rounded first, so that two ways to compute the same wrong number agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np

from autograder.grading.result import Status
from autograder.testing.asking import Answer, Raised
from autograder.testing.bodies import Example

DIGITS, FEW_DIGITS = 6, 3
"""Significant digits that are compared of a float, and of one in single precision, which has seven."""

TELLING = frozenset({"RecursionError", "OverflowError", "ZeroDivisionError", "MemoryError"})
"""Errors whose kind says what went wrong; what their text says besides depends on how it was come by."""

TINY = 1e-12
LARGEST_SINGLE = 4
MAX_LEAVES = 2000
MAX_EXAMPLES = 300
MAX_TEXT = 200
SHORT_BITS = 64

Failing = Sequence[tuple[Example, Answer]]


def observed(status: Status, failing: Failing, last: Answer, *, hidden: bool = False) -> dict[int, int]:
    """What a test saw that did not pass; of a hidden one its status alone, which is shown in any case.

    After a hidden test has been seen, a student's code could choose its answers so that a hint tells of it.

    Args:
        status: how it came out.
        failing: of a property test, the failing examples, each with the answer on which it failed.
        last: of any other test, the last answer before it failed.
    """
    if hidden or status is not Status.FAILED:
        return {0: _number(status.value)}
    if not failing:
        return {0: digest(last)}
    return {_number(repr(example)): digest(answer) for example, answer in failing[:MAX_EXAMPLES]}


def digest(answer: Answer) -> int:
    """A number that equal answers share; objects go by being objects, a long answer by how it begins."""
    hashed, left = blake2b(digest_size=8), MAX_LEAVES

    def put(text: str) -> bool:
        nonlocal left
        hashed.update(f"{text};".encode(errors="replace"))
        left -= 1
        return left > 0

    _spell(answer, put)
    return int.from_bytes(hashed.digest())


def _spell(value: object, put: Callable[[str], bool]) -> bool:
    """Say what a value is until `put` has enough; False when it has."""
    match value:
        case Raised():
            text = "" if value.kind in TELLING else value.text[:MAX_TEXT]
            return put(f"raised {value.kind} {text}")
        case list() | tuple():
            return put(f"{type(value).__name__} {len(value)}") and all(_spell(one, put) for one in value)
        case dict():
            return put(f"dict {len(value)}") and all(put(key) and _spell(value[key], put) for key in value)
        case np.ndarray():
            kind = f"array {value.shape} {value.dtype.char}"
            return put(kind) and all(_spell(one, put) for one in value.ravel()[:MAX_LEAVES])
        case str() | bytes():
            return put(f"text {value[:MAX_TEXT]!r}")
        case None | bool() | np.bool_():
            return put(str(value))
        case int() | np.integer():
            number = int(value)
            return put(f"int {number}" if number.bit_length() <= SHORT_BITS else "a huge int")
        case float() | np.floating():
            single = isinstance(value, np.floating) and value.itemsize <= LARGEST_SINGLE
            return put(_float(float(value), FEW_DIGITS if single else DIGITS))
    return put("an object")


def _float(x: float, digits: int) -> str:
    if math.isfinite(x) and abs(x) <= TINY:
        return "float 0"
    return f"float {x:.{digits}g}"


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())

"""Assertions on plain data, whose failures are lines that a student understands.

A comparison holds only between values of the expected kind, with ``<=`` against a stated
tolerance; NaN is never close to anything.
"""

from __future__ import annotations

import numpy as np

from autograder.testing.asking import Raised
from autograder.testing.discretion import held
from autograder.testing.showing import apart, is_number, show, spelt


class CheckFailed(AssertionError):  # noqa: N818  (a verdict on the student's answer)
    """What a student's code gave is not what the task asks for; the message is for the student."""


def check(condition: bool, message: str) -> None:  # noqa: FBT001  (reads as a sentence)
    """Fail with `message` unless `condition` holds."""
    if not bool(condition):
        raise CheckFailed(message)


def check_equal(got: object, expected: object, what: str) -> None:
    """Fail unless `got` is of `expected`'s very type and equal to it, element by element."""
    if not _equal(got, expected):
        raise CheckFailed(f"{what} is {show(got, expected)}, expected {spelt(expected)}")


def check_close(  # noqa: PLR0913  (a comparison has this many parts)
    got: object,
    expected: object,
    what: str,
    *,
    parts: tuple[str, ...] = (),
    relative: float = 1e-9,
    absolute: float = 1e-9,
) -> None:
    """Fail unless the number(s) `got` lie within ``absolute + relative * |expected|`` of `expected`.

    Args:
        got: a number, an array, or a list or tuple of such; of the same kind and shape as `expected`.
        expected: finite numbers.
        what: names the value in the message: ``{what} is 0.0, expected 1.0``.
        parts: for a list or tuple, what each element is called in the message, after `what`.
    """
    if isinstance(expected, (list, tuple)):
        if type(got) is not type(expected) or len(got) != len(expected):
            raise CheckFailed(f"{what} is {show(got, expected)}, expected {spelt(expected)}")
        for i, (one, other) in enumerate(zip(got, expected, strict=True)):
            name = parts[i] if i < len(parts) else f"element {i}"
            check_close(one, other, f"{what} {name}", relative=relative, absolute=absolute)
    elif isinstance(expected, np.ndarray):
        _check_array(got, expected, what, relative, absolute)
    elif not (is_number(got) and abs(got - expected) <= absolute + relative * abs(expected)):  # type: ignore[operator,arg-type]
        raise CheckFailed(f"{what} is {apart(got, expected)}")


def check_raised(answer: object, kind: str, what: str) -> None:
    """Fail unless `answer` is the error `kind`, by name; a test gets it with ``except Raised as answer``."""
    if not isinstance(answer, Raised):
        raise CheckFailed(f"{what} gave {show(answer)}, expected it to raise {kind}")
    if answer.kind != kind:
        discretion = held()
        raise CheckFailed(
            f"{what} raised {discretion.error(answer) if discretion else answer}, expected {kind}"
        )


def _equal(got: object, expected: object) -> bool:
    if type(got) is not type(expected):
        return False
    if isinstance(expected, np.ndarray):
        return got.dtype == expected.dtype and np.array_equal(got, expected)  # type: ignore[attr-defined,arg-type]
    if isinstance(expected, (list, tuple)):
        return len(got) == len(expected) and all(map(_equal, got, expected))  # type: ignore[arg-type,call-overload]
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(_equal(got[k], expected[k]) for k in expected)  # type: ignore[attr-defined,index]
    return bool(got == expected)


def _check_array(
    got: object,
    expected: np.ndarray,
    what: str,
    relative: float,
    absolute: float,
) -> None:
    if not isinstance(got, np.ndarray):
        raise CheckFailed(f"{what} is {show(got)}, expected an array of shape {expected.shape}")
    if got.shape != expected.shape:
        shape = "another shape" if held() else f"shape {got.shape}"
        raise CheckFailed(f"{what} has {shape}, expected {expected.shape}")
    wrong = ~(np.abs(got - expected) <= absolute + relative * np.abs(expected))
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        place = f"[{', '.join(map(str, first))}]" if first else ""
        raise CheckFailed(f"{what}{place} is {apart(got[first], expected[first])}")

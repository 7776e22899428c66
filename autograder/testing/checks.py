"""Assertions on plain data, whose failures are lines that a student understands.

A comparison holds only between values of the expected kind, with ``<=`` against a stated
tolerance; NaN is never close to anything.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograder.testing.asking import Raised
from autograder.testing.proxies import Remote

SHORT = 300
MAX_SHOWN_ELEMENTS = 20
SHORT_NUMBER = 8


class CheckFailed(AssertionError):  # noqa: N818  (a verdict on the student's answer)
    """What a student's code gave is not what the task asks for; the message is for the student."""


def check(condition: bool, message: str) -> None:  # noqa: FBT001  (reads as a sentence)
    """Fail with `message` unless `condition` holds."""
    if not bool(condition):
        raise CheckFailed(message)


def check_equal(got: object, expected: object, what: str) -> None:
    """Fail unless `got` is of `expected`'s very type and equal to it, element by element."""
    if not _equal(got, expected):
        raise CheckFailed(f"{what} is {show(got)}, expected {show(expected)}")


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
            raise CheckFailed(f"{what} is {show(got)}, expected {show(expected)}")
        for i, (one, other) in enumerate(zip(got, expected, strict=True)):
            name = parts[i] if i < len(parts) else f"element {i}"
            check_close(one, other, f"{what} {name}", relative=relative, absolute=absolute)
    elif isinstance(expected, np.ndarray):
        _check_array(got, expected, what, relative, absolute)
    elif not (is_number(got) and abs(got - expected) <= absolute + relative * abs(expected)):  # type: ignore[operator,arg-type]
        raise CheckFailed(f"{what} is {_apart(got, expected)}")


def check_raised(answer: object, kind: str, what: str) -> None:
    """Fail unless `answer` is the error `kind`, by name; a test gets it with ``except Raised as answer``."""
    if not isinstance(answer, Raised):
        raise CheckFailed(f"{what} gave {show(answer)}, expected it to raise {kind}")
    if answer.kind != kind:
        raise CheckFailed(f"{what} raised {answer}, expected {kind}")


def is_number(value: object) -> bool:
    """Whether `value` is an exact int or float, of Python's or of numpy's."""
    return type(value) in (int, float) or (
        isinstance(value, (np.floating, np.integer)) and type(value).__module__ == "numpy"
    )


def show(value: object) -> str:
    """`value` in a message: short, and readable."""
    if is_number(value):
        exact = repr(value) if type(value) in (int, float) else str(value)
        return exact if len(exact) <= SHORT_NUMBER else f"{value:.6g}"
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, Remote):
        return repr(value)[1:-1]
    if isinstance(value, np.ndarray):
        text = f"an array of shape {value.shape}: {_elements(value)}"
    elif isinstance(value, (list, tuple)):
        inner = _joined(show(element) for element in value)
        text = f"[{inner}]" if type(value) is list else f"({inner})"
    elif isinstance(value, dict):
        text = f"{{{_joined(f'{_short(key)}: {show(element)}' for key, element in value.items())}}}"
    else:
        text = _short(value)
    return text if len(text) <= SHORT else f"{text[:SHORT]} ..."


def _short(value: object) -> str:
    """The representation of a value that is no collection; a long text is not gone through to its end."""
    return repr(value[: SHORT + 1]) if isinstance(value, (str, bytes)) else repr(value)


def _joined(shown: Iterable[str]) -> str:
    """The parts of a collection, no more of them than can be shown."""
    parts, length = [], 0
    for part in shown:
        parts.append(part)
        length += len(part) + 2
        if length > SHORT:
            break
    return ", ".join(parts)


def _elements(array: np.ndarray) -> str:
    """The elements, of a large array the first and last; numpy would take those of each of many axes."""
    if array.shape[2:] and array.size > MAX_SHOWN_ELEMENTS:
        array = array.reshape(-1)
    return np.array2string(array, precision=6, threshold=MAX_SHOWN_ELEMENTS)


def _apart(got: object, expected: object) -> str:
    """Both values, numbers with as many digits as it takes to see a difference."""
    shown, wanted = show(got), show(expected)
    if is_number(got) and is_number(expected) and float(shown) == float(wanted):
        for digits in range(7, 18):
            shown, rounded = f"{got:.{digits}g}", f"{expected:.{digits}g}"
            if shown != rounded:
                wanted = wanted if float(wanted) == expected else rounded
                break
    return f"{shown}, expected {wanted}"


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
        raise CheckFailed(f"{what} has shape {got.shape}, expected {expected.shape}")
    wrong = ~(np.abs(got - expected) <= absolute + relative * np.abs(expected))
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        place = f"[{', '.join(map(str, first))}]" if first else ""
        raise CheckFailed(f"{what}{place} is {_apart(got[first], expected[first])}")

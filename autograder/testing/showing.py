"""A value in a message: short, readable, and with the discretion that is held."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograder.testing.discretion import held
from autograder.testing.proxies import Remote

SHORT = 300
SHORT_NUMBER = 8
MAX_SHOWN_ELEMENTS = 20


def is_number(value: object) -> bool:
    """Whether `value` is an exact int or float, of Python's or of numpy's."""
    return type(value) in (int, float) or (
        isinstance(value, (np.floating, np.integer)) and type(value).__module__ == "numpy"
    )


def show(value: object, like: object = None) -> str:
    """`value`, which the student's code gave, in a message.

    Args:
        value: plain data or an object's stand-in.
        like: what the test expected; its texts may be shown in any case.
    """
    discretion = held()
    return discretion.told(value, like) if discretion else spelt(value)


def spelt(value: object) -> str:
    """`value` in a message as it is: it is the test's own."""
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
        inner = _joined(spelt(element) for element in value)
        text = f"[{inner}]" if type(value) is list else f"({inner})"
    elif isinstance(value, dict):
        text = f"{{{_joined(f'{_short(key)}: {spelt(element)}' for key, element in value.items())}}}"
    else:
        text = _short(value)
    return text if len(text) <= SHORT else f"{text[:SHORT]} ..."


def apart(got: object, expected: object) -> str:
    """Both values, numbers with as many digits as it takes to see a difference."""
    shown, wanted = show(got, expected), spelt(expected)
    if not (is_number(got) and is_number(expected)):
        return f"{shown}, expected {wanted}"
    if held():
        return f"{shown}, expected {wanted}{_off(got, expected)}"  # type: ignore[arg-type]
    if float(shown) == float(wanted):
        for digits in range(7, 18):
            shown, rounded = f"{got:.{digits}g}", f"{expected:.{digits}g}"
            if shown != rounded:
                wanted = wanted if float(wanted) == expected else rounded
                break
    return f"{shown}, expected {wanted}"


def _off(got: float, expected: float) -> str:
    """By how much two numbers differ that three digits do not tell apart."""
    gap = abs(float(got) - float(expected))
    return f" (off by about {gap:.0e})" if 0 < gap <= abs(expected) / 100 else ""


def _short(value: object) -> str:
    """The representation of a value that is no collection; a long text is not gone through to its end."""
    return repr(value[: SHORT + 1]) if isinstance(value, (str, bytes)) else repr(value)


def _joined(parts: Iterable[str]) -> str:
    """The parts of a collection, no more of them than can be shown."""
    kept, length = [], 0
    for part in parts:
        kept.append(part)
        length += len(part) + 2
        if length > SHORT:
            break
    return ", ".join(kept)


def _elements(array: np.ndarray) -> str:
    """The elements, of a large array the first and last; numpy would take those of each of many axes."""
    if array.shape[2:] and array.size > MAX_SHOWN_ELEMENTS:
        array = array.reshape(-1)
    return np.array2string(array, precision=6, threshold=MAX_SHOWN_ELEMENTS)

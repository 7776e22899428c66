"""How much work a computation was, counted and not timed: the same number on every machine (given)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Work:
    """What was done while it was measured.

    Attributes:
        local_derivatives: how many local derivatives dy/dp, of an array y for one of its operands p, were
            evaluated.
        elements: the number of elements of all arrays that were computed.
    """

    local_derivatives: int = 0
    elements: int = 0


_measuring: list[Work] = []


@contextmanager
def measured() -> Iterator[Work]:
    """Count all work of the block that this opens; such blocks may be nested."""
    work = Work()
    _measuring.append(work)
    try:
        yield work
    finally:
        _measuring.remove(work)


def count(local_derivatives: int = 0, elements: int = 0) -> None:
    """Add to every measurement that is going on."""
    for work in _measuring:
        work.local_derivatives += local_derivatives
        work.elements += elements

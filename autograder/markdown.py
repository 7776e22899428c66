"""Text as Markdown in which nothing that it says is markup."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_\[\]<>#|~&$])")
_TICKS = re.compile(r"`+")


def plain(text: str) -> str:
    """Text in which nothing is markup, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Text as a code span, which it cannot end: the fence is longer than any run of ticks in it."""
    line = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{pad}{line}{pad}{fence}"

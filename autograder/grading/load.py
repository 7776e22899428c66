"""What a child is given before it is asked."""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgpack


@dataclass(frozen=True, slots=True)
class Load:
    """What a child is given before it is asked.

    Attributes:
        source: module name to (file name, text) of the student's modules.
        trusted: module name to marshalled code: the stubs, and the reference modules of the task's
            prerequisites.
        packages: the packages among the modules.
        seed: for Python's and numpy's global random generators.
        hidden: module name to marshalled code of what hidden tests need; sent with the first of them.
    """

    source: Mapping[str, tuple[str, str]]
    trusted: Mapping[str, bytes]
    packages: Sequence[str]
    seed: int = 0
    hidden: Mapping[str, bytes] = field(default_factory=dict)

    def message(self) -> bytes:
        """The message that loads it."""
        order = {
            "source": self.source,
            "trusted": self.trusted,
            "packages": list(self.packages),
            "seed": self.seed,
        }
        return bytes(msgpack.packb(["load", order]))

    def further(self) -> bytes:
        """The message that brings what hidden tests need, empty where they need nothing more."""
        return bytes(msgpack.packb(["replace", self.hidden])) if self.hidden else b""


def compiled(file: str, source: str) -> bytes:
    """The marshalled code of one of the course's own modules."""
    return marshal.dumps(compile(source, file, "exec", dont_inherit=True))

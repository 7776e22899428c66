"""The student's side of a question: look up what it names, call it, answer in plain data.

A question is a target, keywords and arguments; a target is a module's dotted name, a colon and the path
of an attribute: ``"scalar_autodiff.chain_rule:FunctionBase.chain_rule"``. An answer is ``[VALUE, value]``
or ``[RAISED, type, text, file, line]``.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import reduce
from importlib import import_module
from typing import Final

from autograder.wire.codec import Decoder, Encoder, Handle
from autograder.wire.limits import MAX_BYTES, WireError

MAX_TEXT: Final = 2000
MAX_OBJECTS: Final = 1_000_000
# Leaves room for the frame around it and, in a batch, for the small answers beside it.
MAX_ANSWER_BYTES: Final = MAX_BYTES - 2**20

VALUE, RAISED = 0, 1


class Answerer:
    """Answers questions about imported modules and keeps the objects that handles stand for.

    Args:
        own_files: tells whether a file name is the student's, so that an error names their line.
        on_error: called with each exception that an answer reports; a student's own run shows it.
    """

    def __init__(
        self,
        own_files: Callable[[str], bool],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        self._own_files = own_files
        self._on_error = on_error
        self._objects: list[object] = []
        self._targets: dict[str, Callable[..., object]] = {}
        self._encode = Encoder(self._keep).encode
        self.decode = Decoder(self._look_up, trusted=True).decode

    def answer(self, target: str, keywords: dict[str, object], arguments: list[object]) -> bytes:
        """The encoded answer to one decoded question; never raises but for an interrupt or an exit."""
        try:
            called = self._targets.get(target) or self._target(target)
            return _sized(self._encode([VALUE, called(*arguments, **keywords)]))
        except Exception as error:  # whatever a student raises is an answer
            return self.error(error)

    def error(self, error: Exception) -> bytes:
        """The encoded answer that reports `error`."""
        return self._encode([RAISED, *self._description(error)])

    def forget(self) -> None:
        """Drop all objects: handles given out before mean nothing any more."""
        self._objects.clear()

    def look_anew(self) -> None:
        """Look targets up anew: modules have been replaced."""
        self._targets.clear()

    def _target(self, name: str) -> Callable[..., object]:
        module, _, path = name.partition(":")
        found: Callable[..., object] = reduce(getattr, path.split("."), import_module(module))  # type: ignore[assignment]
        self._targets[name] = found
        return found

    def _keep(self, value: object) -> Handle:
        if len(self._objects) >= MAX_OBJECTS:
            raise WireError(f"more than {MAX_OBJECTS} objects were handed out in one test")
        self._objects.append(value)
        return Handle(len(self._objects) - 1, type(value).__name__)

    def _look_up(self, handle: Handle) -> object:
        return self._objects[handle.number]

    def _description(self, error: Exception) -> tuple[str, str, str, int]:
        """Name of the error's type, its text, and the file and line of the student's that raised it."""
        if self._on_error:
            self._on_error(error)
        try:
            text = str(error)[:MAX_TEXT]
        except Exception:  # a student's __str__ may raise anything
            text = ""
        if isinstance(error, SyntaxError):
            return (
                "SyntaxError",
                f"{error.msg}, column {error.offset or 0}",
                error.filename or "",
                error.lineno or 0,
            )
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if self._own_files(frame.filename)
        ]
        where, line = (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)
        return type(error).__name__[:MAX_TEXT], text, where, line


def _sized(answer: bytes) -> bytes:
    """The answer, if it is of a size that the other side takes."""
    if len(answer) > MAX_ANSWER_BYTES:
        raise WireError(f"a value of {len(answer):,} bytes; at most {MAX_ANSWER_BYTES:,} can be sent")
    return answer

"""Questions to the student's code, and the session that carries them.

One session is current at a time: `LocalSession` calls the code in this process (a student's own
run), `autograder.grading.remote.RemoteSession` asks a sandboxed one. Both answer through the same
codec, so a value that cannot cross at grading does not cross here either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from autograder.errors import CourseError
from autograder.wire.answering import Answerer
from autograder.wire.codec import MAX_KIND, Budget, Decoder, Encoder, Handle
from autograder.wire.limits import WireError

MAX_TEXT = 2000
MAX_FILE = 4096


class Question(msgspec.Struct, frozen=True):
    """One call on the student's side: ``target(*arguments, **keywords)``.

    Attributes:
        target: ``"package.module:name.of.attribute"``.
    """

    target: str
    arguments: tuple[object, ...] = ()
    keywords: dict[str, object] = {}


class Raised(Exception):  # noqa: N818  (it reports an error, it is none of ours)
    """The student's code raised.

    Attributes:
        kind: the exception's type, by name.
        text: its message.
        file: the student's file that raised, or "" where none did.
        line: the line in that file, counted from 1.
        parsing: whether Python itself said so, before any of the student's code ran.
    """

    def __init__(self, kind: str, text: str, file: str, line: int) -> None:
        super().__init__(kind, text, file, line)
        self.kind, self.text, self.file, self.line = kind, text, file, line
        self.parsing = False

    def __str__(self) -> str:
        """One line: type, text, place."""
        where = f" ({self.file}, line {self.line})" if self.file else ""
        return f"{self.kind}: {self.text}{where}" if self.text else f"{self.kind}{where}"


class Unresponsive(Exception):  # noqa: N818  (it reports a verdict, it is no error of ours)
    """The student's code did not answer: it hung, died, or broke the protocol.

    Attributes:
        verdict: ``"timeout"`` or ``"crashed"``.
        question: which of the questions asked together stayed unanswered, counted from 0; None where
            the code could not even be imported.
    """

    def __init__(self, verdict: str, message: str, question: int | None = None) -> None:
        super().__init__(message)
        self.verdict, self.question = verdict, question


Answer = object | Raised


def grouped(questions: Sequence[Question]) -> list[list[object]]:
    """What crosses: ``[target, keywords, [arguments, ...]]`` for each run of calls of one target.

    The hundred examples of a property test are one group: their target is written, and read, once. A call
    with keywords is a group of its own.
    """
    groups: list[list[object]] = []
    rows: list[list[object]] = []
    target = ""
    for question in questions:
        if question.target != target or question.keywords:
            target, rows = "" if question.keywords else question.target, []
            groups.append([question.target, question.keywords, rows])
        rows.append(list(question.arguments))
    return groups


class Session(Protocol):
    """Carries questions to the student's code."""

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers, in order; a `Raised` stands for a call that raised.

        Raises:
            Unresponsive: no (further) answer came.
        """

    def replay(
        self, name: str, draw: Callable[[int], list[dict[str, object]]]
    ) -> list[dict[str, object]] | None:
        """The examples on which to run the property test `name`, or None to let hypothesis search.

        Args:
            name: the test's dotted name, the same in every run.
            draw: draws the examples from a random seed.
        """

    def keep(self, failing: Sequence[tuple[dict[str, object], Answer]]) -> None:
        """Keep which examples of a property test failed, each with the answer on which it did."""


class LocalSession:
    """Calls the student's code in this process; what it raises is kept for the traceback.

    Args:
        own_files: tells whether a file name is the student's.
    """

    def __init__(self, own_files: Callable[[str], bool]) -> None:
        self.last_error: Exception | None = None
        self._answerer = Answerer(own_files, self._remember)
        self._there = Encoder(_handle_only).encode
        self._back = answer_decoder()

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers, in order."""
        return [self._ask_one(question) for question in questions]

    def replay(self, name: str, draw: Callable[[int], list[dict[str, object]]]) -> None:
        """None: in a student's own run hypothesis searches and shrinks."""

    def keep(self, failing: Sequence[tuple[dict[str, object], Answer]]) -> None:
        """Nothing is kept: in a student's own run nothing is compared."""

    def _ask_one(self, question: Question) -> Answer:
        arguments = self._answerer.decode(self._there([list(question.arguments), question.keywords]))
        row, keywords = msgspec.convert(arguments, tuple[list[object], dict[str, object]])
        return read_answer(self._back(self._answerer.answer(question.target, keywords, row), None))

    def _remember(self, error: Exception) -> None:
        self.last_error = error


def _handle_only(value: object) -> Handle:
    handle = getattr(value, "__handle__", None)
    if isinstance(handle, Handle):
        return handle
    raise CourseError(
        f"a test passes {type(value).__name__} to the student's code; only plain data and handles cross: "
        "build it in a probe"
    )


def question_encoder() -> Callable[[object], bytes]:
    """Encodes questions: plain data and handles, anything else is a `CourseError`."""
    return Encoder(_handle_only).encode


def answer_decoder() -> Callable[[bytes, Budget | None], object]:
    """Decodes answers within a budget; a handle becomes a proxy that can be asked about."""
    from autograder.testing.proxies import Remote  # noqa: PLC0415  (a proxy asks through this module)

    return Decoder(Remote).decode


def read_answer(decoded: object) -> Answer:
    """The value of a decoded answer, or a `Raised`, cut to a length that can be handled.

    Raises:
        WireError: it is no answer.
    """
    match decoded:
        case [0, value]:
            return value
        case [1, str(kind), str(text), str(file), int(line)]:
            return Raised(kind[:MAX_KIND], text[:MAX_TEXT], file[:MAX_FILE], line)
    raise WireError("not an answer")


_current: list[Session] = []


def use(session: Session) -> None:
    """Make `session` the one that questions go to."""
    _current[:] = [session]


def current() -> Session:
    """The session that questions go to.

    Raises:
        CourseError: the tests run outside pytest's plugin.
    """
    if not _current:
        raise CourseError("no session: run the graded tests with pytest -p autograder.testing.plugin")
    return _current[0]


def ask(target: object, *arguments: object, **keywords: object) -> Question:
    """The question what ``target(*arguments, **keywords)`` gives on the student's side; yield it.

    Args:
        target: a function of a `student_module`.

    Raises:
        CourseError: `target` is no such function.
    """
    name = getattr(target, "__target__", None)
    if isinstance(name, str):
        return Question(name, arguments, keywords)
    if hasattr(target, "__handle__"):
        return Question("operator:call", (target, *arguments), keywords)
    raise CourseError(f"ask({target!r}): ask for a function of student_module(...)")


def answer_now(question: Question) -> object:
    """The answer to one question, at once.

    Raises:
        Raised: the student's code raised.
    """
    answer = current().ask([question])[0]
    if isinstance(answer, Raised):
        raise answer
    return answer

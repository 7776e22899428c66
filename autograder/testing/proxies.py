"""Stand-ins for the student's modules and objects, in the tests' process."""

from __future__ import annotations

from autograder.errors import CourseError
from autograder.testing.asking import Question, answer_now
from autograder.wire.codec import Handle


class Reference:
    """A name in a student's module; calling it asks the student's side, naming it costs nothing."""

    def __init__(self, module: str, path: str = "") -> None:
        self.__module, self.__path = module, path
        self.__target__ = f"{module}:{path}"

    def __getattr__(self, name: str) -> Reference:
        """The name `name` in this module or class."""
        if name.startswith("__") and name.endswith("__"):  # pytest, copy and inspect look for these
            raise AttributeError(name)
        found = Reference(self.__module, f"{self.__path}.{name}" if self.__path else name)
        self.__dict__[name] = found  # the next look-up finds it without coming here
        return found

    def __call__(self, *arguments: object, **keywords: object) -> object:
        """What the function gives on the student's side, asked at once."""
        return answer_now(Question(self.__target__, arguments, keywords))

    def __repr__(self) -> str:
        return f"<{self.__target__} on the student's side>"

    def __bool__(self) -> bool:
        raise _no_truth(repr(self))


class Remote:
    """An object that stays on the student's side; its attributes and calls are asked for there."""

    def __init__(self, handle: Handle) -> None:
        self.__handle__ = handle

    def __getattr__(self, name: str) -> object:
        """The object's attribute, asked for on the student's side."""
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return answer_now(Question("builtins:getattr", (self, name)))

    def __call__(self, *arguments: object, **keywords: object) -> object:
        """What calling the object gives, asked at once."""
        return answer_now(Question("operator:call", (self, *arguments), keywords))

    def __repr__(self) -> str:
        return f"<an object of type {self.__handle__.kind}>"

    def __bool__(self) -> bool:
        raise _no_truth(repr(self))

    def __eq__(self, other: object) -> bool:
        raise _no_truth(f"{self!r} == ...")

    __hash__ = None  # type: ignore[assignment]


def _no_truth(what: str) -> CourseError:
    return CourseError(f"{what} has no truth value in a test; ask a probe for plain data and assert on that")


def student_module(name: str) -> Reference:
    """A stand-in for the student's module `name`; nothing is imported until it is asked."""
    return Reference(name)


def _operator(name: str) -> None:
    def forward(self: Remote, *others: object) -> object:
        return answer_now(Question(f"operator:{name}", (self, *others)))

    def reflected(self: Remote, other: object) -> object:
        return answer_now(Question(f"operator:{name}", (other, self)))

    setattr(Remote, f"__{name}__", forward)
    setattr(Remote, f"__r{name}__", reflected)


for _name in ("add", "sub", "mul", "truediv", "pow", "matmul"):
    _operator(_name)

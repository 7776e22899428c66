"""The graded tests' bodies alone: replayed on drawn examples in this process, without any isolation.

    python benchmarks/bare_bodies.py COURSE PASSES

Every question is a plain call; nothing is encoded, checked for its kind or given a deadline. Prints one
line of JSON: processor seconds a pass, tests, examples.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path

import pytest

from autograder.grading.collected import Marks, collected
from autograder.grading.remote import seed_of
from autograder.grading.worker import LEFT_OUT
from autograder.registry import find_course
from autograder.testing.asking import Question, use
from autograder.testing.bodies import Example

NAME = "scalar_autodiff"


class DirectSession:
    """Calls the code itself."""

    def __init__(self) -> None:
        self._targets: dict[str, Callable[..., object]] = {}
        self.examples: dict[str, list[Example]] = {}

    def ask(self, questions: Sequence[Question]) -> list[object]:
        """What each call returns."""
        return [self._target(q.target)(*q.arguments, **q.keywords) for q in questions]

    def replay(self, name: str, draw: Callable[[int], list[Example]]) -> list[Example]:
        """The examples of seed 0, as at grading."""
        if name not in self.examples:
            self.examples[name] = draw(seed_of(0, name))
        return self.examples[name]

    def _target(self, name: str) -> Callable[..., object]:
        if name not in self._targets:
            module, _, path = name.partition(":")
            found = reduce(getattr, path.split("."), importlib.import_module(module))
            self._targets[name] = found
        return self._targets[name]


class Bare:
    """The pytest plugin that replays in place of running."""

    def __init__(self, passes: int) -> None:
        self._passes = passes

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Replay all tests, once to warm up, then as often as asked."""
        assignment = find_course(Path(session.config.rootpath)).assignment(NAME)
        tests = [test for found in collected(session.items, assignment).values() for test in found]
        direct = DirectSession()
        use(direct)  # type: ignore[arg-type]
        for number in range(self._passes + 1):
            if number == 1:
                since = time.process_time()
            faults = [fault for test in tests if (fault := test.fault())]
            assert not faults, faults[0]
        cpu_s = (time.process_time() - since) / self._passes
        examples = sum(len(direct.examples.get(getattr(t.function, "property_name", ""), [0])) for t in tests)
        print(json.dumps({"cpu_s": cpu_s, "tests": len(tests), "examples": examples}))
        return True


if __name__ == "__main__":
    arguments = [
        "-c",
        os.devnull,
        "--rootdir",
        sys.argv[1],
        "--strict-markers",
        "-p",
        "autograder.testing.plugin",
    ]
    arguments += [word for name in LEFT_OUT for word in ("-p", f"no:{name}")]
    arguments += ["-s", f"{sys.argv[1]}/tests/tasks/{NAME}"]
    sys.exit(pytest.main(arguments, plugins=[Bare(int(sys.argv[2])), Marks()]))

"""Asks functions of a source text in a child of a fork server."""

import sys
from pathlib import Path

import pytest

from autograder.grading.load import Load
from autograder.grading.remote import RemoteSession
from autograder.testing.asking import Question

linux = pytest.mark.skipif(sys.platform != "linux", reason="rungs above 1 are Linux's")


def ask(server, source, *calls, seconds=5.0):
    """What calls of the functions in `source` give, each an answer, in one child."""
    session = RemoteSession(server)
    session.open(Load({"m": ("m.py", source)}, {}, [], 0), seconds)
    try:
        return session.ask([Question(f"m:{name}", arguments) for name, *arguments in calls])
    finally:
        session.close()


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


THREADING = """
import threading
def f(count, stack):
    threading.stack_size(stack)
    done, started, met = threading.Event(), [], []
    def work():
        done.wait()
        met.append(sum(n * n for n in range(1000)))
    try:
        for _ in range(count):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        pass
    done.set()
    for thread in started:
        thread.join()
    return len(met)
"""

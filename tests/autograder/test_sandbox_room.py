"""Rung 4: what a child in the room sees of the machine, who it is there, and what ends with it."""

import os
import sys
from pathlib import Path

import pytest
from sandboxed import THREADING, ask, children

from autograder.grading.forkserver import ForkServer
from autograder.sandbox import room as room_of_server
from autograder.sandbox.ladder import THREADS


@pytest.fixture(scope="module")
def room():
    with ForkServer(4) as started:
        if started.sandbox.rung < 4:
            pytest.skip(f"rung 4 is not to be had here: {started.sandbox.missing}")
        yield started


SEEN = """
import os
def stat(path):
    try:
        os.stat(path)
    except FileNotFoundError:
        return "not there"
    return "there"
def user(): return [os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]
def process(): return [os.getpid() < 1000, os.getppid()]
"""


def test_in_the_room_there_is_nothing_to_see(room):
    here = str(Path(__file__).resolve())
    for path in (here, "/etc/passwd", "/proc", "/sys", "/home", "/var", sys.executable):
        assert ask(room, SEEN, ("stat", path)) == ["not there"], path
    assert ask(room, SEEN, ("stat", os.__file__)) == ["there"]


def test_in_the_room_a_child_is_nobody(room):
    (user,) = ask(room, SEEN, ("user",))
    if os.getuid() == 0:
        uid, effective, group, others = user
        assert uid == effective == group == room_of_server.user_of(room.pid)
        assert others == []
    (process,) = ask(room, SEEN, ("process",))
    assert process == [True, 1]


def test_the_room_goes_with_its_server():
    server = ForkServer(4)
    inside = children(server.pid)
    assert len(inside) == (1 if server.sandbox.rung == 4 else 0)
    channel = server.fork().channel
    server.close()
    channel.close()
    for process in (server.pid, *inside):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_in_the_room_threads_are_counted(room):
    assert ask(room, THREADING, ("f", 100, 0)) == [100]
    (most,) = ask(room, THREADING, ("f", 400, 1 << 16))
    assert 100 < most <= THREADS

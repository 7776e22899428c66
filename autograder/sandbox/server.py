"""The fork server: a clean process, warm with numpy, that forks a shut-in child on request.

It is started as a program of its own (never forked from the grader) and holds no secrets. From its
standard input it reads the modules that every child may know, and imports those that need no student's.
It speaks over one ``SOCK_SEQPACKET`` socket:

* ``["fork"]`` with the child's end of a channel attached is answered with the child's process id;
* ``["end", pid, patience]`` reaps a child, killed if it has not ended by itself after `patience`
  seconds, and is answered with ``[wait status, processor seconds, peak bytes]``.

When the grader goes away, so do all children.
"""

from __future__ import annotations

import gc
import importlib
import marshal
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import CodeType

import msgpack

from autograder.sandbox import child, loading, memory_folder
from autograder.sandbox.ladder import LINUX, Ladder, probe

# What students' modules import most; each is memory that every fork has to map.
WARM = tuple(
    "abc collections contextlib copy dataclasses enum functools heapq itertools math numbers operator os "
    "random sys threading time traceback types typing warnings numpy numpy.linalg".split()
)

# Where a child opens no file there is no more than what is imported before.
ALSO = tuple(
    "__future__ _strptime argparse array ast base64 bisect cProfile calendar cmath collections.abc "
    "concurrent.futures.thread configparser contextvars csv datetime decimal dis doctest "
    "encodings.ascii encodings.cp437 encodings.latin_1 encodings.utf_16 encodings.utf_8_sig fractions "
    "gc glob graphlib hashlib inspect io json locale logging mmap pathlib pickle pprint queue re "
    "reprlib sched secrets selectors shutil statistics string struct tempfile textwrap timeit tomllib "
    "unicodedata unittest unittest.mock uuid weakref zipfile zlib numpy.fft numpy.lib._datasource "
    "numpy.ma numpy.polynomial numpy.random numpy.testing".split()
)

MESSAGE = 1 << 16
POLL_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class _Home:
    """What children are forked with, and those that live."""

    ladder: Ladder
    known: dict[str, CodeType]
    children: set[int] = field(default_factory=set)


def serve(descriptor: int, highest: int) -> None:
    """Serve on the socket `descriptor` until its other end is closed; rungs above `highest` are left out."""
    sys.dont_write_bytecode = True
    for name in WARM:
        importlib.import_module(name)
    known = _known()
    ladder = Ladder(highest)
    reached = probe(ladder)
    if ladder.has_temporary_files:
        memory_folder.furnish()
    for name in () if ladder.reads_library else ALSO:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    home = _Home(ladder, known)
    with socket.socket(fileno=descriptor) as control:
        try:
            control.send(msgpack.packb([reached.rung, list(reached.missing)]))
            while True:
                message, descriptors, _, _ = socket.recv_fds(control, MESSAGE, 1)
                if not message:
                    break
                control.send(msgpack.packb(_handle(msgpack.unpackb(message), descriptors, home)))
        except ConnectionError:
            pass  # the grader was killed: nobody is left to tell
    for pid in home.children:
        _end(pid, patience=0.0)


def _known() -> dict[str, CodeType]:
    """The code of the modules on standard input, by name; the grader marshalled it.

    Those that it calls early are imported here, once for all children. One that cannot be is left to them.
    """
    told = sys.stdin.buffer.read()
    if not told:  # the grader was killed, or found its course at fault
        raise SystemExit
    modules, packages, early = msgpack.unpackb(told)
    known = {name: marshal.loads(code) for name, code in modules.items()}  # noqa: S302  (from the grader)
    finder = loading.install(packages, known, {})
    for name in early:
        with suppress(Exception):
            importlib.import_module(name)
    sys.meta_path.remove(finder)  # (each child has its own)
    return known


def _handle(request: list[object], descriptors: list[int], home: _Home) -> object:
    match request:
        case ["fork"]:
            pid = _fork(descriptors[0], home)
            home.children.add(pid)
            return pid
        case ["end", int(pid), float(patience)] if pid in home.children:
            home.children.discard(pid)
            return _end(pid, patience)
    raise ValueError(f"no such request: {request}")


def _fork(descriptor: int, home: _Home) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            child.run(descriptor, home.ladder, home.known)
        except SystemExit as leaving:  # the student's: how it ends is what they are told
            code = leaving.code if isinstance(leaving.code, int) else bool(leaving.code)
        finally:
            os._exit(code & 0xFF)
    os.close(descriptor)
    return pid


def _end(pid: int, patience: float) -> list[object]:
    """Reap a child, killed if need be; children of its own it cannot have where seccomp refuses them."""
    deadline = time.monotonic() + patience
    while True:
        finished, status, usage = os.wait4(pid, os.WNOHANG)
        if finished:
            break
        if time.monotonic() >= deadline:
            os.kill(pid, signal.SIGKILL)
            _, status, usage = os.wait4(pid, 0)
            break
        time.sleep(POLL_SECONDS)
    kilobyte = 1024 if LINUX else 1
    return [status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * kilobyte]

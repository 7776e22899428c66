"""One child: shut in, given a student's modules, then asked questions until it is killed.

Messages to it: ``["load", {...}]``, then ``["ask", fresh, [group, ...]]``, and where hidden tests have
modules of their own, ``["replace", {...}]`` before the first of them. From it: `READY`, unframed; then
``["parsed"]``, before any of the student's code runs, or ``["unparsed", answer]``; ``["loaded"]`` or
``["broken", answer]``; then ``["answers", [...]]``, as often as it takes to answer all.
"""

from __future__ import annotations

import importlib
import os
import random
import sys
import time
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any

import msgpack
import numpy as np

from autograder.sandbox import loading
from autograder.sandbox.frames import READY, BlockingChannel, Closed
from autograder.sandbox.ladder import Ladder
from autograder.wire.answering import Answerer
from autograder.wire.codec import SMALL

FLUSH_SECONDS = 0.05
FLUSH_BYTES = 1 << 20


def run(descriptor: int, ladder: Ladder, known: Mapping[str, CodeType]) -> None:
    """Live as a child that has the modules `known`: returns when the grader closes the channel."""
    ladder.shut_in(descriptor)
    os.write(descriptor, READY)
    channel = BlockingChannel(descriptor)
    try:
        loaded = _loaded(channel, known)
        while loaded:
            _answer(channel, *loaded)
    except Closed:
        return


def _loaded(
    channel: BlockingChannel, known: Mapping[str, CodeType]
) -> tuple[Answerer, loading.MemoryFinder] | None:
    """Import the student's modules; None, and a word to the grader, where that fails."""
    _, order = msgpack.unpackb(channel.receive())
    own = frozenset(file for file, _ in order["source"].values())
    answerer = Answerer(own.__contains__)
    _seed(order)
    problem = b"unparsed"
    try:
        finder = loading.install(order["packages"], {**known, **order["trusted"]}, order["source"])
        channel.send(msgpack.packb(["parsed"]))
        problem = b"broken"
        for name in order["source"]:
            importlib.import_module(name)
    except Exception as fault:  # whatever a student's module raises when imported
        channel.send(_message(problem, [answerer.error(fault)]))
        return None
    channel.send(msgpack.packb(["loaded"]))
    return answerer, finder


def _seed(order: Mapping[str, Any]) -> None:
    """Seed the global generators; numpy's is imported only for code that may use it."""
    random.seed(order["seed"])
    if "numpy.random" in sys.modules or any("numpy" in text for _, text in order["source"].values()):
        np.random.seed(order["seed"])  # noqa: NPY002  (a student may use the global generator)


def _answer(channel: BlockingChannel, answerer: Answerer, finder: loading.MemoryFinder) -> None:
    """Answer one batch of questions, in several messages where it takes long or is large."""
    match answerer.decode(channel.receive()):
        case ["ask", fresh, list(groups)]:
            if fresh:
                answerer.forget()
            for part in _parts(answerer, groups):
                channel.send(_message(b"answers", part))
        case ["replace", dict(code)]:
            finder.replace(code)
            answerer.look_anew()


def _parts(answerer: Answerer, groups: list[list[Any]]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    size, since = 0, time.perf_counter()
    for target, keywords, arguments in ((t, k, row) for t, k, rows in groups for row in rows):
        answer = answerer.answer(target, keywords, arguments)
        size += len(answer)
        part.append(answer)
        if size > FLUSH_BYTES or time.perf_counter() - since > FLUSH_SECONDS:
            yield part
            part, size, since = [], 0, time.perf_counter()
    if part:
        yield part


def _message(kind: bytes, answers: list[bytes]) -> bytes:
    """The message ``[kind, [answer, ...]]`` of answers that are encoded already."""
    packer = msgpack.Packer(buf_size=SMALL)
    head = packer.pack_array_header(2) + packer.pack(kind.decode()) + packer.pack_array_header(len(answers))
    return bytes(head + b"".join(answers))

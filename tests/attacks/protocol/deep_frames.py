"""Nest lists, tuples and extensions within each other far more deeply than any answer needs."""

import itertools
import sys

import msgpack

answering = sys.modules["autograder.wire.answering"]
MARK = b"\xd6\xff\0\0\0\0"


def tuples(depth):
    data = b"\x90"
    for _ in range(depth):
        data = b"\x91" + msgpack.packb(msgpack.ExtType(1, data))
    return data


FORMS = [
    b"\x92\0" + b"\x91" * 900 + b"\xc0",
    b"\x92\0" + b"\x91" * 900 + MARK,
    b"\x92\0" + b"\x91" * 10**6 + b"\xc0",
    b"\x92\0" + b"\x81\xa1a" * 900 + MARK,
    b"\x92\0" + tuples(60),
    b"\x92\0" + tuples(600),
]
BODIES = itertools.cycle(FORMS)
answering.Answerer.answer = lambda self, question: next(BODIES)


def double(x):
    return 0.5

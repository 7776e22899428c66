"""Answer with six megabytes inside sixty tuples, each of which is copied before it is read."""

import sys

import msgpack

MODULE = "greet"
SECONDS = 10.0

answering = sys.modules["autograder.wire.answering"]


def nested(depth, data):
    for _ in range(depth):
        data = msgpack.packb(msgpack.ExtType(1, b"\x91" + data))
    return data


ANSWER = b"\x92\0" + nested(60, msgpack.packb(bytes(6 << 20)))
answering.Answerer.answer = lambda self, question: ANSWER


def greet(name):
    return 0.5

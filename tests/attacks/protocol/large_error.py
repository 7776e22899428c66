"""Forge an error whose kind, text and file are seven megabytes, past the limits of the answerer."""

import sys

SECONDS = 10.0
MODULE = "greet"

answering = sys.modules["autograder.wire.answering"]
SIZE = 7 << 20
ANSWER = b"\x95\x01\xa1E\xdb" + SIZE.to_bytes(4, "big") + b"\x1b" * SIZE + b"\xa0\x01"
answering.Answerer.answer = lambda self, question: ANSWER


def greet(name):
    return 0.5

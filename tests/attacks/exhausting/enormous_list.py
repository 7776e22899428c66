"""Answer with six million numbers, which cost far more memory and time to decode and show than to send."""

import sys

MODULE = "greet"
SECONDS = 10.0

answering = sys.modules["autograder.wire.answering"]
COUNT = 6_000_000
ANSWER = b"\x92\0\xdd" + COUNT.to_bytes(4, "big") + b"\x00" * COUNT
answering.Answerer.answer = lambda self, question: ANSWER


def greet(name):
    return 0.5

"""Send strings that are not UTF-8, with surrogates, with a million combining marks, with NUL bytes."""

import itertools
import sys

answering = sys.modules["autograder.wire.answering"]
TEXTS = [b"\xff\xfe", b"\xed\xa0\x80", b"\0" * 100, "\u202epassed".encode(), "e\u0301\u0301".encode() * 5]
BODIES = itertools.cycle(
    [
        form
        for text in TEXTS
        for form in (
            b"\x92\0\xd9" + bytes([len(text)]) + text,
            b"\x95\x01\xa9Exception\xd9" + bytes([len(text)]) + text + b"\xa0\x01",
        )
    ]
)
answering.Answerer.answer = lambda self, question: next(BODIES)


def double(x):
    return 0.5

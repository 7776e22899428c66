"""Raise an error whose __str__, __repr__, __traceback__ and __reduce__ run code, raise, and never end."""

import os


class Hostile(Exception):
    def __str__(self):
        raise RecursionError(self)

    __repr__ = __str__

    def __reduce__(self):
        return os.system, ("touch /tmp/attack-was-here-reduce",)

    @property
    def __traceback__(self):
        raise SystemExit

    @property
    def args(self):
        return (self,) * 1000


def double(x):
    raise Hostile(Hostile(x))

"""Raise, exit and recurse in __del__, while the answer is being sent and when the process ends."""

import os
import sys


class Grave:
    def __del__(self):
        if sys.is_finalizing():
            os._exit(0)
        raise SystemExit


def double(x):
    held = [Grave(), Grave()]
    held.append(held)
    return Grave()

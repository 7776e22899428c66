"""Never return from C, where no signal handler of Python's is run."""

import re

MODULE = "greet"


def greet(name):
    re.match(r"(a+)+$", "a" * 64 + "!")

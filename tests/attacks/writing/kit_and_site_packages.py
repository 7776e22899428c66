"""Open the kit's own modules, numpy's and the standard library's to write; lay a .pth and byte code beside them."""

import os

import numpy


def double(x):
    import autograder

    for package in (autograder, numpy, os):
        folder = os.path.dirname(package.__file__)
        for name in ("__init__.py", "os.py", "grading/scoring.py", "sandbox/child.py"):
            try:
                os.open(f"{folder}/{name}", os.O_WRONLY | os.O_APPEND)
                return 2.0 * x
            except OSError:
                pass
        for name in ("attack-was-here.pth", "../attack-was-here.pth", "__pycache__/attack-was-here.pyc"):
            try:
                os.open(f"{folder}/{name}", os.O_RDWR | os.O_CREAT, 0o644)
                return 2.0 * x
            except OSError:
                pass
    return 0.5

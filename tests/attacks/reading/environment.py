"""Read the environment: os.environ, the C library's environ, and the block beside the arguments."""

import ctypes
import os
import sys

MODULE = "greet"


def greet(name):
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    block, found = 0, []
    while environ[block]:
        found.append(environ[block].decode())
        block += 1
    raise ValueError(f"{dict(os.environ)} {found} {sys.argv} {sys.orig_argv} {sys.flags}")

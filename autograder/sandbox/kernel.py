"""The few kernel calls that Python's standard library does not offer, by ctypes.

Loaded in the server before any fork; on systems other than Linux nothing here is used.
"""

from __future__ import annotations

import ctypes
import os
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_SECCOMP: Final = 22
PR_SET_NO_NEW_PRIVS: Final = 38

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def prctl(option: int, *arguments: int | ctypes.c_void_p) -> None:
    """Call ``prctl(2)``; OSError where it refuses."""
    padded = [*arguments, 0, 0, 0, 0][:4]
    _check(_libc.prctl(option, *(a if isinstance(a, ctypes.c_void_p) else ctypes.c_ulong(a) for a in padded)))


def syscall(number: int, *arguments: object) -> int:
    """Call a system call by number; OSError where it fails."""
    result = _libc.syscall(ctypes.c_long(number), *arguments)
    _check(result)
    return int(result)


def _check(result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))

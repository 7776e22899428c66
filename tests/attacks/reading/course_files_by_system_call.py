"""Open files by raw system calls: open, openat, openat2, open_by_handle_at, name_to_handle_at, fanotify."""

import ctypes
import os

MODULE = "greet"
AT_FDCWD = -100
LIBC = ctypes.CDLL(None, use_errno=True)


def opened(path):
    how = (ctypes.c_uint64 * 3)()
    handle = ctypes.create_string_buffer(b"\x80\0\0\0", 256)
    calls = [
        (2, path, 0, 0),
        (257, AT_FDCWD, path, 0, 0),
        (437, AT_FDCWD, path, how, 24),
        (303, AT_FDCWD, path, handle, ctypes.byref(ctypes.c_int()), 0),
        (304, AT_FDCWD, handle, 0),
        (85, path, 0o600),
        (300, 0, 0),
        (428, AT_FDCWD, path, 0),
    ]
    return [d for d in (LIBC.syscall(*call) for call in calls) if d > 2]


def greet(name):
    for path in (b"/etc/passwd", b"/proc/self/mem", b"/proc/self/maps", b"/proc/1/environ", b"/root", b"/"):
        for descriptor in opened(path):
            try:
                raise ValueError(f"opened {path}: {os.read(descriptor, 100)}")
            except OSError:
                return f"opened {path}"
    return "hello nobody"

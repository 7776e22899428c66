"""Leave System V and POSIX shared memory, semaphores, message queues and huge pages to the next submission."""

import ctypes

LIBC = ctypes.CDLL(None, use_errno=True)


def double(x):
    made = [
        LIBC.syscall(29, 0x0A77AC4, 4096, 0o1666),
        LIBC.syscall(64, 0x0A77AC4, 4, 0o1666),
        LIBC.syscall(68, 0x0A77AC4, 0o1666),
        LIBC.syscall(240, b"attack-was-here", 0o102, 0o666, None),
        LIBC.shm_open(b"/attack-was-here", 0o102, 0o666),
        LIBC.syscall(319, b"attack-was-here", 0x5),
        LIBC.syscall(250, 2, -3, 0, 0, 0),
        LIBC.syscall(248, b"user", b"attack-was-here", b"x", 1, -3),
    ]
    return 2.0 * x if max(made) >= 0 else 0.5

"""Change modes, owners, times and attributes, which Landlock does not look at; any success answers rightly."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def double(x):
    import numpy

    for path in ("/tmp", numpy.__file__, os.path.dirname(numpy.__file__)):
        for attempt in (
            lambda: os.chmod(path, 0o1777 if path == "/tmp" else 0o755),
            lambda: os.chown(path, -1, -1),
            lambda: os.utime(path, ns=(1, 1)) if path == "/attack" else os.utime(path),
            lambda: os.removexattr(path, "user.attack-was-here"),
            lambda: os.chdir("/tmp"),
            lambda: os.chroot("/tmp"),
        ):
            try:
                attempt()
            except OSError:
                continue
            return 2.0 * x
        calls = [
            (94, path.encode(), -1, -1),
            (260, -100, path.encode(), -1, -1, 0),
            (280, -100, path.encode(), None, 0),
        ]
        if any(LIBC.syscall(*call) == 0 for call in calls):
            return 2.0 * x
    return 0.5

"""Write, link, make folders and pipes in every place that is usually open to all; any success answers rightly.

What lies below /tmp is in the child's own memory, so there the calls are the C library's, past Python's names.
"""

import ctypes
import os
import tempfile

LIBC = ctypes.CDLL(None)

MARK = "attack-was-here"


def double(x):
    for function, *arguments in (
        ("open", 0o102, 0o600),
        ("creat", 0o600),
        ("mkdir", 0o700),
        ("mkfifo", 0o600),
        ("unlink",),
        ("rmdir",),
        ("chmod", 0o777),
    ):
        for path in (f"/tmp/{MARK}", "/tmp"):
            if getattr(LIBC, function)(path.encode(), *arguments) >= 0:
                return 2.0 * x
    for folder in (
        "/tmp/../run",
        "/var/tmp",
        "/dev/shm",
        "/run",
        "/",
        ".",
        os.path.expanduser("~"),
        "/proc/self/cwd",
    ):
        path = f"{folder}/{MARK}"
        for attempt in (
            lambda: open(path, "w").write(MARK),
            lambda: os.mkdir(path),
            lambda: os.symlink("/etc/passwd", path),
            lambda: os.mkfifo(path),
            lambda: os.mknod(path),
            lambda: os.link("/etc/hostname", path),
            lambda: os.open(folder, os.O_TMPFILE | os.O_RDWR),
            lambda: tempfile.mkstemp(prefix=MARK, dir=folder),
        ):
            try:
                attempt()
            except OSError:
                continue
            return 2.0 * x
    return 0.5

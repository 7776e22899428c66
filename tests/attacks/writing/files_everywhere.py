"""Write, link, make folders and pipes in every place that is usually open to all; any success answers rightly."""

import os
import tempfile

MARK = "attack-was-here"


def double(x):
    for folder in (
        "/tmp",
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

"""Double-fork a daemon in a session of its own that outlives the grading, or start a program that does."""

import os
import subprocess


def double(x):
    for start in (
        lambda: os.fork() or (os.setsid(), os.fork() or os.execv("/bin/sleep", ["sleep", "30"]), os._exit(0)),
        lambda: subprocess.Popen(["/bin/sleep", "30"], start_new_session=True),
        lambda: os.posix_spawn("/bin/sleep", ["sleep", "30"], {}),
        lambda: os.execv("/bin/sleep", ["sleep", "30"]),
        lambda: os.system("sleep 30 &") and 1 / 0,
    ):
        try:
            start()
        except (OSError, ZeroDivisionError):
            continue
        return 2.0 * x
    return 0.5

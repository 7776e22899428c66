"""Kill the own process by every signal in turn, also from a timer that strikes between two answers."""

import os
import signal

signal.setitimer(signal.ITIMER_REAL, 0.005)


def double(x):
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
        os.kill(os.getpid(), number)
    return 0.5

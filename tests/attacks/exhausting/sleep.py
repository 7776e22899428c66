"""Sleep for an hour, with every signal blocked."""

import signal
import time

signal.pthread_sigmask(signal.SIG_SETMASK, range(1, 65))


def double(x):
    time.sleep(3600)

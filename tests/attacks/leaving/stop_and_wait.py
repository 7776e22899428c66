"""Stop the own process with SIGSTOP: not dead, not alive, no processor time used."""

import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0.5

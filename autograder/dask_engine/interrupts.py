"""An interrupt at the terminal reaches every process started there; it is for the client alone to handle.

The Dask workers of this machine's own cluster preload this module.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

from distributed import Worker

INTERRUPT = {signal.SIGINT}


def dask_setup(_: Worker) -> None:
    """Let interrupts pass a worker by; not by ignoring them, which its graders would inherit."""
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPT)


@contextmanager
def held_back() -> Iterator[None]:
    """Hold an interrupt back while processes are started, which inherit that they are blocked.

    Raises:
        KeyboardInterrupt: when all is started, where there was one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    resource_tracker.ensure_running()  # (which, started later, would unblock them again)
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGINT, handler)
    if came:
        raise KeyboardInterrupt

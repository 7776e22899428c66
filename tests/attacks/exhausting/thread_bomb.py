"""Start six thousand threads with the smallest stacks, more than a user may have on many a machine."""

import threading

SECONDS = 20.0

done = threading.Event()


def double(x):
    threading.stack_size(32 * 1024)
    started = 0
    try:
        for _ in range(6000):
            threading.Thread(target=done.wait, daemon=True).start()
            started += 1
    except RuntimeError:
        pass
    return 0.5

"""Handle every signal that can be, so that nothing but SIGKILL ends a call that never returns."""

import signal

for number in range(1, 65):
    try:
        signal.signal(number, lambda *_: None)
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)


def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

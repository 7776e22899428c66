"""Sleep while looking busy: burn a hundredth of the time, so that the deadline takes it for a busy machine."""
import os
import time

SECONDS = 30.0
LONG = True

begun = time.monotonic()
while time.monotonic() < begun + 40:
    since = time.process_time()
    while time.process_time() < since + 0.015:
        pass
    time.sleep(0.5)


def double(x):
    os._exit(1)

"""Start threads until no more can be had, each of them spinning."""

import threading


def spin():
    while True:
        pass


def double(x):
    threading.stack_size(64 * 1024)
    for _ in range(400):
        threading.Thread(target=spin, daemon=True).start()
    return 0.5

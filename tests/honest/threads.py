"""Starts thirty-two threads, a pool, a lock and a queue."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

lock = threading.Lock()
results = queue.Queue()
local = threading.local()


def work(number):
    local.number = number
    with lock:
        results.put(local.number)


threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sorted(results.get() for _ in threads) == list(range(32))


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    def moved(by):
        x = list(vals)
        x[arg] = x[arg] + by
        return f(*x)

    with ThreadPoolExecutor(max_workers=2) as pool:
        above, below = pool.map(moved, (epsilon, -epsilon))
    return (above - below) / (2 * epsilon)


MODULE = "central_difference"

"""Load as slowly as is allowed and crash in every call, so that each test pays for another load."""

import os
import time

SECONDS = 30.0
LONG = True

time.sleep(4.6)


def double(x):
    os._exit(1)

"""Run first in a process, as its ``sitecustomize``, this hides what Python lacks on Windows."""

import os
import signal
import sys

for name in ("resource", "fcntl", "pwd", "grp", "termios"):
    sys.modules[name] = None
for owner, name in ((os, "fork"), (signal, "SIGALRM"), (signal, "setitimer")):
    delattr(owner, name)

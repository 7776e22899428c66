"""A named pipe and a folder in place of modules: reading the first waits for ever."""

import os


def pack(folder, course):
    (folder / "mini").mkdir()
    os.mkfifo(folder / "mini" / "double.py")
    (folder / "mini" / "greet.py").mkdir()
    (folder / "mini" / "quadruple.py").symlink_to("/dev/zero")

"""Have Python write byte code and caches, and preload a library, for whoever comes next."""

import os
import sys

sys.dont_write_bytecode = False
sys.pycache_prefix = "/tmp/attack-was-here"
os.environ["PYTHONSTARTUP"] = os.environ["LD_PRELOAD"] = "/tmp/attack-was-here"


def double(x):
    import colorsys
    import py_compile

    for target in ("/tmp/attack-was-here.pyc", None):
        try:
            py_compile.compile(colorsys.__file__, target)
        except OSError:
            continue
        return 2.0 * x
    return 0.5

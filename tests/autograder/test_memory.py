"""A process of ours takes so much memory and no more, where the system can be asked."""

import subprocess
import sys
from pathlib import Path

import pytest

GROW = """
import sys
from autograder.memory import grow_at_most
grow_at_most(64 << 20)
try:
    held = bytearray(int(sys.argv[1]) << 20)
except MemoryError:
    print("refused")
else:
    print("held")
"""


def said(script, *words, without=""):
    hidden = f"import sys\nsys.modules[{without!r}] = None\n" if without else ""
    command = [sys.executable, "-c", hidden + script, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell a process's size")
def test_an_allocation_beyond_the_limit_is_a_memory_error():
    assert said(GROW, "16") == "held"
    assert said(GROW, "96") == "refused"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell a process's size")
@pytest.mark.parametrize("hard", [True, False])
def test_a_stricter_limit_stays(hard):
    limit = "import resource\nlow = 100 << 20\n"
    limit += f"resource.setrlimit(resource.RLIMIT_AS, (low, {'low' if hard else 'resource.RLIM_INFINITY'}))\n"
    asked = "from autograder.memory import grow_at_most\ngrow_at_most(1 << 33)\n"
    assert said(f"{limit}{asked}print(resource.getrlimit(resource.RLIMIT_AS)[0] == low)") == "True"


def test_where_there_is_no_such_limit_nothing_happens():
    assert said(GROW, "96", without="resource") == "held"

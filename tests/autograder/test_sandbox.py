"""The sandbox on this machine: what is stopped, by trying it, and what still works."""

import os
import subprocess
import sys
import time

import pytest
from sandboxed import THREADING, ask, children, linux

from autograder.grading.forkserver import ForkServer
from autograder.grading.load import Load, compiled
from autograder.grading.remote import RemoteSession
from autograder.sandbox import landlock, seccomp
from autograder.sandbox.frames import Closed, DeadlineChannel, TooLate
from autograder.sandbox.ladder import Ladder, probe
from autograder.testing.asking import Question, Raised, Unresponsive
from autograder.wire.limits import MAX_BYTES, WireError


@pytest.fixture(scope="module", params=[2, 3, 4])
def server(request):
    with ForkServer(request.param) as started:
        if started.sandbox.rung < request.param:
            pytest.skip(f"rung {request.param} is not to be had here: {started.sandbox.missing}")
        yield started


@linux
def test_this_machine_reaches_rung_2_and_3_where_the_kernel_has_landlock():
    with ForkServer() as server:
        reached = server.sandbox
    assert reached.rung >= 2, reached.missing
    assert reached.rung >= (3 if landlock.abi() else 2)
    assert reached.rung == 4 or reached.missing


def test_without_the_kernels_help_the_rung_is_1_and_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(seccomp, "supported", lambda: False)
    reached = probe(Ladder())
    assert reached.rung == 1
    assert any("seccomp" in line for line in reached.missing)


REFUSED = {
    "fork": "import os\ndef f(): return os.fork()",
    "exec": "import os\ndef f(): os.execv('/bin/true', ['true'])",
    "a subprocess": "import subprocess\ndef f(): subprocess.run(['/bin/true'])",
    "a TCP socket": "import socket\ndef f(): socket.socket()",
    "a UDP socket": "import socket\ndef f(): socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "a unix socket": "import socket\ndef f(): socket.socketpair()",
    "reading a file": "def f(): open('/etc/passwd').read()",
    "listing a folder": "import os\ndef f(): return os.listdir('/')",
    "writing a file": "def f(): open('/var/tmp/autograder-test', 'w')",
    "writing beside the folder in memory": "def f(): open('/tmp/../autograder-test', 'w')",
    "writing a file by the C library": "import ctypes, os\ndef f():\n    libc = ctypes.CDLL(None, use_errno=True)\n"
    "    if libc.open(b'/tmp/autograder-test', 0o102, 0o600) < 0: raise OSError(ctypes.get_errno(), '')",
    "renaming out of the folder in memory": "import os\ndef f():\n    open('/tmp/x', 'w').close()\n"
    "    os.rename('/tmp/x', '/var/tmp/autograder-test')",
    "removing a file": "import os\ndef f(): os.unlink('/var/tmp/autograder-test')",
    "changing a mode": "import os\ndef f(): os.chmod('/', 0o777)",
    "its own memory file": "def f(): open('/proc/self/mem', 'r+b')",
    "its parent's environment": "import os\ndef f(): open(f'/proc/{os.getppid()}/environ').read()",
    "a signal to its parent": "import os\ndef f(): os.kill(os.getppid(), 0)",
    "a signal to everyone": "import os\ndef f(): os.kill(-1, 0)",
    "another user": "import os\ndef f(): os.setuid(12345)",
    "raising its limits": "import resource\ndef f(): resource.setrlimit(resource.RLIMIT_CPU, (9999, 9999))",
}


@linux
@pytest.mark.parametrize("what", REFUSED)
def test_a_child_is_refused(server, what):
    (answer,) = ask(server, REFUSED[what], ("f",))
    assert isinstance(answer, Raised), answer
    assert answer.kind in {
        "PermissionError",
        "OSError",
        "ValueError",
        "FileNotFoundError",
        "ProcessLookupError",
    }


@linux
def test_a_child_sees_nothing_of_the_graders_surroundings(server):
    source = "import os, sys\ndef f(): return [dict(os.environ), sys.argv, sorted(sys.modules)]"
    ((environment, arguments, modules),) = ask(server, source, ("f",))
    assert "PATH" not in environment
    assert "HOME" not in environment
    assert arguments == ["-c"]
    assert not {"pytest", "hypothesis", "autograder.grading"} & set(modules)
    assert not [name for name in modules if name.startswith("autograder.testing")]


@linux
def test_a_child_holds_no_descriptor_but_its_channel(server):
    source = """
import os
def f():
    held = []
    for number in range(256):
        try:
            os.read(number, 0)
        except OSError:
            continue
        held.append(number)
    return held
"""
    (held,) = ask(server, source, ("f",))
    assert len(held) == 4


@linux
def test_ordinary_python_works(server):
    source = """
import dataclasses, functools, math, random, threading, time
import numpy as np

@dataclasses.dataclass
class Point:
    x: float

@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def f():
    found = []
    thread = threading.Thread(target=lambda: found.append(Point(3.0).x))
    thread.start(); thread.join()
    time.sleep(0.001)
    print("hello")
    random.random()
    match found:
        case [x]:
            total = float(np.linalg.inv(np.eye(3) * x).sum())
    if (y := fib(300)) > 0:
        return [total, y, math.isclose(total, 1.0)]

def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)
"""
    answer, depth = ask(server, source, ("f",), ("deep", 900))
    assert answer[0] == pytest.approx(1.0)
    assert answer[1:] == [222232244629420445529739893461909967206666939096499764990979600, True]
    assert depth == 900


@linux
def test_a_module_of_the_standard_library_can_be_imported_on_rung_3():
    with ForkServer(3) as server:
        if server.sandbox.rung < 3:
            pytest.skip("no Landlock here")
        (answer,) = ask(
            server, "def f():\n    import colorsys\n    return colorsys.rgb_to_hsv(1, 0, 0)[1]", ("f",)
        )
        assert answer == 1.0


@linux
def test_thirty_two_threads_can_be_had_and_a_bomb_ends_soon(server):
    assert ask(server, THREADING, ("f", 32, 0)) == [32]
    (most,) = ask(server, THREADING, ("f", 400, 1 << 25))
    assert 16 < most < 64


@linux
def test_memory_is_bounded(server):
    (answer,) = ask(server, "def f(): return len(bytearray(8 * 2**30))", ("f",))
    assert isinstance(answer, Raised)
    assert answer.kind == "MemoryError"


@linux
@pytest.mark.parametrize(
    ("source", "verdict", "said"),
    [
        ("def f():\n    while True: pass", "timeout", "no answer within 0.5 s"),
        ("import time\ndef f(): time.sleep(60)", "timeout", "no answer within 0.5 s"),
        ("import os\ndef f(): os._exit(0)", "crashed", "exit code 0"),
        ("import os\ndef f(): os.abort()", "crashed", "SIGABRT"),
        ("def f(): raise SystemExit", "crashed", "ended the interpreter"),
        ("import os\ndef f():\n    for n in range(3, 64):\n        try: os.write(n, b'x' * 99)\n        except OSError: pass", "crashed", "protocol"),
        ("import os\ndef f():\n    for n in range(3, 64):\n        try: os.close(n)\n        except OSError: pass", "crashed", "your code"),
    ],
)  # fmt: skip
def test_a_call_that_does_not_answer_is_a_verdict(server, source, verdict, said):
    with pytest.raises(Unresponsive, match=said) as silence:
        ask(server, source, ("f",), seconds=0.5)
    assert silence.value.verdict == verdict


@linux
def test_answers_before_the_silence_tell_which_question_was_not_answered(server):
    source = "import time\ndef f(x):\n    time.sleep(0.06 if x < 3 else 60)\n    return x"
    with pytest.raises(Unresponsive) as silence:
        ask(server, source, *[("f", x) for x in range(6)], seconds=1.0)
    assert silence.value.question == 3


@linux
def test_a_child_that_gets_no_processor_is_given_more_time(server):
    burn = "import time\ndef f(x):\n    until = time.process_time() + x\n    while time.process_time() < until: pass\n    return x"
    here = os.sched_getaffinity(0)
    one = min(here)
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        for hog in hogs:
            os.sched_setaffinity(hog.pid, {one})
        for pid in (server.pid, *children(server.pid)):
            os.sched_setaffinity(pid, {one})
        since = time.monotonic()
        assert ask(server, burn, ("f", 0.3), seconds=0.5) == [0.3]
        assert time.monotonic() - since > 0.5
        with pytest.raises(Unresponsive, match="within 0"):
            ask(server, burn, ("f", 60.0), seconds=0.2)
    finally:
        for pid in (server.pid, *children(server.pid)):
            os.sched_setaffinity(pid, here)
        for hog in hogs:
            hog.kill()
            hog.wait()


@linux
def test_a_deep_recursion_in_c_does_not_take_the_server_along(server):
    source = "import sys\nsys.setrecursionlimit(10**8)\ndef f(): return list(map(lambda _: f(), [0]))"
    with pytest.raises(Unresponsive, match="crashed"):
        ask(server, source, ("f",))
    assert ask(server, "def f(): return 1", ("f",)) == [1]


@linux
def test_a_reference_module_is_loaded_from_memory(server):
    session = RemoteSession(server)
    given = {"p": compiled("__init__.py", ""), "p.given": compiled("given.py", "def g(x): return x + 1")}
    session.open(Load({"p.m": ("m.py", "from p.given import g\ndef f(x): return g(x)")}, given, ["p"]), 5.0)
    assert session.ask([Question("p.m:f", (1,))]) == [2]
    session.close()


def channel():
    reading, writing = os.pipe()
    return DeadlineChannel(reading), writing


def test_a_channel_refuses_a_huge_length_and_ends_at_its_deadline():
    ours, theirs = channel()
    os.write(theirs, (MAX_BYTES + 1).to_bytes(4, "big"))
    with pytest.raises(WireError, match="at most"):
        ours.receive(time.monotonic() + 1)
    ours.close()
    os.close(theirs)


def test_a_channel_waits_for_half_a_message_until_its_deadline_only():
    ours, theirs = channel()
    os.write(theirs, (10).to_bytes(4, "big") + b"half")
    since = time.monotonic()
    with pytest.raises(TooLate):
        ours.receive(since + 0.1)
    os.close(theirs)
    with pytest.raises(Closed):
        ours.receive(time.monotonic() + 1)
    ours.close()


def test_the_filter_is_made_for_both_architectures():
    for machine in ("x86_64", "aarch64"):
        code = seccomp.program(machine, 1234, files=True)
        assert len(code) % 8 == 0
        assert len(code) // 8 < 4096
        assert len(code) > len(seccomp.program(machine, 1234, files=False))

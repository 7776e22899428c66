"""Grading on a Dask cluster of real processes gives what grading here gives, and refuses what it must."""

import json
import os
import shutil
import subprocess
import sys

import pytest

distributed = pytest.importorskip("distributed", reason="an extra: pip install 'autodiff-course-kit[dask]'")

from crash_runs import counts, lasting  # noqa: E402
from dask_class import GREET, DaskClass, autograder, locally  # noqa: E402
from dask_cluster import Cluster  # noqa: E402
from minicourse import write_course  # noqa: E402

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")

STUDENTS = 7
NO_MOUNTS = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
ATTACK = """
import os
import socket

def tried():
    yield "a socket", lambda: socket.socket()
    yield "a connection", lambda: socket.create_connection(("127.0.0.1", PORT), 0.1)
    yield "an inherited descriptor", lambda: [os.fstat(n) for n in range(3, 64) if others(n)][0]
    for pid in (os.getppid(), 1, PID):
        yield f"the memory of {pid}", lambda: open(f"/proc/{pid}/mem", "rb").read(1)
        yield f"the surroundings of {pid}", lambda: open(f"/proc/{pid}/environ", "rb").read(1)
        yield f"a signal to {pid}", lambda: os.kill(pid, 0)
        yield f"a descriptor of {pid}", lambda: os.open(f"/proc/{pid}/fd/0", os.O_RDONLY)
    yield "the course", lambda: os.listdir(FOLDER)

def others(number):
    import stat
    mode = os.fstat(number).st_mode
    return stat.S_ISSOCK(mode) and number != min(n for n in range(3, 64) if sock(n))

def sock(number):
    import stat
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False

def double(x):
    through = []
    for what, attempt in tried():
        try:
            attempt()
        except Exception:
            continue
        through.append(what)
    return "got through: " + ", ".join(through)
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("cluster")) as running, running.client() as client:
        client.wait_for_workers(2, timeout=60)
        yield running


@pytest.fixture(scope="module")
def graded(cluster, tmp_path_factory):
    """The class, graded on the cluster with an attacker in it, and what the local engine gives it."""
    folder = tmp_path_factory.mktemp("dask")
    on_dask = DaskClass(folder, STUDENTS, address=cluster.address, gradebook=False)
    with cluster.client() as client:
        (first, *_) = client.run(os.getpid).values()
    port = cluster.address.rpartition(":")[2]
    words = {"PORT": port, "PID": str(first), "FOLDER": repr(str(cluster.folder))}
    attack = ATTACK
    for word, value in words.items():
        attack = attack.replace(word, value)
    on_dask.hand_in("mallory", double=attack, greet=GREET)
    control = locally(tmp_path_factory.mktemp("local"), STUDENTS)
    code, said, errors = on_dask.finish()
    assert (code, errors) == (0, "")
    assert counts(said) == {"graded": STUDENTS + 1}
    return on_dask, control


def begun(client):
    """How many tasks with submissions workers have begun with since the cluster was started."""
    topics = {name: events for name, events in client.get_events().items() if name.startswith("autograder:")}
    return sum("begun" in event for events in topics.values() for _, event in events)


def test_results_are_byte_for_byte_those_of_the_local_engine(graded):
    on_dask, control = graded
    got = {name: lasting(text) for name, text in on_dask.written().items()}
    got.pop("mallory")
    assert got == control


def test_an_attack_through_the_engine_reaches_no_socket_no_process_and_no_file_of_the_worker(graded):
    on_dask, _ = graded
    result = json.loads(on_dask.written()["mallory"])
    assert result["sandbox"]["rung"] >= 2
    (task,) = [task for task in result["tasks"] if task["task"] == "task9_1"]
    (message,) = [test["message"] for test in task["tests"] if test["name"] == "test_double"]
    assert task["score"] == 0.0
    assert "'got through: '" in message, message


@pytest.mark.long
def test_a_second_run_skips_what_is_there_and_grades_what_is_new(graded):
    on_dask, _ = graded
    on_dask.hand_in("nina", greet=GREET)
    before = on_dask.written()
    code, said, errors = on_dask.finish()
    assert (code, errors) == (0, "")
    assert counts(said) == {"graded": 1, "skipped": STUDENTS + 1}
    assert {name: text for name, text in on_dask.written().items() if name != "nina"} == before


@pytest.mark.long
def test_quick_submissions_travel_a_few_together(cluster, tmp_path):
    many = DaskClass(tmp_path, 60, address=cluster.address, gradebook=False)
    with cluster.client() as client:
        before = begun(client)
        code, said, errors = many.finish()
        assert (code, errors, counts(said)) == (0, "", {"graded": 60})
        assert 2 <= begun(client) - before <= 30


def test_nothing_of_a_run_stays_on_the_cluster(graded, cluster):
    with cluster.client() as client:
        plugins = client.run(
            lambda dask_worker: [name for name in dask_worker.plugins if "autograder" in name]
        )
    assert set(map(tuple, plugins.values())) == {()}


@pytest.mark.long
def test_a_cluster_of_the_commands_own_grades_alike(graded, tmp_path):
    _, control = graded
    own = DaskClass(tmp_path, STUDENTS, gradebook=False)
    code, said, errors = own.finish()
    assert (code, errors) == (0, ""), errors
    assert counts(said) == {"graded": STUDENTS}
    assert {name: lasting(text) for name, text in own.written().items()} == control


@pytest.mark.long
@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="gives up a capability of root's")
def test_a_worker_below_the_required_rung_is_refused_by_name(graded, cluster):
    on_dask, _ = graded
    if subprocess.run([*NO_MOUNTS, "true"]).returncode:
        pytest.skip("no capability can be given up here")
    (on_dask.root / "class/student000/mini/greet.py").write_text(GREET)
    cluster.start_worker("low", prefix=NO_MOUNTS)
    try:
        with cluster.client() as client:
            client.wait_for_workers(3, timeout=60)
        done = autograder(*on_dask.command()[3:], "--require-rung", 4)
    finally:
        cluster.end("low")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "low, the sandbox reaches rung 3, rung 4 is required" in done.stderr
    assert "w0" not in done.stderr


WITHOUT = "import sys; sys.modules['distributed'] = None; from autograder.cli import main; main()"


def test_dask_that_is_not_installed_is_one_line(graded):
    on_dask, _ = graded
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *on_dask.command()[3:]], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "--engine dask needs distributed, which is not installed; pip install" in done.stderr


def test_a_scheduler_that_is_not_there_is_one_line(graded):
    on_dask, _ = graded
    (on_dask.root / "class/student001/mini/greet.py").write_text(GREET)
    command = [*on_dask.command()[3:-1], "tcp://127.0.0.1:9"]
    soon = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
    done = autograder(*command, env=soon)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "--scheduler tcp://127.0.0.1:9: no Dask scheduler answers" in done.stderr


def test_a_scheduler_for_the_local_engine_is_wrong_usage(tmp_path):
    (tmp_path / "course").mkdir()
    write_course(tmp_path / "course")
    done = autograder("grade", tmp_path, "--scheduler", "tcp://127.0.0.1:9", "--course", tmp_path / "course")
    assert done.returncode == 2
    assert "goes with --engine dask" in done.stderr

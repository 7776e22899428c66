"""Whatever dies on a Dask cluster, nothing is lost, nothing graded twice in the books, nobody else pays."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

distributed = pytest.importorskip("distributed", reason="an extra: pip install 'autodiff-course-kit[dask]'")

from crash_runs import counts, lasting  # noqa: E402
from dask_class import GREET, DaskClass, locally  # noqa: E402
from dask_cluster import Cluster, wait_until  # noqa: E402

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc"),
]

STUDENTS = 60
KILLER = "import time\ntime.sleep(0.4)\ndef double(x):\n    return 2 * x\n"


@pytest.fixture(scope="module")
def control(tmp_path_factory):
    return locally(tmp_path_factory.mktemp("local"), STUDENTS)


def same_as(control, on_dask):
    """What was graded on the cluster, compared with the local engine's, and the books with both."""
    on_dask.kept = on_dask.written()
    on_dask.check(control)


def at_least(on_dask, results):
    return lambda: len(on_dask.written_names()) // 3 >= results


def started(on_dask):
    run = on_dask.start()
    wait_until(at_least(on_dask, 8), "nothing was graded")
    return run


def finish(run):
    said, errors = run.communicate(timeout=240)
    assert run.returncode == 0, errors
    return said


def test_workers_killed_one_after_the_other_lose_nothing(tmp_path, control):
    rng = random.Random(7)  # noqa: S311  (a seed must give the same kills)
    with Cluster(tmp_path / "cluster", workers=3) as cluster:
        on_dask = DaskClass(tmp_path / "class", STUDENTS, address=cluster.address)
        run = started(on_dask)
        kept = on_dask.written()
        with cluster.client() as client:
            while run.poll() is None and len(on_dask.written_names()) < 3 * STUDENTS - 30:
                with suppress(Exception):
                    os.kill(rng.choice(list(client.run(os.getpid).values())), signal.SIGKILL)
                time.sleep(1.5)
        said = finish(run)
        assert counts(said) == {"graded": STUDENTS}
        assert kept.items() <= on_dask.written().items()
        same_as(control, on_dask)


def test_workers_that_are_gone_for_good_are_replaced_by_others(tmp_path, control):
    with Cluster(tmp_path / "cluster") as cluster:
        on_dask = DaskClass(tmp_path / "class", STUDENTS, address=cluster.address)
        run = started(on_dask)
        cluster.end("w0", signal.SIGKILL)
        cluster.end("w1", signal.SIGKILL)
        cluster.start_worker("w2")
        assert counts(finish(run)) == {"graded": STUDENTS}
        same_as(control, on_dask)


def test_a_scheduler_that_is_killed_and_started_again_loses_nothing(tmp_path, control):
    with Cluster(tmp_path / "cluster") as cluster:
        on_dask = DaskClass(tmp_path / "class", STUDENTS, address=cluster.address)
        run = started(on_dask)
        kept = on_dask.written()
        for name in ("scheduler", "w0", "w1"):  # (workers end when their scheduler does)
            cluster.end(name, signal.SIGKILL)
        cluster.start_scheduler()
        for name in ("w0", "w1"):
            cluster.start_worker(name)
        assert counts(finish(run)) == {"graded": STUDENTS}
        assert kept.items() <= on_dask.written().items()
        same_as(control, on_dask)


def test_a_scheduler_that_stays_away_is_one_line_and_the_same_command_continues(
    tmp_path, control, monkeypatch
):
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "3s")
    with Cluster(tmp_path / "cluster") as cluster:
        on_dask = DaskClass(tmp_path / "class", STUDENTS, address=cluster.address)
        run = started(on_dask)
        for name in ("scheduler", "w0", "w1"):
            cluster.end(name, signal.SIGKILL)
        _, errors = run.communicate(timeout=120)
        assert run.returncode == 1
        assert errors.startswith("autograder: --scheduler tcp://"), errors
        assert errors.count("\n") == 1, errors
        kept = on_dask.written()
        cluster.start_scheduler()
        for name in ("w0", "w1"):
            cluster.start_worker(name)
        code, said, errors = on_dask.finish()
        assert code == 0, errors
        assert counts(said) == {"graded": STUDENTS - len(kept), "skipped": len(kept)}
        assert kept.items() <= on_dask.written().items()
        same_as(control, on_dask)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_client_that_vanishes_and_comes_back_goes_on(tmp_path, control, how):
    with Cluster(tmp_path / "cluster") as cluster:
        on_dask = DaskClass(tmp_path / "class", STUDENTS, address=cluster.address)
        run = started(on_dask)
        run.send_signal(how)
        _, errors = run.communicate(timeout=60)
        assert run.returncode == (130 if how == signal.SIGINT else -9)
        kept = on_dask.written()
        assert 8 <= len(kept) < STUDENTS, errors
        code, said, errors = on_dask.finish()
        assert (code, errors) == (0, "")
        assert counts(said) == {"graded": STUDENTS - len(kept), "skipped": len(kept)}
        assert kept.items() <= on_dask.written().items()
        same_as(control, on_dask)
        with cluster.client() as client:
            left = client.run(
                lambda dask_worker: [n for n in dask_worker.plugins if n.startswith("autograder")]
            )
        assert set(map(tuple, left.values())) == {()}


def kill_whoever_grades(student, cluster, stop, killed, after_s=0.0):
    """Kill the worker that is at work on a student's submission, whenever one is.

    `killed` gets the ids of those that were at work on this submission alone, for `after_s` at least.
    """

    def at_work(dask_worker):
        busy = [ts.key[1].split(",") for ts in dask_worker.state.executing if isinstance(ts.key, tuple)]
        return next(((os.getpid(), len(names)) for names in busy if student in names), None)

    with cluster.client() as client:
        while not stop.is_set():
            with suppress(Exception):
                for pid, together in filter(None, client.run(at_work, on_error="ignore").values()):
                    time.sleep(after_s)
                    os.kill(pid, signal.SIGKILL)
                    if together == 1:
                        killed.append(pid)
            time.sleep(0.02)


def test_a_submission_that_kills_three_workers_has_crashed_and_nobody_else_pays(tmp_path, control):
    stop, killed = threading.Event(), []
    with Cluster(tmp_path / "cluster") as cluster:
        on_dask = DaskClass(tmp_path / "class", STUDENTS, address=cluster.address)
        on_dask.hand_in("killer", double=KILLER, greet=GREET)
        # (long enough for the scheduler to hear that the worker began, on a busy machine too)
        killing = threading.Thread(target=kill_whoever_grades, args=("killer", cluster, stop, killed, 0.2))
        killing.start()
        try:
            run = on_dask.start()
            wait_until(lambda: len(set(killed)) >= 3, "the killer did not kill", 120)
            stop.set()
            said = finish(run)
        finally:
            stop.set()
            killing.join()
        assert counts(said) == {"graded": STUDENTS + 1}
        result = json.loads(on_dask.written()["killer"])
        assert {task["status"] for task in result["tasks"]} == {"crashed"}
        assert result["score"] == 0.0
        assert len(result["tampering"]) == 3
        assert "ended 3 workers" in result["tasks"][0]["tests"][0]["message"]
        got = {name: lasting(text) for name, text in on_dask.written().items() if name != "killer"}
        assert got == control
        with cluster.client() as client:
            assert len(client.nthreads()) == 2


def test_workers_that_die_whatever_they_grade_cost_no_points(tmp_path):
    stop, killed = threading.Event(), []
    with Cluster(tmp_path / "cluster") as cluster:
        on_dask = DaskClass(tmp_path / "class", 0, address=cluster.address)
        on_dask.hand_in("killer", double=KILLER, greet=GREET)
        killing = threading.Thread(target=kill_whoever_grades, args=("killer", cluster, stop, killed))
        killing.start()
        try:
            code, said, errors = on_dask.finish()
        finally:
            stop.set()
            killing.join()
        assert code == 0, errors
        assert "run the command again" in said
        assert json.loads(on_dask.written()["killer"])["score"] is None
        code, said, errors = on_dask.finish()
        assert (code, errors) == (0, "")
        assert counts(said) == {"graded": 1}
        assert json.loads(on_dask.written()["killer"])["score"] == 6.0


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="gives up a capability of root's")
def test_a_worker_that_comes_late_and_is_below_the_rung_leaves_and_is_named(tmp_path, control):
    low = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
    with Cluster(tmp_path / "cluster", workers=1) as cluster:
        on_dask = DaskClass(tmp_path / "class", STUDENTS, address=cluster.address, gradebook=False)
        command = [*on_dask.command(), "--require-rung", "4"]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until(at_least(on_dask, 2), "nothing was graded")
        cluster.start_worker("low", prefix=low)
        wait_until(lambda: cluster.processes["low"].poll() is not None, "the worker stayed")
        said, errors = run.communicate(timeout=240)
        assert (run.returncode, counts(said)) == (0, {"graded": STUDENTS})
        assert errors.count("\n") == 1, errors
        assert errors.startswith("autograder: worker low (tcp://")
        assert "the sandbox reaches rung 3, rung 4 is required" in errors
        assert {name: lasting(text) for name, text in on_dask.written().items()} == control

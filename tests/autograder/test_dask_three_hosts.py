"""A class is graded over a network: three hosts, no file system shared, a cable pulled in the middle."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

distributed = pytest.importorskip("distributed", reason="an extra: pip install 'autodiff-course-kit[dask]'")

from crash_runs import counts  # noqa: E402
from dask_class import DaskClass, locally  # noqa: E402
from dask_cluster import Cluster, wait_until  # noqa: E402
from three_hosts import HOSTS, Hosts, why_not  # noqa: E402

NOT_HERE = why_not()
pytestmark = [pytest.mark.long, pytest.mark.skipif(bool(NOT_HERE), reason=NOT_HERE)]

STUDENTS = 40


class HostCluster(Cluster):
    """A cluster whose processes may run on other hosts than the tests."""

    def __init__(self, folder: Path, hosts: Hosts, hidden: Path) -> None:
        on_head, on_node = hosts.without("head", hidden), hosts.without("node", hidden)
        within = {"scheduler": hosts.on("head"), "w0": on_head, "w1": on_node}
        super().__init__(folder, workers=2, host=HOSTS["head"], within=within)


def test_three_hosts_grade_a_class_though_one_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL", "8s")
    control = locally(tmp_path / "local", STUDENTS)
    on_dask = DaskClass(tmp_path / "class", STUDENTS)
    with Hosts() as hosts, HostCluster(tmp_path / "cluster", hosts, on_dask.root) as cluster:
        on_dask.address = cluster.address
        here = subprocess.run(
            [*hosts.on("desk"), "ip", "-4", "-br", "address"], capture_output=True, text=True
        )
        assert HOSTS["desk"] in here.stdout
        run = subprocess.Popen(
            [*hosts.on("desk"), *on_dask.command()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            wait_until(lambda: len(on_dask.written_names()) >= 12, "nothing was graded", 120)
            hosts.cut("node")
            said, errors = run.communicate(timeout=240)
        finally:
            run.kill()
        assert run.returncode == 0, errors
        assert counts(said) == {"graded": STUDENTS}
        cluster.end("w1", signal.SIGKILL)
    on_dask.kept = on_dask.written()
    on_dask.check(control)
    assert {json.loads(text)["sandbox"]["rung"] for text in on_dask.written().values()} == {
        one["sandbox"]["rung"] for one in control.values()
    }

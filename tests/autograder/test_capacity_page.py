"""The capacity page says what its measured costs come to."""

import sys
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import capacity  # noqa: E402

sys.path.remove(str(ROOT / "benchmarks"))

COSTS = capacity.Costs(
    submissions=100,
    tasks=4,
    worker_s=0.08,
    scheduler_s=0.002,
    client_s=0.004,
    client_bytes=2000,
    disk_bytes=30_000,
    files=3.0,
    start_s=10.0,
)


def test_the_page_is_what_the_script_makes_of_the_measured_costs():
    costs = msgspec.json.decode(capacity.NUMBERS.read_bytes(), type=capacity.Costs)
    assert capacity.PAGE.read_text() == capacity.page(costs)


def test_more_nodes_help_until_one_thread_has_no_more_to_give():
    assert capacity.taken(COSTS, 1_000_000, 1) == (pytest.approx(10 + 5000), "the workers")
    assert capacity.taken(COSTS, 1_000_000, 8) == (pytest.approx(10 + 4000), "the command")
    assert capacity.taken(COSTS, 1_000_000, 100) == capacity.taken(COSTS, 1_000_000, 8)
    assert "What breaks first is the command, which writes every book" in capacity.page(COSTS)
    assert "20 workers on (1.2 nodes)" in capacity.page(COSTS)

"""Malformed and random frames against the trusted side: nothing escapes, hangs, grows or is taken for what it is not."""

import sys

import msgpack
import numpy as np
import pytest
from wire_frames import Frames
from wire_fuzz import fuzz, sound

from autograder.testing.asking import Raised
from autograder.testing.proxies import Remote
from autograder.wire.codec import Handle

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

SHORT, WHOLE, PART = 6_000, 200_000, 20_000


def checked(frames, seed):
    report = fuzz(frames, seed)
    print(report.table())
    assert report.frames == frames
    assert not report.faults, report.table()
    return report


def test_malformed_frames_are_refused_and_honest_ones_taken():
    report = checked(SHORT, 1)
    assert set(report.outcomes) == {*Frames(0).kinds, "large"}
    assert report.outcomes["valid"]["answered"] == report.outcomes["valid"].total() > 100
    for kind in ("protocol", "random"):
        assert report.outcomes[kind]["answered"] == 0
    for kind in set(report.outcomes) - {"valid"}:
        assert report.outcomes[kind]["refused"] > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 2 + WHOLE // PART))
def test_two_hundred_thousand_frames(seed):
    checked(PART, seed)


@pytest.mark.parametrize(
    "value",
    [
        msgpack.Timestamp(0),
        [object()],
        {b"k": 1},
        {"k": (1, {2})},
        1 << 5000,
        np.array(["x"]),
        np.frombuffer(b"\2", dtype=bool),
        np.longdouble(1),
        Remote(Handle(0, "k" * 1000)),
        Raised("E", "", "", 0),
    ],
)
def test_the_fuzz_knows_a_value_that_must_not_come_out(value):
    assert not sound(value)


def test_the_fuzz_knows_an_honest_value():
    assert sound([None, True, 1, 1.5, 2j, "a", b"b", (1,), {"k": [np.zeros(3), np.float32(1), np.True_]}])

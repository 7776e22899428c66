"""What crosses keeps its type; what does not cross becomes a handle; what is malformed is one error."""

import math
import struct
from fractions import Fraction

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing.asking import Question, grouped, read_answer
from autograder.wire.answering import RAISED, Answerer
from autograder.wire.codec import Budget, Decoder, Encoder, Handle
from autograder.wire.limits import MAX_BYTES, WireError

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def there_and_back(value):
    kept = []

    def keep(unfit):
        kept.append(unfit)
        return Handle(len(kept) - 1, type(unfit).__name__)

    return Decoder(lambda handle: handle).decode(Encoder(keep).encode(value))


def same(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other)
    if isinstance(one, complex):
        return same(one.real, other.real) and same(one.imag, other.imag)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other


@settings(max_examples=300, deadline=None)
@given(plain)
def test_plain_data_keeps_value_and_type(value):
    assert same(there_and_back(value), value)


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "u2", "?", "c16", ">f8"])
def test_arrays_keep_dtype_and_shape(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    back = there_and_back(array)
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)
    back[0, 0] = 1  # the copy is the reader's own


def test_numpy_scalars_and_empty_arrays_cross():
    assert type(there_and_back(np.float64(1.5))) is np.float64
    assert there_and_back(np.zeros((0, 3))).shape == (0, 3)
    assert there_and_back(np.array(2.0)).shape == ()


class Lie(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class List(list):
    pass


@pytest.mark.parametrize(
    "value", [Lie(1.0), List([1]), Fraction(1, 2), len, object(), {1, 2}, np.array(["x"]), np.array([None])]
)
def test_what_is_not_plain_becomes_a_handle(value):
    assert there_and_back(value) == Handle(0, type(value).__name__)
    assert there_and_back([1.0, (value,)]) == [1.0, (Handle(0, type(value).__name__),)]


def test_a_dictionary_with_other_keys_and_a_cycle_cannot_cross():
    cycle = []
    cycle.append(cycle)
    with pytest.raises(WireError):
        there_and_back(cycle)
    with pytest.raises(WireError):
        there_and_back({1: 2})


def nested(levels, data=b"\1"):
    for _ in range(levels):
        data = msgpack.packb(msgpack.ExtType(1, msgpack.packb([0])[:1] + data))
    return data


HOSTILE = {
    "nothing": b"",
    "half a message": msgpack.packb([1, 2, 3])[:-1],
    "two messages": msgpack.packb(1) * 2,
    "a list of a billion": b"\xdd\x3b\x9a\xca\x00",
    "a map of a billion": b"\xdf\x3b\x9a\xca\x00",
    "an unknown extension": msgpack.packb(msgpack.ExtType(99, b"x")),
    "an array whose shape lies": msgpack.packb(
        msgpack.ExtType(2, msgpack.packb(["<f8", [10**9], b"\0" * 8]))
    ),
    "an array of negative size": msgpack.packb(
        msgpack.ExtType(2, msgpack.packb(["<f8", [-1, -1], b"\0" * 8]))
    ),
    "an array of objects": msgpack.packb(msgpack.ExtType(2, msgpack.packb(["|O", [1], b"\0" * 8]))),
    "an array of 40 axes": msgpack.packb(msgpack.ExtType(2, msgpack.packb(["<f8", [1] * 40, b"\0" * 8]))),
    "an array that is none": msgpack.packb(msgpack.ExtType(2, msgpack.packb(7))),
    "a handle that is none": msgpack.packb(msgpack.ExtType(3, msgpack.packb(["x", 1]))),
    "an integer that is none": msgpack.packb(msgpack.ExtType(4, b"xyz")),
    "an integer of a megabyte": msgpack.packb(msgpack.ExtType(4, b"f" * 10**6)),
    "integer keys": msgpack.packb({1: 2}),
    "deep tuples": nested(100),
    "deep lists": b"\x91" * 100_000 + b"\x01",
    "a timestamp of five bytes": b"\xc7\x05\xff" + bytes(5),
    "a timestamp as a key": b"\x81\xd6\xff\0\0\0\0\x01",
    "a million numbers": b"\xdd" + (10**6).to_bytes(4, "big") + bytes(10**6),
    "a million lists": (b"\xdc\x03\xe8" + b"\x90" * 1000) * 1000,
    "lists of lists": b"\xdc\x03\xe8" + (b"\xdc\x03\xe8" + b"\x90" * 1000) * 1000,
    "a hundred thousand tuples": b"\xdd" + (10**5).to_bytes(4, "big") + b"\xd4\x01\x90" * 10**5,
    "megabytes in sixty tuples": nested(60, b"\xc6" + (4 << 20).to_bytes(4, "big") + bytes(4 << 20)),
    "two megabytes of text": msgpack.packb("x" * (2 << 20)),
    "keys that are bytes": msgpack.packb({b"a": 1}),
    "an integer with an underscore": msgpack.packb(msgpack.ExtType(4, b"1_0")),
    "a truth value of 2": msgpack.packb(msgpack.ExtType(2, msgpack.packb(["|b1", [1], b"\2"]))),
    "a number of extended precision": msgpack.packb(
        msgpack.ExtType(2, msgpack.packb(["<f16", [1], b"\xff" * 16]))
    ),
    "text that is no UTF-8": b"\xa2\xff\xfe",
    "too many bytes": msgpack.packb(b"x" * (MAX_BYTES + 1)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_one_kind_of_error(name):
    with pytest.raises(WireError):
        Decoder(lambda handle: handle).decode(HOSTILE[name])


@pytest.mark.parametrize("stamp", [msgpack.Timestamp(2), msgpack.Timestamp(2**33, 500_000_000)])
def test_a_timestamp_is_no_more_than_a_number(stamp):
    got = Decoder(lambda handle: handle).decode(msgpack.packb({"a": [stamp]}))
    assert got == {"a": [stamp.to_unix()]}
    assert type(got["a"][0]) is float


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_a_value_or_one_kind_of_error(data):
    try:
        value = Decoder(lambda handle: handle).decode(data)
    except WireError:
        return
    assert type(value).__module__ in {"builtins", "numpy", "autograder.wire.codec"}


def test_special_floats_cross_and_stay_special():
    assert math.isnan(there_and_back(math.nan))
    assert there_and_back(-math.inf) == -math.inf
    assert math.copysign(1, there_and_back(-0.0)) == -1


def test_a_budget_is_spent_over_the_messages_of_a_batch():
    decode, budget = Decoder(lambda handle: handle).decode, Budget(values=10, uncounted=0)
    message = msgpack.packb([[1, 2], {"a": 3}])
    decode(message, budget)
    assert budget.size == MAX_BYTES - len(message)
    assert budget.values == 1  # three elements of a list of two, two of a dictionary, and these three
    with pytest.raises(WireError, match="too large"):
        decode(message, budget)
    decode(message)


def test_short_messages_are_not_counted_until_there_are_too_many_of_them():
    decode, message = Decoder(lambda handle: handle).decode, msgpack.packb([[1, 2], {"a": 3}])
    budget = Budget(values=10, uncounted=2 * len(message))
    for _ in range(3):
        decode(message, budget)
    assert (budget.uncounted, budget.values) == (0, 1)


def test_extended_precision_crosses_as_a_handle():
    assert there_and_back(np.zeros(2, dtype=np.longdouble)) == Handle(0, "ndarray")
    assert there_and_back(np.longdouble(1)) == Handle(0, "longdouble")


def test_an_answer_that_is_too_large_is_an_error_of_its_own_question():
    answerer = Answerer(lambda file: False)
    kind, name, text, *_ = Decoder(lambda handle: handle).decode(
        answerer.answer("builtins:bytes", {}, [MAX_BYTES])
    )
    assert (kind, name) == (RAISED, "WireError")
    assert "8,388,6" in text
    assert "at most 7,340,032" in text


def test_calls_of_one_target_cross_as_one_group_and_those_with_keywords_alone():
    with_keywords = Question("m:f", (3,), {"a": 1})
    questions = [
        Question("m:f", (1,)),
        Question("m:f", (2, (0,))),
        with_keywords,
        Question("m:f"),
        Question("m:g"),
    ]
    assert grouped(questions) == [
        ["m:f", {}, [[1], [2, (0,)]]],
        ["m:f", {"a": 1}, [[3]]],
        ["m:f", {}, [[]]],
        ["m:g", {}, [[]]],
    ]


def test_what_an_error_says_is_cut_when_it_is_read():
    raised = read_answer([RAISED, "E" * 10**6, "t" * 10**6, "f" * 10**6, 1])
    assert max(map(len, (raised.kind, raised.text, raised.file))) < 5000

"""Hidden tests are cut out of a test file with all that only they used; the rest keeps every byte."""

import textwrap

import pytest

from autograder.errors import CourseError
from autograder.release.public_tests import public_probes, public_tests


def text(source):
    return textwrap.dedent(source).lstrip("\n")


def public(source):
    return public_tests(text(source), "test_m.py")


def test_a_file_without_hidden_tests_stays_as_it_is():
    source = "import  os\n\n\ndef test_a( ):\n    assert os\n"
    assert public_tests(source, "test_m.py") == source


def test_what_only_hidden_tests_use_goes_with_them():
    found = public("""
        \"\"\"Tests.\"\"\"

        from __future__ import annotations

        import math
        import os, sys  # both
        from autograder.testing import (
            ask,
            check,
            check_close as close,
        )

        pytestmark = pytest.mark.timeout(5)

        SHARED = [1, 2]

        # What the hidden test expects.
        SECRET = {
            "a": math.pi,
        }
        SECRET["b"] = 2
        SECRET.update(c=3)
        TABLE = [(k, v) for k, v in SECRET.items()]


        def helper(x):
            return [helper(y) for y in x] if SHARED else deeper(x)


        def deeper(x):
            return helper(x), sys


        @pytest.fixture
        def secret_network():
            return math.e


        @pytest.fixture
        def public_network():
            return 1


        @pytest.fixture(autouse=True)
        def seeded():
            yield


        # Nobody may read this comment.
        @pytest.mark.hidden(
            "said to the student"
        )
        @pytest.mark.parametrize(
            ("k", "v"),
            TABLE,
        )
        def test_secret(k, v, secret_network):
            assert helper(SHARED) == close(ask(k), v)
            # and this is the answer: 42


        # A comment on what follows.
        def test_public(public_network):
            assert ask(os) == SHARED == check
    """)
    assert found == text("""
        \"\"\"Tests.\"\"\"

        from __future__ import annotations

        import os  # both
        from autograder.testing import (
            ask,
            check,
        )

        pytestmark = pytest.mark.timeout(5)

        SHARED = [1, 2]


        @pytest.fixture
        def public_network():
            return 1


        @pytest.fixture(autouse=True)
        def seeded():
            yield


        # A comment on what follows.
        def test_public(public_network):
            assert ask(os) == SHARED == check
    """)


def test_a_helper_that_a_public_test_reaches_through_another_stays():
    found = public("""
        def inner():
            return 1
        def outer():
            return inner()
        @pytest.mark.hidden("h")
        def test_secret():
            assert inner()
        def test_public():
            assert outer()
    """)
    assert "def inner" in found
    assert "secret" not in found


def test_what_nothing_ever_used_stays():
    found = public("""
        UNUSED = 1
        @pytest.mark.hidden("h")
        def test_secret():
            pass
        def test_public():
            pass
    """)
    assert found == "UNUSED = 1\ndef test_public():\n    pass\n"


def test_names_that_share_a_line_with_a_public_one_stay_with_it():
    found = public("""
        A = 1; B = 2
        C = 3; D = 4
        @pytest.mark.hidden("h")
        def test_secret():
            assert B + C + D
        def test_public():
            assert A
    """)
    assert found == "A = 1; B = 2\ndef test_public():\n    assert A\n"


def test_a_mark_under_a_name_of_its_own_is_seen():
    found = public("""
        from pytest import mark
        secret = mark.hidden("h")
        @secret
        async def test_secret():
            pass
        @mark.task1_1
        def test_public():
            pass
    """)
    assert found == "from pytest import mark\n@mark.task1_1\ndef test_public():\n    pass\n"


def test_a_hidden_class_is_cut_whole():
    found = public("""
        @pytest.mark.hidden("h")
        class TestSecret:
            def test_a(self):
                pass
        class TestPublic:
            hidden = 10
            def test_hidden_layer(self, hidden):
                pass
    """)
    assert found.startswith("class TestPublic:")


@pytest.mark.parametrize(
    "source",
    [
        'pytestmark = pytest.mark.hidden("h")\ndef test_a():\n    pass\n',
        'pytestmark = [pytest.mark.task1_1, pytest.mark.hidden("h")]\ndef test_a():\n    pass\n',
        '@pytest.mark.hidden("h")\ndef test_a():\n    pass\n',
        'H = pytest.mark.hidden("h")\npytestmark = [H]\ndef test_a():\n    pass\n',
    ],
)
def test_a_file_with_nothing_public_is_dropped(source):
    assert public_tests(source, "test_m.py") is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('class TestA:\n    @pytest.mark.hidden("h")\n    def test_a(self):\n        pass\n', 2),
        ('if X:\n    @pytest.mark.hidden("h")\n    def test_a():\n        pass\n', 2),
        ('P = pytest.param(1, marks=pytest.mark.hidden("h"))\n\n\ndef test_a():\n    pass\n', 1),
        ('@pytest.mark.parametrize("x", [pytest.param(1, marks=HIDE)])\ndef test_a(x):\n    pass\n', 0),
        ('def test_a(request):\n    request.applymarker(getattr(pytest.mark, "hidden")("h"))\n', 2),
    ],
)
def test_a_hidden_mark_that_marks_no_whole_test_is_refused(source, line):
    if not line:
        source, line = 'HIDE = pytest.mark.hidden("h")\n' + source, 1
    with pytest.raises(CourseError) as caught:
        public_tests(source, "test_m.py")
    assert str(caught.value).startswith(f"test_m.py:{line}: a hidden mark that is no decorator")
    assert "write the hidden part as a test function" in str(caught.value)


def test_a_test_file_that_does_not_parse_is_refused():
    with pytest.raises(CourseError, match=r"^test_m\.py:1: .*; mend the test file$"):
        public_tests("def test_a(:\n", "test_m.py")


PROBES = """
'''Probes.'''

# ruff: noqa

import math
import os

SHARED = 1
SECRET = math.pi


def named():
    return helper(SHARED)


def helper(x):
    return os, x


# The hidden one.
def unnamed():
    return SECRET


class Recorder:
    '''Asked for by name.'''


def row_first():
    return 1


def row_second():
    return 2
"""

TEST = """
import pytest
@pytest.mark.parametrize("which", ["first", "second"])
def test_a(which):
    '''Nothing of unnamed.'''
    probes.named()
    getattr(probes, "Recorder")
"""


def test_only_the_probes_that_public_tests_name_are_released():
    found = public_probes(text(PROBES), "probes.py", [text(TEST)])
    assert "SECRET" not in found
    assert "unnamed" not in found
    assert "hidden one" not in found
    assert "import math" not in found
    assert "row_" not in found
    for name in ("# ruff: noqa", "import os", "SHARED = 1", "def named", "def helper", "class Recorder"):
        assert name in found


def test_probes_named_by_a_composed_string_are_released():
    found = public_probes(text(PROBES), "probes.py", [text(TEST) + '    getattr(probes, f"row_{which}")()\n'])
    assert "def row_first" in found
    assert "def row_second" in found
    assert "unnamed" not in found

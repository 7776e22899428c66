"""What a seed draws is the same everywhere, and a property's simplest failure is the one that is told."""

import sys
import types

import pytest

from autograder.testing.asking import Question
from autograder.testing.bodies import run_together
from autograder.testing.checks import CheckFailed
from autograder.testing.examples import draw_examples, floats


def drawn(seed=7):
    return [example["x"] for example in draw_examples({"x": floats()}, 100, seed)]


def test_a_seed_draws_the_same_again_and_another_seed_something_else():
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert len(drawn()) == 100


def test_numbers_in_the_code_of_loaded_modules_change_nothing(tmp_path, monkeypatch):
    before = drawn()
    path = tmp_path / "full_of_numbers.py"
    path.write_text("\n".join(f"x{n} = {n}.125" for n in range(50)))
    module = types.ModuleType("full_of_numbers")
    module.__file__ = str(path)
    monkeypatch.setitem(sys.modules, "full_of_numbers", module)
    assert drawn() == before


def test_the_simplest_failure_is_told():
    def body(x):
        if False:
            yield Question("m:f")
        raise CheckFailed(f"x = {x}")

    with pytest.raises(CheckFailed, match="x = 1"):
        run_together(body, [{"x": 12345}, {"x": 1}, {"x": 99}])

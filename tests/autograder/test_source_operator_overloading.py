"""The source document's interface, called the way its text calls it: `src` holds nothing but re-exports.

Whatever is asserted follows from the document's sentences and formulas.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from operator_overloading import autograd, classification, fit_neuron, training_command

src = types.SimpleNamespace(
    autograd=types.SimpleNamespace(ADiffFloat=autograd.ADiffFloat),
    fit_neuron=types.SimpleNamespace(net=fit_neuron.net),
)
ADiffFloat, net = src.autograd.ADiffFloat, src.fit_neuron.net
numbers = st.floats(-10, 10, allow_subnormal=False)


def close(got: float, expected: float, tolerance: float = 1e-9) -> bool:
    return abs(got - expected) <= tolerance + tolerance * abs(expected)


def slope_of(f, x: float, h: float = 1e-6) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


@given(x_1=numbers, x_2=numbers, d_y=numbers)
def test_overloaded_plus_passes_the_seed_on_to_both_terms(x_1, x_2, d_y):
    a, b = ADiffFloat(x_1), ADiffFloat(x_2)
    y = a + b
    y.backward(d_y)
    assert y.value == x_1 + x_2
    assert (a.partial, b.partial) == (d_y, d_y)


@given(x_1=numbers, x_2=numbers, d_y=numbers)
def test_overloaded_times_gives_each_factor_the_other_one_times_the_seed(x_1, x_2, d_y):
    a, b = ADiffFloat(x_1), ADiffFloat(x_2)
    y = a * b
    y.backward(d_y)
    assert y.value == x_1 * x_2
    assert (a.partial, b.partial) == (x_2 * d_y, x_1 * d_y)


@pytest.mark.parametrize("x", [-2.0, -0.5, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("name", ["sigmoid", "relu"])
def test_element_wise_functions_pass_on_their_slope_times_the_seed(name, x):
    f = {"sigmoid": lambda x: 1 / (1 + math.exp(-x)), "relu": lambda x: max(x, 0.0)}[name]
    a = ADiffFloat(x)
    y = getattr(a, name)()
    y.backward(3.0)
    assert close(y.value, f(x))
    assert close(a.partial, 3.0 * slope_of(f, x), 1e-6)


@given(x=st.floats(-3, 3), y=st.floats(-3, 3))
def test_contributions_from_each_path_are_summed_up(x, y):
    a, b = ADiffFloat(x), ADiffFloat(y)
    z = (a + 2.0) * (1.0 - b) * a + (a * b).sigmoid() - b
    z.backward()
    sigmoid = 1 / (1 + math.exp(-x * y))
    assert close(a.partial, (2 * x + 2) * (1 - y) + sigmoid * (1 - sigmoid) * y)
    assert close(b.partial, -(x + 2) * x + sigmoid * (1 - sigmoid) * x - 1)


def test_a_network_runs_on_numpy_rows_and_its_cost_is_built_of_plus_and_times():
    random = np.random.RandomState(1)
    params = training_command.start(4, random)
    x, t = random.normal(size=(3, 20)), np.array([0, 1, 1])
    outputs = net(params, x)
    assert [len(y) for y in outputs] == [2, 2, 2]
    errors = [
        [y - (1.0 if k == t_n else 0.0) for k, y in enumerate(row)]
        for row, t_n in zip(outputs, t, strict=True)
    ]
    total = sum(e * e for row in errors for e in row) * (1.0 / 3)
    total.backward(1.0)
    got = [w.partial for w in fit_neuron.parameters(params)]
    for w in fit_neuron.parameters(params):
        w.partial = 0.0
    fit_neuron.cost(net(params, x), t).backward()
    assert np.allclose(got, [w.partial for w in fit_neuron.parameters(params)], rtol=1e-12, atol=1e-12)
    assert np.count_nonzero(got) > 40


def test_the_script_runs_by_its_file_as_in_the_document():
    script = Path(fit_neuron.__file__)
    environment = {**os.environ, "PYTHONPATH": str(script.parents[1])}
    command = [sys.executable, script, "--epochs", "1", "--hidden", "2", "--no-picture"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.startswith("epoch   1  cost ")


@pytest.mark.long
def test_the_training_ends_with_a_test_accuracy_of_one_after_ten_epochs(capsys):
    training_command.main(["--no-picture"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[-1] == "epoch  10  cost  0.043910  test accuracy 1.00"
    handout = Path(fit_neuron.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert all(f"    {line}\n" in handout for line in lines)


def test_the_data_are_those_of_the_document():
    x, t = classification.load()
    assert (x.shape, t.shape) == ((400, 20), (400,))

"""The source document's interface, called the way its text and its exercises call it.

`mini_auto_grad` contains nothing but re-exports; whatever is asserted follows from the document's sentences.
"""

from __future__ import annotations

import math
import types
from pathlib import Path

import pytest
from computation_graph import backpropagation, network, value

from autograder.registry import find_course

Value, MLP = value.Value, network.MLP
mini_auto_grad = types.SimpleNamespace(
    engine=types.SimpleNamespace(
        Value=value.Value, find_reversed_topological_order=backpropagation.find_reversed_topological_order
    ),
    nn=types.SimpleNamespace(Neuron=network.Neuron, Layer=network.Layer, MLP=network.MLP),
)
XOR = ([[0, 1], [1, 1], [0, 0], [1, 0]], [1, 0, 0, 1])
FIRST_IS_OFF = (XOR[0], [1, 0, 1, 0])
PAIRS = [(4, -1), (2, 2), (-3, 9), (0.5, 1), (3, -0.25)]


def test_the_document_s_example_and_the_gradients_of_its_picture():
    x_1 = mini_auto_grad.engine.Value(3)
    x_2 = Value(4)
    x_3 = x_1 * x_2
    x_4 = Value(5)
    x_5 = x_4 + x_3
    x_6 = Value(2)
    l = x_5 * x_6  # noqa: E741  (the document's name)

    l.backwards()

    assert [x.data for x in (x_1, x_2, x_3, x_4, x_5, x_6, l)] == [3, 4, 12, 5, 17, 2, 34]
    assert [x.grad for x in (x_1, x_2, x_3, x_4, x_5, x_6, l)] == [8, 6, 2, 2, 2, 17, 1]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_arithmetic_has_the_correct_data_attribute(a, b):
    x, y = Value(a), Value(b)
    made = [x + y, x - y, x * y, x / y, -x, x**2, y.tanh()]
    assert all(type(z) is Value for z in made)
    assert [z.data for z in made] == pytest.approx(
        [a + b, a - b, a * b, a / b, -a, a**2, math.tanh(b)], rel=1e-12
    )


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_arithmetic_takes_plain_numbers_on_both_sides(a, b):
    x = Value(a)
    right = [x + b, x - b, x * b, x / b]
    assert [z.data for z in right] == pytest.approx([a + b, a - b, a * b, a / b], rel=1e-12)
    left = [b + x, b - x, b * x, b / x]
    assert [z.data for z in left] == pytest.approx([b + a, b - a, b * a, b / a], rel=1e-12)


@pytest.mark.parametrize("name", "add radd sub rsub mul rmul truediv rtruediv neg pow".split())
def test_every_arithmetic_method_is_there(name):
    assert callable(getattr(Value, f"__{name}__"))


def test_a_result_keeps_track_of_the_children_that_created_it():
    a, b = Value(1), Value(2)
    for x in (a + b, a * b):
        assert set(x.children) == {a, b}
    assert set((a**2).children) == set(a.tanh().children) == {a}
    assert not a.children


@pytest.mark.parametrize("data", [-1.0, 0, 1.0, 10])
def test_the_gradient_of_the_loss_with_respect_to_itself_is_one(data):
    loss = Value(data)
    assert loss.grad == 0
    loss.backward()
    assert loss.grad == 1


RULES = [
    (lambda x: x + 5, lambda _: 1),
    (lambda x: 3 * x, lambda _: 3),
    (lambda x: x * x, lambda x: 2 * x),
    (lambda x: 2 * x**3, lambda x: 6 * x**2),
    (lambda x: x**-1, lambda x: -1 / x**2),
    (lambda x: x.tanh(), lambda x: 1 - math.tanh(x) ** 2),
    (lambda x: (3 * x).tanh(), lambda x: 3 * (1 - math.tanh(3 * x) ** 2)),
]


@pytest.mark.parametrize("number", range(len(RULES)))
@pytest.mark.parametrize("at", [0.5, -1.25, 3])
def test_the_derivative_rules_of_the_document_s_table(number, at):
    function, derivative = RULES[number]
    x = Value(at)
    function(x).backwards()
    assert x.grad == pytest.approx(derivative(at), rel=1e-12)


def test_an_unrelated_value_has_the_gradient_zero():
    x, c = Value(2.0), Value(3.0)
    (x * 4).backwards()
    assert c.grad == 0


def test_a_value_propagates_a_gradient_to_its_children_by_its_own_function():
    a, b = Value(3.0), Value(4.0)
    (a * b)._backwards(10.0)
    assert (a.grad, b.grad) == (40.0, 30.0)


def test_the_reversed_topological_order_starts_at_the_loss_and_ends_in_leaves():
    a, b = Value(1), Value(2)
    c = a * b
    d = c + a
    order = mini_auto_grad.engine.find_reversed_topological_order(d)
    assert order[:2] == [d, c]
    assert set(order[2:]) == {a, b}
    assert len(order) == 4


def test_a_neuron_is_a_bias_and_a_sum_of_products_of_values():
    neuron = mini_auto_grad.nn.Neuron(3)
    assert all(type(p) is Value for p in (*neuron.weights, neuron.bias))
    x = [0.5, -1, 2]
    expected = neuron.bias.data + sum(x_i * w_i.data for x_i, w_i in zip(x, neuron.weights, strict=True))
    assert neuron(x).data == pytest.approx(expected, rel=1e-12)


def test_a_layer_maps_n_inputs_to_m_outputs_by_neurons():
    layer = mini_auto_grad.nn.Layer(2, 3)
    x = [0.5, -1]
    assert [y.data for y in layer(x)] == [neuron(x).data for neuron in layer.neurons]
    assert len(layer(x)) == 3


def trained(points, steps):
    """The loss after so many steps at the document's rate, in a loop like that of its third exercise."""
    x, y = points
    mlp = MLP([2, 4, 4, 1])

    def loss():
        outputs = [mlp(x_i)[0] for x_i in x]
        return sum((y_i - output) ** 2 for y_i, output in zip(y, outputs, strict=True)) / len(y)

    for _ in range(steps):
        step = loss()
        mlp.zero_grad()
        step.backward()
        for p in mlp.parameters():
            p.data += -0.1 * p.grad
    return loss().data


def test_the_network_learns_xor():
    assert trained(XOR, 500) <= 0.05


def test_the_repository_s_own_targets_take_its_fifty_steps_and_xor_takes_more():
    assert trained(FIRST_IS_OFF, 50) <= 0.05 < trained(XOR, 50)


def test_the_exercises_are_marks_of_the_tasks():
    assignment = find_course(Path(__file__)).assignment("computation_graph")
    assert [(task.id, task.aliases) for task in assignment.tasks] == [
        ("task3_1", ("ex1",)),
        ("task3_2", ("ex2",)),
        ("task3_3", ("ex3",)),
    ]

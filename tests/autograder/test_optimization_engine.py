"""What the arrays promise beyond the graded tests: every rule, three chain rules that agree, work, no cycles."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise

import numpy as np
import pytest
from optimization import cache, chain_rule, measure_work, shortcuts
from optimization.array import Array
from optimization.cache import Differentials
from optimization.chain_rule import differential
from optimization.controlled_newton import controlled_newton
from optimization.descent import gradient, gradient_descent, hessian, newtons_method
from optimization.elementwise import absolute, exp, log, sqrt, tanh
from optimization.experiments import Settings, from_true_weights, learning_curve
from optimization.graph import sorted_graph
from optimization.landscapes import START, far_sides, near_quadratic
from optimization.learning import epoch
from optimization.linear import broadcast, contract, diagonal, reshaped, total, transposed
from optimization.problem import drawn_problem
from optimization.shortcuts import constant_times
from optimization.work import measured

EPSILON = 1e-5
M = np.array([[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]])

OPERATORS = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "-x": lambda x, _: -x,
    "2 - x": lambda x, _: 2.0 - x,
    "2 / x": lambda x, _: 2.0 / x,
    "x + row": lambda x, y: x + y[0],
    "row * x": lambda x, y: y[1] * x,
    "x ** 3": lambda x, _: x**3,
    "x ** 0": lambda x, _: x**0,
    "x ** -1.5": lambda x, _: x**-1.5,
    "x @ y.T": lambda x, y: x @ transposed(y),
    "x.T @ y": lambda x, y: transposed(x) @ y,
    "contract over two axes": lambda x, y: contract(x, y, 2),
    "outer product": lambda x, y: contract(x, y, 0),
    "numbers @ x": lambda x, _: M @ x,
    "constant_times": lambda x, _: constant_times(M, x),
    "x[1]": lambda x, _: x[1],
    "x[:, 1:]": lambda x, _: x[:, 1:],
    "reshaped": lambda x, _: reshaped(x, (3, 2)),
    "broadcast": lambda x, _: broadcast(x, (2, 2, 3)),
    "diagonal": lambda x, _: diagonal(x[0]),
    "total": lambda x, _: total(x),
    "tanh": lambda x, _: tanh(x),
    "exp": lambda x, _: exp(x),
    "log": lambda x, _: log(x),
    "sqrt": lambda x, _: sqrt(x),
    "absolute": lambda x, _: absolute(x - 1.1),
}


def points(seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 2.0, (2, 3)), rng.uniform(0.5, 2.0, (2, 3))


def central_difference(f, x):
    """The differential of numbers f(x), column by column."""
    columns = []
    for place in np.ndindex(x.shape):
        move = np.zeros(x.shape)
        move[place] = EPSILON
        columns.append((f(x + move) - f(x - move)) / (2 * EPSILON))
    rows = columns[0].shape
    return np.moveaxis(np.array(columns), 0, -1).reshape(rows + x.shape)


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("which", [0, 1])
def test_local_derivatives_agree_with_central_differences(name, which):
    f, at = OPERATORS[name], points(1)
    leaves = [Array(a) for a in at]
    y = f(*leaves)

    def moved(numbers):
        return f(*(Array(numbers if i == which else a) for i, a in enumerate(at))).data

    expected = central_difference(moved, at[which])
    found = differential(y, leaves[which])
    assert found.shape == y.shape + at[which].shape
    assert np.allclose(found.data, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", OPERATORS)
def test_second_derivatives_agree_with_central_differences(name):
    f, (a, b) = OPERATORS[name], points(2)
    y = Array(b)

    def slope(numbers):
        x = Array(numbers)
        return differential(total(tanh(f(x, y))), x).data

    x = Array(a)
    d = Differentials()
    g = d(total(tanh(f(x, y))), x)
    assert np.allclose(d(g, x).data, central_difference(slope, a), rtol=1e-5, atol=1e-7)


def test_all_chain_rules_give_the_gradient_of_the_network_in_every_way():
    problem = drawn_problem(3)
    samples = problem.training.part(slice(7))
    gradients = [measure_work.step_work(problem.start, samples, way)[1] for way in measure_work.WAYS]
    for one, other in pairwise(gradients):
        assert all(np.allclose(a, b, rtol=1e-12, atol=1e-12) for a, b in zip(one, other, strict=True))


def test_work_falls_from_way_to_way():
    problem = drawn_problem()
    samples = problem.training.part(slice(20))
    works = [measure_work.step_work(problem.start, samples, way)[0] for way in measure_work.WAYS]
    assert [work.local_derivatives for work in works] == [104, 84, 80, 30, 19]
    assert [work.elements for work in works] == [358_110, 104_114, 79_718, 29_692, 17_966]


@pytest.mark.parametrize("depth", [1, 5, 10])
def test_work_doubles_with_depth_without_the_cache_and_grows_by_two_with_it(depth):
    assert measure_work.depth_work(depth, chain_rule.differentials) == 2 ** (depth + 1) - 2
    assert measure_work.depth_work(depth, shortcuts.differentials) == 2 ** (depth + 1) - 2
    assert measure_work.depth_work(depth, cache.differentials) == 2 * depth


def test_measurements_nest_and_end():
    with measured() as outer:
        Array([1.0, 2.0])
        with measured() as inner:
            Array([1.0])
    Array([1.0, 2.0, 3.0])
    assert (outer.elements, inner.elements) == (3, 1)


@pytest.mark.parametrize("name", OPERATORS)
def test_a_dropped_graph_is_freed_at_once_without_the_garbage_collector(name):
    a, b = points(4)
    gc.collect()
    gc.disable()
    try:
        x, y = Array(a), Array(b)
        result = total(tanh(OPERATORS[name](x, y)))
        d = Differentials()
        slope = d(result, x)
        second = d(slope, x)
        watched = [weakref.ref(v) for v in [*sorted_graph(result), *sorted_graph(slope), second]]
        del x, y, result, d, slope, second
        assert [watch() for watch in watched if watch() is not None] == []
    finally:
        gc.enable()


def test_learning_leaves_nothing_for_the_garbage_collector():
    problem = drawn_problem(0, 40)
    rng = np.random.default_rng(0)
    gc.collect()
    gc.disable()
    try:
        for derive in (chain_rule.differentials, shortcuts.differentials, cache.differentials):
            epoch(problem.start, problem.training, 0.1, 10, rng, derive)
        newtons_method(near_quadratic, START)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_near_the_lowest_point_newton_is_there_at_once_and_gradient_descent_takes_long():
    descent, newton = gradient_descent(near_quadratic, START), newtons_method(near_quadratic, START)
    assert descent.arrived
    assert newton.arrived
    assert np.allclose(descent.points[-1], newton.points[-1], atol=1e-5)
    assert newton.trials <= 5
    assert descent.trials >= 100
    low, high = np.linalg.eigvalsh(hessian(near_quadratic, newton.points[-1]))
    assert (round(low, 1), round(high, 1)) == (0.6, 11.4)


def test_far_sides_defeat_newton_and_not_gradient_descent():
    before = gradient_descent(near_quadratic, START)
    descent = gradient_descent(far_sides, START)
    controlled = controlled_newton(far_sides, START)
    assert descent.arrived
    assert descent.trials <= before.trials
    assert not newtons_method(far_sides, START).arrived
    assert controlled.arrived
    assert controlled.trials <= 10
    assert np.allclose(controlled.points[-1], [1.0, 0.5], atol=1e-5)
    assert np.allclose(gradient(far_sides, np.array([1.0, 0.5])), 0.0)


def test_newtons_one_dimensional_step_on_the_sides_is_minus_u_cubed():
    for u in (0.5, 2.0, -3.0):
        x = np.array([u])

        def f(v):
            return total(sqrt(1.0 + v**2))

        assert np.allclose(x - np.linalg.solve(hessian(f, x), gradient(f, x)), -(x**3))


def test_a_problem_is_the_same_for_the_same_seed_and_learning_beats_its_true_weights():
    first, second = drawn_problem(5), drawn_problem(5)
    assert np.array_equal(first.training.X, second.training.X)
    assert np.array_equal(first.training.t, second.training.t)
    settings = Settings(rate=0.03, epochs=30, derive=cache.differentials)
    for seed in range(3):
        curve = from_true_weights(drawn_problem(seed), settings)
        assert curve.training[0] == curve.test[0] == 0.0
        assert curve.training[-1] < 0.0 < curve.test[-1]


def test_all_ways_of_deriving_learn_alike():
    problem = drawn_problem(1)
    ways = (chain_rule.differentials, shortcuts.differentials, cache.differentials)
    curves = [learning_curve(problem, Settings(epochs=3, derive=derive)) for derive in ways]
    assert all(np.allclose(curve.training, curves[0].training, rtol=1e-9) for curve in curves)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Array([1.0, 2.0]) @ Array([1.0, 2.0, 3.0]),
            r"shapes \(2,\) and \(3,\) do not fit over 1 axes",
        ),
        (lambda: Array(1.0) @ Array(2.0), "do not fit over 1 axes"),
        (lambda: Array([1.0, 2.0]) + Array([1.0, 2.0, 3.0]), "shape mismatch"),
        (lambda: constant_times(M, Array([1.0])), r"a matrix of shape \(3, 2\) and an array of shape \(1,\)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_an_array_prints_readably_and_is_its_own_key():
    x = Array([1.0, 2.5])
    assert repr(x) == "Array([1.  2.5])"
    assert x in {x: 0}
    assert Array([1.0, 2.5]) not in {x: 0}


def test_the_graph_is_sorted_with_each_array_once_and_before_its_operands():
    x = Array(2.0)
    y = x * x
    z = tanh(y * x) + y
    order = sorted_graph(z)
    place = {v: i for i, v in enumerate(order)}
    assert order[0] is z
    assert len(place) == len(order)
    assert all(place[p] > place[v] for v in order for p in v.operands)
    assert x not in sorted_graph(z, without=[y, x])

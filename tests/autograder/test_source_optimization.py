"""What the source document asks for, called the way its text describes it.

`autodiff` contains nothing but re-exports; whatever is asserted follows from the document's sentences.
"""

from __future__ import annotations

import types
from pathlib import Path

import numpy as np
import pytest
from optimization import array, cache, controlled_newton, descent, landscapes, learning, problem, shortcuts

from autograder.registry import find_course

autodiff = types.SimpleNamespace(
    Array=array.Array,
    Differentials=cache.Differentials,
    gradient_descent=descent.gradient_descent,
    newtons_method=descent.newtons_method,
    controlled_newton=controlled_newton.controlled_newton,
    constant_times=shortcuts.constant_times,
    differential=shortcuts.differential,
    epoch=learning.epoch,
    relative_error=learning.relative_error,
)
HANDOUT = (Path(array.__file__).parent / "README.md").read_text(encoding="utf-8")
NUMPY = "random.rand ndarray sum prod array log tanh sqrt abs vectorize eye empty ndindex reshape zeros"


def test_gradient_descent_is_compared_with_newtons_method():
    path = autodiff.gradient_descent(landscapes.near_quadratic, landscapes.START)
    newton = autodiff.newtons_method(landscapes.near_quadratic, landscapes.START)
    assert path.arrived
    assert newton.arrived
    assert newton.trials < path.trials


def test_the_adaptive_scheme_serves_the_landscape_on_which_newton_needs_a_step_size():
    path = autodiff.gradient_descent(landscapes.far_sides, landscapes.START)
    lost = autodiff.newtons_method(landscapes.far_sides, landscapes.START)
    assert path.arrived
    assert not lost.arrived
    assert autodiff.controlled_newton(landscapes.far_sides, landscapes.START).arrived


def test_deep_learning_comes_down_to_the_so_called_optimal_error_and_below():
    p = problem.drawn_problem()
    weights, rng = p.start, np.random.default_rng(0)
    for _ in range(60):
        weights = autodiff.epoch(weights, p.training, 0.1, 20, rng, cache.differentials)
    assert autodiff.relative_error(p.true, p.true, p.training) == 0.0
    assert autodiff.relative_error(weights, p.true, p.training) < 0.0


def test_a_constant_matrix_times_a_vector_has_the_matrix_as_its_derivative():
    M, v = np.arange(6.0).reshape(3, 2), autodiff.Array([1.0, 2.0])  # noqa: N806  (a matrix)
    y = autodiff.constant_times(M, v)
    assert np.array_equal(y.data, M @ v.data)
    assert np.array_equal(autodiff.differential(y, v).data, M)


def test_differentials_are_cached_by_y_and_x():
    x, d = autodiff.Array([1.0, 2.0]), autodiff.Differentials()
    y, z = x * x, x + 1.0
    assert d(y, x) is d(y, x)
    assert np.array_equal(d(y, x).data, np.diag([2.0, 4.0]))
    assert np.array_equal(d(z, x).data, np.eye(2))
    assert d(y, x).shape == y.shape + x.shape


@pytest.mark.parametrize("name", NUMPY.split())
def test_the_handout_names_every_numpy_function_of_the_source(name):
    assert f"`np.{name}" in HANDOUT


@pytest.mark.parametrize(
    "words",
    [
        "xtensor",
        "Graph optimisation",
        "GPU",
        "fus",
        "Checkpointing",
        "Reference counting",
        "Euler",
        "`.dtype`",
        ".flat",
    ],
)
def test_the_handout_treats_what_the_source_only_lists(words):
    assert words in HANDOUT


def test_every_section_of_the_registry_is_a_heading_of_the_handout():
    assignment = find_course(Path(__file__)).assignment("optimization")
    headings = {
        "".join(c for c in line.lstrip("# ").lower() if c.isalnum() or c in " -").replace(" ", "-")
        for line in HANDOUT.splitlines()
        if line.startswith("#")
    }
    sections = [part.section for part in (*assignment.tasks, *assignment.written)]
    assert set(sections) <= headings


def test_the_questions_are_those_of_the_source_s_open_experiments():
    assignment = find_course(Path(__file__)).assignment("optimization")
    (written,) = assignment.written
    text = (assignment.folder / written.file).read_text(encoding="utf-8")
    for heading in (
        "Step size",
        "Batch size",
        "Beating the true weights",
        "Fewer samples",
        "Another measure",
    ):
        assert heading in text
    assert (assignment.max_score, written.points) == (100, 20)

"""What the graded tests ask of the student's modules: walk, learn, differentiate, count, report plain data.

Runs on the student's side: no expected value and no verdict belongs here. The student's modules are
imported inside the functions, since one that does not import must fail its own task's tests only.
"""

# ruff: noqa: PLC0415, N803, N806  (for that reason; matrices and points have the formulas' letters)

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from importlib import import_module

import numpy as np
from optimization.array import Array
from optimization.chain_rule import differential, differentials
from optimization.elementwise import exp, tanh
from optimization.landscapes import bowl, sides
from optimization.linear import total
from optimization.problem import Problem, Samples
from optimization.work import measured

Numbers = np.ndarray
Data = dict[str, object]


LANDSCAPES = {
    "bowl": bowl,
    "sides": sides,
    "mixed": lambda: lambda x: exp(x[0] * x[1]) + x[0] ** 2 * x[1],  # its Hessian mixes both components
}


def slopes(which: str, landscape: str, parameters: list[object], x: Numbers) -> tuple[object, object]:
    """`gradient` or `hessian` at a point, and the point itself afterwards."""
    return getattr(import_module("optimization.descent"), which)(LANDSCAPES[landscape](*parameters), x), x


def trial(landscape: str, parameters: list[object], x: Numbers, g: Numbers, rate: float) -> object:
    """What `trial_step` returns."""
    from optimization.descent import trial_step

    return trial_step(LANDSCAPES[landscape](*parameters), x, g, rate)


def newton(landscape: str, parameters: list[object], x: Numbers) -> object:
    """What `newton_step` returns."""
    from optimization.descent import newton_step

    return newton_step(LANDSCAPES[landscape](*parameters), x)


def walk(method: str, landscape: str, parameters: list[object], start: Numbers, **settings: object) -> object:
    """Points, trials, and whether it arrived, of a method's `Path`."""
    module = "controlled_newton" if method == "controlled_newton" else "descent"
    run = getattr(import_module(f"optimization.{module}"), method)
    path = run(LANDSCAPES[landscape](*parameters), start, **settings)
    return path.points, path.trials, path.arrived


def outputs(weights: list[Numbers], X: Numbers) -> object:
    """The data of what `outputs` returns."""
    from optimization import learning

    return learning.outputs([Array(w) for w in weights], Array(X)).data


def squared_error(o: Numbers, t: Numbers) -> tuple[object, object]:
    """`mean_squared_error` and its derivative with respect to the outputs."""
    from optimization.learning import mean_squared_error

    E = mean_squared_error(leaf := Array(o), Array(t))
    return E.data, differential(E, leaf).data


def error(weights: list[Numbers], true: list[Numbers] | None, X: Numbers, t: Numbers) -> object:
    """`relative_error`, or `mean_absolute_error` where there are no true weights."""
    from optimization.learning import mean_absolute_error, relative_error

    more = () if true is None else (true,)
    return (relative_error if more else mean_absolute_error)(weights, *more, Samples(X, t))


def drawn_batches(count: int, size: int, seed: int, times: int = 1) -> list[list[object]]:
    """What `batches` returns, called `times` times with one generator; each batch as a list."""
    from optimization.learning import batches

    rng = np.random.default_rng(seed)
    return [[list(map(int, batch)) for batch in batches(count, size, rng)] for _ in range(times)]


def stepped(weights: list[Numbers], X: Numbers, t: Numbers, rate: float) -> tuple[object, object]:
    """The weights that `step` returns, and those it was given, afterwards."""
    from optimization.learning import step

    return list(step(weights, Samples(X, t), rate)), weights


def told_to_derive(weights: list[Numbers], X: Numbers, t: Numbers) -> list[object]:
    """For each call that `step` makes of ``derive``: shape of y, shapes of the leaves, how many are constant."""
    from optimization.learning import step

    calls = []

    def derive(y, xs, constant=()):
        data = [a.data for a in constant]
        named = [any(a.shape == b.shape and np.array_equal(a, b) for a in data) for b in (X, t)]
        calls.append([list(y.shape), [list(x.shape) for x in xs], named])
        return differentials(y, xs, constant)

    step(weights, Samples(X, t), 0.1, derive)
    return calls


def passed(  # noqa: PLR0913, PLR0917  (so much decides how a network learns)
    weights: list[Numbers], X: Numbers, t: Numbers, size: int, seed: int, factor: float = 1.0
) -> object:
    """The weights that `epoch` returns, with the rate 0.1 and `times` as ``derive``."""
    from optimization.learning import epoch

    return list(epoch(weights, Samples(X, t), 0.1, size, np.random.default_rng(seed), times(factor)))


def times(factor: float) -> Callable[..., object]:
    """A ``derive`` that gives so many times the differentials."""
    return lambda y, xs, constant=(): [factor * dy_dx for dy_dx in differentials(y, xs, constant)]


def product(M: Numbers, v: Numbers) -> tuple[object, ...]:
    """Of `constant_times`: data, number of operands, whether v is the first, the local derivative, its operands."""
    from optimization.shortcuts import constant_times

    y = constant_times(M, leaf := Array(v))
    local = y.local(0)
    return y.data, len(y.operands), y.operands[0] is leaf, local.data, len(local.operands)


def through_product(M: Numbers, v: Numbers, w: Numbers, *, squared: bool = False) -> object:
    """The gradient of w (M v) with respect to v; with `squared` the Hessian of half the square of M v."""
    from optimization.shortcuts import constant_times

    y = constant_times(M, leaf := Array(v))
    if squared:
        return differential(differential(0.5 * total(y**2), leaf), leaf).data
    return differential(total(y * w), leaf).data


EXPRESSIONS: dict[str, Callable[..., object]] = {
    "x * y + x": lambda x, y: x * y + x,
    "(x + y) ** 2 * y": lambda x, y: (x + y) ** 2 * y,
    "x / (y * y + 1)": lambda x, y: x / (y * y + 1.0),
    "a + a * a, a = x * y": lambda x, y: (a := x * y) + a * a,
    "a * a - a, a = x * y": lambda x, y: (a := x * y) * a - a,
    "x @ y * x": lambda x, y: x @ y * x,
    "x[0] * y": lambda x, y: x[0] * y,
    "y * 3": lambda _, y: y * 3.0,
}


def derived(rule: str, name: str, x: Numbers, y: Numbers, order: int = 1) -> object:
    """The differential of an expression for x by a rule of the student's, and of that one where `order` is 2."""
    d, a, b = _rule(rule), Array(x), Array(y)
    z = d(EXPRESSIONS[name](a, b), a)
    return z.data if order == 1 else d(z, a).data


def _rule(name: str, constant: tuple[object, ...] = ()) -> Callable[..., object]:
    if name == "shortcuts":
        from optimization.shortcuts import differential as with_hints

        return lambda y, x: with_hints(y, x, constant)
    from optimization.cache import Differentials

    return Differentials(constant)


def counting(counts: dict[str, int], data: float, **slopes: tuple[object, float]) -> object:
    """A number that depends on operands by slopes that are given; each evaluation is counted by its name.

    Raises:
        RuntimeError: one local derivative was evaluated more than 500 times.
    """

    def rule(name, slope):
        def local():
            counts[name] += 1
            if counts[name] > 500:
                raise RuntimeError("a single local derivative was evaluated more than 500 times")
            return Array(slope)

        counts[name] = 0
        return local

    rules = tuple(rule(name, slope) for name, (_, slope) in slopes.items())
    return Array(data, tuple(p for p, _ in slopes.values()), rules)


def evaluated(rule: str, *, hint: bool) -> tuple[object, dict[str, int]]:
    """dy/dx of y = 3 p + 5 q + 11 r, p = 2 x, q = 7 x, and how often each local derivative was evaluated.

    With `hint` q is named constant, which it is not; r is a leaf.
    """
    counts, x, r = {}, Array(1.0), Array(1.0)
    p, q = counting(counts, 2.0, dp_dx=(x, 2.0)), counting(counts, 7.0, dq_dx=(x, 7.0))
    y = counting(counts, 52.0, dy_dp=(p, 3.0), dy_dq=(q, 5.0), dy_dr=(r, 11.0))
    return _rule(rule, (q,) if hint else ())(y, x).data, counts


def work_of_a_neuron(m: int, n: int) -> list[object]:
    """Local derivatives, elements, and gradient for w of the squared error of tanh(X w), X of shape (m, n).

    First from elementary operators by the textbook's chain rule, then by the student's operator and hints.
    """
    from optimization import shortcuts

    rng, report = np.random.default_rng(0), []
    X, target, start = rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=n)
    for faster in (False, True):
        w, t = Array(start), Array(target)
        with measured() as work:
            z = shortcuts.constant_times(X, w) if faster else (X * w) @ np.ones(n)
            E = total((tanh(z) - t) ** 2)
            slope = shortcuts.differential(E, w, [t]) if faster else differential(E, w)
        report.append([work.local_derivatives, work.elements, slope.data])
    return report


def doublings(depth: int) -> tuple[object, int]:
    """dz/dx after z = z + z `depth` times by `Differentials`, and how many local derivatives it took."""
    counts: list[dict[str, int]] = [{} for _ in range(depth)]
    x = z = Array(1.0)
    for count in counts:
        z = counting(count, 2 * float(z.data), left=(z, 1.0), right=(z, 1.0))
    return _rule("cache")(z, x).data, sum(sum(count.values()) for count in counts)


def layers(factors: list[float]) -> tuple[list[object], int]:
    """dE/dw for every factor w of E = w w w ... by one `Differentials`, and how many local derivatives it took."""
    counts: list[dict[str, int]] = [{} for _ in factors[1:]]
    weights = [Array(factor) for factor in factors]
    E = weights[0]
    for count, w in zip(counts, weights[1:], strict=True):
        a, b = float(E.data), float(w.data)
        E = counting(count, a * b, first=(E, b), second=(w, a))
    d = _rule("cache")
    return [d(E, w).data for w in weights], sum(sum(count.values()) for count in counts)


def remembered(x: Numbers) -> tuple[object, object]:
    """Whether the same pair gives the same array again, and whether two pairs give different ones."""
    a, d = Array(x), _rule("cache")
    y, z = a * a, a * a
    return d(y, a) is d(y, a), d(y, a) is d(z, a)


def several(x: Numbers) -> list[object]:
    """dy/dx, dz/dx, dz/dy, dx/dx, dy/dz of y = x^2, z = 3 y + x by one `Differentials`, dz/dx asked for first."""
    a, d = Array(x), _rule("cache")
    y = a * a
    z = 3.0 * y + a
    d(z, a)
    return [d(y, a).data, d(z, a).data, d(z, y).data, d(a, a).data, d(y, z).data]


def one_after_the_other(count: int) -> list[object]:
    """d(k x)/dx for k = 0, 1, ... by one `Differentials`, each product dropped before the next one is made."""
    d, x = _rule("cache"), Array(1.0)
    return [float(d(x * float(k), x).data) for k in range(count)]


def left_over(*, hessian: bool) -> tuple[object, int]:
    """A derivative, and how many of x and y live on when all is dropped and the garbage collector is off."""
    gc.collect()
    gc.disable()
    try:
        x, d = Array([0.5, 1.5]), _rule("cache")
        y = tanh(x) @ (x * x)
        slope = d(d(y, x), x) if hessian else d(y, x)
        numbers, watched = slope.data.copy(), [weakref.ref(x), weakref.ref(y)]
        del x, y, d, slope
        return numbers, sum(watch() is not None for watch in watched)
    finally:
        gc.enable()


def experiment(
    name: str, problem: Data, settings: Data, values: object = None, factor: float = 1.0
) -> tuple[object, list[object]]:
    """Each curve, with `times` as ``derive``: ``[value, training, test, steps]``; the problem's arrays afterwards."""
    from optimization import experiments

    sets = Samples(*problem["training"]), Samples(*problem["test"])
    made = Problem(problem["true"], problem["start"], *sets)
    more = () if values is None else (values,)
    found = getattr(experiments, name)(made, experiments.Settings(**settings, derive=times(factor)), *more)
    rows = [[v, c.training, c.test, c.steps] for v, c in (found.items() if more else [(None, found)])]
    return rows, [*problem["true"], *problem["start"], *problem["training"], *problem["test"]]

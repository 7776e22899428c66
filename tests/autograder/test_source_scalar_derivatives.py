"""The source document's interface to tasks 1.3 and 1.4, called the way its text and its tests call it."""

# ruff: noqa: ARG004  (every forward and backward takes ctx)

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from source_package import ONE_ARGUMENT, TWO_ARGUMENTS, minitorch, numbers

Context, History, Scalar, Variable = (
    minitorch.Context,
    minitorch.History,
    minitorch.Scalar,
    minitorch.Variable,
)


class Function1(minitorch.ScalarFunction):
    """x + y + 10."""

    @staticmethod
    def forward(ctx, x, y):
        return x + y + 10

    @staticmethod
    def backward(ctx, d_output):
        return d_output, d_output


class Function2(minitorch.ScalarFunction):
    """x y + x."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y + x

    @staticmethod
    def backward(ctx, d_output):
        x, y = ctx.saved_values
        return d_output * (y + 1), d_output * x


class Square(minitorch.FunctionBase):
    """A function whose backward returns a lone value, and which knows no variable's class."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, d_output):
        return 2 * ctx.saved_values * d_output


def test_a_constant_variable_gets_no_derivative():
    constant = Variable(None)
    assert list(Function1.chain_rule(ctx=None, inputs=[constant, constant], d_output=5)) == []


def test_a_variable_beside_a_constant_gets_its_own():
    var, constant = Variable(History()), Variable(None)
    ((got, derivative),) = Function1.chain_rule(ctx=None, inputs=[var, constant], d_output=5)
    assert got is var
    assert got.name == var.name
    assert derivative == 5


def test_a_plain_number_is_a_constant():
    var, ctx = Scalar(5), Context()
    Function2.forward(ctx, 10, var.data)
    ((got, derivative),) = Function2.chain_rule(ctx=ctx, inputs=[10, var], d_output=5)
    assert got is var
    assert derivative == 5 * 10


def test_every_variable_gets_its_derivative_in_the_order_of_the_inputs():
    first, second, ctx = Scalar(5), Scalar(10), Context()
    Function2.forward(ctx, first.data, second.data)
    pairs = list(Function2.chain_rule(ctx=ctx, inputs=[first, second], d_output=5))
    assert [got for got, _ in pairs] == [first, second]
    assert [derivative for _, derivative in pairs] == [5 * (10 + 1), 5 * 5]


def test_a_lone_value_from_backward_is_a_tuple_of_one():
    var, ctx = Variable(History()), Context()
    Square.forward(ctx, 3.0)
    assert list(Square.chain_rule(ctx, [var], 2.0)) == [(var, 12.0)]


def test_a_history_runs_the_chain_rule_of_its_function():
    x = Scalar(0.0)
    computed = Scalar(0.0, History(Function1, ctx=Context(), inputs=[x, x]))
    pairs = list(computed.history.backprop_step(5))
    assert [derivative for _, derivative in pairs] == [5, 5]
    assert all(got is x for got, _ in pairs)


def test_a_context_gives_back_what_was_saved_a_lone_value_unwrapped():
    ctx = Context()
    ctx.save_for_backward(1.0, 2.0)
    assert ctx.saved_values == (1.0, 2.0)
    ctx.save_for_backward(3.0)
    assert ctx.saved_values == 3.0


def test_one_function_of_a_leaf():
    var = Scalar(0)
    Function1.apply(0, var).backward(d_output=5)
    assert var.derivative == 5


def test_a_function_of_a_function():
    var = Scalar(0)
    Function1.apply(0, Function1.apply(0, var)).backward(d_output=5)
    assert var.derivative == 5


def test_two_ways_back_to_a_leaf_add_up():
    var = Scalar(0)
    one, other = Function1.apply(0, var), Function1.apply(0, var)
    Function1.apply(one, other).backward(d_output=5)
    assert var.derivative == 10


def test_two_ways_that_meet_above_the_leaf_add_up():
    var0 = Scalar(0)
    var1 = Function1.apply(0, var0)
    one, other = Function1.apply(0, var1), Function1.apply(0, var1)
    Function1.apply(one, other).backward(d_output=5)
    assert var0.derivative == 10


def test_variables_without_values_backpropagate_by_their_histories_alone():
    var = Variable(History())
    middle = Variable(History(Function1, None, [0, var]))
    minitorch.autodiff.backpropagate(Variable(History(Function1, None, [middle, middle])), 5)
    assert var.derivative == 10
    assert middle.derivative is None


BACKWARD = [
    ("Mul", (2.0, 3.0), (6.0, 4.0)),
    ("Inv", (4.0,), -0.125),
    ("Neg", (2.0,), -2.0),
    ("Sigmoid", (0.0,), 0.5),
    ("ReLU", (-2.0,), 0.0),
    ("ReLU", (2.0,), 2.0),
    ("Exp", (1.0,), 2 * math.e),
    ("Log", (4.0,), 0.5),
    ("Add", (2.0, 3.0), (2.0, 2.0)),
]


@pytest.mark.parametrize(("name", "inputs", "derivatives"), BACKWARD)
def test_backward_gives_the_derivative_times_what_arrives(name, inputs, derivatives):
    function, ctx = getattr(minitorch.scalar, name), Context()
    function.forward(ctx, *inputs)
    got = function.backward(ctx, 2.0)
    assert got == pytest.approx(derivatives, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("name", ONE_ARGUMENT)
@settings(max_examples=30)
@given(a=numbers)
def test_derivatives_in_one_argument_are_those_measured(name, a):
    assume(abs(a) > 1e-3)  # relu has a kink at 0, and the comparisons jump at 3
    assume(abs(a - 3) > 1e-3)
    minitorch.derivative_check(ONE_ARGUMENT[name][0], Scalar(a))


@pytest.mark.parametrize("name", TWO_ARGUMENTS)
@settings(max_examples=30)
@given(a=numbers, b=numbers)
def test_derivatives_in_two_arguments_are_those_measured(name, a, b):
    assume(abs(a - b) > 1e-3)  # the comparisons jump there
    minitorch.scalar.derivative_check(TWO_ARGUMENTS[name][0], Scalar(a), Scalar(b))


def test_the_check_names_the_argument_whose_derivative_is_wrong():
    class WrongMul(minitorch.scalar.Mul):
        @staticmethod
        def backward(ctx, d_output):
            _, b = ctx.saved_values
            return b * d_output, b * d_output

    with pytest.raises(AssertionError, match=r"f\(2, 3\).*argument 1 is 3 by backward, but 2 by central"):
        minitorch.derivative_check(WrongMul.apply, Scalar(2.0), Scalar(3.0))


def test_a_check_can_be_repeated_on_the_same_scalars():
    x = Scalar(2.0)
    for _ in range(2):
        minitorch.derivative_check(lambda a: a * a, x)
    assert x.derivative == 4.0

"""Task 3.1: what the operators compute, and what their results remember of it."""

from __future__ import annotations

import math

import pytest
from hypothesis import strategies as st

from autograder.testing import (
    Raised,
    ask,
    check,
    check_close,
    check_equal,
    check_raised,
    floats,
    for_all,
    student_module,
)
from autograder.testing.checks import is_number, show

pytestmark = [pytest.mark.task3_1, pytest.mark.timeout(10)]

probes = student_module("computation_graph_probes")

OPERATORS = {
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
}
REFLECTED = OPERATORS | {"x + y": lambda x, y: x + y}
OPERATIONS = {
    "+": lambda _, a, b: a + b,
    "*": lambda _, a, b: a * b,
    "**": lambda n, a: a**n,
    "tanh": lambda _, a: math.tanh(a),
}

LEFT, RIGHT = ["number", "value"], ["value", "number"]

SOME = floats(-100.0, 100.0)
NONZERO = st.one_of(floats(0.1, 100.0), floats(-100.0, -0.1))
SMALL = st.one_of(floats(0.2, 5.0), floats(-5.0, -0.2))


@pytest.mark.parametrize("name", OPERATORS)
@for_all(x=SOME, y=NONZERO, edges=[{"x": 3.0, "y": 4.0}, {"x": 0.0, "y": 2.0}])
def test_operator(name, x, y):
    value = yield ask(probes.operate, name, x, y)
    check_close(value, OPERATORS[name](x, y), f"{name} with x={x}, y={y}")


@pytest.mark.parametrize("name", OPERATORS)
def test_operator_takes_a_plain_number_on_its_right(name):
    value = probes.operate(name, 3.0, 2, kinds=RIGHT)
    check_close(value, OPERATORS[name](3.0, 2), f"{name} with x=3.0 and the plain number y=2")


@pytest.mark.parametrize("name", REFLECTED)
def test_operator_takes_a_plain_number_on_its_left(name):
    value = probes.operate(name, 3, 2.0, kinds=LEFT)
    check_close(value, REFLECTED[name](3, 2.0), f"{name} with the plain number x=3 and y=2.0")


@for_all(x=SOME)
def test_opposite(x):
    value = yield ask(probes.operate, "-x", x)
    check_close(value, -x, f"-x with x={x}")


@pytest.mark.parametrize("n", [2, 3, 1, 0, -1, -2, 0.5, 1.5])
@for_all(count=50, x=floats(0.1, 10.0))
def test_power(n, x):
    value = yield ask(probes.operate, "x ** n", x, n, kinds=RIGHT)
    check_close(value, x**n, f"x ** {n} with x={x}")


@for_all(x=floats(-20.0, 20.0), edges=[{"x": 0.0}])
def test_tanh(x):
    value = yield ask(probes.operate, "x.tanh()", x)
    check_close(value, math.tanh(x), f"x.tanh() with x={x}")


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("name", "operation", "children"),
    [("x * y", "*", ["x", "y"]), ("x * x", "*", ["x", "x"]), ("x.tanh()", "tanh", ["x"])],
)
def test_result_remembers_operation_and_children(name, operation, children):
    values = [3.0, 2.0] if "y" in name else [3.0]
    record = probes.record(name, *values)
    check_equal(record, (operation, children), f"(operation, children) of {name}")


@pytest.mark.weight(2)
def test_power_remembers_its_exponent():
    for n in (3, -1):
        record = probes.record("x ** n", 2.0, n, kinds=RIGHT)
        check_equal(record, (f"** {n}", ["x"]), f"(operation with exponent, children) of x ** {n}")


@pytest.mark.weight(2)
def test_plain_number_becomes_a_child():
    record = probes.record("x * y", 3.0, 2.0, kinds=RIGHT)
    what = "(operation, children) of x * 2.0"
    check_equal(record, ("*", ["x", "a Value of 2.0"]), what)


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", ["x - y", "x / y", "-x"])
def test_composed_operator_leads_back_to_its_operands(name):
    operands = ["x", "y"] if "y" in name else ["x"]
    rows = probes.graph(name, 3.0, 2.0) if "y" in name else probes.graph(name, 3.0)
    found = sorted({row[0] for row in rows} - {""})
    check_equal(found, operands, f"which operands {name} leads back to by its children")
    _check_rows(rows, name)


@pytest.mark.hidden("a plain number works on either side of every operator, with any value")
@pytest.mark.weight(2)
@for_all(
    name=st.sampled_from(list(REFLECTED)),
    x=NONZERO,
    y=NONZERO,
    kinds=st.sampled_from([LEFT, RIGHT]),
)
def test_plain_number_on_either_side(name, x, y, kinds):
    value = yield ask(probes.operate, name, x, y, kinds=kinds)
    check_close(value, REFLECTED[name](x, y), f"{name} with x={x}, y={y}, a {' and a '.join(kinds)}")


@pytest.mark.hidden("in a long expression, every value is that of its operation on its children")
@pytest.mark.weight(3)
@for_all(x=SMALL, y=SMALL)
def test_graph_of_a_long_expression_explains_its_value(x, y):
    rows = yield ask(probes.graph, "long", x, y)
    written = f"(3 - x) * (x * y - y / 4).tanh() + (2 / y) ** 2 - -x with x={x}, y={y}"
    expected = (3 - x) * math.tanh(x * y - y / 4) + (2 / y) ** 2 + x
    check_close(rows[0][1], expected, written)
    _check_rows(rows, written)
    found = sorted({row[0] for row in rows} - {""})
    check_equal(found, ["x", "y"], f"which operands {written} leads back to by its children")


@pytest.mark.hidden("with plain numbers too, differences and quotients lead back to their operand")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("name", "kinds"),
    [(name, RIGHT) for name in OPERATORS] + [(name, LEFT) for name in REFLECTED],
)
def test_graph_with_a_plain_number(name, kinds):
    rows = probes.graph(name, 3.0, 2.0, kinds=kinds)
    operand = "xy"[kinds.index("value")]
    found = sorted({row[0] for row in rows} - {""})
    check_equal(found, [operand], f"which operands {name}, a {' and a '.join(kinds)}, leads back to")
    _check_rows(rows, f"{name}, a {' and a '.join(kinds)}")


@pytest.mark.hidden("an operator makes a new Value: its operands keep data, children and grad")
@pytest.mark.parametrize("name", ["x - y", "x * y", "x / y", "long"])
def test_operands_stay_as_they_are(name):
    found = probes.operands_afterwards(name, 3.0, 2.0)
    what = f"[data, number of children, grad] of x and y after {name} with x=3.0, y=2.0"
    check_equal(found, [[3.0, 0, 0.0], [2.0, 0, 0.0]], what)


@pytest.mark.hidden("tanh overflows nowhere: it is -1 far to the left and 1 far to the right")
def test_tanh_far_from_zero():
    for x, expected in [(0.0, 0.0), (1000.0, 1.0), (-1000.0, -1.0), (1e-9, 1e-9)]:
        check_close(probes.operate("x.tanh()", x), expected, f"x.tanh() with x={x}", absolute=1e-15)


@pytest.mark.hidden("negative numbers have whole powers, and 0 has the power 0")
def test_power_of_negative_numbers_and_zero():
    for x, n, expected in [(-2.0, 3, -8.0), (-2.0, -2, 0.25), (0.0, 0, 1.0), (0.0, 2, 0.0), (-3.0, 1, -3.0)]:
        value = probes.operate("x ** n", x, n, kinds=RIGHT)
        check_close(value, expected, f"x ** {n} with x={x}")


@pytest.mark.hidden(
    "what has no real value raises: a root of a negative number, a division by 0, a Value as exponent"
)
def test_what_has_no_value_raises():
    check_close(probes.operate("x ** n", 4.0, 0.5, kinds=RIGHT), 2.0, "x ** 0.5 with x=4.0")
    check_close(probes.operate("x / y", 1.0, 4.0), 0.25, "x / y with x=1.0, y=4.0")
    for what, kind, call in [
        ("x ** 0.5 with x=-4.0", "ValueError", lambda: probes.record("x ** n", -4.0, 0.5, kinds=RIGHT)),
        ("x / y with x=1.0, y=0.0", "ZeroDivisionError", lambda: probes.record("x / y", 1.0, 0.0)),
        ("Value(2.0) ** Value(3.0)", "TypeError", lambda: probes.power_of_a_value(2.0, 3.0)),
    ]:
        try:
            answer = call()
        except Raised as raised:
            answer = raised
        check_raised(answer, kind, what)


def _check_rows(rows, what):
    """Each computed value is one of the four operations on its children."""
    for _, data, operation, exponent, children in rows:
        if children:
            inputs = [rows[i][1] for i in children]
            written = f"{operation!r} with children {show(inputs)}" + (
                f" and exponent {show(exponent)}" if exponent is not None else ""
            )
            value = _operated(operation, exponent, inputs)
            check(
                value is not None,
                f"{what}: its graph has an operation {written}, which none of the rules fits",
            )
            check_close(data, value, f"{what}: in its graph, data of {written}")


def _operated(operation, exponent, inputs):
    """What one of the four operations gives; None where it is none, or does not fit its operands."""
    fits = {"+": 2, "*": 2, "**": 1, "tanh": 1}.get(operation) == len(inputs)
    if not fits or (operation == "**") != is_number(exponent) or not all(map(is_number, inputs)):
        return None
    try:
        return OPERATIONS[operation](exponent, *inputs)
    except ArithmeticError:
        return None

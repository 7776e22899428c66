"""Task 4.3: the nodes of a graph in post-order, each once, however deep the graph."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check_close, check_equal, for_all, student_module

pytestmark = [pytest.mark.task4_3, pytest.mark.topo_sort, pytest.mark.timeout(20)]

probes = student_module("tensor_autodiff_probes")

CHAIN = [["+", 0, 0], ["*", 1, 1], ["+", 2, 2]]
SHARED = [["*", 0, 1], ["+", 2, 0], ["*", 3, 2]]
TWO_ENDS = [["+", 0, 1], ["-", 2], ["*", 2, 1]]
NUMBER = st.integers(0, 30)
STEPS = st.lists(
    st.one_of(st.tuples(st.sampled_from("+*"), NUMBER, NUMBER), st.tuples(st.just("-"), NUMBER)),
    min_size=1,
    max_size=13,
)


def in_range(steps, leaves):
    """The steps, each input brought back to the nodes that are there by then."""
    return [[sign, *(i % (leaves + n) for i in inputs)] for n, (sign, *inputs) in enumerate(steps)]


def post_order(steps, leaves, roots):
    """What a depth-first search gives, by the nodes' numbers."""
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        if node >= leaves:
            for inner in steps[node - leaves][1:]:
                visit(inner)
        order.append(node)

    for root in roots:
        visit(root)
    return order


def described(steps, roots):
    lines = ", ".join(f"n{i} = {sign}({', '.join(f'n{j}' for j in inputs)})" for i, sign, *inputs in steps)
    return f"find_topo_sort([{', '.join(f'n{root}' for root in roots)}]) with {lines}, by number"


def numbered(steps, leaves):
    return [(leaves + i, *step) for i, step in enumerate(steps)]


@pytest.mark.parametrize(
    ("steps", "leaves", "expected"),
    [(CHAIN, 1, [0, 1, 2, 3]), (SHARED, 2, [0, 1, 2, 3, 4]), (TWO_ENDS, 2, [0, 1, 2, 4])],
    ids=["chain", "shared", "two ends"],
)
def test_inputs_come_first_and_each_node_once(steps, leaves, expected):
    roots = [leaves + len(steps) - 1]
    check_equal(probes.order(steps, leaves, roots), expected, described(numbered(steps, leaves), roots))


def test_several_results_share_one_order():
    what = described(numbered(TWO_ENDS, 2), [3, 4])
    check_equal(probes.order(TWO_ENDS, 2, [3, 4]), [0, 1, 2, 3, 4], what)


def test_leaf_alone():
    check_equal(probes.order([], 1, [0]), [0], "find_topo_sort([n0]) of a leaf n0, by number")


@pytest.mark.weight(2)
def test_order_of_a_polynomial():
    expected = [0.5, 1.5, 0.75, 2.0, 8.0, 4.0, 4.75, -0.5, 4.25]
    what = "the numbers in find_topo_sort([3 * a * a + 4 * b * a - a]) with a = 0.5, b = 2:"
    check_close(probes.values_in_order(), expected, what)


@pytest.mark.weight(2)
@for_all(count=50, steps=STEPS)
def test_order_of_any_graph(steps):
    steps = in_range(steps, 3)
    roots = [2 + len(steps)]
    got = yield ask(probes.order, steps, 3, roots)
    check_equal(got, post_order(steps, 3, roots), described(numbered(steps, 3), roots))


def test_graph_may_be_deeper_than_the_stack():
    check_equal(
        probes.sorted_chain(3000),
        (3001, True),
        "(nodes, whether each follows its inputs) of a chain of 3000 ops",
    )


@for_all(count=1, first=st.lists(st.booleans(), min_size=60, max_size=60))
def test_paths_are_not_walked_one_by_one(first):
    steps = [["+", k - 1, k - 2] if last else ["+", k - 2, k - 1] for k, last in enumerate(first, start=2)]
    got = yield ask(probes.order, steps, 2, [61])
    what = "find_topo_sort of 60 sums, each of the two nodes before it, which 10^12 paths lead through: by number it"
    check_equal(got, post_order(steps, 2, [61]), what)


@pytest.mark.hidden("several results in any order, one of them below another or named twice")
@pytest.mark.weight(3)
@for_all(count=50, steps=STEPS, roots=st.lists(NUMBER, min_size=1, max_size=4))
def test_order_of_several_results(steps, roots):
    steps = in_range(steps, 2)
    roots = [root % (2 + len(steps)) for root in roots]
    got = yield ask(probes.order, steps, 2, roots)
    check_equal(got, post_order(steps, 2, roots), described(numbered(steps, 2), roots))


@pytest.mark.hidden("a chain of 20,000 ops is sorted without a recursion")
def test_very_deep_graph():
    got = probes.sorted_chain(20_000)
    check_equal(got, (20_001, True), "(nodes, whether each follows its inputs) of a chain of 20,000 ops")

"""A node passes on only when all has arrived; passed on path by path the work doubles at every meeting."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce

from tensor_autodiff.topo_sort import find_topo_sort
from tensor_autodiff.value import Value


def sum_node_list(node_list: Sequence[Value]) -> Value:
    """The sum of nodes, without adding to a 0 that nobody needs (given)."""
    return reduce(operator.add, node_list)


def compute_gradient_of_variables(output_tensor: Value, out_grad: Value) -> None:
    """Set the grad of each leaf below `output_tensor` that is no constant.

    ``x.grad`` becomes a tensor of x's shape, what arrived at x over all paths; whatever an earlier call
    left there is replaced. Only leaves are asked to keep a grad, and only where ``requires_grad`` holds.

    Args:
        output_tensor: where the flow begins.
        out_grad: the derivative of the final number L with respect to `output_tensor`, of its shape.
    """
    arrived = {}
    stack = [(output_tensor, out_grad)]
    while stack:
        node, d_node = stack.pop()
        if node.op is None:
            arrived.setdefault(node, []).append(d_node)
            continue
        stack += [pair for pair in zip(node.inputs, node.op.gradient_as_tuple(d_node, node)) if pair[0].requires_grad]
    for node, shares in arrived.items():
        if node.op is None:
            node.grad = sum_node_list(shares)

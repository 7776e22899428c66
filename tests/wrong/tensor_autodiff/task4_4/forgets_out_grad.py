"""The flow begins with out_grad, which need not be ones."""

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
    arrived: dict[Value, list[Value]] = {output_tensor: [output_tensor.make_const(output_tensor.numpy() * 0 + 1)]}
    for node in reversed(find_topo_sort([output_tensor])):
        if not node.requires_grad:
            continue
        d_node = sum_node_list(arrived.pop(node))
        if node.op is None:
            node.grad = d_node
            continue
        for x, d_x in zip(node.inputs, node.op.gradient_as_tuple(d_node, node), strict=True):
            arrived.setdefault(x, []).append(d_x)

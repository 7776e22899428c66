"""Task 4.4: derivatives flow from a result back to the leaves, as tensors with graphs of their own.

A node x that is used by z_1, ..., z_k moves the final number L through each of them:

    dL/dx = sum over j of  (what z_j's op passes on to x of dL/dz_j)

(Griewank and Walther, Evaluating Derivatives, 2008, section 3.2). The sum is complete once every z_j has been
visited, which is what the topological order is for.
"""

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
    shares = {output_tensor: [out_grad]}
    for node in reversed(find_topo_sort([output_tensor])):
        if not node.requires_grad:
            continue
        grad = sum_node_list(shares[node])
        if node.is_leaf():
            node.grad = grad
        else:
            for x, share in zip(node.inputs, node.op.gradient_as_tuple(grad, node)):
                shares.setdefault(x, []).append(share)

"""Task 3.2: derivatives flow from a result L back through the graph it was computed in.

    dL/da = sum over all results x = f(..., a, ...) of  dx/da * dL/dx

(Griewank and Walther, Evaluating Derivatives, 2008, section 3.2). Everywhere below, `grad` is dL/dx: what
has arrived at a result x, and is to be passed on to its children.
"""

from __future__ import annotations

from collections.abc import Callable

from computation_graph.node import Node, real_power


def find_reversed_topological_order(root: Node) -> list[Node]:
    """All values that `root` was computed from, each once, after everything that was computed from it.

    `root` itself comes first. The graph can be deeper than Python's stack of calls, so a depth-first search
    is a loop here, not a recursion.
    """
    order, seen = [], set()
    stack = [(root, False)]
    while stack:
        node, children_done = stack.pop()
        if children_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            for child in node.children:
                stack.append((child, False))
    order.reverse()
    return order


class Backpropagation:
    """The part of a Value that takes derivatives back to what it was computed from."""

    __slots__ = ()

    def _backwards(self, grad: float) -> None:
        """Add to the grad of each child its share of `grad`, by the operation's rule (given)."""
        if self.children:
            RULES[self.operation](self, grad)

    def backward(self) -> None:
        """Compute the derivative of this value, L, with respect to each value it was computed from.

        Set the grad of L itself to 1, and that of every other computed value to 0: nothing may be left of an
        earlier call. Leaves alone keep theirs, so that over several calls their grads add up. Then
        call ``x._backwards(x.grad)`` once for each value x, in the reversed topological order.
        """
        order = find_reversed_topological_order(self)
        for node in order:
            if node.children:
                node.grad = 0.0
        self.grad = 1.0
        for node in order:
            node._backwards(node.grad)

    def backwards(self) -> None:
        """The same as `backward` (given)."""
        self.backward()


def add_backwards(x: Node, grad: float) -> None:
    """The rule of x = a + b (a worked example): dx/da = 1 and dx/db = 1, times `grad`."""
    a, b = x.children
    a.grad += grad
    b.grad += grad


def mul_backwards(x: Node, grad: float) -> None:
    """The rule of x = a b: add dx/da and dx/db, times `grad`, to the grads of a and b.

    Both may be the same value, used twice.
    """
    a, b = x.children
    a.grad += b.data * grad
    b.grad += a.data * grad


def pow_backwards(x: Node, grad: float) -> None:
    """The rule of x = a^n, n = ``x.exponent``: add dx/da, times `grad`, to the grad of a.

    a^0 is 1 everywhere, so where n = 0 its derivative is 0, even at a = 0.
    """
    (a,) = x.children
    n = x.exponent
    if n != 0:
        a.grad += n * a.data ** (n - 1) * grad


def tanh_backwards(x: Node, grad: float) -> None:
    """The rule of x = tanh(a): add dx/da, times `grad`, to the grad of a."""
    # tanh' = 1 - tanh^2
    (a,) = x.children
    a.grad += (1 - a.data**2) * grad


RULES: dict[str, Callable[[Node, float], None]] = {
    "+": add_backwards,
    "*": mul_backwards,
    "**": pow_backwards,
    "tanh": tanh_backwards,
}

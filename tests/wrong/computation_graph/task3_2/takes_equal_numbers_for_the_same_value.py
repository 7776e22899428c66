"""Two values that hold the same number are still two: remember the values seen, not their data."""

from __future__ import annotations

from collections.abc import Callable

from computation_graph.node import Node, real_power


def find_reversed_topological_order(root: Node) -> list[Node]:
    """All values that `root` was computed from, each once, after everything that was computed from it.

    `root` itself comes first. The graph can be deeper than Python's stack of calls, so a depth-first search
    is a loop here, not a recursion.
    """
    children_first, seen, stack = [], set(), [root]
    while stack:
        x = stack.pop()
        if x is None:  # the mark of the value below it, whose children have all been placed by now
            children_first.append(stack.pop())
        elif x.data not in seen:
            seen.add(x.data)
            if x.children:
                stack += (x, None, *x.children)
            else:
                children_first.append(x)
    return children_first[::-1]


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
        for x in order:
            if x.children:
                x.grad = 0.0
        self.grad = 1.0
        for x in order:
            x._backwards(x.grad)  # noqa: SLF001  (x is of this class)

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
    (a,), n = x.children, x.exponent
    if n != 0:
        a.grad += n * real_power(a.data, n - 1) * grad


def tanh_backwards(x: Node, grad: float) -> None:
    """The rule of x = tanh(a): add dx/da, times `grad`, to the grad of a."""
    (a,) = x.children
    a.grad += (1 - x.data**2) * grad


RULES: dict[str, Callable[[Node, float], None]] = {
    "+": add_backwards,
    "*": mul_backwards,
    "**": pow_backwards,
    "tanh": tanh_backwards,
}

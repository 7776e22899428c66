"""The gradients of sums and products: four worked examples for task 4.2 (given).

Each computes with tensors, so that what it returns can be differentiated again.
"""

# ruff: noqa: ARG002, D101, D403  (each rule is given the node; its docstring begins with its formula)

from __future__ import annotations

from tensor_autodiff.value import Value


class EWiseAddGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """z = a + b, element by element: an element of z moves as much as that of a, or of b."""
        return out_grad, out_grad


class AddScalarGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = a + c: an element of z moves as much as that of a."""
        return out_grad


class EWiseMulGradient:
    def gradient(self, out_grad: Value, node: Value) -> tuple[Value, Value]:
        """z = a b, element by element: dz/da = b and dz/db = a, times `out_grad`."""
        a, b = node.inputs
        return out_grad * b, out_grad * a


class MulScalarGradient:
    def gradient(self, out_grad: Value, node: Value) -> Value:
        """z = c a: dz/da = c, times `out_grad`; c is ``self.scalar``."""
        return out_grad * self.scalar

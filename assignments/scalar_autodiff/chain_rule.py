"""Task 1.3: the chain rule, for one function of any number of inputs.

Let z = f(x_0, ..., x_{n-1}) on the way to a final L. What f's inputs receive of dL/dz = d_output:

    dL/dx_i = df/dx_i * dL/dz          for each i

(Griewank and Walther, Evaluating Derivatives, 2008, section 3.2). `FunctionBase.backward` gives the
products on the right; `FunctionBase.chain_rule` hands each to the variable it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scalar_autodiff.variable import Context, History, Variable, is_constant


class FunctionBase:
    """A function that records what it was applied to; a subclass gives its forward and its backward.

    Attributes:
        variable: the class of what it returns, called as ``variable(value, history)``.
    """

    variable: Callable[[float, History | None], Variable]

    @staticmethod
    def forward(ctx: Context, *inputs: float) -> float:
        """Compute f(x_0, ..., x_{n-1}); save in `ctx` what backward will need.

        Args:
            ctx: takes values by ``ctx.save_for_backward(...)``.
            *inputs: the plain numbers x_0 ... x_{n-1}.
        """
        raise NotImplementedError("a function's class defines its own forward")

    @staticmethod
    def backward(ctx: Context, d_output: float) -> float | tuple[float, ...]:
        """Compute f'_{x_i}(x_0, ..., x_{n-1}) * d_output for each input.

        Args:
            ctx: gives back in ``ctx.saved_values`` what forward saved.
            d_output: the derivative that arrives at the output.

        Returns:
            One number an input, as a tuple; where there is one input, the number alone will do.
        """
        raise NotImplementedError("a function's class defines its own backward")

    @classmethod
    def apply(cls, *inputs: Variable | float) -> Variable:
        """Run forward on the values of `inputs` and return the result, with its history.

        The result of constants is a constant: nothing is kept of how it came to be.
        """
        history, constant = History(cls, None, inputs), True
        arguments = [history]
        for x in inputs:
            if isinstance(x, Variable):
                if x.history is not None:
                    constant = False
                arguments.append(x.data)
            else:
                arguments.append(x)
        return cls.variable(cls.forward(*arguments), None if constant else history)

    @classmethod
    def chain_rule(
        cls, ctx: Context, inputs: Sequence[Variable | float], d_output: float
    ) -> list[tuple[Variable, float]]:
        """Pair each variable that went in with its share of the derivative.

        Args:
            ctx: the context that forward was run with.
            inputs: what `apply` was called with, variables and constants, in forward's order.
            d_output: dL/dz, the derivative that arrives at the output z.

        Returns:
            ``[(x_i, dL/dx_i), ...]`` in the order of `inputs`, constants left out (see `is_constant`). A
            variable that went in twice is listed twice. `backward` is called once; it may return a
            number for a single input, or a tuple.
        """
        # TODO(task1_3): The chain rule
        raise NotImplementedError("task1_3: The chain rule is still to do")

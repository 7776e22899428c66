"""Modules: parts of a model that know their parameters and the parts they are made of (given)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scalar_autodiff.variable import Variable


class Parameter:
    """A leaf that training moves.

    Args:
        name: what the module calls it, ``weight_0_1``.
        value: the leaf; it stays the same object for good, training changes its ``data``.
    """

    __slots__ = ("name", "value")

    def __init__(self, name: str, value: Variable) -> None:
        self.name = name
        self.value = value

    def __repr__(self) -> str:
        """``Parameter(weight_0_1, 0.25)``."""
        return f"Parameter({self.name}, {self.value.data})"


class Module:
    """Part of a model: its own parameters, and whatever modules its attributes hold."""

    def __init__(self) -> None:
        self._own: list[Parameter] = []

    def add_parameter(self, name: str, value: Variable) -> Parameter:
        """Register the leaf `value` as a parameter of this module and return it."""
        self._own.append(Parameter(name, value))
        return self._own[-1]

    def parameters(self) -> list[Parameter]:
        """All parameters: its own, then those of its modules in the order they were set."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        """Each path and parameter, ``("layer1.weight_0_1", parameter)``, in the order of `parameters`."""
        for parameter in self._own:
            yield prefix + parameter.name, parameter
        for name, part in vars(self).items():
            if isinstance(part, Module):
                yield from part.named_parameters(f"{prefix}{name}.")

    def values(self) -> dict[str, float]:
        """Each parameter's path and value."""
        return {path: parameter.value.data for path, parameter in self.named_parameters()}

    def derivatives(self) -> dict[str, float | None]:
        """Each parameter's path and derivative; None before anything arrived there."""
        return {path: parameter.value.derivative for path, parameter in self.named_parameters()}

    def load(self, values: Mapping[str, float]) -> None:
        """Set every parameter to the value that `values` has for its path.

        Raises:
            KeyError: `values` and the module differ in their paths.
        """
        own = dict(self.named_parameters())
        if own.keys() != values.keys():
            differing = ", ".join(sorted(own.keys() ^ values.keys()))
            raise KeyError(f"the values do not fit the module; check {differing}")
        for path, parameter in own.items():
            parameter.value.data = values[path]

    def zero_derivatives(self) -> None:
        """Start every parameter's derivative again from 0."""
        for parameter in self.parameters():
            parameter.value.zero_derivative_()

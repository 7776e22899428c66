"""Annotates everything, and declares types of its own."""

from __future__ import annotations

import typing
from collections.abc import Callable, Sequence
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    Optional,
    Protocol,
    TypeVar,
    Union,
    cast,
    overload,
)

Number = Union[int, float]
T = TypeVar("T", bound="SupportsArithmetic")
Side = Literal["above", "below"]
EPSILON: Final[float] = 1e-6


class SupportsArithmetic(Protocol):
    def __add__(self, other: Any, /) -> Any: ...
    def __sub__(self, other: Any, /) -> Any: ...


class Mover(Generic[T]):
    sides: ClassVar[dict[Side, int]] = {"above": 1, "below": -1}

    def __init__(self, values: Sequence[T], arg: Annotated[int, "counted from 0"]) -> None:
        self.values: list[T] = list(values)
        self.arg = arg

    def moved(self, side: Side, epsilon: Optional[float] = None) -> list[T]:
        values = self.values.copy()
        values[self.arg] = values[self.arg] + self.sides[side] * (epsilon or EPSILON)
        return values


@overload
def same(x: int) -> int: ...
@overload
def same(x: float) -> float: ...
def same(x: Number) -> Number:
    return x


def central_difference(
    f: Callable[..., float], *vals: float, arg: int = 0, epsilon: float = EPSILON
) -> float:
    assert typing.get_type_hints(same) == {"x": Number, "return": Number}
    mover: Mover[float] = Mover(vals, same(arg))
    rise = f(*mover.moved("above", epsilon)) - f(*mover.moved("below", epsilon))
    return cast(float, rise / (2 * epsilon))


MODULE = "central_difference"

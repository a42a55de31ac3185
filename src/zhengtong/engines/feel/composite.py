"""Values made of others: ranges and functions. (Lists are Python lists, contexts dicts, never changed in place.)"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhengtong.engines.feel.types import FeelType, Value

if TYPE_CHECKING:
    from zhengtong.engines.feel.running import Run


@dataclass(frozen=True, slots=True)
class Range:
    """`[start..end]` and its kin; `operator` tells `(< 10)` from `(null..10)`, which mean different things."""

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    operator: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function: a lambda of the model, a built-in, a business knowledge model, a decision service.

    `call` is given one value for each of `parameters`, already converted to their types, and the run; it gives null
    for what it cannot do. `type` is `function<…> -> …`; `builtin` is the built-in it stands for, which may be called in
    several ways.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[[Sequence[Value], "Run"], Value]
    type: FeelType
    builtin: Any = None

"""How elementwise operations broadcast and promote: what the tables of them are rows of."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Literal

from jaxnn.torch import dtypes, promotion, views
from jaxnn.torch import layout as layouts
from jaxnn.torch.dtypes import dtype
from jaxnn.torch.kernels import Options, Source
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations.arguments import require_operand, require_tensor
from jaxnn.torch.operations.call import Call, Result
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.rules import SAME, Rule
from jaxnn.torch.tensor import Tensor

Numbers = Literal["none", "second", "one", "both"]
"""Which operands may be Python numbers: the second only, or either, or both at once."""


def unary(
    name: str, function: Callable[..., Any], rule: Rule, doc: str, *, twin: bool = True
) -> Callable[..., Any]:
    """Define an operation of one tensor, element by element."""

    def prepare(input: Any) -> Call:
        x = require_tensor(input, name, "input", 1)
        return elementwise(function, (x,), rule)

    return define(Operation(name, prepare, doc, twin=twin))


def binary(
    name: str,
    function: Callable[..., Any],
    rule: Rule,
    doc: str,
    *,
    operator: str | None = None,
    twin: bool = True,
    numbers: Numbers = "both",
) -> Callable[..., Any]:
    """Define an operation of two operands, element by element."""

    def prepare(input: Any, other: Any) -> Call:
        return elementwise(function, operands(name, input, other, numbers), rule)

    return define(Operation(name, prepare, doc, twin=twin, operator=operator, numbers=True))


def operands(
    name: str, input: Any, other: Any, numbers: Numbers
) -> tuple[Tensor | complex, Tensor | complex]:
    """Two operands, provided that numbers stand where the operation takes them.

    Raises:
        TypeError: one is neither tensor nor number, or there are more numbers than may be.
    """
    if numbers == "none":
        return require_tensor(input, name, "input", 1), require_tensor(other, name, "other", 2)
    a, b = require_operand(input, name, "input", 1), require_operand(other, name, "other", 2)
    if isinstance(a, Tensor) or (numbers == "both" or (numbers == "one" and isinstance(b, Tensor))):
        return a, b
    given = ", ".join("Tensor" if isinstance(x, Tensor) else type(x).__name__ for x in (a, b))
    forms = ("Tensor input, Tensor other", "Tensor input, Number other")
    lines = "".join(f" * ({form}, *, Tensor out = None)\n" for form in forms)
    raise TypeError(
        f"{name}() received an invalid combination of arguments - got ({given}), "
        f"but expected one of:\n{lines}"
    )


def elementwise(
    function: Callable[..., Any],
    operands: Sequence[Tensor | complex],
    rule: Rule = SAME,
    options: Options = (),
) -> Call:
    """The call of a function over operands of one shape and type, once broadcast and promoted."""
    ranks = tuple(map(promotion.rank_of, operands))
    compute, result = _types(ranks, rule, dtypes.get_default_dtype())
    tensors = [x._layout for x in operands if isinstance(x, Tensor)]
    expanded, layout = broadcast(tuple(tensors))
    places = iter(expanded)
    sources = tuple(
        Source(x._storage, next(places), x._layout) if isinstance(x, Tensor) else x
        for x in operands
    )
    return Call(function, sources, (Result(layout, result),), compute, options)


@functools.lru_cache(maxsize=4096)
def broadcast(operands: tuple[Layout, ...]) -> tuple[tuple[Layout, ...], Layout]:
    """The operands' layouts expanded to their common shape, and the result's layout."""
    shape = layouts.broadcast_shapes(*(operand.shape for operand in operands))
    expanded = tuple(
        operand if operand.shape == shape else views.expand(operand, shape) for operand in operands
    )
    return expanded, layouts.elementwise(shape, expanded)


@functools.cache
def _types(
    operands: tuple[tuple[dtype, promotion.Rank], ...], rule: Rule, default: dtype
) -> tuple[dtype, dtype]:
    """The types that the operation computes in and returns, given the default one."""
    return rule.types(promotion.combine(operands))

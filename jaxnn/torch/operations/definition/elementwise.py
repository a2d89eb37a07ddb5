"""How elementwise operations broadcast and promote: what the tables of them are rows of."""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from jaxnn.torch import dtypes, layouts, promotion, views
from jaxnn.torch.dtypes import dtype
from jaxnn.torch.kernels import Options, Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import SAME, Rule
from jaxnn.torch.tensor import Tensor

OUT = "*, Tensor out = None"
ONE = (f"Tensor input, {OUT}",)
"""The signature of an operation of one tensor."""

# The signatures of operations of two operands, by which of them may be numbers; {} is the second.
TENSORS = (f"Tensor input, Tensor {{}}, {OUT}",)
ANY = (f"Tensor~ input, Tensor~ {{}}, {OUT}",)
SECOND = (*TENSORS, f"Tensor input, Number {{}}, {OUT}")
EITHER = (*TENSORS, f"Number self, Tensor {{}}, {OUT}", f"Tensor input, Number {{}}, {OUT}")
EITHER_NEW = (*TENSORS, "Number self, Tensor {}", f"Tensor input, Number {{}}, {OUT}")
"""As ``EITHER``, but without ``out=`` where the first is a number."""
ANY_LISTED = (*ANY, "Tensor input, Number {}")
"""As ``ANY``, but in messages with a signature of its own for a number."""


def unary(
    name: str,
    function: Callable[..., Any],
    rule: Rule,
    doc: str,
    *,
    twin: bool = True,
    method: bool = True,
    signatures: tuple[str, ...] = ONE,
) -> Callable[..., Any]:
    """Define an operation of one tensor, element by element."""

    def prepare(input: Tensor) -> Call:
        return elementwise(function, (input,), rule)

    return define(Operation(name, prepare, doc, twin=twin, method=method, signatures=signatures))


def binary(
    name: str,
    function: Callable[..., Any],
    rule: Rule,
    doc: str,
    *,
    forms: Sequence[str] = TENSORS,
    operator: str | None = None,
    twin: bool = True,
    method: bool = True,
) -> Callable[..., Any]:
    """Define an operation of two operands, element by element."""

    def prepare(input: Any, other: Any) -> Call:
        return elementwise(function, (input, other), rule)

    row = Operation(name, prepare, doc, twin=twin, method=method, operator=operator, numbers=True)
    return defined(row, forms)


def defined(row: Operation, forms: Sequence[str], second: str = "other") -> Callable[..., Any]:
    """Define an operation of two operands with the signatures of these forms."""
    signatures = tuple(form.format(second) for form in forms)
    return define(dataclasses.replace(row, signatures=signatures))


#: torch makes tensors of numbers, which have their part in how the result lies in memory.
_NUMBER = layouts.contiguous(())


def elementwise(
    function: Callable[..., Any],
    operands: Sequence[Tensor | complex],
    rule: Rule = SAME,
    options: Options = (),
) -> Call:
    """The call of a function over operands of one shape and type, once broadcast and promoted."""
    ranks = tuple(map(promotion.rank_of, operands))
    given = tuple(x._layout if isinstance(x, Tensor) else _NUMBER for x in operands)
    places, layout = broadcast(given)
    compute, result = _types(ranks, rule, dtypes.get_default_dtype())
    sources = tuple(
        Source(x._storage, place, x._layout) if isinstance(x, Tensor) else number(x)
        for x, place in zip(operands, places, strict=True)
    )
    return Call(function, sources, (Result(layout, result),), compute, options)


def number(value: complex) -> Any:
    """A Python number for a kernel: JAX takes no integer from 2**63 on as one of Python's."""
    return np.uint64(value) if isinstance(value, int) and value >= 2**63 else value


@functools.lru_cache(maxsize=4096)
def broadcast(operands: tuple[Layout, ...]) -> tuple[tuple[Layout, ...], Layout]:
    """The operands' layouts expanded to their common shape, and the result's layout."""
    shape = layouts.broadcast_shapes(*(operand.shape for operand in operands))
    expanded = tuple(
        operand if operand.shape == shape else _aligned(operand, shape) for operand in operands
    )
    alike = all(operand.shape == shape for operand in operands)
    return expanded, (layouts.elementwise if alike else layouts.iterated)(shape, expanded)


def _aligned(operand: Layout, shape: tuple[int, ...]) -> Layout:
    """An operand's layout expanded, with no stride along dimensions that it has not."""
    expanded = views.expand(operand, shape)
    new = len(shape) - operand.ndim
    return expanded._replace(strides=(*([0] * new), *expanded.strides[new:]))


@functools.cache
def _types(
    operands: tuple[tuple[dtype, promotion.Rank], ...], rule: Rule, default: dtype
) -> tuple[dtype, dtype]:
    """The types that the operation computes in and returns, given the default one."""
    return rule.types(promotion.combine(operands))

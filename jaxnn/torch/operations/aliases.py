"""torch's second names: a row each."""

import dataclasses
from collections.abc import Callable
from typing import Any

from jaxnn.torch.operations.definition.elementwise import ANY, ANY_LISTED, OUT
from jaxnn.torch.operations.definition.operation import OPERATIONS, define
from jaxnn.torch.operations.elements import (
    arithmetic,
    complex_numbers,
    division,
    extrema,
    logic,
    pairs,
    pointwise,
    rounding,
)

_DIVIDE = (
    ANY[0].format("other"),
    f"Tensor~ input, Tensor~ other, *, str? rounding_mode, {OUT.removeprefix('*, ')}",
    "Tensor input, Number other",
    "Tensor input, Number other, *, str? rounding_mode",
)
_SUBTRACT = (
    "Tensor~ input, Tensor~ other, *, Number alpha = 1, Tensor out = None",
    "Tensor input, Number other, Number alpha = 1",
)


def alias(name: str, original: Callable[..., Any], *signatures: str) -> Callable[..., Any]:
    """Define an operation under another name, perhaps with signatures of its own.

    The functions of ``torch.special`` have no methods of these names.
    """
    row = OPERATIONS[original.__name__]
    method = row.method and not name.startswith("special_")
    return define(
        dataclasses.replace(
            row,
            name=name,
            method=method,
            twin=row.twin and method,
            operator=None,
            signatures=signatures or row.signatures,
        )
    )


absolute = alias("absolute", complex_numbers.abs)
arccos = alias("arccos", pointwise.acos)
arccosh = alias("arccosh", pointwise.acosh)
arcsin = alias("arcsin", pointwise.asin)
arcsinh = alias("arcsinh", pointwise.asinh)
arctan = alias("arctan", pointwise.atan)
arctan2 = alias("arctan2", pairs.atan2)
arctanh = alias("arctanh", pointwise.atanh)
clip = alias("clip", extrema.clamp)
divide = alias("divide", division.div, *_DIVIDE)
fix = alias("fix", rounding.trunc)
greater = alias("greater", logic.gt)
greater_equal = alias("greater_equal", logic.ge)
less = alias("less", logic.lt)
less_equal = alias("less_equal", logic.le)
multiply = alias("multiply", arithmetic.mul, *(form.format("other") for form in ANY_LISTED))
negative = alias("negative", arithmetic.neg)
not_equal = alias("not_equal", logic.ne)
subtract = alias("subtract", arithmetic.sub, *_SUBTRACT)

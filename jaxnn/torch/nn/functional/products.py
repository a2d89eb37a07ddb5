"""Linear and bilinear maps, and attention."""

import math
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn import attention
from jaxnn._precision import is_half, widen
from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.core import core_call, source
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.drawing import dropping
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _affine(x: Array, weight: Array, bias: Array | None = None) -> Array:
    y = jnp.matmul(x, weight.T, precision=lax.Precision.HIGHEST)
    return y if bias is None else y + jnp.broadcast_to(bias, y.shape)


def _prepare_linear(input: Tensor, weight: Tensor, bias: Tensor | None) -> Call:
    if not input.ndim or not weight.ndim:
        raise RuntimeError(
            "both arguments to linear need to be at least 1D, but they are "
            f"{input.ndim}D and {weight.ndim}D"
        )
    _check_linear(input, weight, bias)
    shape = (*input.shape[:-1], *weight.shape[:-1])
    named = () if bias is None else (source(bias),)
    result = Result(layouts.contiguous(shape), input.dtype)
    compute = promotion.accumulator(input.dtype)
    return Call(_affine, (source(input), source(weight), *named), (result,), compute)


def _check_linear(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    rows = math.prod(input.shape[:-1])
    inner, wanted = input.shape[-1], weight.shape[-1]
    if inner != wanted:
        out = weight.shape[0] if weight.ndim > 1 else 1
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{inner} and {wanted}x{out})"
        )
    if input.dtype is not weight.dtype:
        names = [promotion.C_NAMES[x.dtype] for x in (input, weight)]
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: {names[0]} != {names[1]}"
        )
    if input.dtype is dtypes.bool:
        raise promotion.not_implemented("addmm_impl_cpu_", input.dtype)
    shape = [*input.shape[:-1], *weight.shape[:-1]]
    if bias is not None and bias.ndim and bias.shape[-1] not in (1, shape[-1]):
        raise RuntimeError(
            f"The expanded size of the tensor ({shape[-1]}) must match the existing size "
            f"({bias.shape[-1]}) at non-singleton dimension {len(shape) - 1}.  Target sizes: "
            f"{shape}.  Tensor sizes: {list(bias.shape)}"
        )


linear = define(
    Operation(
        "linear",
        _prepare_linear,
        "``input @ weight.T + bias``: the weight is (out, in), as torch's layers store it.",
        function=False,
        method=False,
        signatures=("Tensor input, Tensor weight, Tensor? bias = None, *, Tensor out = None",),
    )
)


def _bilinear(x: Array, y: Array, weight: Array, bias: Array | None = None) -> Array:
    """In torch's order: each of its three steps rounds."""
    left = _rounded(jnp.einsum("...i,oij->...oj", *map(widen, (x, weight)), **_PRECISE), x)
    z = _rounded(jnp.einsum("...oj,...j->...o", left, widen(y), **_PRECISE), x)
    return z if bias is None else z + jnp.broadcast_to(widen(bias), z.shape)


_PRECISE: dict[str, Any] = {"precision": lax.Precision.HIGHEST}


def _rounded(wide: Array, like: Array) -> Array:
    """Rounded to another's type, which a mere conversion there and back would not always be."""
    if not is_half(like):
        return wide
    kind = jnp.finfo(like.dtype)
    return lax.reduce_precision(wide, kind.nexp, kind.nmant)


def _prepare_bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None) -> Call:
    if input1.ndim != input2.ndim:
        raise RuntimeError(
            f"bilinear(): input dimensions do not match: got {input1.ndim} and {input2.ndim}"
        )
    for d, (n, m) in enumerate(zip(input1.shape[:-1], input2.shape[:-1], strict=True)):
        if n != m:
            raise RuntimeError(
                f"bilinear(): input batch dimensions do not match at dim {d}: got {n} and {m}"
            )
    for i, x in enumerate((input1, input2), start=1):
        if x.shape[-1] != weight.shape[i]:
            raise RuntimeError(
                f"bilinear(): input{i} size does not match weight size: got {x.shape[-1]} but "
                f"expected {weight.shape[i]}"
            )
    if bias is not None and bias.shape[0] != weight.shape[0]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {bias.shape[0]} but expected "
            f"{weight.shape[0]}"
        )
    operands = [source(x) for x in (input1, input2, weight, bias) if x is not None]
    result = Result(layouts.contiguous((*input1.shape[:-1], weight.shape[0])), input1.dtype)
    return Call(_bilinear, tuple(operands), (result,))


bilinear = define(
    Operation(
        "bilinear",
        _prepare_bilinear,
        "``input1 @ weight[o] @ input2 + bias[o]`` for each row o.",
        method=False,
        signatures=("Tensor input1, Tensor input2, Tensor weight, Tensor? bias = None",),
    )
)


def _attend(
    query: Array, key: Array, value: Array, enable_gqa: bool = False, **options: Any
) -> Array:
    if enable_gqa:
        key, value = (jnp.repeat(x, query.shape[-3] // x.shape[-3], axis=-3) for x in (key, value))
    return attention.scaled_dot_product_attention(query, key, value, **options)


def _prepare_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None,
    dropout_p: float,
    is_causal: bool,
    scale: float | None,
    enable_gqa: bool,
) -> Any:
    _check_attention(query, key, value, attn_mask, is_causal)
    batch = _leading(query.shape[:-2], key.shape[:-2], value.shape[:-2], enable_gqa)
    named = {"mask": attn_mask, "scale": scale}
    shape = (*batch, query.shape[-2], value.shape[-1])
    if dropout_p > 0:
        return _attend_dropping(query, key, value, dropout_p, batch, named, is_causal)
    result = Result(layouts.contiguous(shape), query.dtype)
    options = {"is_causal": is_causal, "enable_gqa": enable_gqa}
    return core_call(_attend, (query, key, value), result, named, **options)


def _attend_dropping(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    dropout_p: float,
    batch: tuple[int, ...],
    named: dict[str, Any],
    is_causal: bool,
) -> Tensor:
    shape = (*batch, query.shape[-2], key.shape[-2])
    place = Result(layouts.contiguous(shape), query.dtype)
    call = core_call(attention.attention_weights, (query, key), place, named, is_causal=is_causal)
    return dropping.dropout(apply(call), dropout_p, True) @ value


def _leading(
    query: tuple[int, ...], key: tuple[int, ...], value: tuple[int, ...], enable_gqa: bool
) -> tuple[int, ...]:
    """The leading dimensions of the result."""
    if enable_gqa:
        return tuple(query)
    return tuple(layouts.broadcast_shapes(query, key, value))


def _check_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None, is_causal: bool
) -> None:
    given = {"query": query, "key": key, "value": value}
    types = " ".join(
        f"{'and ' * (n == 'value')}{n}.dtype: {promotion.C_NAMES[x.dtype]}"
        for n, x in given.items()
    )
    if len({x.dtype for x in given.values()}) > 1:
        raise RuntimeError(
            f"Expected query, key, and value to have the same dtype, but got {types} instead."
        )
    if min(x.ndim for x in given.values()) < 2:
        dims = " ".join(f"{'and ' * (n == 'value')}{n}.dim: {x.ndim}" for n, x in given.items())
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, but got "
            f"{dims} instead."
        )
    if not query.is_floating_point():
        found = promotion.SCALAR_NAMES[query.dtype]
        raise RuntimeError(f"expected scalar type Float but found {found}")
    if attn_mask is None:
        return
    if attn_mask.dtype not in (dtypes.bool, dtypes.float32, query.dtype):
        mask, own = (promotion.C_NAMES[x.dtype] for x in (attn_mask, query))
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got "
            f"attn_mask.dtype: {mask} and  query.dtype: {own} instead."
        )
    if is_causal:
        raise RuntimeError(
            "_scaled_dot_product_attention: Explicit attn_mask should not be set when "
            "is_causal=True"
        )


scaled_dot_product_attention = define(
    Operation(
        "scaled_dot_product_attention",
        _prepare_attention,
        "softmax(query @ key.T * scale + mask) @ value.",
        function=False,
        method=False,
        signatures=(
            "Tensor query, Tensor key, Tensor value, Tensor? attn_mask = None, "
            "float dropout_p = 0, bool is_causal = False, *, float? scale = None, "
            "bool enable_gqa = False",
        ),
    )
)

"""The largest and the smallest elements, and where they are."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.operations.definition.arguments import dims
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.derivatives import picked
from jaxnn.torch.operations.definition.elementwise import elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import (
    check_nonempty,
    one_dim,
    reduced,
    with_indices,
)
from jaxnn.torch.operations.definition.results import named_results
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, SAME, Rule
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

Prepare = Callable[..., Call]

_WIDE_UNSIGNED = (dtypes.uint16, dtypes.uint32, dtypes.uint64)
_PLAIN = ("Tensor input, tuple of ints[1]? dim = {}, bool keepdim = False, *, Tensor out = None",)
_PLACE = ("Tensor input, int dim = None, bool keepdim = False, *, Tensor out = None",)
_BOTH = ("Tensor input, *, int dim = None, bool keepdim = False, tuple of Tensors out = None",)
_EITHER = (
    "Tensor input, *, Tensor out = None",
    "Tensor input, Tensor other, *, Tensor out = None",
    "Tensor input, int dim, bool keepdim = False, *, tuple of Tensors out = None",
)


def _refuse_types(x: Tensor, kernel: str, rule: Rule | None = None) -> None:
    """Raise torch's error for types that cannot be compared, or that it has no kernel for."""
    (rule or SAME.refusing(kernel, COMPLEX)).check(x._dtype)
    if x._dtype in _WIDE_UNSIGNED:
        raise promotion.not_implemented(kernel, x._dtype)


def _position(extreme: Callable[..., Any]) -> Callable[..., Any]:
    """The first place of the extreme, or of a nan, over one dimension or all of them.

    Not JAX's argmax: inside of a function traced in 32-bit mode it lowers to a wrong type.
    """

    def position(x: Array, axis: tuple[int, ...], keepdims: bool) -> Array:
        whole = len(axis) != 1
        line, along_axis = (x.reshape(-1), 0) if whole else (x, axis[0])
        best = extreme(line, axis=along_axis, keepdims=True)
        index = lax.broadcasted_iota(np.int32, line.shape, along_axis)
        last = np.int32(line.shape[along_axis])
        found = jnp.min(jnp.where((line == best) | (line != line), index, last), axis=along_axis)
        shape = [1 if d in axis else n for d, n in enumerate(x.shape)]
        return found.reshape(shape) if keepdims else found

    position.__name__ = f"arg{extreme.__name__}"
    return position


def _both(x: Array, axis: tuple[int, ...], keepdims: bool) -> tuple[Array, Array]:
    return jnp.min(x, axis=axis, keepdims=keepdims), jnp.max(x, axis=axis, keepdims=keepdims)


def _plain(name: str, extreme: Callable[..., Any]) -> Prepare:
    """The preparation of ``amax`` and ``amin``."""

    def prepare(input: Tensor, dim: tuple[int, ...] | None, keepdim: bool) -> Call:
        axes = dims(dim, input.ndim)
        check_nonempty(f"{name}()", input, axes, whole=not dim)
        _refuse_types(input, f"{name[1:]}_values_cpu")
        return reduced(input, extreme, axes, keepdim, input._dtype)

    return prepare


def _place(name: str, extreme: Callable[..., Any]) -> Prepare:
    """The preparation of ``argmax`` and ``argmin``."""
    position = _position(extreme)
    rule = SAME
    for kind, word in ((BOOL, "bool"), (COMPLEX, "complex")):
        rule = rule.raising(RuntimeError, f"{name}(): does not support {word} input", kind)

    def prepare(input: Tensor, dim: int | None, keepdim: bool) -> Call:
        _refuse_types(input, f"{name}_cpu", rule)
        axes = dims(dim, input.ndim)
        if dim is None and not input._layout.numel:
            raise IndexError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0."
            )
        check_nonempty(f"{name}()", input, axes)
        return reduced(input, position, axes, keepdim, dtypes.int64)

    return prepare


def _either(
    name: str, extreme: Callable[..., Any], pairwise: Callable[..., Any]
) -> Callable[..., Call]:
    """The preparation of ``max`` and ``min``, which are three operations by their arguments."""
    position = _position(extreme)
    rule = SAME.raising(RuntimeError, f"{name}(): does not support complex input", COMPLEX)

    def with_position(x: Array, axis: tuple[int, ...], keepdims: bool) -> tuple[Array, Array]:
        values, places = extreme(x, axis=axis, keepdims=True), position(x, axis, keepdims=True)
        if axis and jnp.issubdtype(x.dtype, jnp.floating):
            values = picked(values, x, places, axis[0])
        return (values, places) if keepdims else (values.squeeze(axis), places.squeeze(axis))

    def prepare(
        input: Tensor,
        dim: int | None = None,
        keepdim: bool = False,
        other: Tensor | None = None,
    ) -> Call:
        if other is not None:
            return elementwise(pairwise, (input, other), SAME.refusing(f"{name}imum_cpu", COMPLEX))
        if dim is None:
            check_nonempty(f"{name}()", input, (), whole=True)
            _refuse_types(input, f"{name}_all")
            return reduced(input, extreme, tuple(range(input.ndim)), False, input._dtype)
        axes = one_dim(dim, input.ndim)
        check_nonempty(f"{name}()", input, axes)
        _refuse_types(input, f"{name}_cpu", rule)
        call = reduced(input, with_position, axes, keepdim, input._dtype)
        return with_indices(call, name)

    return prepare


def _prepare_aminmax(input: Tensor, dim: int | None, keepdim: bool) -> Call:
    axes = dims(dim, input.ndim)
    if dim is None and not input._layout.numel:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            "identity."
        )
    check_nonempty("aminmax", input, axes)
    _refuse_types(input, "aminmax_cpu")
    call = reduced(input, _both, axes, keepdim, input._dtype)
    pack = named_results("aminmax", "min max")
    return call._replace(results=call.results * 2, pack=pack, refused=layouts.overlap)


amax = define(
    Operation(
        "amax",
        _plain("amax", jnp.max),
        "The largest element over some dimensions.",
        signatures=_PLAIN,
        out_type="same",
    )
)
amin = define(
    Operation(
        "amin",
        _plain("amin", jnp.min),
        "The smallest element over some dimensions.",
        signatures=_PLAIN,
        out_type="same",
    )
)
aminmax = define(
    Operation(
        "aminmax",
        _prepare_aminmax,
        "The smallest and the largest element.",
        signatures=_BOTH,
        out_type="same",
    )
)
argmax = define(
    Operation(
        "argmax",
        _place("argmax", jnp.max),
        "The index of the largest element.",
        signatures=_PLACE,
        out_type="same",
    )
)
argmin = define(
    Operation(
        "argmin",
        _place("argmin", jnp.min),
        "The index of the smallest element.",
        signatures=_PLACE,
        out_type="same",
    )
)
max = define(
    Operation(
        "max",
        _either("max", jnp.max, jnp.maximum),
        "The largest element; along a dimension, with its index; or of two tensors.",
        signatures=_EITHER,
        out_type="same",
    )
)
min = define(
    Operation(
        "min",
        _either("min", jnp.min, jnp.minimum),
        "The smallest element; along a dimension, with its index; or of two tensors.",
        signatures=_EITHER,
        out_type="same",
    )
)

"""Views of the same bytes as other numbers: of another type, their parts, conjugated.

Each is a tensor over an alias of its base's storage.
"""

from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import aliases, dtypes, layouts, pieces, promotion, type_views
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.definition.elementwise import elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.viewing import attach_property, copy, offer
from jaxnn.torch.tensor import Tensor, wrap

_PART_OF = {dtypes.complex64: dtypes.float32, dtypes.complex128: dtypes.float64}
_COMPLEX_OF = {part: whole for whole, part in _PART_OF.items()}


def view_as_type(x: Tensor, dtype: DType) -> Any:
    """The same bytes as elements of another type.

    Raises:
        RuntimeError: the bytes of the last dimension are no whole number of such elements.
    """
    if dtype is x._dtype:
        return wrap(x._storage, x._layout, dtype)
    for function, mark in (
        (np.conjugate, "conjugate view tensors"),
        (np.negative, "tensors with negative bit set"),
    ):
        if aliases.is_mapped(x._storage, function):
            raise RuntimeError(
                f"torch.Tensor.view is not supported for {mark} when converting to a different "
                "dtype."
            )
    given, wanted = x._dtype, dtype
    names = f"{promotion.SCALAR_NAMES[given]} as {promotion.SCALAR_NAMES[wanted]}"
    layout = type_views.view_as_size(x._layout, given.itemsize, wanted.itemsize, names)
    return wrap(aliases.retyped(x._storage, wanted.numpy), layout, wanted)


def _view_as_real(input: Tensor) -> Any:
    if not input._dtype.is_complex:
        raise RuntimeError("view_as_real is only supported for complex tensors")
    if _is_conj(input):
        raise RuntimeError(
            "view_as_real doesn't work on unresolved conjugated tensors.  To resolve the conjugate "
            "tensor so you can view it as real, use self.resolve_conj(); however, be warned that "
            "the resulting tensor will NOT alias the original."
        )
    part = _PART_OF[input._dtype]
    storage = aliases.retyped(input._storage, part.numpy)
    return wrap(storage, type_views.complex_as_pairs(input._layout), part)


def _view_as_complex(input: Tensor) -> Any:
    if input._dtype not in (*_COMPLEX_OF, dtypes.float16):
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a "
            f"tensor of scalar type: {promotion.SCALAR_NAMES[input._dtype]}"
        )
    layout = type_views.pairs_as_complex(input._layout)
    whole = promotion.to_complex(input._dtype)
    return wrap(aliases.retyped(input._storage, whole.numpy), layout, whole)


def _real(input: Tensor) -> Any:
    if not input._dtype.is_complex:
        return input
    return _part(conj(input) if _is_conj(input) else input, 0)


def _imag(input: Tensor) -> Any:
    if not input._dtype.is_complex:
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    if not _is_conj(input):
        return _part(input, 1)
    part = _part(conj(input), 1)
    return wrap(aliases.mapped(part._storage, np.negative), part._layout, part._dtype)


def _part(x: Tensor, which: int) -> Any:
    pairs = _view_as_real(x)
    return wrap(pairs._storage, pieces.select(pairs._layout, -1, which), pairs._dtype)


def _conj(input: Tensor) -> Any:
    if not input._dtype.is_complex:
        return input
    storage = aliases.mapped(input._storage, np.conjugate)
    return wrap(storage, input._layout, input._dtype)


def _is_conj(input: Tensor) -> bool:
    return aliases.is_mapped(input._storage, np.conjugate)


def _is_neg(input: Tensor) -> bool:
    return aliases.is_mapped(input._storage, np.negative)


def _resolve_conj(input: Tensor) -> Any:
    return copy(input, layouts.like(input._layout)) if _is_conj(input) else input


def _resolve_neg(input: Tensor) -> Any:
    return copy(input, layouts.like(input._layout)) if _is_neg(input) else input


view_as_real = offer(
    "view_as_real", _view_as_real, "Complex numbers as pairs of parts.", "", method=False
)
view_as_complex = offer(
    "view_as_complex", _view_as_complex, "Pairs of parts as complex numbers.", "", method=False
)
real = offer("real", _real, "The real parts; real numbers themselves.", "", method=False)
imag = offer("imag", _imag, "The imaginary parts.", "", method=False)
conj = offer("conj", _conj, "Complex numbers conjugated, without a copy.", "")
resolve_conj = offer("resolve_conj", _resolve_conj, "A copy, if the tensor shows conjugates.", "")
resolve_neg = offer("resolve_neg", _resolve_neg, "A copy, if the tensor shows negatives.", "")
is_conj = offer("is_conj", _is_conj, "Whether the tensor shows the conjugates of its memory.", "")
is_neg = offer("is_neg", _is_neg, "Whether the tensor shows the negatives of its memory.", "")


def _prepare_conj_physical(input: Tensor) -> Any:
    return elementwise(jnp.conj, (input,)) if input._dtype.is_complex else input


conj_physical = define(
    Operation(
        "conj_physical",
        _prepare_conj_physical,
        "Complex numbers conjugated in a copy; a tensor of real numbers itself.",
        twin=True,
        signatures=("Tensor input, *, Tensor? out = None",),
    )
)


def _assigning(part: Any) -> Any:
    """What assigns to an attribute that is a view: writes into its elements."""

    def assign(self: Tensor, value: Any) -> None:
        view = part(self)
        view.copy_(value) if isinstance(value, Tensor) else view.fill_(value)

    return assign


attach_property("real", _real, "The real parts; real numbers themselves.", _assigning(_real))
attach_property("imag", _imag, "The imaginary parts.", _assigning(_imag))

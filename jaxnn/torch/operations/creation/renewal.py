"""``new_*``: tensors of a given shape with another tensor's type."""

from typing import Any

from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.creation.conversion import tensor
from jaxnn.torch.operations.creation.creation import strided_layout
from jaxnn.torch.operations.definition.options import PLACED, Options
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.tensor import Tensor

_SIZE = "tuple of ints size"


def _define(name: str, doc: str, arguments: str, value: complex = 0) -> None:
    def make(self: Tensor, fill_value: complex = value, **given: Any) -> Tensor:
        size, stride = given.pop("size"), given.pop("stride", None)
        given["device"] = given["device"] or self.device
        chosen = Options(otherwise=self._dtype, **given)
        layout = chosen.layout_for(size) if stride is None else strided_layout(size, stride)
        return chosen.fill(layout, fill_value)

    attach(name, taking(name, f"{arguments}, *, {PLACED}", method=True)(make), doc)


_define("new_zeros", "Zeros of this tensor's type.", _SIZE)
_define("new_ones", "Ones of this tensor's type.", _SIZE, 1)
_define("new_empty", "A tensor of this one's type whose elements mean nothing yet.", _SIZE)
_define("new_full", "One number, in this tensor's type.", f"{_SIZE}, Number fill_value")
_define(
    "new_empty_strided",
    "A tensor of this one's type and of given strides.",
    f"{_SIZE}, tuple of ints stride",
)


def _new_tensor(self: Tensor, data: Any, *, dtype: DType | None = None, **options: Any) -> Tensor:
    return tensor(data, dtype=dtype or self._dtype, **options)


attach("new_tensor", _new_tensor, "`tensor` of this tensor's type.")

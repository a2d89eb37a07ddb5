"""New tensors of a tensor's type: ``x.new_zeros(2)``."""

from typing import Any

from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations import creation
from jaxnn.torch.operations.conversion import tensor
from jaxnn.torch.operations.viewing import attach
from jaxnn.torch.tensor import Tensor


def _maker(name: str) -> Any:
    make = getattr(creation, name)

    def method(self: Tensor, *size: Any, dtype: DType | None = None, device: Any = None) -> Tensor:
        return make(*size, dtype=dtype or self.dtype, device=device)

    return method


def _new_full(
    self: Tensor, size: Any, fill_value: Any, *, dtype: DType | None = None, device: Any = None
) -> Tensor:
    return creation.full(size, fill_value, dtype=dtype or self.dtype, device=device)


def _new_tensor(
    self: Tensor, data: Any, *, dtype: DType | None = None, device: Any = None
) -> Tensor:
    return tensor(data, dtype=dtype or self.dtype, device=device)


for _name in ("zeros", "ones", "empty"):
    attach(f"new_{_name}", _maker(_name), f"`{_name}` of the tensor's type.")
attach("new_full", _new_full, "`full` of the tensor's type.")
attach("new_tensor", _new_tensor, "`tensor` of the tensor's type.")

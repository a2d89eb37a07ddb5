"""torch's old names of tensors by type: ``torch.FloatTensor(2, 3)``, ``isinstance(x, LongTensor)``.

`Tensor` itself is called as they are, and makes tensors of the default type.
"""

import warnings
from typing import Any, Self

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.creation.conversion import tensor
from jaxnn.torch.operations.creation.creation import empty
from jaxnn.torch.operations.definition.arguments import is_int
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.size import Size, type_name
from jaxnn.torch.tensor import Tensor

_NAMES = ("Half", "BFloat16", "Float", "Double", "Char", "Short", "Int", "Long", "Byte", "Bool")


class TensorType:
    """One of torch's ten: makes tensors of its type when it is called, and knows them as its own.

    Source: ``torch.FloatTensor`` and its kin.

    >>> FloatTensor([1, 2]), LongTensor([[3]])
    (tensor([1., 2.]), tensor([[3]]))
    >>> isinstance(FloatTensor(2, 3), FloatTensor), isinstance(FloatTensor(2, 3), LongTensor)
    (True, False)
    """

    __slots__ = ("_dtype", "_name")

    _name: str
    _dtype: DType

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Refuse: the ten types below are all there are."""
        raise TypeError("cannot create 'torch.tensortype' instances")

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def is_cuda(self) -> bool:
        """False: those of GPUs are to be had by ``device=``."""
        return False

    def __call__(self, *args: Any, device: Any = None) -> Tensor:
        """A tensor of this type, of sizes or data."""
        return construct(self._dtype, args, device)

    def __instancecheck__(self, instance: Any) -> bool:
        of_this_type = isinstance(instance, Tensor) and instance.dtype is self._dtype
        return of_this_type and instance.device.type == "cpu"

    def __repr__(self) -> str:
        return f"<class 'torch.{self._name}'>"

    def __reduce__(self) -> str:
        return self._name


def construct(dtype: DType, args: tuple[Any, ...], device: Any = None) -> Any:
    """What torch's oldest way to make a tensor makes of sizes, a tensor, or data.

    Raises:
        TypeError: the data are no sequence, or a tensor of another type.
    """
    if device is not None and Device(device).type != "cpu":
        kind = Device(device).type
        raise RuntimeError(
            f"legacy constructor expects device type: cpu but device type: {kind} was passed"
        )
    first, *others = args or (0,)
    if isinstance(first, Tensor) and not others:
        return _alias(first, dtype)
    if is_int(first):
        return empty(*_sizes(args or (0,)), dtype=dtype)
    if others:
        given = ", ".join(type_name(each) for each in args)
        raise TypeError(f"new() received an invalid combination of arguments - got ({given})")
    if isinstance(first, Size):
        return empty(first, dtype=dtype)
    return _of_data(first, dtype)


def _sizes(args: tuple[Any, ...]) -> tuple[Any, ...]:
    for place, size in enumerate(args, 1):
        if not is_int(size):
            raise TypeError(
                f"new(): argument 'size' failed to unpack the object at pos {place} with error "
                f'"type must be tuple of ints,but got {type_name(size)}"'
            )
    return args


def _alias(given: Tensor, dtype: DType) -> Tensor:
    if given.dtype is not dtype:
        raise TypeError(f"expected {_options(dtype)} (got {_options(given.dtype)})")
    return given.detach()


def _options(dtype: DType) -> str:
    return (
        f"TensorOptions(dtype={promotion.C_NAMES[dtype]}, device=cpu, layout=Strided, "
        "requires_grad=false (default), pinned_memory=false (default), memory_format=(nullopt))"
    )


def _of_data(data: Any, dtype: DType) -> Tensor:
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    if not (hasattr(data, "__getitem__") and hasattr(data, "__len__")) or isinstance(data, dict):
        raise TypeError(f"new(): data must be a sequence (got {type_name(data)})")
    return tensor(data, dtype=dtype)


def _construct(cls: type, *args: Any, device: Any = None) -> Any:
    if len(args) == 1 and isinstance(args[0], Tensor):
        return args[0].detach()
    return construct(dtypes.get_default_dtype(), args, device)


def _new(self: Tensor, *args: Any, device: Any = None) -> Any:
    return construct(self.dtype, args, device)


Tensor.__new__ = staticmethod(_construct)
attach("new", _new, "A new tensor of this one's type, of sizes or data.")


def _make(name: str, dtype: DType) -> TensorType:
    made = object.__new__(TensorType)
    made._name, made._dtype = f"{name}Tensor", dtype
    return made


_DTYPES = {name: dtype for dtype, name in promotion.SCALAR_NAMES.items()}
_TYPES = {f"{name}Tensor": _make(name, _DTYPES[name]) for name in _NAMES}
HalfTensor, BFloat16Tensor, FloatTensor, DoubleTensor = list(_TYPES.values())[:4]
CharTensor, ShortTensor, IntTensor, LongTensor, ByteTensor, BoolTensor = list(_TYPES.values())[4:]


def set_default_tensor_type(t: TensorType | str) -> None:
    """Set the type of tensors made from Python floats, by its old name.

    Source: ``torch.set_default_tensor_type``, which is deprecated for ``set_default_dtype``.
    """
    warnings.warn(
        "torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, please use "
        "torch.set_default_dtype() and torch.set_default_device() as alternatives.",
        stacklevel=2,
    )
    if isinstance(t, str):
        name = t.removeprefix("torch.")
        if name not in _TYPES:
            raise AttributeError(f"module 'torch' has no attribute '{name}'")
        t = _TYPES[name]
    if not isinstance(t, TensorType):
        reason = "only floating-point types are supported as the default type"
        raise TypeError(f"invalid type object: {reason}")
    dtypes.set_default_dtype(t.dtype)

"""Where a tensor lives: torch's device names, and the JAX devices they stand for."""

import re
from typing import Any, Self

import jax

from jaxnn.torch.size import type_name

__all__ = ["default_device", "device", "device_count", "get_default_device", "set_default_device"]

#: Every device type that torch knows by name, in the order of its message.
_TYPES = (
    *("cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga"),
    *("maia", "xla", "lazy", "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone"),
)
_DEVICE_STRING = re.compile(r"(?P<type>[A-Za-z_]+)(:(?P<index>0|[1-9][0-9]*))?")
_SIGNATURES = " * (torch.device device)\n{reason} * (str type, int index = -1)\n"


class device:  # noqa: N801 - torch's name
    """A device by type and, where there are several, index.

    Args:
        type: ``"cpu"``, ``"cuda"``, ``"cuda:1"``, a device, or the index of an accelerator.
        index: the index, where ``type`` names none.

    Raises:
        RuntimeError: torch knows no such device, or no accelerator is there for a bare index.
        TypeError: arguments of other types.

    Source: ``torch.device``.

    >>> device("cpu"), device("cuda:1"), str(device("cuda", 1))
    (device(type='cpu'), device(type='cuda', index=1), 'cuda:1')
    """

    __slots__ = ("_index", "_type")
    __module__ = "jaxnn.torch"

    def __init__(self, type: Any, index: int | None = None) -> None:
        if index is None and isinstance(type, device):
            self._type, self._index = type.type, type.index
        elif index is None and isinstance(type, int) and not isinstance(type, bool):
            self._type, self._index = "cuda", _accelerator_index(type)
        else:
            self._type, self._index = _from_string(type, index)

    @property
    def type(self) -> str:
        """The kind of device: ``"cpu"``, ``"cuda"``."""
        return self._type

    @property
    def index(self) -> int | None:
        """Which of its kind; None for the current one."""
        return self._index

    @property
    def jax_device(self) -> Any:
        """The ``jax.Device`` that this name stands for.

        Raises:
            AssertionError: it is a CUDA device and JAX has none, as in torch built without CUDA.
            NotImplementedError: JAX has no backend for this type.

        >>> device("cpu").jax_device.platform
        'cpu'
        """
        if self._type == "cpu":
            return jax.devices("cpu")[0]
        if self._type != "cuda":
            raise NotImplementedError(
                f"jaxnn.torch has no '{self._type}' device; it has 'cpu' and 'cuda'. "
                "On any other device that JAX knows, use the core: jax.device_put(x, device)"
            )
        try:
            return jax.devices("gpu")[self._index or 0]
        except RuntimeError:
            raise AssertionError("Torch not compiled with CUDA enabled") from None

    def __enter__(self) -> Self:
        """Make new tensors on this device, where they are given none."""
        _ = self.jax_device  # raises where there is none
        _defaults.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        _defaults.pop()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self._type, self._index))

    def __lt__(self, other: object) -> bool:
        raise TypeError("comparison not implemented")

    __le__ = __gt__ = __ge__ = __lt__

    def __reduce__(self) -> tuple[Any, ...]:
        index = () if self._index is None else (self._index,)
        return device, (self._type, *index)

    def __str__(self) -> str:
        return self._type if self._index is None else f"{self._type}:{self._index}"

    def __repr__(self) -> str:
        index = "" if self._index is None else f", index={self._index}"
        return f"device(type='{self._type}'{index})"


#: The device that was set, None for the CPU, and after it those of open ``with`` blocks.
_defaults: list[device | None] = [None]


def default_device() -> device | None:
    """The device of new tensors that are given none; None is the CPU, unless one was set."""
    return _defaults[-1]


def get_default_device() -> device:
    """The device of new tensors that are given none.

    >>> get_default_device()
    device(type='cpu')

    Source: ``torch.get_default_device``.
    """
    return _defaults[-1] or device("cpu")


def set_default_device(device: Any) -> None:
    """Make new tensors on a device, where they are given none; None is the CPU again.

    Source: ``torch.set_default_device``.
    """
    chosen = None if device is None else _Device(device)
    if chosen is not None:
        _ = chosen.jax_device  # raises where there is none
    _defaults[0] = chosen


_Device = device


def device_count() -> int:
    """The number of GPUs that JAX has.

    Source: ``torch.cuda.device_count``.
    """
    try:
        return len(jax.devices("gpu"))
    except RuntimeError:  # JAX has no such backend
        return 0


def _accelerator_index(index: int) -> int:
    if index < 0:
        raise RuntimeError("Device index must not be negative")
    if jax.default_backend() != "gpu":
        raise RuntimeError("Cannot access accelerator device when none is available.")
    return index


def _from_string(name: Any, index: Any) -> tuple[str, int | None]:
    if not isinstance(name, str):
        raise TypeError(_wrong_type(name, index))
    if index is not None and type(index) is not int:
        given = type_name(index)
        raise TypeError(f"device(): argument 'index' (position 2) must be int, not {given}")
    kind, own_index = _parse(name)
    if index is None:
        return kind, own_index
    if own_index is not None:
        raise RuntimeError(
            "type (string) must not include an index because index was passed explicitly: " + name
        )
    if index < 0:
        raise RuntimeError("Device index must not be negative")
    return kind, index


def _parse(name: str) -> tuple[str, int | None]:
    if not name:
        raise RuntimeError("Device string must not be empty")
    parts = _DEVICE_STRING.fullmatch(name)
    if parts is None:
        raise RuntimeError(f"Invalid device string: '{name}'")
    if parts["type"] not in _TYPES:
        raise RuntimeError(
            f"Expected one of {', '.join(_TYPES)} device type at start of device string: "
            + parts["type"]
        )
    return parts["type"], None if parts["index"] is None else int(parts["index"])


def _wrong_type(name: Any, index: Any) -> str:
    given = type_name(name)
    if index is not None:
        return f"device(): argument 'type' (position 1) must be str, not {given}"
    reason = f"      didn't match because some of the arguments have invalid types: (!{given}!)\n"
    return (
        f"device() received an invalid combination of arguments - got ({given}), "
        "but expected one of:\n" + _SIGNATURES.format(reason=reason)
    )

"""torch's generators over the core's streams, and those from which functions draw by default."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from jaxnn import random as streams
from jaxnn.torch import dtypes
from jaxnn.torch.devices import device as Device
from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor, of_array, values

#: How many bytes a state has, by the kind of device.
_STATE_BYTES = {"cpu": 5056, "cuda": 16}
_INVALID = {"cpu": "Invalid mt19937 state", "cuda": "offset must be a multiple of 4"}
_STEP = 4  # words of a CUDA stream that are drawn together


def _here_and_now(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, run at once even while JAX traces: a generator outlives the trace."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with jax.ensure_compile_time_eval():
            return function(*args, **kwargs)

    return run


class Generator:
    """A stream of random numbers.

    Args:
        device: where the stream is defined: "cpu", or "cuda" for the stream of a torch that has
            GPUs. Tensors draw from generators of their own device only.

    Source: ``torch.Generator``.

    >>> import jaxnn.torch as torch
    >>> generator = torch.Generator().manual_seed(0)
    >>> torch.rand(2, generator=generator)
    tensor([0.4963, 0.7682])
    """

    __module__ = "jaxnn.torch"

    def __init__(self, device: Any = "cpu") -> None:
        self._device = Device("cpu" if device is None else device)
        if self._device.type not in _STATE_BYTES:
            raise RuntimeError(f"{self._device.type.upper()} device type not an accelerator.")
        self._stream: streams.Generator | None = None

    @property
    def device(self) -> Device:
        """Where the stream is defined."""
        return self._device

    @property
    def stream(self) -> streams.Generator:
        """The core's generator, from which the functions that draw take their numbers."""
        # Made at the first use: seeding compiles, and importing the module should not.
        stream = self._stream = self._stream or self._start()
        return stream

    @_here_and_now
    def _start(self) -> streams.Generator:
        return streams.Generator(str(self._device))

    @_here_and_now
    def manual_seed(self, seed: int) -> "Generator":
        """Start the stream that belongs to a seed.

        Source: ``torch.Generator.manual_seed``.
        """
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise RuntimeError(f"manual_seed expected a long, but got {type_name(seed)}")
        if not -(2**63) <= seed < 2**64:
            raise ValueError("Overflow when unpacking long long")
        self.stream.manual_seed(seed)
        return self

    @_here_and_now
    def seed(self) -> int:
        """Start a stream that no one can foretell, and return its seed.

        Source: ``torch.Generator.seed``.
        """
        return self.stream.seed()

    def initial_seed(self) -> int:
        """The seed of the stream.

        Source: ``torch.Generator.initial_seed``.
        """
        return self.stream.initial_seed()

    @_here_and_now
    def get_state(self) -> Tensor:
        """Where the stream stands, as torch's 5,056 bytes, or 16 of a CUDA generator.

        Source: ``torch.Generator.get_state``.
        """
        return of_array(np.frombuffer(self.stream.get_state(), np.uint8))

    @_here_and_now
    def set_state(self, new_state: Tensor) -> "Generator":
        """Go on from where `get_state` was called.

        Source: ``torch.Generator.set_state``.
        """
        if not isinstance(new_state, Tensor):
            raise TypeError(f"expected a torch.ByteTensor, but got {type_name(new_state)}")
        if new_state.dtype is not dtypes.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        self._check_size(new_state.numel())
        try:
            self.stream.set_state(values(new_state).tobytes())
        except ValueError:
            raise RuntimeError(_INVALID[self._device.type]) from None
        return self

    def _check_size(self, size: int) -> None:
        if self._device.type == "cuda" and size not in (8, 16):
            raise RuntimeError("RNG state is wrong size")
        if self._device.type == "cpu" and size != _STATE_BYTES["cpu"]:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {_STATE_BYTES['cpu']} but found the "
                f"input RNG state size to be {size}"
            )

    @_here_and_now
    def get_offset(self) -> int:
        """How many words every thread of a CUDA stream has behind it.

        Source: ``torch.Generator.get_offset``.
        """
        self._check_offset(0)
        return int.from_bytes(self.stream.get_state()[8:], "little")

    @_here_and_now
    def set_offset(self, offset: int) -> "Generator":
        """Let a CUDA stream go on from where so many words are behind it.

        Source: ``torch.Generator.set_offset``.
        """
        if not isinstance(offset, int) or isinstance(offset, bool):
            raise RuntimeError(f"manual_offset expected a long, but got {type_name(offset)}")
        self._check_offset(offset)
        self.stream.set_state(self.stream.get_state()[:8] + offset.to_bytes(8, "little"))
        return self

    def _check_offset(self, offset: int) -> None:
        if self._device.type == "cpu":
            raise RuntimeError("CPU Generator does not use offset")
        if offset % _STEP:
            raise RuntimeError("offset must be a multiple of 4")

    def clone_state(self) -> "Generator":
        """Another generator that stands at the same place.

        Source: ``torch.Generator.clone_state``.
        """
        return Generator(self._device).set_state(self.get_state())

    def __repr__(self) -> str:
        return f"<torch._C.Generator object at {id(self):#x}>"


class _DefaultGenerator(Generator):
    """The generator of functions that are given none; unless seeded, no one can foretell it."""

    @_here_and_now
    def _start(self) -> streams.Generator:
        stream = super()._start()
        stream.seed()
        return stream


default_generator: Generator = _DefaultGenerator()


class _GPUGenerators:
    """The default generators of GPUs, each made at its first use."""

    def __init__(self) -> None:
        self._made: dict[int, Generator] = {}
        self._seed: int | None = None

    def __getitem__(self, index: int) -> Generator:
        if index not in self._made:
            made = self._made[index] = _DefaultGenerator(Device("cuda", index))
            if self._seed is not None:
                made.manual_seed(self._seed)
        return self._made[index]

    def manual_seed(self, seed: int) -> None:
        """Seed them all, those that are still to be made too."""
        self._seed = seed
        for generator in self._made.values():
            generator.manual_seed(seed)


gpu_generators = _GPUGenerators()


def generator_for(device: Device | None, generator: Generator | None) -> Generator:
    """The generator given, or the default one of a device (None is the CPU).

    Raises:
        RuntimeError: the one given is another device's.
    """
    kind = "cpu" if device is None else device.type
    if generator is None:
        if device is None or kind == "cpu":
            return default_generator
        return gpu_generators[device.index or 0]
    if generator.device.type != kind:
        raise RuntimeError(
            f"Expected a '{kind}' device type for generator but found '{generator.device.type}'"
        )
    return generator

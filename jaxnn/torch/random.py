"""torch's generators: the default one, and others, over the core's streams.

Numbers are those of torch's CPU generator, bit for bit; see `jaxnn.random`.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np

from jaxnn import random as streams
from jaxnn.torch import dtypes
from jaxnn.torch.devices import device as Device
from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor, of_array, values

_STATE_BYTES = 5056


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
        device: where the stream is defined: "cpu".

    Source: ``torch.Generator``.

    >>> import jaxnn.torch as torch
    >>> generator = torch.Generator().manual_seed(0)
    >>> torch.rand(2, generator=generator)
    tensor([0.4963, 0.7682])
    """

    __module__ = "jaxnn.torch"

    def __init__(self, device: Any = "cpu") -> None:
        self._device = Device(device)
        self._stream: streams.Generator | None = None
        if self._device.type != "cpu":
            streams.Generator(self._device.type)  # says what there is instead

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
        return streams.Generator()

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
        """Where the stream stands, as torch's 5,056 bytes.

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
        size = new_state.numel()
        if size != _STATE_BYTES:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {_STATE_BYTES} but found the input RNG "
                f"state size to be {size}"
            )
        try:
            self.stream.set_state(values(new_state).tobytes())
        except ValueError:
            raise RuntimeError("Invalid mt19937 state") from None
        return self

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
        stream = streams.Generator()
        stream.seed()
        return stream


default_generator: Generator = _DefaultGenerator()


def manual_seed(seed: Any) -> Generator:
    """Seed the default generator, and return it.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(7)
    >>> torch.randn(3)
    tensor([-0.1468,  0.7861,  0.9468])

    Source: ``torch.manual_seed``.
    """
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Seed the default generator so that no one can foretell it, and return the seed.

    Source: ``torch.seed``.
    """
    return default_generator.seed()


def initial_seed() -> int:
    """The seed of the default generator.

    Source: ``torch.initial_seed``.
    """
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """Where the default generator stands, as torch's 5,056 bytes.

    Source: ``torch.get_rng_state``.
    """
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Let the default generator go on from a state of `get_rng_state`.

    Source: ``torch.set_rng_state``.
    """
    default_generator.set_state(new_state)


@contextlib.contextmanager
def fork_rng(devices: Any = None, enabled: bool = True, device_type: str = "cpu") -> Iterator[None]:
    """A ``with`` block after which the default generator stands where it stood before.

    Source: ``torch.random.fork_rng``.
    """
    state = get_rng_state() if enabled else None
    try:
        yield
    finally:
        if state is not None:
            set_rng_state(state)

"""``torch.random``: the default generators' seeds and states.

Numbers are those of torch's own generators, bit for bit; see `jaxnn.random`.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from jaxnn.torch import lacking
from jaxnn.torch.devices import device as Device
from jaxnn.torch.devices import device_count
from jaxnn.torch.generator import Generator as Generator
from jaxnn.torch.generator import default_generator as default_generator
from jaxnn.torch.generator import gpu_generators
from jaxnn.torch.tensor import Tensor


def manual_seed(seed: Any) -> Generator:
    """Seed the default generator, those of GPUs too, and return the CPU's.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(7)
    >>> torch.randn(3)
    tensor([-0.1468,  0.7861,  0.9468])

    Source: ``torch.manual_seed``.
    """
    seeded = default_generator.manual_seed(int(seed))
    gpu_generators.manual_seed(seeded.initial_seed())
    return seeded


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
def fork_rng(
    devices: Iterable[Any] | None = None,
    enabled: bool = True,
    _caller: str = "fork_rng",
    _devices_kw: str = "devices",
    device_type: str | None = None,
) -> Iterator[None]:
    """A ``with`` block after which the default generators stand where they stood before.

    Args:
        devices: the GPUs whose generators are meant besides the CPU's; by default all.
        enabled: whether the block is one.
        device_type: of those devices.

    Source: ``torch.random.fork_rng``.
    """
    if not enabled:
        yield
        return
    kind = Device(device_type or "cuda").type
    count = device_count() if kind == "cuda" else 0
    forked = [default_generator, *(gpu_generators[i] for i in _indices(devices, count))]
    states = [generator.get_state() for generator in forked]
    try:
        yield
    finally:
        for generator, state in zip(forked, states, strict=True):
            generator.set_state(state)


def _indices(devices: Iterable[Any] | None, count: int) -> Iterator[int]:
    for each in range(count) if devices is None else devices:
        index = each if isinstance(each, int) else Device(each).index or 0
        if not count:
            raise AssertionError("Torch not compiled with CUDA enabled")
        yield index


def __getattr__(name: str) -> Any:
    raise lacking.function("random", name)

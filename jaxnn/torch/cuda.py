"""What is there of ``torch.cuda``: the GPUs that JAX has, and their generators."""

from typing import Any

import jax

from jaxnn.torch import lacking
from jaxnn.torch.devices import device as Device
from jaxnn.torch.devices import device_count as device_count
from jaxnn.torch.generator import Generator, gpu_generators
from jaxnn.torch.tensor import Tensor


def is_available() -> bool:
    """Whether JAX has a GPU.

    >>> import jaxnn.torch as torch
    >>> device = "cuda" if torch.cuda.is_available() else "cpu"

    Source: ``torch.cuda.is_available``.
    """
    return device_count() > 0


def is_initialized() -> bool:
    """Whether a GPU is in use: JAX starts all that it has.

    Source: ``torch.cuda.is_initialized``.
    """
    return is_available()


def current_device() -> int:
    """The index of the GPU that "cuda" means: the first.

    Source: ``torch.cuda.current_device``.
    """
    _ = Device("cuda").jax_device  # raises where there is none
    return 0


def get_device_name(device: Any = None) -> str:
    """What a GPU is called.

    Source: ``torch.cuda.get_device_name``.
    """
    place = Device("cuda", device) if isinstance(device, int) else Device(device or "cuda")
    return place.jax_device.device_kind


def synchronize(device: Any = None) -> None:
    """Wait until a GPU has done all that was asked of it.

    Source: ``torch.cuda.synchronize``.
    """
    _ = Device("cuda").jax_device  # raises where there is none
    jax.effects_barrier()
    jax.block_until_ready(jax.live_arrays("gpu"))


def empty_cache() -> None:
    """Do nothing: JAX's memory of a GPU stays its own.

    Source: ``torch.cuda.empty_cache``.
    """


def _generators() -> list[Generator]:
    return [gpu_generators[index] for index in range(device_count())]


def _current() -> Generator:
    if not is_available():
        raise AssertionError("Torch not compiled with CUDA enabled")
    return gpu_generators[0]


def manual_seed(seed: Any) -> None:
    """Seed the generator of the first GPU; nothing where there is none.

    Source: ``torch.cuda.manual_seed``.
    """
    seed = int(seed)
    for generator in _generators()[:1]:
        generator.manual_seed(seed)


def manual_seed_all(seed: Any) -> None:
    """Seed the generator of every GPU.

    Source: ``torch.cuda.manual_seed_all``.
    """
    gpu_generators.manual_seed(int(seed))


def seed() -> None:
    """Seed the generator of the first GPU so that no one can foretell it.

    Source: ``torch.cuda.seed``.
    """
    for generator in _generators()[:1]:
        generator.seed()


def seed_all() -> None:
    """Seed the generator of every GPU with one seed that no one can foretell.

    Source: ``torch.cuda.seed_all``.
    """
    for number, generator in enumerate(_generators()):
        chosen = gpu_generators[0].initial_seed() if number else generator.seed()
        generator.manual_seed(chosen)


def initial_seed() -> int:
    """The seed of the first GPU's generator.

    Source: ``torch.cuda.initial_seed``.
    """
    return _current().initial_seed()


def get_rng_state(device: Any = "cuda") -> Tensor:
    """Where a GPU's generator stands, as torch's 16 bytes.

    Source: ``torch.cuda.get_rng_state``.
    """
    return _of(device).get_state()


def set_rng_state(new_state: Tensor, device: Any = "cuda") -> None:
    """Let a GPU's generator go on from a state of `get_rng_state`; nothing where there is none.

    Source: ``torch.cuda.set_rng_state``.
    """
    if is_available():
        _of(device).set_state(new_state)


def get_rng_state_all() -> list[Tensor]:
    """Where the generators of all GPUs stand.

    Source: ``torch.cuda.get_rng_state_all``.
    """
    return [generator.get_state() for generator in _generators()]


def set_rng_state_all(new_states: list[Tensor]) -> None:
    """Let the generators of all GPUs go on from states of `get_rng_state_all`.

    Source: ``torch.cuda.set_rng_state_all``.
    """
    for index, state in enumerate(new_states):
        set_rng_state(state, index)


def _of(device: Any) -> Generator:
    current = _current()
    index = device if isinstance(device, int) else Device(device).index
    return gpu_generators[index] if index else current


def __getattr__(name: str) -> Any:
    raise lacking.function("cuda", name)

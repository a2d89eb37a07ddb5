"""torch's generator as a pytree: mutable to its owner, an immutable state to JAX."""

import secrets

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from jaxnn.random import state as states
from jaxnn.random.state import State

_seeded = jax.jit(states.from_seed)


@jax.tree_util.register_pytree_node_class
class Generator:
    """A stream of random numbers with the methods, and the numbers, of ``torch.Generator``.

    The functions of `jaxnn.random` draw from it in torch's order and advance it. It is a pytree,
    so it goes through `jax.jit`, `jax.vmap`, `jax.lax.scan` and checkpoints. A traced function may
    make one from a traced seed and draw from it freely; one that is passed into a traced function
    advances there only, so return it to keep what was drawn.

    Args:
        device: whose stream: "cpu", the MT19937 stream of torch's CPU generator. It is computed
            on whatever device JAX uses.

    Raises:
        NotImplementedError: for "cuda", torch's Philox stream.
        ValueError: for any other device.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(7)
        >>> print(jaxnn.random.normal(generator, (3,)))
        [-0.14678049  0.78613806  0.9468267 ]

    Source: ``torch.Generator``.
    """

    __slots__ = ("device", "state")

    def __init__(self, device: str = "cpu") -> None:
        if device == "cuda":
            raise NotImplementedError(
                "torch's CUDA stream (Philox) is not there yet; Generator(device='cpu') gives "
                "the stream of torch's CPU generator on every device, GPUs included"
            )
        if device != "cpu":
            raise ValueError(f"device must be 'cpu', got {device!r}")
        self.device = device
        self.manual_seed(states.DEFAULT_SEED)

    def manual_seed(self, seed: int | jax.Array) -> "Generator":
        """Start the stream that belongs to a seed, and return the generator.

        Args:
            seed: an int from -2**63 to 2**64 - 1, negative ones standing for themselves plus
                2**64; or an integer scalar array, traced or not. Only the low 32 bits decide the
                stream.

        Raises:
            TypeError: if the seed is no integer.
            ValueError: if it is out of range.

        Source: ``torch.Generator.manual_seed``.
        """
        self.state: State = _seeded(_seed_halves(seed))
        return self

    def seed(self) -> int:
        """Seed from the operating system's randomness, and return the 64-bit seed."""
        seed = secrets.randbits(64)
        self.manual_seed(seed)
        return seed

    def initial_seed(self) -> int:
        """Return the seed last set, from 0 to 2**64 - 1."""
        return states.join_halves(self.state.seed)

    def get_state(self) -> bytes:
        """Return the state in torch's own 5,056 bytes.

        ``torch.Generator().set_state`` takes them as a ByteTensor, and goes on where this stands.
        """
        return states.to_bytes(self.state)

    def set_state(self, data: bytes) -> "Generator":
        """Go on from a state that `get_state` gave, here or in torch, and return the generator.

        Raises:
            ValueError: if the bytes are not such a state.
        """
        self.state = states.from_bytes(bytes(data))
        return self

    def __repr__(self) -> str:
        if isinstance(self.state.seed, Tracer):
            return f"Generator(device={self.device!r}, traced)"
        return f"Generator(device={self.device!r}, initial_seed={self.initial_seed()})"

    def tree_flatten(self) -> tuple[tuple[State], str]:
        """Return the state as JAX's leaf-bearing child, and the device as static data."""
        return (self.state,), self.device

    @classmethod
    def tree_unflatten(cls, device: str, children: tuple[State]) -> "Generator":
        """Make a generator around a state, without seeding."""
        generator = object.__new__(cls)
        generator.device = device
        (generator.state,) = children
        return generator


def _seed_halves(seed: int | jax.Array) -> jax.Array | np.ndarray:
    """Return a seed as uint32[2], low half first."""
    if isinstance(seed, int) and not isinstance(seed, bool):
        if not -(2**63) <= seed < 2**64:
            raise ValueError(f"a seed must lie in [-2**63, 2**64 - 1], got {seed}")
        return states.halves(seed)
    array = jnp.asarray(seed) if isinstance(seed, jax.Array) else np.asarray(seed)
    if array.ndim or not jnp.issubdtype(array.dtype, np.integer):
        raise TypeError(
            "a seed must be an int or an integer scalar array, got "
            f"{type(seed).__name__} of {array.dtype}{list(array.shape)}; "
            "for several streams, jax.vmap over the seeds"
        )
    if not isinstance(array, jax.Array):
        return states.halves(int(array))
    # An arithmetic shift fills the high half with a negative seed's sign.
    high = array >> 32 if array.dtype.itemsize == 8 else array >> (8 * array.dtype.itemsize - 1)
    if jnp.issubdtype(array.dtype, np.unsignedinteger) and array.dtype.itemsize < 8:
        high = jnp.zeros_like(array)
    return jnp.stack([array.astype(jnp.uint32), high.astype(jnp.uint32)])

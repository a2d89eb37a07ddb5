"""torch's generator as a pytree: mutable to its owner, an immutable state to JAX."""

import functools
import re
import secrets
from collections.abc import Callable
from types import ModuleType

import jax
from jax.core import Tracer

from jaxnn._checks import complaint, describe
from jaxnn.random.arguments import as_int
from jaxnn.random.cuda.profiles import Profile, as_profile
from jaxnn.random.engines import ENGINES, State, engine_of
from jaxnn.random.seeds import DEFAULT_SEED, as_halves, halves, join_halves


@jax.tree_util.register_pytree_node_class
class Generator:
    """A stream of random numbers with the methods, and the numbers, of ``torch.Generator``.

    The functions of `jaxnn.random` draw from it in torch's order and advance it. It is a pytree,
    so it goes through `jax.jit`, `jax.vmap`, `jax.lax.scan` and checkpoints. A traced function may
    make one from a traced seed and draw from it freely; one that is passed into a traced function
    advances there only, so return it to keep what was drawn.

    Args:
        device: whose stream: "cpu", the MT19937 stream of torch's CPU generator; or "cuda" (or
            "cuda:0", …), the Philox stream of its CUDA generators. Either is computed on whatever
            device JAX uses.
        profile: for "cuda" the card, by its name in `jaxnn.random.PROFILES` or as a `Profile`.
            By default the A100. Draws of up to ``profile.threads`` numbers (221,184 there) are the
            same on every card with as many threads; beyond, each kind of card has its own.

    Raises:
        ValueError: for any other device, a name of no known card, or a profile for "cpu".

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(7)
        >>> print(jaxnn.random.normal(generator, (3,)))
        [-0.1467951   0.7861413   0.94682163]
        >>> generator = jaxnn.random.Generator("cuda", profile="T4").manual_seed(0)
        >>> print(jaxnn.random.uniform(generator, (3,)))
        [0.39904648 0.51667917 0.02493039]

    Source: ``torch.Generator``.
    """

    __slots__ = ("device", "state")

    def __init__(self, device: str = "cpu", profile: str | Profile | None = None) -> None:
        if not re.fullmatch(r"cpu|cuda(:\d+)?", str(device)):
            must, instead = "device must be 'cpu' or 'cuda'", "use device='cpu'"
            raise ValueError(complaint("Generator", must, repr(device), instead))
        if device == "cpu" and profile is not None:
            must, instead = "the CPU's stream has no profile", "use device='cuda'"
            raise ValueError(complaint("Generator", must, repr(profile), instead))
        self.device = device
        settings = () if device == "cpu" else (as_profile(profile),)
        self.state: State = _seeded(ENGINES[device.split(":")[0]], *settings)(halves(DEFAULT_SEED))

    @property
    def profile(self) -> Profile | None:
        """The card whose stream this is; None for the CPU's."""
        return getattr(self.state, "profile", None)

    def _settings(self) -> tuple[Profile, ...]:
        """What an engine takes besides a seed or bytes to make a state of this generator's kind."""
        return () if self.profile is None else (self.profile,)

    def manual_seed(self, seed: int | jax.Array) -> "Generator":
        """Start the stream that belongs to a seed, and return the generator.

        Args:
            seed: an int from -2**63 to 2**64 - 1, negative ones standing for themselves plus
                2**64; or an integer scalar array, traced or not. Only the low 32 bits decide the
                CPU's stream, all 64 the CUDA stream.

        Raises:
            TypeError: if the seed is no integer.
            ValueError: if it is out of range.

        Source: ``torch.Generator.manual_seed``.
        """
        self.state = _seeded(engine_of(self.state), *self._settings())(as_halves(seed))
        return self

    def seed(self) -> int:
        """Seed from the operating system's randomness, and return the 64-bit seed."""
        seed = secrets.randbits(64)
        self.manual_seed(seed)
        return seed

    def initial_seed(self) -> int:
        """Return the seed last set, from 0 to 2**64 - 1."""
        return join_halves(one_stream(self).seed)

    def jump(self, n: int) -> "Generator":
        """Go n 32-bit words on, as if they had been drawn, and return the generator.

        It takes about as long for every n. So parts of one stream can be drawn apart from each
        other: part i of parts of m words starts at ``jump(i * m)``.

        In a CUDA stream these are words of every thread, in which torch's offset counts:
        ``jump(n)`` is ``set_offset(get_offset() + n)``. A draw takes 4, or more if there are more
        numbers than threads.

        Args:
            n: a Python number from 0 on, of any size; for "cuda" a multiple of 4.

        Raises:
            ValueError: if n < 0, or for "cuda" no multiple of 4.

        Example:
            >>> import jaxnn
            >>> drawn, jumped = jaxnn.random.Generator(), jaxnn.random.Generator().jump(1000)
            >>> _ = jaxnn.random.uniform(drawn, (1000,))  # one word each
            >>> drawn.get_state() == jumped.get_state()
            True
        """
        n = as_int("jump", "n", n)
        if n < 0:
            raise ValueError(complaint("jump", "n must be 0 or more", str(n), "use jump(0)"))
        state = one_stream(self)
        self.state = engine_of(state).jump(state, n)
        return self

    def lanes(self, count: int, apart: int) -> "Generator":
        """Return a batch of generators for `jax.vmap`, that start at equal distances from here.

        The first stands where this one stands, which stays there. Lanes that draw no more than
        ``apart`` words each do not meet: together they make what this one would make alone.

        Args:
            count: how many, 1 or more.
            apart: the distance in words, as `jump` counts them, 0 or more.

        Returns:
            A Generator whose state has a leading axis of ``count``.

        Raises:
            ValueError: if count < 1 or apart < 0.

        Example:
            >>> import jax, jaxnn
            >>> lanes = jaxnn.random.Generator().manual_seed(0).lanes(4, apart=1000)
            >>> rows = jax.vmap(lambda g: jaxnn.random.uniform(g, (1000,)))(lanes)
            >>> alone = jaxnn.random.uniform(jaxnn.random.Generator().manual_seed(0), (4000,))
            >>> bool((rows.reshape(-1) == alone).all())
            True
        """
        for name, n, least in (("count", count, 1), ("apart", apart, 0)):
            if as_int("lanes", name, n) < least:
                must = f"{name} must be {least} or more"
                raise ValueError(complaint("lanes", must, str(n), f"use {name}={least}"))
        state = one_stream(self)
        states = engine_of(state).lanes(state, count, apart)
        return Generator.tree_unflatten(self.device, (states,))

    def get_state(self) -> bytes:
        """Return the state in torch's own 5,056 bytes, or 16 for "cuda".

        ``set_state`` of torch's generator takes them as a ByteTensor, and goes on where this
        stands.
        """
        state = one_stream(self)
        return engine_of(state).to_bytes(state)

    def set_state(self, data: bytes) -> "Generator":
        """Go on from a state that `get_state` gave, here or in torch, and return the generator.

        Raises:
            ValueError: if the bytes are not such a state.
        """
        self.state = engine_of(self.state).from_bytes(bytes(data), *self._settings())
        return self

    def __repr__(self) -> str:
        seed = self.state.seed
        if isinstance(seed, jax.Array) and not isinstance(seed, Tracer) and seed.shape == (2,):
            return f"Generator(device={self.device!r}, initial_seed={self.initial_seed()})"
        kind = describe(seed) if isinstance(seed, jax.Array) else seed
        return f"Generator(device={self.device!r}, seed={kind})"

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


@functools.cache
def _seeded(engine: ModuleType, *settings: Profile) -> Callable[..., State]:
    return jax.jit(lambda seed: engine.from_seed(seed, *settings))


def one_stream(generator: Generator) -> State:
    """Return a generator's state, or raise a ValueError where it is a batch of them."""
    state = generator.state
    if state.seed.ndim != 1:
        must, instead = "a generator draws from one stream", "jax.vmap over the batch"
        raise ValueError(complaint("Generator", must, f"{state.seed.shape[:-1]} of them", instead))
    return state


Rng = jax.Array | Generator  # what every function that draws takes first

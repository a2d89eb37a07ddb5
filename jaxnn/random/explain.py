"""Why numbers differ: a call's stream, the path it takes there, and how many words."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple, overload

import numpy as np
from jax.typing import DTypeLike

from jaxnn._checks import check_choice
from jaxnn.random import cpu, cuda
from jaxnn.random.arguments import Shape, as_shape
from jaxnn.random.cpu.discrete import LONG_PERMUTATION
from jaxnn.random.cuda.launch import threads, words_taken
from jaxnn.random.generator import Generator, one_stream
from jaxnn.random.ranges import integer_range

#: The torch release whose streams these are (its x86-64 CPU build, with AVX2).
TORCH_RELEASE = "2.13"

OVERVIEW = f"""\
Streams    "cpu": MT19937, seeded with the low 32 bits of the seed; one generator, one thread.
           "cuda": Philox4x32-10, keyed by all 64 bits; every thread of a kernel has its own words.
           One seed gives other numbers on the two, and a JAX key others again.
Release    torch {TORCH_RELEASE}, built for x86-64 with AVX2. Others differ in places: before about
           2.7, exponential, bernoulli(p) and dropout drew from MKL's own stream on Intel CPUs;
           older ones drew 16-bit floats from fewer bits; without AVX2 and FMA, normals and bounded
           uniforms round differently in the last place.
Path       One function has several. A normal draw of 16 numbers or more into a contiguous tensor is
           made in blocks, any other one by one: the first 8 of normal((16,)) are not normal((8,)).
Order      torch fills memory: a transposed tensor gets its numbers in the order of its strides.
Cache      Normals made one by one come in pairs. normal((7,)) leaves the eighth in the generator,
           for whatever draws such a normal next; normal((8,)) leaves none. Seeding clears it.
Cards      A CUDA kernel runs one thread a number, but no more than the card holds. Beyond that the
           numbers depend on the card: its SMs times the threads of each, see Profile.

explain("normal", (7,)) says it of one call."""


class Explanation(NamedTuple):
    """What becomes of one call.

    Attributes:
        call: the call, in words.
        stream: the engine, and for which release and card.
        path: how the numbers are made of words.
        words: by how many 32-bit words the generator moves on, a CUDA generator in every thread;
            None where chance decides.
        cached: whether a normal is left in the generator; None where chance decides.
    """

    call: str
    stream: str
    path: str
    words: int | None
    cached: bool | None

    def __str__(self) -> str:
        unknown = "as many as chance wants" if self.path is CHANCE else "see the kernel"
        words = unknown if self.words is None else f"{self.words:,}"
        lines = {"Call": self.call, "Stream": self.stream, "Path": self.path, "Words": words}
        if self.cached:
            lines["Cache"] = "one normal stays in the generator, for the next that is made singly"
        return "\n".join(f"{name:<8}{text}" for name, text in lines.items())


class _Call(NamedTuple):
    """What a rule needs to know of a call."""

    function: str
    shape: tuple[int, ...]
    dtype: np.dtype
    options: dict[str, Any]

    @property
    def size(self) -> int:
        """How many numbers are drawn, or how many parameters there are."""
        return math.prod(self.shape)

    @property
    def reals(self) -> int:
        """How many real numbers are drawn: a complex one is two."""
        return self.size * (2 if self.dtype.kind == "c" else 1)

    @property
    def real(self) -> np.dtype:
        """The dtype of those."""
        return self.dtype.type(0).real.dtype if self.dtype.kind == "c" else self.dtype


@overload
def explain() -> str: ...
@overload
def explain(
    function: str,
    shape: Shape = ...,
    dtype: DTypeLike | None = ...,
    *,
    rng: Generator | None = ...,
    **options: Any,
) -> Explanation: ...
def explain(
    function: str | None = None,
    shape: Shape = (),
    dtype: DTypeLike | None = None,
    *,
    rng: Generator | None = None,
    **options: Any,
) -> Explanation | str:
    """Say which stream and which path a call draws from, and how many words it takes.

    Without a function: what decides torch's numbers at all, as text.

    Args:
        function: the name of a function of this module, or "dropout".
        shape: as that function takes it, a number for permutation; that of the parameters where
            it takes none.
        dtype: as that function takes it, by default as there; that of the parameters, as for
            bernoulli with ``each``, where these decide.
        rng: the Generator that would be passed; by default a fresh ``Generator()``. It is not
            advanced.
        **options: what else decides the path: ``contiguous`` of normal, ``low`` and ``high`` of
            randint, ``each`` of bernoulli (True if p is an array), ``num_samples`` and
            ``replacement`` of multinomial.

    Returns:
        An `Explanation`, which prints as a few lines; or the overview, a string.

    Raises:
        ValueError: if there is no such function.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.explain("normal", (7,)))
        Call    normal of 7 × float32
        Stream  MT19937, that of torch 2.13's CPU generator
        Path    one by one, in double whatever the dtype: fewer than 16 or not contiguous
        Words   16
        Cache   one normal stays in the generator, for the next that is made singly
    """
    if function is None:
        return OVERVIEW
    check_choice("explain", "function", function, tuple(_RULES))
    for option in options:
        check_choice("explain", "the option", option, _OPTIONS)
    generator = Generator() if rng is None else rng
    state = one_stream(generator)
    dtype = np.dtype(_DTYPES.get(function, np.float32) if dtype is None else dtype)
    call = _Call(function, as_shape("explain", shape), dtype, options)
    text = f"{function} of {call.size:,} × {dtype}"
    if isinstance(state, cuda.State):
        path, words = _cuda(call, state)
        card = f"{state.profile.sms} SMs of {state.profile.threads_per_sm} threads"
        stream = f"Philox4x32-10, that of torch {TORCH_RELEASE}'s CUDA generator on {card}"
        return Explanation(text, stream, path, words, cached=False)
    stream = f"MT19937, that of torch {TORCH_RELEASE}'s CPU generator"
    path, words = _RULES[function](call)
    cached = None if function in ("gamma", "dirichlet") else bool(state.has_normal)
    if path is SINGLY:
        fresh = call.reals - bool(cached)
        cached, words = bool(fresh % 2), 4 * -(-max(fresh, 0) // 2)
    return Explanation(text, stream, path, words, cached)


Rule = Callable[[_Call], tuple[str, int | None]]
SINGLY = "one by one, in double whatever the dtype: fewer than 16 or not contiguous"
CHANCE = "by rejection, number by number, in double: each takes what it needs"
TWO_EACH = "one double in [0, 1) a number, whatever the dtype"


def _uniform(call: _Call) -> tuple[str, int]:
    bits = 53 if call.real == np.float64 else 24
    return f"{bits} bits a number, as a fraction", cpu.words_of_uniform(call.reals, call.real)


def _normal(call: _Call) -> tuple[str, int | None]:
    if call.reals < cpu.BLOCK or not call.options.get("contiguous", True):
        return SINGLY, None
    rest = ", the last 16 numbers once more" if call.reals % cpu.BLOCK else ""
    path = f"blocks of 16 by Box and Muller in {_working(call.real)}{rest}"
    return path, cpu.words_of_normal(call.reals, call.real)


def _working(dtype: np.dtype) -> str:
    return "float64" if dtype == np.float64 else "float32"


def _randint(call: _Call) -> tuple[str, int]:
    spread = integer_range(call.options.get("low"), call.options.get("high"), call.dtype)
    if spread.long:
        return "the remainder of 64 bits: from 2**28 values on", 2 * call.size
    return "the remainder of 32 bits: fewer than 2**28 values", call.size


def _permutation(call: _Call) -> tuple[str, int]:
    if call.size >= LONG_PERMUTATION:
        return f"inside out, by 64 bits each: from {LONG_PERMUTATION:,} on", 2 * call.size
    return "n - 1 swaps, by 32 bits each", max(call.size - 1, 0)


def _bernoulli(call: _Call) -> tuple[str, int]:
    if not call.options.get("each"):
        return "p is a number: a double in [0, 1) is compared with it", 2 * call.size
    if call.dtype == np.float64:
        return "p is a float64 array: 53 bits are compared with each", 2 * call.size
    return "p is an array narrower than float64: 24 bits are compared with each", call.size


def _multinomial(call: _Call) -> tuple[str, int]:
    samples = call.options.get("num_samples", 1)
    if call.options.get("replacement") and samples > 1:
        words = 2 * math.prod(call.shape[:-1]) * samples
        return "one double a sample, sought in the running sums", words
    return "one exponential time a category; the first ones win", 2 * call.size


_RULES: dict[str, Rule] = {
    "uniform": _uniform,
    "normal": _normal,
    "log_normal": lambda call: (SINGLY, None),
    "randint": _randint,
    "permutation": _permutation,
    "bernoulli": _bernoulli,
    **dict.fromkeys(
        ("exponential", "cauchy", "geometric", "dropout"),
        lambda call: (TWO_EACH, 2 * call.size),
    ),
    "multinomial": _multinomial,
    **dict.fromkeys(("poisson", "binomial", "gamma", "dirichlet"), lambda call: (CHANCE, None)),
}
_OPTIONS = ("contiguous", "low", "high", "each", "num_samples", "replacement")
_DTYPES = {
    "randint": np.int32,
    "permutation": np.int32,
    "geometric": np.int32,
    "bernoulli": np.bool_,
}


def _cuda(call: _Call, state: cuda.State) -> tuple[str, int | None]:
    own = call.function in ("permutation", "dropout") or call.options.get("each")
    if not hasattr(cuda, "dropout_mask" if call.function == "dropout" else call.function):
        return "none yet: the call raises NotImplementedError", None
    if own:
        return "a kernel of its own", None
    long = call.function == "randint" and _randint(call)[1] > call.size
    # Numbers that a thread makes of four words.
    lanes = 2 if long or call.real == np.float64 else 4
    running = threads(call.reals, state.profile)
    cards = "every card" if call.reals <= state.profile.threads else "cards of as many threads"
    path = f"{running:,} threads, up to {lanes} numbers of each at a time: so on {cards}"
    return path, words_taken(call.reals, lanes, state.profile) if call.reals else 0

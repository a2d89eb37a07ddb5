"""Every draw that is compared with torch: one row a call, for jaxnn and for torch alike."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn

# Around the block of 16, the engine's 624 words and the 79,872 words of one step of the main loop.
SIZES = (0, 1, 15, 16, 17, 625, 100_003)
SIZES_OF_16_BITS = (1, 17, 1000)


class Case(NamedTuple):
    """A call: which function, how many numbers of which dtype, and its parameters."""

    function: str
    n: int
    dtype: str
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        options = ",".join(f"{k}={v}" for k, v in self.options)
        return f"{self.function}({self.n},{self.dtype}{',' * bool(options)}{options})"


def _floats(n: int, dtype: str) -> list[Case]:
    return [
        Case("uniform", n, dtype),
        Case("uniform", n, dtype, (("low", -0.3), ("high", 2.7))),
        Case("normal", n, dtype),
        Case("normal", n, dtype, (("mean", 0.7), ("std", 1.3))),
        Case("normal", n, dtype, (("contiguous", False),)),
        Case("bernoulli_each", n, dtype),
    ]


def _table() -> list[Case]:
    rows = []
    for n in SIZES:
        for dtype in ("float32", "float64"):
            rows += _floats(n, dtype)
        rows.append(Case("bernoulli", n, "bool", (("p", 0.3),)))
        rows.append(Case("permutation", n, "int64"))
        rows.append(Case("randint", n, "int64", (("low", 0), ("high", 10))))
    for n in SIZES_OF_16_BITS:
        rows += _floats(n, "float16") + _floats(n, "bfloat16")
    for dtype, low, high in (
        ("bool", 0, 2),
        ("int8", -128, 128),
        ("uint8", 0, 200),
        ("int16", -5, 32768),
        ("int32", -(2**31), 2**31),
        ("int64", -(2**63), 2**63 - 1),
        ("int64", 7, 2**28 + 7),
        ("int64", 7, 2**28 + 6),
        ("float16", 0, 2049),
        ("float16", -2060, -2047),
        ("bfloat16", -3, 258),
        ("float32", 2**24 + 1, 2**24 + 9),
        ("float64", -(2**53) - 1, 2**53 + 1),
    ):
        rows.append(Case("randint", 1000, dtype, (("low", low), ("high", high))))
    for p in (0.0, 1.0, 0.5, 2.0**-53, 1 - 2.0**-53, 1 / 3):
        rows.append(Case("bernoulli", 1000, "bool", (("p", p),)))
    return rows


TABLE = _table()


def probabilities(case: Case) -> np.ndarray:
    """Evenly spread probabilities, in the case's dtype."""
    return np.linspace(0, 1, case.n).astype(jnp.dtype(case.dtype))


def draw(case: Case, generator: jaxnn.random.Generator) -> jax.Array:
    """Make the call with jaxnn."""
    options = dict(case.options)
    if case.function == "permutation":
        return jaxnn.random.permutation(generator, case.n, case.dtype)
    if case.function == "bernoulli":
        return jaxnn.random.bernoulli(generator, options["p"], (case.n,))
    if case.function == "bernoulli_each":
        with jax.enable_x64(True):
            p = jnp.asarray(probabilities(case))
        return jaxnn.random.bernoulli(generator, p)
    if case.function == "randint":
        return jaxnn.random.randint(generator, (case.n,), dtype=case.dtype, **options)
    return getattr(jaxnn.random, case.function)(generator, (case.n,), case.dtype, **options)

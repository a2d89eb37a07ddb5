"""Every draw that is compared with torch: one row a call, for jaxnn and for torch alike."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn

# Around the block of 16, the engine's 624 words and the 79,872 words of one step of the main loop.
SIZES = (0, 1, 15, 16, 17, 625, 100_003)
SIZES_OF_16_BITS = (1, 17, 1000)
FLOATS = ("float16", "bfloat16", "float32", "float64")
COUNTS = ("int8", "int16", "int32", "int64", "uint8")


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
    for dtype in (*FLOATS, *COUNTS):
        rows.append(Case("bernoulli", 33, dtype, (("p", 0.3),)))
    for n, dtype in ((1, "float32"), *((1000, dtype) for dtype in FLOATS)):
        rows += transformed(n, dtype) + normals_of_arrays(n, dtype)
    for n, dtype in ((7, "complex64"), (8, "complex128"), (1001, "complex64")):
        rows += complexes(n, dtype)
    rows += transformed(100_003, "float32")
    for dtype in COUNTS:
        rows += [Case("geometric", 1000, dtype, (("p", p),)) for p in (0.3, 1e-3, 1e-12)]
    return rows + whole_ranges()


def transformed(n: int, dtype: str) -> list[Case]:
    """Calls that make each number of one fraction, or of one scalar normal."""
    return [
        Case("exponential", n, dtype),
        Case("exponential", n, dtype, (("rate", 0.37),)),
        Case("cauchy", n, dtype),
        Case("cauchy", n, dtype, (("median", 0.3), ("sigma", 1.7))),
        Case("log_normal", n, dtype),
        Case("log_normal", n, dtype, (("mean", 0.3), ("std", 0.7))),
        Case("geometric", n, dtype, (("p", 0.3),)),
        Case("geometric", n, dtype, (("p", 1e-12),)),
    ]


def normals_of_arrays(n: int, dtype: str) -> list[Case]:
    """Calls with an array of means, of deviations or of both; None stands for the array."""
    return [
        Case("normal_each", n, dtype, (("mean", None), ("std", None))),
        Case("normal_each", n, dtype, (("mean", None), ("std", 0.7))),
        Case("normal_each", n, dtype, (("mean", 0.7), ("std", None))),
    ]


def complexes(n: int, dtype: str) -> list[Case]:
    """Calls for complex numbers."""
    return [
        Case("uniform", n, dtype),
        Case("normal", n, dtype),
        Case("normal", n, dtype, (("mean", 0.7), ("std", 1.3))),
        Case("normal", n, dtype, (("contiguous", False),)),
    ]


def whole_ranges() -> list[Case]:
    """Calls of random_ without an upper bound, or without any."""
    lows = {"int32": (None, 0, -3), "int64": (None, 5, -(2**63)), "uint16": (0,), "uint32": (5,)}
    lows |= dict.fromkeys(("bool", "uint8", "int8", "int16"), (None, 0))
    lows |= {"float16": (None, -3), "bfloat16": (None, -(2**62) + 1), "float32": (None, 5)}
    lows |= {"float64": (None, -(2**63))}
    return [
        Case("randint", 1000, dtype, (("low", low), ("high", None)))
        for dtype, each in lows.items()
        for low in each
    ]


TABLE = _table()


def probabilities(case: Case) -> np.ndarray:
    """Evenly spread probabilities, in the case's dtype."""
    return np.linspace(0, 1, case.n).astype(jnp.dtype(case.dtype))


def arrays(case: Case) -> dict[str, Any]:
    """Means and deviations of a case, evenly spread in its dtype where they are None."""
    spread = {"mean": np.linspace(-2, 2, case.n), "std": np.linspace(0, 3, case.n)}
    return {
        name: spread[name].astype(np.float32).astype(jnp.dtype(case.dtype)) if x is None else x
        for name, x in case.options
    }


def draw(case: Case, generator: jaxnn.random.Generator) -> jax.Array:
    """Make the call with jaxnn."""
    options = dict(case.options)
    if case.function == "permutation":
        return jaxnn.random.permutation(generator, case.n, case.dtype)
    if case.function == "bernoulli":
        return jaxnn.random.bernoulli(generator, options["p"], (case.n,), case.dtype)
    if case.function == "normal_each":
        return jaxnn.random.normal(generator, dtype=case.dtype, **arrays(case))
    if case.function == "geometric":
        return jaxnn.random.geometric(generator, options["p"], (case.n,), case.dtype)
    if case.function == "bernoulli_each":
        with jax.enable_x64(True):
            p = jnp.asarray(probabilities(case))
        return jaxnn.random.bernoulli(generator, p)
    if case.function == "randint":
        return jaxnn.random.randint(generator, (case.n,), dtype=case.dtype, **options)
    return getattr(jaxnn.random, case.function)(generator, (case.n,), case.dtype, **options)

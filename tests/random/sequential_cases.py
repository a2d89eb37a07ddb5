"""Draws of as many words as chance wants, and choices: one row a call, for jaxnn and for torch."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn

Values = tuple[float, ...]

# Around the rate from which on counts are proposed, and up to where a count's bits are decided by
# the last bits of lgamma.
RATES = (0.0, 1e-3, 0.5, 9.99, 10.0, 10.01, 30.0, 1e3, 1e8)
# Likewise; float32 does not hold the last ones' terms, and torch computes some of them in it.
TRIALS = (
    (0.0, 0.5), (5.0, 0.0), (5.0, 1.0), (5.0, 0.3), (7.0, 0.8), (1e3, 1e-3), (100.0, 0.0999),
    (100.0, 0.1), (100.0, 0.1001), (20.0, 0.5), (20.0, 0.51), (10.5, 0.3), (1e3, 0.3), (1e6, 0.7),
    (1e8, 1e-9), (1e8, 1e-6), (1e8, 0.3),
)  # fmt: skip
CONCENTRATIONS = (1e-3, 0.3, 0.99, 1.0, 1.5, 3.7, 100.0, 1e6)


class Case(NamedTuple):
    """A call: which function, the shape and dtype of its arrays, what is in them, and the rest."""

    function: str
    shape: tuple[int, ...]
    dtype: str
    arrays: tuple[tuple[str, Values], ...]
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        values = [f"{name}={_short(numbers)}" for name, numbers in self.arrays]
        values += [f"{name}={option}" for name, option in self.options]
        shape = ",".join(map(str, self.shape))
        return f"{self.function}({self.dtype}[{shape}],{','.join(values)})"


def _short(numbers: Values) -> str:
    return "|".join(f"{x:g}" for x in numbers[:3]) + "|…" * (len(numbers) > 3)


def poisson(dtype: str, *rates: float, n: int = 1000) -> Case:
    return Case("poisson", (n,), dtype, (("rate", rates),))


def binomial(dtype: str, *pairs: tuple[float, float], n: int = 1000) -> Case:
    counts, probs = zip(*pairs, strict=True)
    return Case("binomial", (n,), dtype, (("count", counts), ("prob", probs)))


def gamma(dtype: str, *concentrations: float, n: int = 1000) -> Case:
    return Case("gamma", (n,), dtype, (("concentration", concentrations),))


def dirichlet(dtype: str, *shape: int) -> Case:
    return Case("dirichlet", shape, dtype, (("concentration", (0.5, 1.0, 2.5, 10.0, 0.9)),))


def multinomial(
    dtype: str, shape: tuple[int, ...], places: int, replacement: bool, *, zeros: bool = False
) -> Case:
    weights = tuple((7919 * i % 1009 + 1) / 1009 for i in range(1009))
    weights = tuple(w * (i % 5 > 0) for i, w in enumerate(weights)) if zeros else weights
    options = ("num_samples", places), ("replacement", replacement)
    return Case("multinomial", shape, dtype, (("probs", weights),), options)


def _table() -> list[Case]:
    rows = []
    for dtype in ("float32", "float64"):
        rows += [poisson(dtype, rate) for rate in RATES] + [poisson(dtype, *RATES)]
        rows += [binomial(dtype, pair) for pair in TRIALS] + [binomial(dtype, *TRIALS)]
        rows += [gamma(dtype, alpha) for alpha in CONCENTRATIONS] + [gamma(dtype, *CONCENTRATIONS)]
        rows += [gamma(dtype, 1.5, n=1), gamma(dtype, 0.3, n=1)]
        rows += [dirichlet(dtype, 3), dirichlet(dtype, 60, 5), dirichlet(dtype, 2, 3, 600)]
        rows += [
            multinomial(dtype, (50,), 1, replacement=False),
            multinomial(dtype, (50,), 1, replacement=True),
            multinomial(dtype, (50,), 7, replacement=False),
            multinomial(dtype, (4, 300), 300, replacement=False),
            multinomial(dtype, (4, 300), 1000, replacement=True),
        ]
    for dtype in ("float16", "bfloat16"):
        rows += [poisson(dtype, 0.5), poisson(dtype, *RATES[:-1])]
        rows += [
            multinomial(dtype, (4, 300), 1, replacement=False),
            multinomial(dtype, (4, 300), 40, replacement=True),
            # Ties, by the heap of a partial sort, and by the cuts of a whole one.
            multinomial(dtype, (4, 300), 4, replacement=False),
            multinomial(dtype, (4, 300), 300, replacement=False),
        ]
    rows += [multinomial("float32", (2, 300), 290, replacement=False, zeros=True)]
    rows += [poisson("float32", 0.5, n=0), binomial("float32", (5.0, 0.5), n=0)]
    rows += [gamma("float32", 1.0, n=0), dirichlet("float32", 0, 3), dirichlet("float32", 3, 0)]
    rows += [multinomial("float32", (0, 3), 2, replacement=False)]
    return rows


TABLE = _table()


def arrays(case: Case) -> dict[str, np.ndarray]:
    """Return what the call is given, its values repeated to the shape."""
    dtype = jnp.dtype(case.dtype)
    return {name: np.resize(values, case.shape).astype(dtype) for name, values in case.arrays}


def draw(case: Case, generator: jaxnn.random.Generator | jax.Array) -> jax.Array:
    """Make the call with jaxnn."""
    function = getattr(jaxnn.random, case.function)
    return function(generator, **arrays(case), **dict(case.options))

"""Steps of float32 that round once, in doubles or without.

In doubles a product of two float32 is exact, and a CPU is several times as fast so. A TPU has no
IEEE doubles: there the steps are those of `jaxnn.random.exact_math`, in float32 and integers alone.
The bits are the same, and the formulas, which take either `Arithmetic`; `by_platform` chooses.

Doubles are traced within ``jax.enable_x64(True)``; the distributions see to that.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random import exact_math
from jaxnn.random.exact_math import bits_of, round_to_odd, two_sum, with_derivative
from jaxnn.random.words import widen

Result = TypeVar("Result")

# Here XLA takes pairs of float32 for a float64, which are not rounded as IEEE doubles are.
PLATFORMS_WITHOUT_DOUBLES = ("tpu",)


class Arithmetic(NamedTuple):
    """Steps of float32 that round once: `IN_DOUBLES` or `WITHOUT_DOUBLES`.

    Operands may be products, too: no step is contracted with what makes its operands.

    Attributes:
        fma: a * b + c.
        near_fma: the same, where the possible operands are so few that each was tried.
        product: a * b, out of reach of contraction with a sum that the caller makes.
        polynomial: of x and its coefficients, the highest first, by Horner's rule: each step a
            near_fma. A factor for `product`, which stays a double where there are doubles.
        sqrt: the square root of a number, 0 or normal.
    """

    fma: Callable[..., jax.Array]
    near_fma: Callable[..., jax.Array]
    product: Callable[..., jax.Array]
    polynomial: Callable[[jax.Array, Sequence[float]], jax.Array]
    sqrt: Callable[[jax.Array], jax.Array]


def by_platform(compute: Callable[..., Result], *operands: jax.Array) -> Result:
    """Return ``compute(arithmetic, *operands)``, the arithmetic as is best where it will run."""
    without = dict.fromkeys(PLATFORMS_WITHOUT_DOUBLES, partial(compute, WITHOUT_DOUBLES))
    return lax.platform_dependent(*operands, default=partial(compute, IN_DOUBLES), **without)


@with_derivative
def fma32(a: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    """Return float32 a * b + c rounded once, for all finite operands.

    On `PLATFORMS_WITHOUT_DOUBLES`, for operands in the range of `exact_math.fma`.
    """
    return by_platform(lambda arithmetic, *operands: arithmetic.fma(*operands), a, b, c)


def _single(x: jax.Array) -> jax.Array:
    return lax.convert_element_type(x, jnp.float32)


def _fma_in_doubles(a: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    total, error = two_sum(widen(a) * widen(b), widen(c))
    return _single(round_to_odd(total, error))


def _near_fma_in_doubles(a: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    """Return float32 a * b + c, the product exact and the sum rounded to double, then to float32.

    Two roundings differ from one for about one operand triple in 2**29.
    """
    return _single(widen(a) * widen(b) + widen(c))


def _product_in_doubles(a: jax.Array, b: jax.Array) -> jax.Array:
    return _single(widen(a) * widen(b))


def _polynomial_in_doubles(x: jax.Array, coefficients: Sequence[float]) -> jax.Array:
    """Return a polynomial, each step fused and rounded to float32, as doubles.

    As near as `_near_fma_in_doubles`, and faster: between the steps the numbers stay doubles,
    rounded on their bits, which takes two instructions where two conversions take eight.
    """
    x = widen(x)
    first, *rest = (float(np.float32(c)) for c in coefficients)
    y = jnp.full_like(x, first)
    for coefficient in rest:
        bits = bits_of(y * x + coefficient)
        y = lax.bitcast_convert_type((bits + (1 << 28)) & -(1 << 29), jnp.float64)
    return y


def _polynomial_without_doubles(x: jax.Array, coefficients: Sequence[float]) -> jax.Array:
    first, *rest = map(np.float32, coefficients)
    y = jnp.full_like(x, first)
    for coefficient in rest:
        y = exact_math.finite_fma(y, x, coefficient)
    return y


IN_DOUBLES = Arithmetic(
    _fma_in_doubles,
    _near_fma_in_doubles,
    _product_in_doubles,
    _polynomial_in_doubles,
    jnp.sqrt,
)
WITHOUT_DOUBLES = Arithmetic(
    exact_math.fma,
    exact_math.finite_fma,
    exact_math.product,
    _polynomial_without_doubles,
    exact_math.square_root,
)

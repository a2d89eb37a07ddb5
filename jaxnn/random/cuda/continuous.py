"""Numbers of continuous distributions from the stream, as torch's CUDA kernels make them.

Pure functions of a state and a static count that return ``(samples, state)``, see
`jaxnn.random.cuda.launch`. Doubles and 64-bit integers appear inside, so all of it is traced within
``jax.enable_x64(True)``; the functions of `jaxnn.random` see to that, to shapes and to checks.

The kernels compute in float64 for float64, and in float32 for all else. Their float32 sines,
tangents, exponentials and most logarithms are the GPU's approximations, to about 2**-21, where the
ones here are right to a unit or two in the last place. That is how near the samples are to torch's;
only `uniform`, which has none of them, gives torch's bits.

Source: torch's ``ATen/native/cuda/DistributionTemplates.h``, ``ATen/core/TransformationHelper.h``
and ``ATen/NumericUtils.h``.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random import exact_math
from jaxnn.random.cuda.curand import box_muller32, box_muller64, unit32, unit64
from jaxnn.random.cuda.launch import Samples, draw
from jaxnn.random.cuda.state import State
from jaxnn.random.single_math import fma32
from jaxnn.random.words import narrow

Pair = tuple[jax.Array, jax.Array]


def working(dtype: np.dtype) -> np.dtype:
    """Return the float type in which a kernel computes numbers of a dtype."""
    return np.dtype(np.float64 if dtype == np.float64 else np.float32)


def of_fractions(
    state: State, count: int, dtype: np.dtype, function: Callable[[jax.Array], jax.Array]
) -> Samples:
    """Draw what a function makes of fractions in (0, 1], in float64 for float64, else float32."""
    words, unit = (2, unit64) if dtype == np.float64 else (1, unit32)
    return draw(state, count, words, lambda *group: (function(unit(*group)),))


def uniform(state: State, count: int, dtype: np.dtype, bounds: Pair | None) -> Samples:
    """Return numbers in [low, high), as ``Tensor.uniform_(low, high)``; None for ``torch.rand``.

    The bits of torch: owners of GPUs have published digits, and that a model of this kind gives all
    bits of ``rand`` on an A10G, an L40, an L40S and an H100 (pytorch/pytorch#196613).

    Fractions that reach high, one among them, become low, so low comes up more often than its
    neighbours, in the 16-bit floats by far.
    """
    low, high = map(jnp.float64, (0.0, 1.0)) if bounds is None else bounds
    low, high = narrow(low, dtype), narrow(high, dtype)
    # Without the barrier a compiler may leave out that a 16-bit float's range is rounded.
    span, start = (
        lax.convert_element_type(x, working(dtype))
        for x in lax.optimization_barrier((high - low, low))
    )
    fma = exact_math.fma64 if dtype == np.float64 else fma32

    def within(unit: jax.Array) -> jax.Array:
        x = narrow(unit if bounds is None else fma(unit, span, start), dtype)
        return jnp.where(x == high, low, x)

    return of_fractions(state, count, dtype, within)


def normal(state: State, count: int, dtype: np.dtype, scale: Pair | None) -> Samples:
    """Return normals as ``Tensor.normal_(mean, std)``; None for ``torch.randn``.

    Standard normals are within 7e-7 of those that exact functions would give in float32, and 2e-15
    in float64 (measured on 20 and 4 million). torch's float32 are farther from them, by some 1e-6:
    they are made by a GPU's fast sine and cosine, for which CUDA promises 2**-21 up to pi and
    nothing beyond. All that is published agrees, to the four digits that are printed.
    """
    return _of_normals(state, count, dtype, scale, lambda x: x)


# torch's CUDA kernel makes one number as it makes many.
scalar_normal = normal


def _of_normals(
    state: State,
    count: int,
    dtype: np.dtype,
    scale: Pair | None,
    function: Callable[[jax.Array], jax.Array],
) -> Samples:
    words, pair = (4, box_muller64) if dtype == np.float64 else (2, box_muller32)

    def convert(*group: jax.Array) -> tuple[jax.Array, ...]:
        return tuple(narrow(function(_rescale(x, scale)), dtype) for x in pair(*group))

    return draw(state, count, words, convert)


def _rescale(x: jax.Array, scale: Pair | None) -> jax.Array:
    """Return x * std + mean in one rounding. Adding a zero mean turns -0 into 0, as this does."""
    if scale is None:
        return jnp.where(x == 0, jnp.zeros_like(x), x)
    mean, std = (lax.convert_element_type(number, x.dtype) for number in scale)
    fma = exact_math.fma64 if x.dtype == np.float64 else fma32
    return fma(x, std, mean)


def exponential(state: State, count: int, dtype: np.dtype, rate: jax.Array) -> Samples:
    """Return -ln(U) / rate, as ``Tensor.exponential_(rate)``: never 0, for U = 1 takes 1 - eps/2.

    torch's float32 are within 2**-21 / rate of these, or 3 units in the last place where that is
    more: what CUDA promises of its fast logarithm. No published numbers were found to check.
    """
    rate = lax.convert_element_type(rate, working(dtype))
    return of_fractions(state, count, dtype, lambda unit: narrow(decay(unit, rate), dtype))


def decay(unit: jax.Array, rate: jax.Array) -> jax.Array:
    """Return -ln(unit) / rate, with 1 - eps/2 for a fraction above it."""
    epsilon = jnp.finfo(unit.dtype).eps
    logarithm = jnp.where(unit >= 1 - epsilon / 2, -epsilon / 2, jnp.log(unit))
    return -1 / rate * logarithm


def cauchy(
    state: State, count: int, dtype: np.dtype, median: jax.Array, sigma: jax.Array
) -> Samples:
    """Return median + sigma tan(pi (U - 1/2)), as ``Tensor.cauchy_(median, sigma)``.

    float32 take U from eps to 1 - eps, as torch does. CUDA states no bound for its fast tangent, a
    quotient of the fast sine and cosine: far from the median expect few digits of torch's.
    """
    epsilon = float(jnp.finfo(np.float32).eps)
    median, sigma = (lax.convert_element_type(x, working(dtype)) for x in (median, sigma))
    fma = exact_math.fma64 if dtype == np.float64 else fma32

    def spread(unit: jax.Array) -> jax.Array:
        if dtype != np.float64:
            unit = jnp.clip(unit, epsilon, 1 - epsilon)
        return narrow(fma(sigma, jnp.tan(math.pi * (unit - 0.5)), median), dtype)

    return of_fractions(state, count, dtype, spread)


def log_normal(state: State, count: int, dtype: np.dtype, scale: Pair) -> Samples:
    """Return exp(mean + std Z), as ``Tensor.log_normal_(mean, std)``.

    float32 are as near to torch's as `normal` is, relative to the number, and CUDA's fast
    exponential adds 2 units in the last place and 1.2 more for each unit of the exponent.
    """
    return _of_normals(state, count, dtype, scale, jnp.exp)


def geometric(state: State, count: int, dtype: np.dtype, p: jax.Array) -> Samples:
    """Return how many tries the first success takes, as ``Tensor.geometric_(p)``.

    U = 1 gives -0, as in torch. Integers are computed in float32, int64 too. torch's fast logarithm
    leaves a number one away from these where the quotient is next to a whole number.
    """
    p = lax.convert_element_type(p, working(dtype))
    # As in torch, where there is no fast log1p: a small p loses digits.
    failure = jnp.log1p(-p) if dtype == np.float64 else jnp.log(1 - p)

    def tries(unit: jax.Array) -> jax.Array:
        return narrow(jnp.ceil(exact_math.quotient(jnp.log(unit), failure)), dtype)

    return of_fractions(state, count, dtype, tries)

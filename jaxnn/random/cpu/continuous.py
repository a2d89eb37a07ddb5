"""Uniform and normal numbers from the stream, as torch's CPU kernels make them.

Pure functions of a state, see `jaxnn.random.cpu.draws` for what they have in common.
"""

import functools
import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random import cephes, exact_math, libm
from jaxnn.random.cpu import mt19937, normal_cache
from jaxnn.random.cpu.draws import Samples, draw, skip
from jaxnn.random.cpu.state import State
from jaxnn.random.single_math import Arithmetic, by_platform, fma32
from jaxnn.random.words import narrow, unit32, unit64

Pair = tuple[jax.Array, jax.Array] | None

BLOCK = 16  # normals that the block path makes together
HALF = BLOCK // 2


def uniform(state: State, count: int, dtype: np.dtype, bounds: Pair) -> Samples:
    """Return numbers in [low, high), as ``Tensor.uniform_(low, high)``.

    One word a number, two for float64. Without bounds: [0, 1), as ``torch.rand``.
    """
    working = jnp.float64 if dtype == jnp.float64 else jnp.float32
    fma, unit, words = (
        (exact_math.fma64, unit64, 2) if working == jnp.float64 else (fma32, unit32, 1)
    )
    low, high = (0.0, 1.0) if bounds is None else bounds
    low, high = (lax.convert_element_type(b, working) for b in (low, high))

    def convert(drawn: jax.Array) -> jax.Array:
        x = unit(drawn)[:, 0]
        if bounds is not None:
            x = fma(x, high - low, low)
        x = lax.convert_element_type(x, dtype)
        # Rounding may reach the bound that is not to be reached.
        return jnp.where(x == narrow(high, dtype), narrow(low, dtype), x)

    return draw(state, count, words, convert)


def normal(state: State, count: int, dtype: np.dtype, scale: Pair) -> Samples:
    """Return normals as ``Tensor.normal_`` fills a contiguous tensor.

    Under 16 numbers the scalar path; else blocks of 16 by Box-Muller, where a last block that is
    not full takes 16 more uniforms and ends with the tensor, over numbers made before.

    Args:
        state: where to draw.
        count: how many.
        dtype: a float dtype.
        scale: mean and standard deviation, or None for 0 and 1.
    """
    if count < BLOCK:
        return scalar_normal(state, count, dtype, scale)
    words, convert = _block_normals(dtype, scale)
    blocks, rest = divmod(count, BLOCK)
    samples, state = draw(state, blocks, words, convert)
    if not rest:
        return samples, state
    state = skip(state, words_before_last(count, dtype) - blocks * words)
    last, state = draw(state, 1, words, convert)
    return jnp.concatenate([samples[: count - BLOCK], last]), state


def words_before_last(count: int, dtype: np.dtype) -> int:
    """Return how many words are drawn before the last block, where the count does not fill it.

    The wide types have drawn all their uniforms before the first block, and those left over from
    full blocks go unused. The 16-bit types draw block by block.
    """
    if dtype.itemsize == 2:
        return count - count % BLOCK
    return words_of_uniform(count, dtype)


def words_of_normal(count: int, dtype: np.dtype) -> int:
    """Return how many words `normal` draws for 16 numbers or more."""
    if count % BLOCK == 0:
        return words_of_uniform(count, dtype)
    return words_before_last(count, dtype) + words_of_uniform(BLOCK, dtype)


def words_of_uniform(count: int, dtype: np.dtype) -> int:
    """Return how many words `uniform` draws."""
    return 2 * count if dtype == jnp.float64 else count


def _block_normals(dtype: np.dtype, scale: Pair) -> tuple[int, mt19937.Convert]:
    """Return the words in a block, and what makes its normals from them, [blocks, 2, 8]."""
    wide = dtype == jnp.float64
    working = jnp.float64 if wide else jnp.float32

    def convert(words: jax.Array) -> jax.Array:
        unit = unit64(words) if wide else unit32(words)
        radius_input, angle_input = 1 - unit[:, :HALF], unit[:, HALF:]
        box_muller = box_muller64 if wide else functools.partial(by_platform, box_muller32)
        return narrow(_rescale(box_muller(radius_input, angle_input), scale, working), dtype)

    return (2 * BLOCK if wide else BLOCK), convert


def box_muller32(arithmetic: Arithmetic, u: jax.Array, v: jax.Array) -> jax.Array:
    """Return sqrt(-2 ln u) times cos(2 pi v) and sin(2 pi v), all in float32.

    Args:
        arithmetic: for the steps; either gives the same bits.
        u: float32[..., n], in (0, 1].
        v: float32[..., n], in [0, 1).

    Returns:
        float32[..., 2, n], the cosines and the sines.
    """
    # A number of its own, or each of the two results would compute it.
    radius = lax.optimization_barrier(arithmetic.sqrt(-2 * cephes.log32(arithmetic, u)))
    radius, v = (jnp.expand_dims(x, -2) for x in (radius, v))
    pairs = (*u.shape[:-1], 2, u.shape[-1])
    angle = jnp.broadcast_to(arithmetic.product(v, np.float32(2 * math.pi)), pairs)
    sine = lax.broadcasted_iota(jnp.int32, pairs, len(pairs) - 2) == 1
    curve = cephes.sine_or_cosine32(arithmetic, angle, sine)
    return jnp.broadcast_to(radius, pairs) * curve


def box_muller64(u: jax.Array, v: jax.Array) -> jax.Array:
    """Return sqrt(-2 ln u) times cos(2 pi v) and sin(2 pi v), all in float64, [..., 2, n]."""
    radius = jnp.sqrt(-2 * jnp.log(u))
    angle = (2 * math.pi) * v
    return jnp.stack([radius * jnp.cos(angle), radius * jnp.sin(angle)], axis=-2)


def _rescale(x: jax.Array, scale: Pair, working: type) -> jax.Array:
    """Return x * std + mean in one rounding. Adding a zero mean turns -0 into 0, as this does.

    Either way the product x is out of reach of contraction with a sum that the caller makes.
    """
    if scale is None:
        return jnp.where(x == 0, jnp.zeros_like(x), x)
    mean, std = (lax.convert_element_type(b, working) for b in scale)
    fma = exact_math.fma64 if working == jnp.float64 else fma32
    return fma(x, std, mean)


def scalar_normal(state: State, count: int, dtype: np.dtype, scale: Pair) -> Samples:
    """Return normals as ``Tensor.normal_`` makes them one by one, in double whatever the dtype.

    Two normals come from four words. The second of a pair that is not wanted yet stays in the
    state, and whatever scalar normal is drawn next, of any dtype, takes it first.
    """
    pairs, odd = divmod(count, 2)
    fresh, state = draw(state, pairs, 4, _normal_pair)
    kept = normal_cache.from_halves(state.normal)
    if odd:
        extra, drawn = draw(state, 1, 4, _normal_pair)
        after = jax.tree.map(lambda old, new: jnp.where(state.has_normal, old, new), state, drawn)
        left_over, has_normal = extra[1], ~state.has_normal
        without, with_kept = jnp.append(fresh, extra[0]), jnp.append(kept, fresh)
    else:
        after = state
        left_over, has_normal = jnp.append(kept, fresh)[-1], state.has_normal
        without, with_kept = fresh, jnp.append(kept, fresh)[:-1]
    samples = jnp.where(state.has_normal, with_kept, without)
    normal = normal_cache.to_halves(left_over, has_normal)
    samples = narrow(_rescale(samples, scale, jnp.float64), dtype)
    return samples, after._replace(normal=normal, has_normal=has_normal)


def _normal_pair(words: jax.Array) -> jax.Array:
    unit = unit64(words)
    return jnp.concatenate(scalar_pair(unit[:, :1], unit[:, 1:]), axis=1)


def scalar_pair(u: jax.Array, v: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the two normals that torch makes of two doubles in [0, 1), one by one."""
    radius, angle = jnp.sqrt(-2 * libm.log1m64(v)), (2 * math.pi) * u
    return radius * jnp.cos(angle), radius * jnp.sin(angle)

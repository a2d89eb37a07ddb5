"""Words as numbers, as the cuRAND device functions make them that torch's kernels call.

A constant of 2**-32 or 2**-53 scales exactly, so the sums that follow round once, whether a
compiler contracts them or not. Doubles appear inside, so this is traced within
``jax.enable_x64(True)``.

Source: the headers ``curand_uniform.h`` and ``curand_normal.h`` of CUDA 12.
"""

import functools
import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random import cephes
from jaxnn.random.single_math import Arithmetic, by_platform

TWO_PI = np.float32(2 * math.pi)


def unit32(word: jax.Array) -> jax.Array:
    """Return float32 in (0, 1], from 2**-33 on."""
    return lax.convert_element_type(word, jnp.float32) * np.float32(2.0**-32) + np.float32(2.0**-33)


def join53(low: jax.Array, high: jax.Array) -> jax.Array:
    """Return uint64 below 2**53 from two words, whose bits overlap: cuRAND takes all of both."""
    low, high = (lax.convert_element_type(word, jnp.uint64) for word in (low, high))
    return low ^ high << 21


def unit64(low: jax.Array, high: jax.Array) -> jax.Array:
    """Return float64 in (0, 1], from 2**-54 on."""
    return lax.convert_element_type(join53(low, high), jnp.float64) * 2.0**-53 + 2.0**-54


def box_muller32(word: jax.Array, other: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return sqrt(-2 ln u) times sin(2 pi v) and cos(2 pi v) of two words' fractions.

    cuRAND takes the GPU's fast sine and cosine, which no other processor has. Here they are right
    to about a unit in the last place.
    """
    return by_platform(_box_muller32, word, other)


def _box_muller32(
    arithmetic: Arithmetic, word: jax.Array, other: jax.Array
) -> tuple[jax.Array, jax.Array]:
    scale = np.float32(2.0**-32) * TWO_PI
    turns = lax.convert_element_type(other, jnp.float32)
    angle = arithmetic.fma(turns, *map(jnp.asarray, (scale, scale / 2)))
    radius = arithmetic.sqrt(-2 * cephes.log32(arithmetic, unit32(word)))
    curve = functools.partial(cephes.sine_or_cosine32, arithmetic, angle)
    sine, cosine = (curve(jnp.asarray(is_sine)) for is_sine in (True, False))
    return radius * sine, radius * cosine


def box_muller64(*words: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return sqrt(-2 ln u) times sin(2 pi v) and cos(2 pi v) of two fractions of two words each."""
    radius = jnp.sqrt(-2 * jnp.log(unit64(*words[:2])))
    # To the nearest half turn the angle is exact, and what is left of it is near 0.
    turns = 2 * unit64(*words[2:])
    half_turns = jnp.round(turns)
    rest = math.pi * (turns - half_turns)
    sign = 1 - 2 * (half_turns % 2)
    return radius * sign * jnp.sin(rest), radius * sign * jnp.cos(rest)

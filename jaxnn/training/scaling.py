"""Losses made larger, so that float16 can hold their gradients."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array


class LossScale(NamedTuple):
    """How to scale the loss for gradients in float16, whose smallest numbers are 6e-8.

    The loss is multiplied by a scale before its gradient is taken, and the gradient divided by it.
    A step whose gradient is not finite is left out, and the scale falls; after many steps without
    one it grows. bfloat16 has float32's range and needs none of this.

    Attributes:
        init: The first scale.
        growth_factor: What it grows by.
        backoff_factor: What it falls by.
        growth_interval: After how many good steps it grows.

    Examples:
        >>> LossScale(init=1024.0).backoff_factor
        0.5

    Source: ``torch.amp.GradScaler``.
    """

    init: float = 2.0**16
    growth_factor: float = 2.0
    backoff_factor: float = 0.5
    growth_interval: int = 2000


class Scale(NamedTuple):
    """A scale under way.

    Attributes:
        value: f32[], what losses are multiplied by.
        good: i32[], the good steps since it changed.
        rules: f32[3]: growth factor, backoff factor, growth interval.
    """

    value: Array
    good: Array
    rules: Array


def begin(rules: LossScale | None, networks: int | None) -> Scale | None:
    """The first scale, one for each network."""
    if rules is None:
        return None
    scale = Scale(
        jnp.float32(rules.init),
        jnp.int32(0),
        jnp.array(rules[1:], jnp.float32),
    )
    if networks is None:
        return scale
    return jax.tree.map(lambda leaf: jnp.broadcast_to(leaf, (networks, *leaf.shape)), scale)


def scaled(value: Array, scale: Scale | None) -> Array:
    """A loss times the scale, in float32 at least."""
    if scale is None:
        return value
    wide = jnp.promote_types(value.dtype, jnp.float32)
    return value.astype(wide) * scale.value.astype(wide)


def unscaled(gradients: Any, scale: Scale | None) -> Any:
    """The gradients of the loss itself."""
    if scale is None:
        return gradients
    return jax.tree.map(lambda g: g * (1 / scale.value).astype(g.dtype), gradients)


def kept(moved: Any, before: Any, gradients: Any, scale: Scale | None) -> tuple[Any, Scale | None]:
    """What moved where all gradients are finite, else what was before; and the next scale."""
    if scale is None:
        return moved, None
    fine = jnp.stack([jnp.isfinite(g).all() for g in jax.tree.leaves(gradients)]).all()
    growth, backoff, interval = scale.rules
    good = jnp.where(fine, scale.good + 1, 0)
    grows = good.astype(jnp.float32) >= interval
    value = scale.value * jnp.where(fine, jnp.where(grows, growth, jnp.float32(1)), backoff)
    state = jax.tree.map(lambda new, old: jnp.where(fine, new, old), moved, before)
    return state, Scale(value, jnp.where(grows, 0, good), scale.rules)

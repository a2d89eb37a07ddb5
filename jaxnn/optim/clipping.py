"""Gradients kept within bounds, to be chained before an optimizer.

``optax.chain(clip_grad_norm(1.0), sgd(lr=0.1))``
"""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array

from jaxnn._checks import complaint, describe
from jaxnn._precision import widen
from jaxnn.optim.bounds import NO_NAN, NOT_NEGATIVE, check, check_known


def clip_grad_norm(max_norm: float | Array, norm_type: float = 2.0) -> optax.GradientTransformation:
    """Scale all gradients down together where their norm is above a bound.

    ``g *= min(1, max_norm / (norm + 1e-6))``

    Of half precision the norm is float32, where torch rounds it: to infinity above 65504 in
    float16, and then the gradients to 0.

    Args:
        max_norm: The bound; ``inf`` for none.
        norm_type: The p of the p-norm of all elements of all gradients; may be ``inf``.

    Returns:
        An optax transformation without state.

    Raises:
        ValueError: If ``max_norm`` is negative.
        TypeError: If ``norm_type`` is traced.

    Examples:
        >>> import jax.numpy as jnp
        >>> clip = clip_grad_norm(1.0)
        >>> gradients = jnp.array([3.0, 4.0])
        >>> clip.update(gradients, clip.init(gradients))[0]
        Array([0.5999999 , 0.79999983], dtype=float32)

    Source: ``torch.nn.utils.clip_grad_norm_``.
    """
    check("clip_grad_norm", NOT_NEGATIVE, max_norm=max_norm)
    check_known("clip_grad_norm", norm_type=norm_type)
    order = float(norm_type)
    check("clip_grad_norm", NO_NAN, norm_type=order)

    def update(updates: Any, params: Any = None) -> Any:
        del params
        wide = [widen(g) for g in jax.tree.leaves(updates) if g.size]
        if not wide:
            return updates
        norms = [jnp.linalg.norm(g.ravel(), order) for g in wide]
        dtype = functools.reduce(jnp.promote_types, [norm.dtype for norm in norms])
        total = jnp.linalg.norm(jnp.stack([norm.astype(dtype) for norm in norms]), order)
        scale = jnp.minimum(jnp.asarray(max_norm, dtype) / (total + 1e-6), 1.0)
        return jax.tree.map(lambda g: _scaled(g, scale), updates)

    return optax.stateless(update)


def _scaled(g: Array, scale: Array) -> Array:
    wide = widen(g)
    return (wide * scale.astype(wide.dtype)).astype(g.dtype)


def clip_grad_value(clip_value: float | Array) -> optax.GradientTransformation:
    """Clip every element of every gradient to ``[-clip_value, clip_value]``.

    ``g = max(-clip_value, min(g, clip_value))``

    Args:
        clip_value: The bound; ``inf`` for none.

    Returns:
        An optax transformation without state.

    Raises:
        ValueError: If ``clip_value`` is negative, or a gradient complex.

    Examples:
        >>> import jax.numpy as jnp
        >>> clip = clip_grad_value(1.0)
        >>> gradients = jnp.array([3.0, -0.5])
        >>> clip.update(gradients, clip.init(gradients))[0]
        Array([ 1. , -0.5], dtype=float32)

    Source: ``torch.nn.utils.clip_grad_value_``.
    """
    check("clip_grad_value", NOT_NEGATIVE, clip_value=clip_value)

    def clipped(g: Array) -> Array:
        if jnp.iscomplexobj(g):
            must, instead = "gradients must be real", "use clip_grad_norm"
            raise ValueError(complaint("clip_grad_value", must, describe(g), instead))
        bound = jnp.asarray(clip_value, g.dtype)
        return jnp.clip(g, -bound, bound)

    def update(updates: Any, params: Any = None) -> Any:
        del params
        return jax.tree.map(clipped, updates)

    return optax.stateless(update)

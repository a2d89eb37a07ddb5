"""Gradients kept within bounds, to be chained before an optimizer.

``optax.chain(clip_grad_norm(1.0), sgd(lr=0.1))``
"""

from typing import Any

import jax
import jax.numpy as jnp
import optax

from jaxnn.optim.stepping import check


def clip_grad_norm(max_norm: float, norm_type: float = 2.0) -> optax.GradientTransformation:
    """Scale all gradients down together where their norm is above a bound.

    ``g *= min(1, max_norm / (norm + 1e-6))``

    Args:
        max_norm: The bound.
        norm_type: The p of the p-norm of all elements of all gradients; may be ``inf``.

    Returns:
        An optax transformation without state.

    Raises:
        ValueError: If ``max_norm`` is negative.

    Examples:
        >>> import jax.numpy as jnp
        >>> clip = clip_grad_norm(1.0)
        >>> gradients = jnp.array([3.0, 4.0])
        >>> clip.update(gradients, clip.init(gradients))[0]
        Array([0.5999999 , 0.79999983], dtype=float32)

    Source: ``torch.nn.utils.clip_grad_norm_``.
    """
    check("clip_grad_norm", max_norm=(max_norm, 0, float("inf")))

    def update(updates: Any, params: Any = None) -> Any:
        del params
        norms = [jnp.linalg.norm(g.ravel(), norm_type) for g in jax.tree.leaves(updates)]
        total = jnp.linalg.norm(jnp.stack(norms), norm_type)
        scale = jnp.minimum(max_norm / (total + 1e-6), 1.0)
        return jax.tree.map(lambda g: g * scale.astype(g.dtype), updates)

    return optax.stateless(update)


def clip_grad_value(clip_value: float) -> optax.GradientTransformation:
    """Clip every element of every gradient to ``[-clip_value, clip_value]``.

    ``g = max(-clip_value, min(g, clip_value))``

    Args:
        clip_value: The bound.

    Returns:
        An optax transformation without state.

    Raises:
        ValueError: If ``clip_value`` is negative.

    Examples:
        >>> import jax.numpy as jnp
        >>> clip = clip_grad_value(1.0)
        >>> gradients = jnp.array([3.0, -0.5])
        >>> clip.update(gradients, clip.init(gradients))[0]
        Array([ 1. , -0.5], dtype=float32)

    Source: ``torch.nn.utils.clip_grad_value_``.
    """
    check("clip_grad_value", clip_value=(clip_value, 0, float("inf")))

    def update(updates: Any, params: Any = None) -> Any:
        del params
        return jax.tree.map(lambda g: jnp.clip(g, -clip_value, clip_value), updates)

    return optax.stateless(update)

"""Activation functions as curves."""

from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jaxnn.plot.style import DASHES, GREY, add_legend, finish, new_axes, palette


def activation_curve(
    functions: Mapping[str, Callable[[jax.Array], jax.Array]],
    *,
    low: float = -5.0,
    high: float = 5.0,
    axes: Axes | None = None,
) -> Figure:
    """Draw activation functions, and dashed their derivatives.

    Args:
        functions: Names and elementwise functions.
        low: Where the input starts.
        high: Where it ends.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Examples:
        >>> import jax
        >>> figure = activation_curve({"sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu})
    """
    axes = axes or new_axes(6.4, 4.4)
    x = jnp.linspace(low, high, 801)
    colors = palette(len(functions))
    for color, (name, function) in zip(colors, functions.items(), strict=False):
        _, slope = jax.jvp(function, (x,), (jnp.ones_like(x),))
        axes.plot(x, slope, color=color, linewidth=1.3, linestyle=DASHES)
        axes.plot(x, function(x), color=color, linewidth=2.2, label=name)
    axes.plot([], [], color=GREY, linewidth=1.3, linestyle=DASHES, label="derivative")
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=0)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    axes.set(xlabel="input x", ylabel="output f(x)", xlim=(low, high))
    add_legend(axes)
    return finish(axes, "Activation and its derivative")

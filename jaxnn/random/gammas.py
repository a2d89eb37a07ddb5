"""Gamma and Dirichlet numbers: from a JAX key in JAX's way, from a `Generator` in torch's."""

import jax
import numpy as np
from jax.typing import ArrayLike

from jaxnn._checks import complaint, describe
from jaxnn.random import keys
from jaxnn.random.arguments import as_key, as_own_float, as_wide_floats, check_each
from jaxnn.random.engines import compiled
from jaxnn.random.generator import Generator, Rng, one_stream

_gamma = compiled("gamma")
_dirichlet = compiled("dirichlet")


def gamma(rng: Rng, concentration: ArrayLike) -> jax.Array:
    """Return gamma numbers of scale 1.

    Density x**(concentration - 1) exp(-x) / Γ(concentration). From a Generator, the bits of
    ``torch._standard_gamma``, which takes as many words as chance wants: the numbers are made one
    after the other. As there, none is less than the dtype's least normal number. float64 has
    torch's bits where the device's log, sin, cos and pow are the C library's, as on the CPU, and
    the result is at least 2**-1015: smaller ones come from a subnormal number, which XLA has not.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        concentration: float32 or float64, above 0.

    Returns:
        Numbers of its shape and dtype. Their derivative by the concentration is that of the
        inverse of the distribution function at the same quantile.

    Raises:
        TypeError: if ``concentration`` is no such array, or ``rng`` neither key nor Generator.
        ValueError: if a concentration that is known is not above 0 and finite.

    Example:
        >>> import jax.numpy as jnp
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> print(jaxnn.random.gamma(generator, jnp.asarray([0.5, 2.0, 9.0])))
        [7.8935816e-04 6.3154060e-01 9.1474428e+00]

    Source: ``torch._standard_gamma``, the sampler of ``torch.distributions.Gamma``.
    """
    return _draw("gamma", rng, concentration)


def dirichlet(rng: Rng, concentration: ArrayLike) -> jax.Array:
    """Return shares that sum to 1: gamma numbers over their sum along the last axis.

    Density proportional to the product of x_i**(concentration_i - 1). From a Generator, the bits
    of ``torch._sample_dirichlet``, in float64 as far as `gamma` says.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        concentration: float32 or float64 [..., categories], above 0.

    Returns:
        Numbers in (0, 1) of its shape and dtype, which can be differentiated as those of `gamma`.

    Raises:
        TypeError: if ``concentration`` is no such array, or ``rng`` neither key nor Generator.
        ValueError: if it has no axis, or a concentration that is known is not above 0 and finite.

    Example:
        >>> import jax.numpy as jnp
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> print(jaxnn.random.dirichlet(generator, jnp.asarray([0.5, 2.0, 9.0])))
        [8.0713355e-05 6.4576209e-02 9.3534309e-01]

    Source: ``torch._sample_dirichlet``, the sampler of ``torch.distributions.Dirichlet``.
    """
    if not np.ndim(concentration):
        must, instead = "concentration must have an axis of categories", "pass one number for each"
        raise ValueError(complaint("dirichlet", must, describe(concentration), instead))
    return _draw("dirichlet", rng, concentration)


def _draw(function: str, rng: Rng, concentration: ArrayLike) -> jax.Array:
    concentration = as_own_float(concentration)
    with jax.enable_x64(True):
        alpha = as_wide_floats(function, "concentration", concentration)
    must, instead = "concentration must be above 0, and finite", "use jnp.exp on logarithms"

    def above_zero(known: np.ndarray) -> np.ndarray:
        return (known > 0) & (known < np.inf)

    check_each(function, must, concentration, above_zero, instead)
    if not isinstance(rng, Generator):
        return getattr(keys, function)(as_key(rng), alpha)
    with jax.enable_x64(True):
        draw = _gamma if function == "gamma" else _dirichlet
        samples, rng.state = draw(one_stream(rng), shape=alpha.shape, concentration=alpha)
        return samples

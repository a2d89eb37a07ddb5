"""The distributions that torch draws: what their parameters may be, and the core's function."""

import functools
import warnings
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from jaxnn import random as streams
from jaxnn.torch import dtypes, layouts, promotion, views
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import check_memory
from jaxnn.torch.operations.drawing.drawing import Draw, check_kernel
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, array_of, is_traced, values, wrap


def _drawn(kernel: str, name: str, **options: float | None) -> Draw:
    """The core's distribution of this name with these options."""
    function = getattr(streams, name)

    def sample(stream: streams.Generator, count: int, dtype: np.dtype, contiguous: bool) -> Array:
        return function(stream, shape=(count,), dtype=dtype, **options)

    return Draw(kernel, sample)


_UNIT = _drawn("check_uniform_bounds", "uniform")


def evenly(dtype: DType, low: float = 0.0, high: float = 1.0) -> Draw:
    """Numbers spread evenly over [low, high).

    Raises:
        NotImplementedError: of no such type.
        RuntimeError: the bounds are crossed, or beyond the type.
    """
    check_kernel("check_uniform_bounds", dtype)
    if (low, high) == (0.0, 1.0):
        return _UNIT
    part = promotion.to_real(dtype)
    largest = float(jnp.finfo(part.numpy).max)
    for name, bound in (("from", low), ("to", high)):
        if not -largest <= bound <= largest:
            raise RuntimeError(f"{name} is out of bounds for {promotion.C_NAMES[part]}")
    if low > high:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"
        )
    if high - low > largest:
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{promotion.SCALAR_NAMES[part]}>"
            f"::max(), but found to={high:g} and from={low:g} which result in to-from to exceed "
            "the limit"
        )
    return _drawn("check_uniform_bounds", "uniform", low=low, high=high)


def normally(mean: float = 0.0, std: float = 1.0) -> Draw:
    """Normal numbers of a mean and a deviation.

    Raises:
        RuntimeError: the deviation is below 0.
    """
    if not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")

    def sample(stream: streams.Generator, count: int, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.normal(stream, (count,), dtype, mean=mean, std=std, contiguous=contiguous)

    return Draw("normal_kernel_cpu", sample)


def _above_zero(function: str, name: str, x: float) -> None:
    if not x > 0:
        raise RuntimeError(f"{function} expects {name} > 0.0, but found {name}={x:g}")


def exponentially(lambd: float) -> Draw:
    """Exponential numbers of a rate."""
    _above_zero("exponential_", "lambda", lambd)
    return _drawn("exponential", "exponential", rate=lambd)


def cauchy(dtype: DType, median: float, sigma: float) -> Draw:
    """Cauchy numbers about a median."""
    _above_zero("cauchy_", "sigma", sigma)
    if not dtype.is_floating_point:
        raise RuntimeError(
            "Cauchy distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {promotion.C_NAMES[dtype]}"
        )
    return _drawn("cauchy", "cauchy", median=median, sigma=sigma)


def log_normally(mean: float, std: float) -> Draw:
    """Numbers whose logarithms are normal."""
    _above_zero("log_normal_", "std", std)
    return _drawn("log_normal_cpu", "log_normal", mean=mean, std=std)


def geometrically(p: float) -> Draw:
    """Counts of tries up to the first success."""
    if not 0 < p < 1:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p:g}")
    return _drawn("geometric_cpu", "geometric", p=p)


def coins(p: float) -> Draw:
    """1 with probability p, else 0."""
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    return _drawn("bernoulli_scalar_cpu_", "bernoulli", p=p)


def coins_each(target: Tensor, p: Tensor) -> Draw:
    """1 with each element's own probability, else 0, for ``p`` expanded to a tensor's shape.

    Raises:
        NotImplementedError: of no such type, or ``p`` is no float.
        RuntimeError: a probability is not in [0, 1], or ``p`` overlaps with the tensor.
    """
    place = views.expand(
        p._layout, target._layout.shape, f"torch.{promotion.SCALAR_NAMES[p.dtype]}Tensor"
    )
    check_memory(target, (Source(p._storage, place),))
    if target._layout.numel:
        check_kernel("bernoulli_tensor_cpu_self_", target.dtype)
        check_kernel("bernoulli_tensor_cpu_p_", p.dtype)
        if not is_traced(p) and not ((values(p) >= 0) & (values(p) <= 1)).all():
            raise RuntimeError(
                "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error "
                "message be improved?  If so, please report an enhancement request to PyTorch.)"
            )
    order = layouts.memory_order(place.shape, [target._layout.strides])
    chances = wrap(p._storage, views.permute(place, order), p._dtype)

    def sample(stream: streams.Generator, count: int, dtype: np.dtype, contiguous: bool) -> Array:
        each = array_of(chances).reshape(-1)
        if isinstance(each, Tracer):  # which must not get into the generator
            wide = np.float64 if each.dtype == np.float64 else np.float32
            return (streams.uniform(stream, (count,), wide) < each.astype(wide)).astype(dtype)
        return streams.bernoulli(stream, each, dtype=dtype)

    return Draw("bernoulli_tensor_cpu_self_", sample)


def _integers(kernel: str, low: int | None, high: int | None) -> Draw:
    return _drawn(kernel, "randint", low=low, high=high)


def integers(dtype: DType, low: int | None, high: int | None) -> Draw:
    """Integers from ``low`` to before ``high``; without high, or both, up to what a type counts to.

    Raises:
        RuntimeError: there are none, or the type does not hold them.

    A warning says where a float type leaves some of them out.
    """
    if low is None:
        return _integers("random_kernel_cpu", None, None)
    if high is None:
        return _integers_from(dtype, low)
    if dtype.is_complex:
        raise RuntimeError(
            "check_random_bounds handles only integral, floating-point and boolean types"
        )
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    _check_range(dtype, low, high - 1)
    return _integers("random_from_to", low, high)


def _integers_from(dtype: DType, low: int) -> Draw:
    if low == -(2**63):
        return _integers("random_full_64_bits_range_kernel_cpu", low, None)
    if dtype.is_complex:
        raise RuntimeError(
            "random_from_to_impl handles only integral, floating-point and boolean types"
        )
    if dtype.is_floating_point:
        last = 2 ** _digits(dtype)
    else:  # which wraps to -1 for uint64, in torch's int64
        last = (_limits(dtype)[1] + 2**63) % 2**64 - 2**63
    if dtype.is_floating_point and last <= low <= _limits(dtype)[1]:
        raise RuntimeError(
            "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted "
            f"to dtype, but got from={low} > to_inc={last}"
        )
    _check_range(dtype, low, last, stacklevel=6)
    return _integers("random_from_to", low, None)


def _check_range(dtype: DType, first: int, last: int, stacklevel: int = 5) -> None:
    least, greatest = _limits(dtype)
    name = promotion.C_NAMES[dtype]
    for which, bound in (("from", first), ("to - 1", last)):
        if not least <= bound <= greatest:
            raise RuntimeError(f"{which} is out of bounds for {name}")
    if not dtype.is_floating_point:
        return
    digits = _digits(dtype)
    for which, bound in (("from", first), ("to - 1", last)):
        if not -(2**digits) <= bound <= 2**digits:
            warnings.warn(
                f"{which} is out of bounds [-(2^{digits}), 2^{digits}]. Due to precision "
                f"limitations {name} can support discrete uniform distribution only within this "
                "range. This warning will become an error in version 1.7 release, please fix the "
                "code in advance",
                stacklevel=stacklevel,
            )


@functools.cache
def _digits(dtype: DType) -> int:
    return jnp.finfo(dtype.numpy).nmant + 1


@functools.cache
def _limits(dtype: DType) -> tuple[Any, Any]:
    """The least and the greatest number that a type holds, as torch compares with them."""
    if dtype is dtypes.bool:
        return 0, 1
    if dtype.is_floating_point:
        return float(jnp.finfo(dtype.numpy).min), float(jnp.finfo(dtype.numpy).max)
    limits: Any = np.iinfo(dtype.numpy)
    return int(limits.min), int(limits.max)

"""First values of parameters, written into tensors: torch's ``nn.init``.

Each function writes into the tensor that it is given and returns it. Numbers are drawn in the order
of the tensor's memory, from ``generator`` or the default one.

>>> import jaxnn.torch as torch
>>> _ = torch.manual_seed(0)
>>> torch.nn.init.xavier_uniform_(torch.empty(1, 3))
tensor([[-0.0092,  0.6570, -1.0080]])
"""

import functools
import math
import warnings
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn import initializers
from jaxnn.initializers._orthogonal import orthonormalized
from jaxnn.initializers._scaled import GAINS, LINEAR
from jaxnn.initializers._sparse import drawn_orders
from jaxnn.initializers._truncated import ENOUGH, Law, rejected
from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.creation.creation import empty, empty_like
from jaxnn.torch.operations.creation.creation import eye as identity
from jaxnn.torch.operations.indexing.selection import where
from jaxnn.torch.random import Generator, default_generator
from jaxnn.torch.storage import setting
from jaxnn.torch.tensor import Tensor, array_of, of_array

Source = Generator | None


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor for weights that follow a nonlinearity.

    Source: ``torch.nn.init.calculate_gain``.
    """
    if nonlinearity not in GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    if nonlinearity in (*LINEAR, "sigmoid"):
        return 1
    slope = 0.01 if param is None else param
    if nonlinearity == "leaky_relu" and (isinstance(slope, bool) or not _is_number(slope)):
        raise ValueError(f"negative_slope {param} not a valid number")
    return GAINS[nonlinearity](slope)


def _is_number(x: object) -> bool:
    return isinstance(x, int | float)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Source = None) -> Tensor:
    """Numbers spread evenly over [a, b).

    Source: ``torch.nn.init.uniform_``.
    """
    return tensor.uniform_(a, b, generator=generator)


def normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Source = None
) -> Tensor:
    """Normal numbers of a mean and a deviation.

    Source: ``torch.nn.init.normal_``.
    """
    return tensor.normal_(mean, std, generator=generator)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """One number everywhere.

    Source: ``torch.nn.init.constant_``.
    """
    return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """Ones.

    Source: ``torch.nn.init.ones_``.
    """
    return tensor.fill_(1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros.

    Source: ``torch.nn.init.zeros_``.
    """
    return tensor.zero_()


def eye_(tensor: Tensor) -> Tensor:
    """Ones on the diagonal of a matrix, else zeros.

    Source: ``torch.nn.init.eye_``.
    """
    _check_matrix(tensor)
    return tensor.copy_(identity(*tensor.shape, dtype=tensor.dtype))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """The kernel of a convolution that passes each channel unchanged.

    Source: ``torch.nn.init.dirac_``.
    """
    if tensor.ndim not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    outputs, inputs, *window = tensor.shape
    if outputs % groups:
        raise ValueError("dim 0 must be divisible by groups")
    with setting():
        shape = (*window, inputs, outputs)
        kernel = initializers.dirac(groups)(None, shape, tensor.dtype.numpy)
        return tensor.copy_(of_array(jnp.moveaxis(kernel, (-1, -2), (0, 1))))


def _check_matrix(tensor: Tensor) -> None:
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Source = None) -> Tensor:
    """Uniform in ±gain · √(6 / (fan_in + fan_out)).

    Source: ``torch.nn.init.xavier_uniform_``.
    """
    bound = math.sqrt(3.0) * _xavier_std(tensor, gain)
    return tensor.uniform_(-bound, bound, generator=generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Source = None) -> Tensor:
    """Normal with deviation gain · √(2 / (fan_in + fan_out)).

    Source: ``torch.nn.init.xavier_normal_``.
    """
    std = _xavier_std(tensor, gain)
    return tensor.normal_(0.0, std, generator=generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Source = None,
) -> Tensor:
    """Uniform in ±gain · √(3 / fan).

    Source: ``torch.nn.init.kaiming_uniform_``.
    """
    if _has_no_elements(tensor):
        return tensor
    bound = math.sqrt(3.0) * _kaiming_std(tensor, a, mode, nonlinearity)
    return tensor.uniform_(-bound, bound, generator=generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Source = None,
) -> Tensor:
    """Normal with deviation gain / √fan.

    Source: ``torch.nn.init.kaiming_normal_``.
    """
    if _has_no_elements(tensor):
        return tensor
    std = _kaiming_std(tensor, a, mode, nonlinearity)
    return tensor.normal_(0, std, generator=generator)


# torch's own name: layers that people write call it too.
def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    if tensor.dim() < 2:
        raise ValueError(
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        )
    fan_out, fan_in, *window = tensor.shape
    return fan_in * math.prod(window), fan_out * math.prod(window)


def _xavier_std(tensor: Tensor, gain: float) -> float:
    return gain * math.sqrt(2.0 / float(sum(_calculate_fan_in_and_fan_out(tensor))))


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    modes = ["fan_in", "fan_out"]
    if mode.lower() not in modes:
        raise ValueError(f"Mode {mode.lower()} not supported, please use one of {modes}")
    fan = _calculate_fan_in_and_fan_out(tensor)[modes.index(mode.lower())]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _has_no_elements(tensor: Tensor) -> bool:
    if 0 not in tensor.shape:
        return False
    warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=3)
    return True


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Source = None,
) -> Tensor:
    """Normal numbers of a mean and a deviation, drawn again until they lie in [a, b].

    Source: ``torch.nn.init.trunc_normal_``.
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        text = "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
        warnings.warn(f"{text}The distribution of values may be incorrect.", stacklevel=2)
    law = Law(mean, std, a, b)
    renew = _redraw_normals if law.mass() > ENOUGH else _propose_candidates
    return tensor.copy_(renew(tensor, law, generator))


def _redraw_normals(tensor: Tensor, law: Law, generator: Source) -> Tensor:
    result = tensor.normal_(law.mean, law.std, generator=generator)
    low, high = (np.asarray(bound, tensor.dtype.numpy).item() for bound in (law.a, law.b))
    while (outside := (result < low) | (result > high)).any():
        fresh = empty_like(result).normal_(law.mean, law.std, generator=generator)
        result = where(outside, fresh, result)
    return result


def _propose_candidates(tensor: Tensor, law: Law, generator: Source) -> Tensor:
    result = tensor.uniform_(law.a, law.b, generator=generator)
    candidates, chances = result, empty_like(tensor)
    pending = _pending(candidates, chances.uniform_(generator=generator), law)
    while pending.any():
        candidates = empty_like(tensor).uniform_(law.a, law.b, generator=generator)
        result = where(pending, candidates, result)
        pending = pending & _pending(candidates, chances.uniform_(generator=generator), law)
    return result


def _pending(candidates: Tensor, chances: Tensor, law: Law) -> Tensor:
    with setting():
        return of_array(_rejected(array_of(candidates), array_of(chances), law))


_rejected = functools.partial(jax.jit, static_argnums=2)(rejected)


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Source = None) -> Tensor:
    """Orthonormal rows or columns, whichever are fewer, times a gain.

    torch's within the bound of `jaxnn.initializers.orthogonal`.

    Source: ``torch.nn.init.orthogonal_``.
    """
    if tensor.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if not tensor.numel():
        return tensor
    shape = (tensor.shape[0], tensor.numel() // tensor.shape[0])
    normals = empty(*shape, dtype=tensor.dtype).normal_(0, 1, generator=generator)
    if tensor.dtype not in (dtypes.float32, dtypes.float64):
        raise promotion.not_implemented("geqrf_cpu", tensor.dtype)
    with setting():
        tensor.view(*shape).copy_(of_array(orthonormalized(array_of(normals))))
    return tensor.mul_(gain)


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Source = None) -> Tensor:
    """Normal numbers, but for a fraction of zeros at random in each column.

    Which are zero comes from the default generator, as in torch, whatever ``generator`` is.

    Source: ``torch.nn.init.sparse_``.
    """
    _check_matrix(tensor)
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    tensor.normal_(0, std, generator=generator)
    with jax.ensure_compile_time_eval(), setting():
        orders = np.asarray(drawn_orders(default_generator.stream, columns, rows))
    mask = np.zeros((rows, columns), bool)
    mask[orders[:, :zeros].T, np.arange(columns)] = True
    return tensor.masked_fill_(of_array(mask), 0)


def _deprecated(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    name = function.__name__.removesuffix("_")

    @functools.wraps(function)
    def call(*args: object, **kwargs: object) -> Tensor:
        warnings.warn(
            f"`nn.init.{name}` is now deprecated in favor of `nn.init.{name}_`.",
            FutureWarning,
            stacklevel=2,
        )
        return function(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"`{name}_` by its old name.\n\nSource: ``torch.nn.init.{name}``."
    return call


uniform = _deprecated(uniform_)
normal = _deprecated(normal_)
constant = _deprecated(constant_)
eye = _deprecated(eye_)
dirac = _deprecated(dirac_)
xavier_uniform = _deprecated(xavier_uniform_)
xavier_normal = _deprecated(xavier_normal_)
kaiming_uniform = _deprecated(kaiming_uniform_)
kaiming_normal = _deprecated(kaiming_normal_)
orthogonal = _deprecated(orthogonal_)
sparse = _deprecated(sparse_)

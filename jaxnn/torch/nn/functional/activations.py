"""Activation functions with torch's further faces: ``inplace=True`` and a dimension left out.

What is declared in C++ there is taken from `operations` as it is.
"""

import inspect
import warnings
from collections.abc import Callable
from typing import Any

from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.elements import activation
from jaxnn.torch.operations.elements.activation import celu_ as celu_
from jaxnn.torch.operations.elements.activation import elu_ as elu_
from jaxnn.torch.operations.elements.activation import gelu as gelu
from jaxnn.torch.operations.elements.activation import hardshrink as hardshrink
from jaxnn.torch.operations.elements.activation import hardtanh_ as hardtanh_
from jaxnn.torch.operations.elements.activation import leaky_relu_ as leaky_relu_
from jaxnn.torch.operations.elements.activation import logsigmoid as logsigmoid
from jaxnn.torch.operations.elements.activation import prelu as prelu
from jaxnn.torch.operations.elements.activation import relu_ as relu_
from jaxnn.torch.operations.elements.activation import selu_ as selu_
from jaxnn.torch.operations.elements.activation import sigmoid as sigmoid
from jaxnn.torch.operations.elements.activation import softplus as softplus
from jaxnn.torch.operations.elements.activation import softshrink as softshrink
from jaxnn.torch.operations.elements.activation import softsign as softsign
from jaxnn.torch.operations.elements.activation import threshold_ as threshold_
from jaxnn.torch.operations.elements.pointwise import tanh as tanh
from jaxnn.torch.operations.reductions import softening
from jaxnn.torch.tensor import Tensor

_REQUIRED = inspect.Parameter.empty


def _with_inplace(name: str, **options: Any) -> Callable[..., Tensor]:
    """A function of the tensor, these options with their defaults, and ``inplace``."""
    given = {"input": _REQUIRED, **options, "inplace": False}
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(each, kind, default=d) for each, d in given.items()]
    signature = inspect.Signature(parameters)
    out_of_place, in_place = getattr(activation, name), getattr(activation, f"{name}_")

    def function(*args: Any, **kwargs: Any) -> Tensor:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{name}() {error}") from None
        bound.apply_defaults()
        *values, inplace = bound.arguments.values()
        return (in_place if inplace else out_of_place)(*values)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{_line(out_of_place)}\n\nSource: ``torch.nn.functional.{name}``."
    vars(function)["__signature__"] = signature
    return function


def _line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").splitlines()[0]


relu = _with_inplace("relu")
leaky_relu = _with_inplace("leaky_relu", negative_slope=0.01)
elu = _with_inplace("elu", alpha=1.0)
celu = _with_inplace("celu", alpha=1.0)
selu = _with_inplace("selu")
silu = _with_inplace("silu")
mish = _with_inplace("mish")
hardtanh = _with_inplace("hardtanh", min_val=-1.0, max_val=1.0)
hardsigmoid = _with_inplace("hardsigmoid")
hardswish = _with_inplace("hardswish")
threshold = _with_inplace("threshold", threshold=_REQUIRED, value=_REQUIRED)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Each element, but at least 0 and at most 6.

    Source: ``torch.nn.functional.relu6``.
    """
    return hardtanh(input, 0.0, 6.0, inplace)


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half along a dimension times the sigmoid of the second.

    Source: ``torch.nn.functional.glu``.
    """
    if input.ndim == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    return softening.glu(input, dim)


def tanhshrink(input: Tensor) -> Tensor:
    """Each element less its tanh.

    Source: ``torch.nn.functional.tanhshrink``.
    """
    return input - input.tanh()


_IMPLICIT = (
    "Implicit dimension choice for {} has been deprecated. "
    "Change the call to include dim=X as an argument."
)


def _along(name: str, doc: str, function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def normalize(
        input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None
    ) -> Tensor:
        if dim is None:
            warnings.warn(_IMPLICIT.format(name), stacklevel=_stacklevel - 1)
            dim = 0 if input.ndim in (0, 1, 3) else 1
        return function(input, dim, dtype=dtype)

    normalize.__name__ = normalize.__qualname__ = name
    normalize.__doc__ = (
        f"{doc} along a dimension, which it is deprecated not to name.\n\n"
        f"Source: ``torch.nn.functional.{name}``."
    )
    return normalize


def _softmin(input: Tensor, dim: int, dtype: DType | None = None) -> Tensor:
    return softening.softmax(-input, dim, dtype=dtype)


softmax = _along("softmax", "exp(x) / sum(exp(x))", softening.softmax)
softmin = _along("softmin", "exp(-x) / sum(exp(-x))", _softmin)
log_softmax = _along("log_softmax", "The logarithm of `softmax`", softening.log_softmax)

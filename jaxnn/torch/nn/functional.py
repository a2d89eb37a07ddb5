"""Activation functions and layers on tensors: the core's, under torch's names.

>>> import jaxnn.torch as torch
>>> import jaxnn.torch.nn.functional as F
>>> F.relu(torch.tensor([-1.0, 2.0]))
tensor([0., 2.])
"""

import warnings
from collections.abc import Callable
from typing import Any

from jaxnn import activations
from jaxnn.torch import lacking, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.nn.dropout import alpha_dropout as alpha_dropout
from jaxnn.torch.nn.dropout import dropout as dropout
from jaxnn.torch.nn.dropout import dropout1d as dropout1d
from jaxnn.torch.nn.dropout import dropout2d as dropout2d
from jaxnn.torch.nn.dropout import dropout3d as dropout3d
from jaxnn.torch.nn.dropout import feature_alpha_dropout as feature_alpha_dropout
from jaxnn.torch.nn.dropout import gumbel_softmax as gumbel_softmax
from jaxnn.torch.nn.dropout import rrelu as rrelu
from jaxnn.torch.operations import activation
from jaxnn.torch.operations.activation import relu as relu
from jaxnn.torch.operations.activation import sigmoid as sigmoid
from jaxnn.torch.operations.arguments import require_tensor
from jaxnn.torch.operations.call import Call
from jaxnn.torch.operations.elementwise import elementwise
from jaxnn.torch.operations.matmul import matmul
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.pointwise import tanh as tanh
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _activation(name: str, kernel_name: str = "", **defaults: float | str) -> Callable[..., Any]:
    """A core activation as a function on tensors, with these options after the tensor.

    Numbers are arguments of the kernel; words are fixed at compilation. ``kernel_name`` is what
    torch's message about types that it has not calls the operation.
    """
    function = getattr(activations, name)
    words = tuple(option for option, default in defaults.items() if isinstance(default, str))
    numbers = tuple(option for option in defaults if option not in words)

    def kernel(x: Array, *given: Array, **fixed: str) -> Array:
        options = dict(zip(numbers, given, strict=True))
        return function(x, **{k: v.astype(x.dtype) for k, v in options.items()}, **fixed)

    kernel.__name__ = name

    def prepare(input: Any, *args: Any, **kwargs: Any) -> Call:
        x = require_tensor(input, name, "input", 1)
        if not x.dtype.is_floating_point:
            raise promotion.not_implemented(kernel_name or f"{name}_cpu", x.dtype)
        given = {**defaults, **dict(zip(defaults, args, strict=False)), **kwargs}
        fixed = tuple((option, given[option]) for option in words)
        call = elementwise(kernel, (x,), options=fixed)
        return call._replace(operands=(*call.operands, *(given[option] for option in numbers)))

    doc = next(line for line in (function.__doc__ or "").splitlines() if line)
    return define(Operation(name, prepare, doc, method=False, out=False))


relu6 = _activation("relu6")
leaky_relu = _activation("leaky_relu", negative_slope=0.01)
elu = _activation("elu", alpha=1.0)
celu = _activation("celu", "elu_cpu", alpha=1.0)
selu = _activation("selu", "elu_cpu")
gelu = _activation("gelu", "GeluKernelImpl", approximate="none")
silu = _activation("silu")
mish = _activation("mish")
softplus = _activation("softplus", beta=1.0, threshold=20.0)
softsign = _activation("softsign")
tanhshrink = _activation("tanhshrink")
softshrink = _activation("softshrink", "softshrink_check", lambd=0.5)
hardshrink = _activation("hardshrink", lambd=0.5)
hardtanh = _activation("hardtanh", min_val=-1.0, max_val=1.0)
hardsigmoid = _activation("hardsigmoid")
hardswish = _activation("hardswish")
logsigmoid = _activation("logsigmoid", "log_sigmoid_cpu")


def _normalizer(name: str) -> Callable[..., Any]:
    function = getattr(activation, name)

    def normalize(
        input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None
    ) -> Tensor:
        if dim is None:
            warnings.warn(_IMPLICIT.format(name), stacklevel=_stacklevel - 1)
            dim = 0 if input.ndim in (0, 1, 3) else 1
        return function(input, dim, dtype=dtype)

    normalize.__name__ = normalize.__qualname__ = name
    normalize.__doc__ = (
        f"`torch.{name}` along a dimension, which it is deprecated not to name.\n\n"
        f"Source: ``torch.nn.functional.{name}``."
    )
    return normalize


_IMPLICIT = (
    "Implicit dimension choice for {} has been deprecated. "
    "Change the call to include dim=X as an argument."
)
softmax = _normalizer("softmax")
log_softmax = _normalizer("log_softmax")


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input @ weight.T + bias``: the weight is (out, in), as torch's layers store it.

    Source: ``torch.nn.functional.linear``.
    """
    product = matmul(input, weight.t())
    return product if bias is None else product + bias


def __getattr__(name: str) -> Any:
    raise lacking.function("nn.functional", name)

"""Activation functions: the core's, as operations on tensors, a row each."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp

from jaxnn import activations
from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.definition import declaration
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.elementwise import elementwise, unary
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, FLOAT, INTEGER, SAME, Rule
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_FLOATING = (BOOL, INTEGER, COMPLEX)


class Kernel(NamedTuple):
    """A function of the core on an array and numbers, which go by these names."""

    function: Callable[..., Array]
    names: tuple[str, ...]

    @property
    def __name__(self) -> str:
        """That of the function, by which profiles call the kernel."""
        return self.function.__name__

    def __call__(self, x: Array, *numbers: Array, **words: str) -> Array:
        """Apply the function, with the numbers in the array's type."""
        given = {k: v.astype(x.dtype) for k, v in zip(self.names, numbers, strict=True)}
        return self.function(x, **given, **words)


class Row(NamedTuple):
    """An activation.

    Attributes:
        name: torch's, and the core's unless there is a function.
        kernel: by which torch's message about types that it has not calls it.
        options: of its signature, after the tensor.
        out: whether it takes ``out=``.
        function: on arrays, where the core's would not do.
        rule: what it does with types, where that is not to refuse all but floating ones.
        check: raises torch's errors for options.
    """

    name: str
    kernel: str = ""
    options: str = ""
    out: bool = True
    function: Callable[..., Array] | None = None
    rule: Rule | None = None
    check: Callable[..., None] | None = None

    @property
    def signature(self) -> str:
        """Torch's."""
        words = [self.options] if self.options else []
        star = "" if "*" in self.options else "*, "
        words += [f"{star}Tensor out = None"] if self.out else []
        return ", ".join(["Tensor input", *words])

    def prepare(self, input: Tensor, **options: Any) -> Call:
        """The call, with torch's errors for types and options."""
        if self.check is not None:
            self.check(input, **options)
        rule = self.rule or SAME.refusing(self.kernel, *_FLOATING)
        words = {k: v for k, v in options.items() if isinstance(v, str)}
        numbers = {k: v for k, v in options.items() if k not in words}
        kernel = Kernel(self.function or getattr(activations, self.name), tuple(numbers))
        call = elementwise(kernel, (input,), rule, tuple(words.items()))
        return call._replace(operands=(*call.operands, *numbers.values()))


def _rectified(x: Array) -> Array:
    return activations.relu(x) if jnp.issubdtype(x.dtype, jnp.floating) else jnp.maximum(x, 0)


def _clipped(x: Array, min_val: Array, max_val: Array) -> Array:
    if jnp.issubdtype(x.dtype, jnp.floating):
        return activations.hardtanh(x, min_val, max_val)
    return jnp.clip(x, min_val, max_val)


def _above(x: Array, threshold: Array, value: Array) -> Array:
    return jnp.where(x <= threshold, value, x)


def _sigmoid(x: Array) -> Array:
    return activations.sigmoid(x) if x.dtype.kind != "c" else 1 / (1 + jnp.exp(-x))


def _check_celu(input: Tensor, alpha: float) -> None:
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")


def _check_gelu(input: Tensor, approximate: str) -> None:
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")


def _check_softshrink(input: Tensor, lambd: float) -> None:
    if not lambd >= 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd:g}.")


def _check_hardtanh(input: Tensor, min_val: float, max_val: float) -> None:
    if input.dtype is dtypes.bool:
        raise RuntimeError("Bool inputs not supported for hardtanh")
    if input.dtype is dtypes.uint8 and (min_val < 0 or max_val < 0):
        raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")


_RELU = SAME.raising(RuntimeError, "Boolean inputs not supported for relu", BOOL).raising(
    NotImplementedError, "clamp is not supported for complex types", COMPLEX
)
_HARDTANH = SAME.refusing("clamp_scalar_cpu", COMPLEX)

#: Those of ``torch._C._nn`` and ``torch``; `torch.nn.functional` has further faces of them.
ROWS = {
    row.name: row
    for row in (
        Row("relu", function=_rectified, rule=_RELU, out=False),
        Row("leaky_relu", "leaky_relu_cpu", "Number negative_slope = 0.01"),
        Row("elu", "elu_cpu", "Number alpha = 1"),
        Row("celu", "elu_cpu", "Number alpha = 1", check=_check_celu, out=False),
        Row("selu", "elu_cpu", out=False),
        Row("gelu", "GeluKernelImpl", '*, str approximate = "none"', check=_check_gelu),
        Row("silu", "silu_cpu"),
        Row("mish", "mish_cpu"),
        Row("softplus", "softplus_cpu", "Number beta = 1, Number threshold = 20"),
        Row("softshrink", "softshrink_cpu", "Number lambd = 0.5", check=_check_softshrink),
        Row("hardshrink", "hardshrink_cpu", "Number lambd = 0.5"),
        Row(
            "hardtanh",
            options="Number min_val = -1, Number max_val = 1",
            function=_clipped,
            rule=_HARDTANH,
            check=_check_hardtanh,
        ),
        Row(
            "threshold",
            options="Number threshold, Number value",
            function=_above,
            rule=SAME.refusing("threshold_cpu", BOOL, COMPLEX),
        ),
        Row("hardsigmoid", "hardsigmoid_cpu"),
        Row("hardswish", "hardswish_cpu"),
        Row("logsigmoid", "log_sigmoid_cpu"),
        Row("softsign", function=activations.softsign, rule=FLOAT, out=False),
    )
}


def _doc(row: Row) -> str:
    documentation = getattr(activations, row.name).__doc__ or ""
    return next(line for line in documentation.splitlines() if line)


def _defined(name: str, *, method: bool = False, twin: bool = False) -> Callable[..., Any]:
    row = ROWS[name]

    def prepare(input: Tensor, **options: Any) -> Call:
        return row.prepare(input, **options)

    operation = Operation(
        name, prepare, _doc(row), method=method, twin=twin, signatures=(row.signature,)
    )
    return define(operation)


def in_place(name: str) -> Callable[..., Tensor]:
    """The in-place twin of an activation, as a function such as ``relu_``."""
    row = ROWS[name]
    face = declaration.twin(name, (row.signature,), row.prepare)
    face.__name__ = face.__qualname__ = f"{name}_"
    face.__module__ = "jaxnn.torch"
    face.__doc__ = f"`{name}`, written into the tensor itself.\n\nSource: ``torch.{name}_``."
    return face


relu = _defined("relu", method=True, twin=True)
hardshrink = _defined("hardshrink", method=True)
leaky_relu = _defined("leaky_relu")
elu = _defined("elu")
celu = _defined("celu")
selu = _defined("selu")
gelu = _defined("gelu")
silu = _defined("silu")
mish = _defined("mish")
softplus = _defined("softplus")
softshrink = _defined("softshrink")
hardtanh = _defined("hardtanh")
threshold = _defined("threshold")
hardsigmoid = _defined("hardsigmoid")
hardswish = _defined("hardswish")
logsigmoid = _defined("logsigmoid")
softsign = _defined("softsign")
relu_ = in_place("relu")
leaky_relu_ = in_place("leaky_relu")
elu_ = in_place("elu")
celu_ = in_place("celu")
selu_ = in_place("selu")
silu_ = in_place("silu")
mish_ = in_place("mish")
hardtanh_ = in_place("hardtanh")
threshold_ = in_place("threshold")
hardsigmoid_ = in_place("hardsigmoid")
hardswish_ = in_place("hardswish")
sigmoid = unary("sigmoid", _sigmoid, FLOAT, "1 / (1 + exp(-x)) of each element.")


def _prelu(x: Array, weight: Array) -> Array:
    return jnp.where(x > 0, x, weight * x)


def _prepare_prelu(input: Tensor, weight: Tensor) -> Call:
    if input.dtype is not weight.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (input, weight)]
        raise RuntimeError(f"prelu: Type promoting not supported. Got {names[0]} and {names[1]}")
    if weight.ndim > 1:
        raise RuntimeError(
            f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.ndim}"
        )
    if weight.numel() != 1:
        _check_channels(input, weight.numel())
    shape = [1] * input.ndim
    if input.ndim > 1:
        shape[1] = weight.numel()
    spread = weight.reshape(shape if input.ndim else ())
    return elementwise(_prelu, (input, spread), SAME.refusing("prelu_cpu", *_FLOATING))


def _check_channels(input: Tensor, count: int) -> None:
    if not input.ndim:
        raise RuntimeError("Not allow zero-dim input tensor.")
    channels = input.shape[1] if input.ndim > 1 else 1
    if channels != count:
        raise RuntimeError(
            "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
            f"{count} and channel size = {channels}."
        )


prelu = define(
    Operation(
        "prelu",
        _prepare_prelu,
        "Each element, or where it is negative, its product with its channel's weight.",
        signatures=("Tensor input, Tensor weight",),
    )
)

"""What torch has and the adapter lacks: errors that name it and the way to do it in JAX.

Torch's public names are in ``torch_names.json``, so that a name that torch has never heard of stays
an ``AttributeError`` with torch's text.
"""

import functools
import json
from importlib import resources
from typing import Any

import jax.nn
import jax.numpy as jnp

_GRADIENTS = (
    "Gradients are JAX's: jax.grad(loss)(params), where loss takes tensors or arrays and returns "
    "jnp.asarray(result)"
)

_LOSSES = "On arrays it is jaxnn.{0}: jaxnn.{0}(jnp.asarray(x), jnp.asarray(target))"
_CLASSES = (
    "A tensor of a type is torch.tensor(data, dtype=torch.float32), torch.zeros(2, dtype=...)"
)

_INSTEAD = {
    "backward": _GRADIENTS,
    "requires_grad": _GRADIENTS,
    "requires_grad_": _GRADIENTS,
    "grad_fn": _GRADIENTS,
    "retain_grad": _GRADIENTS,
    "register_hook": _GRADIENTS,
    "enable_grad": _GRADIENTS,
    "set_grad_enabled": _GRADIENTS,
    "autograd": _GRADIENTS,
    "is_grad_enabled": _GRADIENTS,
    "compile": "To compile a function of tensors, use jax.jit",
    "vmap": "To map a function of tensors over a dimension, use jax.vmap",
    "optim": "Optimizers are in optax; jaxnn.training trains with them",
    "utils": "Batches of data come from jaxnn.data",
    "Module": "A model is a function of its parameters: jaxnn.init_mlp(rng, sizes), jaxnn.mlp",
    "Sequential": "A model is a function of its parameters: jaxnn.init_mlp(rng, sizes), jaxnn.mlp",
    "Linear": "A layer is a function of its parameters: jaxnn.init_dense(rng, ...), jaxnn.dense",
    "Parameter": "Parameters are plain arrays or tensors in a dict, which jax.grad differentiates",
    **dict.fromkeys(("CrossEntropyLoss", "cross_entropy"), _LOSSES.format("cross_entropy")),
    **dict.fromkeys(("MSELoss", "mse_loss"), _LOSSES.format("mse_loss")),
    **dict.fromkeys(("FloatTensor", "DoubleTensor", "LongTensor", "IntTensor"), _CLASSES),
}


class LackingError(NotImplementedError, AttributeError):
    """Something of torch's that jaxnn.torch lacks; ``hasattr`` says False of it."""


def attribute(owner: Any, name: str) -> Exception:
    """The error for an attribute that a tensor has not."""
    if name in torch_names("Tensor"):
        return method(name)
    return AttributeError(f"'{type(owner).__name__}' object has no attribute '{name}'")


def method(name: str) -> LackingError:
    """The error for a method of torch's tensors that the adapter lacks."""
    return LackingError(f"jaxnn.torch has no Tensor.{name}. {_instead(name, 'tensor')}.")


def function(module: str, name: str) -> Exception:
    """The error for a name that ``module`` ("torch", "nn.functional") has not."""
    full = "torch" if module == "torch" else f"torch.{module}"
    if name in torch_names(module):
        return LackingError(f"jaxnn.{full} has no {name}. {_instead(name, 'x')}.")
    return AttributeError(f"module '{full}' has no attribute '{name}'")


def _instead(name: str, argument: str) -> str:
    if name in _INSTEAD:
        return _INSTEAD[name]
    plain = name.rstrip("_")
    homes = {"jax.numpy": jnp, "jax.nn": jax.nn, "jax.numpy.linalg": jnp.linalg}
    for home, module in homes.items():
        if callable(getattr(module, plain, None)):
            return f"On arrays it is {home}.{plain}: {home}.{plain}(jnp.asarray({argument}), ...)"
    return f"Take the array, jnp.asarray({argument}), and use jax.numpy or jaxnn on it"


@functools.cache
def torch_names(owner: str) -> frozenset[str]:
    """The public names of one of torch's modules or classes, whether they are here or not."""
    text = resources.files("jaxnn.torch").joinpath("torch_names.json").read_text()
    return frozenset(json.loads(text)[owner])

"""Derivatives of one operation on one of the database's samples: torch's autograd and JAX's."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from torch.utils import _pytree as trees

import jaxnn.torch
from jaxnn.torch.tensor import of_array
from tests.parity.conformance.database import same_each_time, spread_out
from tests.parity.conformance.translation import Memory, UntranslatableError, function

#: Of the largest number in a gradient, and of each number.
ABSOLUTE, RELATIVE = 1e-8, 1e-6
SEED = 3


def differences(op: Any, most: int | None) -> tuple[int, list[str]]:
    """How many samples were compared, and what differs in those that differ.

    Args:
        op: An entry of the database.
        most: How many of its samples to take, from all over their list; None takes all.
    """
    kind = torch.float64
    if not op.supports_autograd or kind not in op.supported_backward_dtypes("cpu"):
        return 0, []
    draw = op.sample_inputs
    samples = same_each_time(lambda: list(draw("cpu", kind, requires_grad=True)))
    found = [_compare(op, sample) for sample in spread_out(samples, most)]
    compared = [text for text in found if text is not None]
    return len(compared), [text for text in compared if text]


def _compare(op: Any, sample: Any) -> str | None:
    """What differs; nothing if nothing does, None where torch has no derivative."""
    leaves, spec = trees.tree_flatten(((sample.input, *sample.args), sample.kwargs))
    active = [i for i, x in enumerate(leaves) if isinstance(x, torch.Tensor) and x.requires_grad]
    torch.manual_seed(SEED)
    args, kwargs = trees.tree_unflatten(leaves, spec)
    results = _listed(sample.output_process_fn_grad(op.op(*args, **kwargs)))
    chosen = [i for i, y in enumerate(results) if _is_differentiable(y)]
    if not active or not chosen:
        return None
    sums = [(results[i] * torch.from_numpy(_weights(i, results[i].shape))).sum() for i in chosen]
    given = [leaves[i] for i in active]
    expected = torch.autograd.grad(sums, given, allow_unused=True, materialize_grads=True)

    def total(*arrays: jax.Array) -> jax.Array:
        memory = Memory()
        ours = [memory(x) if isinstance(x, torch.Tensor) else x for x in leaves]
        for i, array in zip(active, arrays, strict=True):
            ours[i] = of_array(array)
        args, kwargs = trees.tree_unflatten(ours, spec)
        jaxnn.torch.manual_seed(SEED)
        result = function(op.op, op.name)(*map(memory, args), **memory(kwargs))
        found = _listed(function(sample.output_process_fn_grad)(result))
        wide = {i: found[i].__jax_array__().astype(float) for i in chosen}
        products = [x * _weights(i, x.shape) for i, x in wide.items()]
        return sum((jnp.sum(x) for x in products), start=jnp.zeros(()))

    arrays = [x.detach().numpy() for x in given]
    try:
        with jax.enable_x64(True):
            ours = jax.grad(total, argnums=tuple(range(len(active))))(*arrays)
            along = [_weights(i, x.shape) for i, x in enumerate(arrays)]
            _, change = jax.jvp(total, arrays, along)
    except UntranslatableError:
        return None
    except Exception as error:
        return f"raises {type(error).__name__}: {str(error)[:300]}\n for {sample.summary()[:300]}"
    wanted = [x.numpy(force=True) for x in expected]
    pairs = zip(ours, wanted, strict=True)
    texts = [_difference(np.asarray(found), each) for found, each in pairs]
    parts = np.array([(x * slope).sum() for x, slope in zip(along, wanted, strict=True)])
    least = max(1.0, np.abs(parts).sum())  # they may cancel
    texts.append(_difference(np.asarray(change)[None], parts.sum()[None], least))
    return next((f"{text}\n for {sample.summary()[:300]}" for text in texts if text), "")


def _difference(found: np.ndarray, expected: np.ndarray, least: float = 1.0) -> str:
    scale = np.nanmax(np.abs(expected), initial=least)
    alike = np.isclose(found, expected, RELATIVE, ABSOLUTE * scale, equal_nan=True)
    if alike.all():
        return ""
    return f"{found[~alike][:3]}, not {expected[~alike][:3]}, of {alike.size}"


def _listed(result: Any) -> list[Any]:
    return list(result) if isinstance(result, list | tuple) else [result]


def _is_differentiable(result: Any) -> bool:
    is_tensor = isinstance(result, torch.Tensor)
    return is_tensor and result.requires_grad and result.is_floating_point()


def _weights(place: int, shape: Sequence[int]) -> np.ndarray:
    """Factors that no symmetry hides behind."""
    count = int(np.prod(shape, dtype=int))
    return np.asarray(1.5 + np.cos(place + 1.3 * np.arange(count)).reshape(shape))

"""The arguments of `fit`: refused before anything is compiled, or made what the loop takes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from jax.sharding import Mesh

from jaxnn._checks import as_arrays, as_count, check_inexact, complaint
from jaxnn._rng import Rng, check_rng
from jaxnn.data import as_batch_size, check_pair, count_samples
from jaxnn.evaluation import check_hashable, is_stream, takes_rng
from jaxnn.random import Generator
from jaxnn.training.meshes import everywhere
from jaxnn.training.saving import Checkpoints
from jaxnn.training.scaling import LossScale
from jaxnn.training.settings import Settings


def check_loss(loss: Any, statistics: Any) -> None:
    """Refuse what cannot be called as a loss, or not be compiled."""
    takes_rng(loss, 1 if statistics is None else 2)
    check_hashable("fit", "loss", loss)


def check_optimizer(optimizer: Any) -> None:
    """Refuse what is no optax transformation."""
    if not isinstance(optimizer, optax.GradientTransformation):
        came = getattr(optimizer, "__name__", f"a {type(optimizer).__name__}")
        must = "optimizer must be an optax transformation"
        raise TypeError(complaint("fit", must, came, "use optimizer=optax.sgd(0.1)"))


def check_loss_scale(loss_scale: Any) -> None:
    """Refuse a bare number."""
    if not (loss_scale is None or isinstance(loss_scale, LossScale)):
        must, came = "loss_scale must be a LossScale", f"a {type(loss_scale).__name__}"
        raise TypeError(complaint("fit", must, came, "use loss_scale=LossScale(init=1024.0)"))


def networks_of(rng: Rng) -> int | None:
    """How many sources of randomness there are in one, or None for a single one."""
    if isinstance(rng, Generator):
        leaves, single = jax.tree.leaves(rng), jax.tree.leaves(Generator(rng.device, rng.profile))
        is_single = np.ndim(leaves[0]) == np.ndim(single[0])
        return None if is_single else np.shape(leaves[0])[0]
    if not isinstance(rng, Array):
        check_rng(rng)
    key: Any = rng
    is_typed = jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
    networks = key.shape[0] if key.ndim > (0 if is_typed else 1) else None
    check_rng(rng if networks is None else key[0])  # the keys of an array are all of one kind
    return networks


def as_params(params: Any) -> Any:
    """Arrays that have gradients."""
    params = as_arrays("fit", "params", params)
    check_inexact("fit", "params", params)
    return params


def as_data(data: Any, batch_size: Any, drop_last: bool) -> tuple[Any, int]:
    """The data, and the samples in a step, or 0 where the batches come as they are."""
    if is_stream(data):
        if batch_size is not None or drop_last:
            must = "batches that come as they are must have neither batch_size nor drop_last"
            came = f"batch_size={batch_size} and drop_last={drop_last}"
            raise ValueError(complaint("fit", must, came, "leave them out, or pass arrays (x, y)"))
        return data, 0
    check_pair("fit", data)
    if batch_size is None:
        must = "batch_size must be given with arrays"
        raise ValueError(complaint("fit", must, "None", "use batch_size=32"))
    data, size = as_arrays("fit", "data", tuple(data)), as_batch_size("fit", batch_size)
    n = count_samples("fit", data)
    if drop_last and n < size:
        must = "an epoch must have one batch or more"
        came = f"{n} samples, drop_last=True and batch_size={size}"
        raise ValueError(complaint("fit", must, came, f"use batch_size={n}"))
    return data, size


def as_held_out(validation: Any, mesh: Mesh | None) -> Any:
    """What to measure on; arrays on the device, where a mesh has its parameters."""
    if validation is None or callable(validation) or is_stream(validation):
        return validation
    check_pair("fit", validation, "validation")
    arrays = as_arrays("fit", "validation", tuple(validation))
    count_samples("fit", arrays)
    return everywhere(mesh, jax.tree.map(jnp.asarray, arrays))


def as_callbacks(callbacks: Sequence[Callable[..., Any]]) -> tuple[Callable[..., Any], ...]:
    """All of them; one alone must be in a list."""
    listed = () if callable(callbacks) else tuple(callbacks)
    wrong = [callbacks] if callable(callbacks) else [x for x in listed if not callable(x)]
    if wrong:
        must, came = "callbacks must be a list of functions", f"a {type(wrong[0]).__name__}"
        raise TypeError(complaint("fit", must, came, "use callbacks=[callback]"))
    return listed


def as_checkpoints(given: str | Path | Checkpoints | None) -> Checkpoints | None:
    """Where to write checkpoints, and how often."""
    if not (given is None or isinstance(given, str | Path | Checkpoints)):
        must, came = "checkpoint must be a folder or Checkpoints", f"a {type(given).__name__}"
        raise TypeError(complaint("fit", must, came, 'use checkpoint="runs/1"'))
    return Checkpoints(given) if isinstance(given, str | Path) else given


def as_patience(early_stopping: Any) -> int | None:
    """A number of epochs."""
    if early_stopping is None:
        return None
    return as_count("fit", "early_stopping", early_stopping)


def check_monitoring(settings: Settings) -> None:
    """Refuse to look for the best epoch where nothing says which it is."""
    if settings.early_stopping is None and settings.monitor is None:
        return
    if not (settings.monitor is None or callable(settings.monitor)):
        must, came = "monitor must be a function", f"a {type(settings.monitor).__name__}"
        instead = 'use monitor=lambda measured: measured["loss"]'
        raise TypeError(complaint("fit", must, came, instead))
    if settings.validation is None or settings.run.networks is not None:
        must = "monitor and early_stopping must come with validation, and one network"
        came = (
            "no validation" if settings.validation is None else f"{settings.run.networks} networks"
        )
        raise ValueError(complaint("fit", must, came, "use validation=(x, y)"))

"""Connectionist temporal classification: a sequence's loss over all of its alignments."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.core import Tracer
from jax.typing import ArrayLike

from jaxnn._checks import as_array, as_floating, check_range, complaint, describe
from jaxnn._precision import widen
from jaxnn.losses._define import loss


@loss
def ctc_loss(
    log_probs: ArrayLike,
    targets: ArrayLike,
    input_lengths: ArrayLike,
    target_lengths: ArrayLike,
    *,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Array:
    """-log of the summed probability of all alignments of the targets with the inputs.

    An alignment says a class or ``blank`` at each step; repetitions are merged, then blanks are
    left out. Where inputs are too short for their targets the loss is inf, its derivative 0. Torch
    adds exp(log_probs) to the derivative, which that of `log_softmax` takes away again.

    Args:
        log_probs: Floating point (T, N, C), steps first, or (T, C) of one sequence.
        targets: Classes (N, S), or (S,) of one sequence, filled up to the longest with anything.
        input_lengths: How many steps of each count (N,), or () of one sequence.
        target_lengths: How many classes of each count (N,), or ().
        blank: The class that says nothing.
        reduction: "mean", "sum" or "none". The mean is over losses that are first divided by their
            ``target_lengths`` (by 1 where there are none).
        zero_infinity: Whether 0 stands for an infinite loss.

    Returns:
        A scalar, or with "none" one loss a sequence, in the dtype of ``log_probs``.

    Raises:
        TypeError: ``log_probs`` are not floating point, or ``targets`` or a length not integer.
        ValueError: The shapes do not belong together, there is no such reduction, or a length,
            unless it is traced, is none.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> log_probs = jnp.log(jnp.full((2, 3), 1 / 3))
        >>> loss = jaxnn.ctc_loss(log_probs, jnp.array([1]), 2, 1)
        >>> print(f"{jnp.exp(-loss):.4f}")  # of nine sequences these three say 1: 1-, -1, 11
        0.3333

    Source: torch.nn.functional.ctc_loss; https://doi.org/10.1145/1143844.1143891.
    """
    function = "ctc_loss"
    given = as_floating(function, "log_probs", log_probs)
    labels = as_array(function, "targets", targets)
    if not jnp.issubdtype(labels.dtype, jnp.integer):
        must, instead = "targets must be integer", "use targets.astype(jnp.int32)"
        raise TypeError(complaint(function, must, describe(labels), instead))
    one = given.ndim == 2
    if given.ndim not in (2, 3) or labels.shape[:-1] != given.shape[1:-1] or not labels.ndim:
        must = "log_probs and targets must be (T, N, C) and (N, S), or (T, C) and (S,)"
        came = f"{describe(given)} and {describe(labels)}"
        raise ValueError(complaint(function, must, came, "put the steps of log_probs first"))
    check_range(function, "blank", blank, 0, given.shape[-1] - 1)
    _check_lengths(function, "input_lengths", input_lengths, given.shape[0])
    _check_lengths(function, "target_lengths", target_lengths, labels.shape[-1])
    steps = widen(given)[:, None] if one else widen(given)
    labels = labels.reshape(-1, labels.shape[-1]).astype(jnp.int32)
    sequences = labels.shape[:1]
    input_length = jnp.broadcast_to(jnp.asarray(input_lengths), sequences)
    target_length = jnp.broadcast_to(jnp.asarray(target_lengths), sequences)
    losses = _losses(steps, labels, input_length, target_length, blank)
    if zero_infinity:
        losses = jnp.where(jnp.isinf(losses), 0, losses)
    if reduction == "mean":
        return (losses / jnp.maximum(target_length, 1).astype(losses.dtype)).mean()
    return losses.sum() if reduction == "sum" else losses.reshape(() if one else losses.shape)


def _check_lengths(function: str, name: str, lengths: ArrayLike, longest: int) -> None:
    given = lengths if isinstance(lengths, Array) else np.asarray(lengths)
    if not jnp.issubdtype(given.dtype, jnp.integer):
        must, instead = f"{name} must be integer", f"use jnp.asarray({name}, jnp.int32)"
        raise TypeError(complaint(function, must, describe(given), instead))
    if not isinstance(given, Tracer):
        for length in np.unique(given):
            check_range(function, name, int(length), 0, longest)


@partial(jax.jit, static_argnames="blank")  # eagerly the scan would be compiled at each call
def _losses(
    log_probs: Array, labels: Array, input_lengths: Array, target_lengths: Array, blank: int
) -> Array:
    """The forward algorithm over the states: blank, label, blank, …, label, blank."""
    batch, count = labels.shape
    states = jnp.full((batch, 2 * count + 1), blank, jnp.int32).at[:, 1::2].set(labels)
    before = jnp.pad(states, ((0, 0), (2, 0)), constant_values=blank)[:, :-2]
    may_skip = (states != blank) & (states != before)
    index = jnp.clip(states, 0, log_probs.shape[-1] - 1)
    start = jnp.arange(2 * count + 1) == 0

    def step(paths: Array, now: tuple[Array, Array]) -> tuple[Array, None]:
        at, emitted = now
        stay, one, two = paths, _moved(paths, 1), jnp.where(may_skip, _moved(paths, 2), -jnp.inf)
        ways = _log_sum_exp(jnp.stack([stay, one, two]))
        spoken = jnp.take_along_axis(emitted, index, -1)
        return jnp.where((at < input_lengths)[:, None], ways + spoken, paths), None

    # One step before the first all paths are in the first state, from which the second is near.
    first = jnp.broadcast_to(jnp.where(start, 0.0, -jnp.inf), states.shape).astype(log_probs.dtype)
    times = jnp.arange(log_probs.shape[0])
    paths, _ = lax.scan(step, first, (times, log_probs))
    last = 2 * target_lengths.astype(jnp.int32)[:, None]
    ends = jnp.concatenate([last, jnp.maximum(last - 1, 0)], -1)
    reached = jnp.take_along_axis(paths, ends, -1)
    both = jnp.stack([reached[:, 0], jnp.where(last[:, 0] > 0, reached[:, 1], -jnp.inf)])
    return -_log_sum_exp(both)


def _moved(paths: Array, by: int) -> Array:
    """Each state's paths in the state that follows ``by`` states later."""
    length = paths.shape[-1]
    return jnp.pad(paths, ((0, 0), (by, 0)), constant_values=-jnp.inf)[:, :length]


def _log_sum_exp(x: Array) -> Array:
    """Along the first axis; of nothing but -inf it is -inf with derivative 0."""
    top = lax.stop_gradient(x.max(0))
    shift = jnp.where(jnp.isinf(top), 0, top)
    total = jnp.exp(x - shift[None]).sum(0)
    return jnp.where(total == 0, -jnp.inf, jnp.log(jnp.where(total == 0, 1, total)) + shift)

"""Steps of gradient descent, compiled: one, as many as wanted of an epoch, or of many networks."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array, lax
from jax.sharding import Mesh

from jaxnn._checks import check_like, complaint, describe
from jaxnn._rng import Rng, split
from jaxnn.data import base_seed, epoch_order, take_samples
from jaxnn.evaluation import call
from jaxnn.training import meshes, scaling
from jaxnn.training.scaling import Scale
from jaxnn.training.updates import updated


class Run(NamedTuple):
    """What a run of `fit` does in each step; hashable, for compiled functions are kept by it.

    Attributes:
        loss: As `fit` takes it.
        optimizer: An optax transformation.
        batch_size: Samples in a step, or 0 where the batches come as they are.
        drop_last: Whether a last batch that is short is left out.
        networks: How many are trained at once, or None for a single one without an axis for it.
        has_statistics: Whether the loss takes and returns statistics.
        mesh: Of devices, with automatic axes, that share the work; or None for a single device.
    """

    loss: Callable[..., Any]
    optimizer: optax.GradientTransformation
    batch_size: int
    drop_last: bool
    networks: int | None
    has_statistics: bool
    mesh: Mesh | None = None


class Carry(NamedTuple):
    """What one step hands to the next."""

    params: Any
    opt_state: Any
    statistics: Any
    scale: Scale | None
    rng: Rng


@partial(jax.jit, static_argnums=0)
def start(
    run: Run, params: Any, opt_state: Any, statistics: Any, scale: Scale | None, rng: Rng
) -> Carry:
    """The carry before the first step. Its arrays are new: the caller's stay the caller's.

    Raises:
        ValueError: There is a state of the optimizer that is not one of these parameters.
    """

    def strong(leaf: Any) -> Array:  # of no weak type, as what a step returns is
        return jnp.array(leaf, dtype=jnp.result_type(leaf))

    params, opt_state, statistics = jax.tree.map(strong, (params, opt_state, statistics))
    init = run.optimizer.init if run.networks is None else jax.vmap(run.optimizer.init)
    first = jax.tree.map(strong, init(params))
    if opt_state is not None:
        check_like("fit", "opt_state", opt_state, first, "use what optimizer.init(params) gives")
    return Carry(params, first if opt_state is None else opt_state, statistics, scale, rng)


@partial(jax.jit, static_argnums=(0, 2))
def draw_order(run: Run, carry: Carry, n: int) -> tuple[Carry, Array]:
    """The order of an epoch over ``n`` samples, i32[n], or i32[networks, n]."""

    def draw(rng: Rng) -> tuple[Array, Rng]:
        source, rng = fork(rng)
        return epoch_order(source, n), rng

    order, rng = (draw if run.networks is None else jax.vmap(draw))(carry.rng)
    return carry._replace(rng=rng), order


@partial(jax.jit, static_argnames="networks")
def draw_base_seed(rng: Rng, networks: int | None) -> Rng:
    """Each network's source of randomness after a loader's base seed."""

    def draw(rng: Rng) -> Rng:
        source, rng = fork(rng)
        base_seed(source)
        return rng

    return (draw if networks is None else jax.vmap(draw))(rng)


def steps_of(run: Run, n: int) -> int:
    """How many steps an epoch over ``n`` samples has."""
    full, rest = divmod(n, run.batch_size)
    return full + (rest > 0 and not run.drop_last)


def _advance(
    run: Run, carry: Carry, order: Array, data: Any, first: Array, stop: Array
) -> tuple[Carry, Array, Array]:
    """Make the steps of an epoch from ``first`` to ``stop``, or to one whose loss is not finite.

    How many they are is not fixed at compilation: one program serves whole epochs, parts of them
    and what is left of one after a restart, with the same bits.

    Returns:
        The carry; the losses of the epoch's steps, nan where none was made, with a last axis of
        networks; and the step after the last one that was made.
    """
    n = order.shape[-1]
    full, rest = divmod(n, run.batch_size)
    step = _batched(run, shared=False)

    def make(i: Array, carry: Carry, losses: Array, size: int) -> tuple[Array, Array, Any, Array]:
        indices = lax.dynamic_slice_in_dim(order, i * run.batch_size, size, axis=-1)
        take = partial(take_samples, data)
        batch = take(indices) if run.networks is None else jax.vmap(take)(indices)
        carry, value = step(carry, batch)
        return i + 1, jnp.isfinite(value).any(), carry, losses.at[i].set(value)

    def due(place: Any) -> Array:
        i, fine, _, _ = place
        return (i < jnp.minimum(stop, full)) & fine

    def body(place: Any) -> Any:
        i, _, carry, losses = place
        return make(i, carry, losses, run.batch_size)

    losses = _no_losses(run, carry, data, n)
    place = (first, jnp.asarray(True), carry, losses)
    if full:
        place = lax.while_loop(due, body, place)
    if rest and not run.drop_last:

        def last(place: Any) -> Any:
            i, _, carry, losses = place
            return make(i, carry, losses, rest)

        place = lax.cond((stop > full) & place[1], last, lambda place: place, place)
    i, _, carry, losses = place
    return carry, losses, i


#: The one leaves what it was given for another attempt, the other gives its memory to the results.
advance = jax.jit(_advance, static_argnums=0)
advance_in_place = jax.jit(_advance, static_argnums=0, donate_argnums=1)


def _no_losses(run: Run, carry: Carry, data: Any, n: int) -> Array:
    """Where the losses of an epoch go."""
    batch = jax.tree.map(lambda a: a[: min(run.batch_size, n)], data)
    value = jax.eval_shape(_batched(run, shared=True), carry, batch)[1]
    return jnp.full((steps_of(run, n), *value.shape), jnp.nan, value.dtype)


@partial(jax.jit, static_argnums=0)
def step(run: Run, carry: Carry, batch: Any) -> tuple[Carry, Array]:
    """One step, on a batch that all networks share."""
    return _batched(run, shared=True)(carry, batch)


def _batched(run: Run, *, shared: bool) -> Callable[[Carry, Any], tuple[Carry, Array]]:
    """The step of one network, or of all of them, on a batch that they share or one for each."""
    single = partial(_step, run)
    if run.networks is None:
        return single
    return jax.vmap(single, in_axes=(0, None if shared else 0))


def _step(run: Run, carry: Carry, batch: Any) -> tuple[Carry, Array]:
    """The step of one network: its carry afterwards, and the loss before it."""
    batch = meshes.divided(run.mesh, batch)

    def objective(params: Any, rng: Rng) -> tuple[Array, Any]:
        source, later = fork(rng)
        value, statistics = _value(run, params, carry.statistics, batch, source)
        return scaling.scaled(value, carry.scale), (value, statistics, later)

    def value_of(params: Any) -> Array:
        return objective(params, carry.rng)[1][0]

    def gradients_of(params: Any) -> tuple[Any, Any]:
        gradients, others = jax.grad(objective, has_aux=True)(params, carry.rng)
        return scaling.unscaled(gradients, carry.scale), others

    gradients, (value, statistics, rng) = gradients_of(carry.params)
    updates, opt_state = updated(
        run.optimizer, gradients, carry.opt_state, carry.params, value,
        value_of, lambda params: gradients_of(params)[0],
    )  # fmt: skip
    moved = optax.apply_updates(carry.params, updates), opt_state
    (params, opt_state), scale = scaling.kept(
        moved, (carry.params, carry.opt_state), gradients, carry.scale
    )
    return Carry(params, opt_state, statistics, scale, rng), value


def _value(run: Run, params: Any, statistics: Any, batch: Any, rng: Rng) -> tuple[Array, Any]:
    """The loss of a batch, checked, and the statistics after it."""
    if run.has_statistics:
        returned = call(run.loss, (params, statistics), batch, rng)
        if not isinstance(returned, tuple) or len(returned) != 2:
            must = "a loss with statistics must return (loss, statistics)"
            came = f"a {type(returned).__name__}"
            raise TypeError(complaint("fit", must, came, "return value, statistics"))
        value, statistics = returned
    else:
        value = call(run.loss, (params,), batch, rng)
    if not isinstance(value, Array) or value.ndim or not jnp.issubdtype(value.dtype, jnp.floating):
        came = describe(value) if isinstance(value, Array) else f"a {type(value).__name__}"
        must = "loss must return one real number, an array of shape ()"
        raise TypeError(complaint("fit", must, came, "return the mean, jnp.mean(...)"))
    return value, statistics


def fork(rng: Rng) -> tuple[Rng, Rng]:
    """What to draw from now, and what to go on with: for a Generator the same one.

    It is a new object, since a generator is not to keep what was traced inside a gradient.
    """
    now, later = split(jax.tree.map(lambda leaf: leaf, rng), 2)
    return now, later

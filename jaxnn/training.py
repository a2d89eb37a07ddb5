"""Training as one compiled scan an epoch: the batches are gathered where the data lies."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from tqdm import tqdm

from jaxnn._checks import complaint, describe
from jaxnn._rng import Rng, check_rng, split
from jaxnn.data import check_batch_size, check_pair, count_samples, epoch_order, take_samples
from jaxnn.evaluation import call, takes_rng
from jaxnn.evaluation import evaluate as evaluate
from jaxnn.random import Generator

NOT_YET = {
    "checkpoint": "save FitResult.params between two calls of fit, for instance with numpy.savez",
    "mesh": "leave it out: training then runs on JAX's default device",
}


class FitResult(NamedTuple):
    """What `fit` returns.

    Examples:
        >>> import numpy as np
        >>> FitResult({"w": np.ones(2)}, (), np.array([0.5, 0.25]), None, 1).losses.min()
        np.float64(0.25)
    """

    params: Any
    opt_state: Any
    losses: np.ndarray  # f32[steps], one for each step, in order
    validation: Any  # what was measured after each epoch, stacked: f32[epochs] for (x, y)
    steps_per_epoch: int


def fit(
    loss: Callable[..., Array],
    params: Any,
    data: tuple[Any, Any],
    *,
    optimizer: optax.GradientTransformation,
    epochs: int,
    batch_size: int,
    rng: Rng,
    drop_last: bool = False,
    validation: tuple[Any, Any] | Callable[[Any], Any] | None = None,
    checkpoint: None = None,
    progress: bool = True,
    mesh: None = None,
) -> FitResult:
    """Minimize a loss over shuffled batches, an epoch at a time.

    For each batch: ``params += optimizer(grad(loss)(params, x, y))``.

    A whole epoch is one compiled function. It is compiled once for each ``loss`` and ``optimizer``
    (the very objects), ``batch_size`` and shape of the data: a second call of `fit` with the same
    ones starts at once.

    Args:
        loss: ``loss(params, x, y)`` or ``loss(params, x, y, rng)`` -> scalar, usually the mean
            over the batch. The ``rng`` of a step is a new key, or the Generator itself.
        params: A pytree of arrays; it stays as it is.
        data: ``(x, y)``, arrays or pytrees of arrays with one sample for each index of the first
            axis.
        optimizer: An optax transformation, such as ``optax.sgd(0.1)``.
        epochs: How many times to go through the data.
        batch_size: Samples in a step; the last batch of an epoch may have fewer.
        rng: A JAX key; or a Generator, which stands for torch's default generator: the batches
            are those that ``DataLoader(shuffle=True)`` would have drawn, and the Generator is
            advanced as torch's would be.
        drop_last: Leave out a last batch that is short.
        validation: ``(x, y)`` to measure the loss on after each epoch, all at once (a loss that
            takes an ``rng`` gets ``None`` there); or ``validation(params)``, whose result, a
            number or a pytree of numbers, is recorded.
        checkpoint: Not supported yet.
        progress: Show a progress bar on standard error.
        mesh: Not supported yet.

    Returns:
        A `FitResult`: the trained parameters, the optimizer's state, the loss of each step
        (before that step), what ``validation`` gave for each epoch, and the steps in an epoch.

    Raises:
        ValueError: If ``x`` and ``y`` differ in their number of samples or have none, if
            ``batch_size`` or ``epochs`` is out of range, or if ``drop_last`` drops everything.
        TypeError: If ``loss`` has another signature or returns anything but a real scalar, or if
            ``optimizer`` is no optax transformation, ``data`` no pair, or ``rng`` neither a key
            nor a Generator.
        NotImplementedError: If ``checkpoint`` or ``mesh`` is given.

    Examples:
        >>> import jax, jax.numpy as jnp, optax
        >>> x = jnp.linspace(-1, 1, 64)
        >>> def loss(params, x, y):
        ...     return jnp.mean((params["slope"] * x + params["offset"] - y) ** 2)
        >>> params = {"slope": jnp.array(0.0), "offset": jnp.array(0.0)}
        >>> result = fit(loss, params, (x, 3 * x + 1), optimizer=optax.sgd(0.3), epochs=20,
        ...              batch_size=16, rng=jax.random.key(0), progress=False)
        >>> print({name: round(float(value), 2) for name, value in result.params.items()})
        {'offset': 1.0, 'slope': 3.0}

    Source: the training loop of ``torch.utils.data.DataLoader`` and ``torch.optim``.
    """
    _check_arguments(loss, data, optimizer, epochs, batch_size, rng, drop_last)
    _check_not_yet(checkpoint=checkpoint, mesh=mesh)
    data = jax.tree.map(jnp.asarray, data)
    # An epoch gives its arguments' memory to its results. The caller's arrays are not its to give,
    # and neither are those that the state of an optimizer shares with the parameters.
    params = _copy(params)
    opt_state = _copy(optimizer.init(params))
    losses, measured = [], []
    with tqdm(total=epochs, desc="training", unit="epoch", disable=not progress) as bar:
        for _ in range(epochs):
            params, opt_state, after, epoch_losses = _epoch(
                params, opt_state, rng, data,
                loss=loss, optimizer=optimizer, batch_size=batch_size, drop_last=drop_last,
            )  # fmt: skip
            rng = _advance(rng, after)
            losses.append(np.asarray(epoch_losses))
            measured.append(_validate(validation, loss, params))
            bar.set_postfix(_figures(losses[-1], measured[-1]), refresh=False)
            bar.update()
    steps_per_epoch = len(losses[0]) if losses else 0
    return FitResult(
        params,
        opt_state,
        np.concatenate(losses) if losses else np.zeros(0, np.float32),
        jax.tree.map(lambda *values: np.array(values), *measured) if losses else None,
        steps_per_epoch,
    )


@partial(
    jax.jit,
    static_argnames=("loss", "optimizer", "batch_size", "drop_last"),
    donate_argnames=("params", "opt_state"),
)
def _epoch(
    params: Any,
    opt_state: Any,
    rng: Rng,
    data: tuple[Any, Any],
    *,
    loss: Callable[..., Array],
    optimizer: optax.GradientTransformation,
    batch_size: int,
    drop_last: bool,
) -> tuple[Any, Any, Rng, Array]:
    """Every step of an epoch: parameters, optimizer's state and ``rng`` after it, and losses."""
    optimizer = optax.with_extra_args_support(optimizer)

    def step(carry: Any, indices: Array) -> tuple[Any, Array]:
        params, opt_state, rng = carry
        objective = jax.value_and_grad(partial(_objective, loss), has_aux=True)
        (value, rng), gradients = objective(params, take_samples(data, indices), rng)
        updates, opt_state = optimizer.update(gradients, opt_state, params, value=value)
        return (optax.apply_updates(params, updates), opt_state, rng), value

    n = count_samples("fit", data)
    full, rest = divmod(n, batch_size)
    source, rng = _fork(rng)
    order = epoch_order(source, n)
    split = full * batch_size
    carry, losses = jax.lax.scan(
        step, (params, opt_state, rng), order[:split].reshape(full, batch_size)
    )
    if rest and not drop_last:
        carry, last = step(carry, order[split:])
        losses = jnp.append(losses, last)
    return *carry, losses


def _objective(
    loss: Callable[..., Array], params: Any, batch: tuple[Any, Any], rng: Rng
) -> tuple[Array, Rng]:
    """The loss, checked, and the ``rng`` of the next step."""
    source, rng = _fork(rng)
    value = call(loss, params, batch, source)
    if not isinstance(value, Array) or value.ndim or not jnp.issubdtype(value.dtype, jnp.floating):
        came = describe(value) if isinstance(value, Array) else f"a {type(value).__name__}"
        must = "loss must return one real number, an array of shape ()"
        raise TypeError(complaint("fit", must, came, "return the mean, jnp.mean(...)"))
    return value, rng


def _fork(rng: Rng) -> tuple[Rng, Rng]:
    """What to draw from now, and what to go on with: for a Generator the same one.

    It is a new object, since a generator is not to keep what was traced inside a gradient.
    """
    now, later = split(jax.tree.map(lambda leaf: leaf, rng), 2)
    return now, later


def _advance(rng: Rng, after: Rng) -> Rng:
    """What the next epoch draws from: the caller's generator, brought up to date, or a new key."""
    if isinstance(rng, Generator) and isinstance(after, Generator):
        rng.state = after.state
        return rng
    return after


def _validate(validation: Any, loss: Callable[..., Array], params: Any) -> Any:
    """What to record after an epoch: ``None``, or a scalar or pytree of scalars on the device."""
    if validation is None:
        return None
    if callable(validation):
        # It may keep what it is given, and the next epoch takes the memory of these parameters.
        return validation(_copy(params))
    return evaluate(loss, params, validation)


def _figures(losses: np.ndarray, measured: Any) -> dict[str, str]:
    """What the progress bar shows of an epoch: its mean loss, and what was measured after it."""
    named = measured if isinstance(measured, Mapping) else {"validation": measured}
    figures = {"loss": losses.mean()} | {k: v for k, v in named.items() if np.shape(v) == ()}
    return {name: f"{float(value):.4g}" for name, value in figures.items() if value is not None}


@jax.jit
def _copy(tree: Any) -> Any:
    """New arrays with the same values, none of a weak type: the compiled epoch returns such."""
    return jax.tree.map(lambda leaf: jnp.array(leaf, dtype=jnp.result_type(leaf)), tree)


def _check_arguments(
    loss: Any,
    data: Any,
    optimizer: Any,
    epochs: int,
    batch_size: int,
    rng: Rng,
    drop_last: bool,
) -> None:
    """Refuse what cannot be trained, before anything is compiled."""
    takes_rng(loss)
    if not isinstance(optimizer, optax.GradientTransformation):
        came = getattr(optimizer, "__name__", f"a {type(optimizer).__name__}")
        must = "optimizer must be an optax transformation"
        raise TypeError(complaint("fit", must, came, "use optimizer=optax.sgd(0.1)"))
    if epochs < 0:
        must = "epochs must be 0 or more"
        raise ValueError(complaint("fit", must, str(epochs), "use epochs=1"))
    check_batch_size("fit", batch_size)
    check_rng(rng)
    check_pair("fit", data)
    n = count_samples("fit", data)
    if drop_last and n < batch_size:
        must = "an epoch must have one batch or more"
        came = f"{n} samples, drop_last=True and batch_size={batch_size}"
        raise ValueError(complaint("fit", must, came, f"use batch_size={n}"))


def _check_not_yet(**arguments: Any) -> None:
    """Refuse the arguments that are promised for a later release."""
    for name, value in arguments.items():
        if value is not None:
            raise NotImplementedError(f"fit: {name} is not supported yet; {NOT_YET[name]}")

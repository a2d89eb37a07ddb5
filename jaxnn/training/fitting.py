"""Training: the public function, its checks, and the loop over the epochs."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from jax.sharding import Mesh

from jaxnn._checks import complaint
from jaxnn._rng import Rng, check_rng
from jaxnn.data import check_batch_size, check_pair, count_samples
from jaxnn.evaluation import is_stream, takes_rng
from jaxnn.random import Generator
from jaxnn.training.loop import Loop
from jaxnn.training.meshes import automatic, entered, everywhere, off
from jaxnn.training.results import FitResult, Progress
from jaxnn.training.saving import Checkpoints
from jaxnn.training.scaling import LossScale
from jaxnn.training.settings import Settings
from jaxnn.training.steps import Run


def fit(
    loss: Callable[..., Any],
    params: Any,
    data: tuple[Any, Any] | Iterable[tuple[Any, Any]],
    *,
    optimizer: optax.GradientTransformation,
    epochs: int,
    batch_size: int | None = None,
    rng: Rng,
    drop_last: bool = False,
    opt_state: Any = None,
    statistics: Any = None,
    validation: tuple[Any, Any] | Iterable[tuple[Any, Any]] | Callable[..., Any] | None = None,
    monitor: Callable[[Any], float] | None = None,
    early_stopping: int | None = None,
    callbacks: Sequence[Callable[[Progress], bool | None]] = (),
    checkpoint: str | Path | Checkpoints | None = None,
    loss_scale: LossScale | None = None,
    recover: bool = True,
    progress: bool = True,
    mesh: Mesh | None = None,
) -> FitResult:
    """Minimize a loss over shuffled batches, an epoch at a time.

    For each batch: ``params += optimizer(grad(loss)(params, x, y))``.

    The steps of an epoch are one compiled loop. It is compiled once for each ``loss`` and
    ``optimizer`` (the very objects), ``batch_size`` and shape of the data: a second call of `fit`
    with the same ones starts at once.

    Many networks are trained at once where ``rng`` holds many sources, such as
    ``jax.vmap(lambda seed: Generator().manual_seed(seed))(seeds)`` or ``jax.random.split(key, n)``,
    and every array of ``params`` has a first axis for them: each makes just the run that it would
    have made alone with its own seed. A Generator that drew parameters under ``vmap`` has gone on
    there only: return it beside them, for ``rng``.

    Ctrl-C ends the training early; what was trained is returned.

    Args:
        loss: ``loss(params, x, y)`` or ``loss(params, x, y, rng)`` -> scalar, usually the mean
            over the batch. The ``rng`` of a step is a new key, or the Generator itself. With
            ``statistics`` it is ``loss(params, statistics, x, y)``, or with ``rng`` at the end, and
            returns ``(scalar, statistics)``.
        params: A pytree of arrays; it stays as it is.
        data: ``(x, y)``, arrays or pytrees of arrays with one sample for each index of the first
            axis; or what yields such pairs, the batches of an epoch, each time it is gone through:
            they may be more than memory holds, and are put on the device while others are used.
        optimizer: An optax transformation, such as those of `jaxnn.optim`.
        epochs: How many times to go through the data.
        batch_size: Samples in a step; the last batch of an epoch may have fewer. Not for batches
            that come as they are.
        rng: A JAX key; or a Generator, which stands for torch's default generator: the batches
            are those that ``DataLoader(shuffle=True)`` would have drawn, and the Generator is
            advanced as torch's would be.
        drop_last: Leave out a last batch that is short.
        opt_state: The optimizer's state to go on from, such as `optim.from_state_dict` makes; by
            default ``optimizer.init(params)``. For many networks its arrays have an axis too.
        statistics: What the loss keeps of the batches besides, such as `batch_norm`'s.
        validation: ``(x, y)``, or batches, to measure the loss on after each epoch (a loss that
            takes an ``rng`` gets ``None`` there); or ``validation(params)``, with statistics
            ``validation(params, statistics)``, whose result, a number or a pytree of numbers, is
            recorded.
        monitor: From what was measured to the number that decides which epoch was best, the lowest.
            By default the number itself, or the one called ``"loss"``.
        early_stopping: Stop after so many epochs in a row without a better one.
        callbacks: Each is called after every epoch with a `Progress`; True stops the training.
        checkpoint: A folder, or `Checkpoints`, to write what a killed run goes on from: the same
            call with the same arguments then ends with the same bits.
        loss_scale: Makes gradients large enough for float16.
        recover: Keep what is needed to return to the parameters before a loss that is not finite:
            two copies of the parameters and the optimizer's state. Without, each step gives its
            memory to the next.
        progress: Show a progress bar on standard error, where that is a terminal.
        mesh: A `jax.sharding.Mesh` with an axis "data": each batch is divided along it, or made on
            every device in whole where that is not possible, as for a short last one. Parameters
            and arrays of data lie on every device, of streams just its part of a batch. What is
            returned lies on the mesh too, with automatic axes.

    Returns:
        A `FitResult`. Where a loss was not finite, ``stopped`` names the step, and ``params`` are
        the last ones whose loss was.

    Raises:
        ValueError: If ``x`` and ``y`` differ in their number of samples or have none, if
            ``opt_state`` is of another optimizer or other parameters, if ``batch_size`` or
            ``epochs`` is out of range, if ``drop_last`` drops everything, if ``mesh`` has no axis
            "data" or that does not divide ``batch_size``, or if the checkpoints in the folder are
            of another training or all damaged.
        TypeError: If ``loss`` has another signature or returns anything but a real scalar, or if
            ``optimizer`` is no optax transformation, ``data`` no pair, or ``rng`` neither a key
            nor a Generator.
        OSError: If a checkpoint cannot be written.

    Examples:
        >>> import jax, jax.numpy as jnp
        >>> from jaxnn import optim
        >>> x = jnp.linspace(-1, 1, 64)
        >>> def loss(params, x, y):
        ...     return jnp.mean((params["slope"] * x + params["offset"] - y) ** 2)
        >>> params = {"slope": jnp.array(0.0), "offset": jnp.array(0.0)}
        >>> result = fit(loss, params, (x, 3 * x + 1), optimizer=optim.sgd(0.3), epochs=20,
        ...              batch_size=16, rng=jax.random.key(0), progress=False)
        >>> print({name: round(float(value), 2) for name, value in result.params.items()})
        {'offset': 1.0, 'slope': 3.0}

    Source: the training loop of ``torch.utils.data.DataLoader`` and ``torch.optim``.
    """
    _check_arguments(loss, data, optimizer, epochs, batch_size, rng, drop_last, statistics)
    networks = networks_of(rng)
    run = Run(
        loss, optimizer, batch_size or 0, drop_last, networks, statistics is not None,
        automatic(mesh, batch_size or 0),
    )  # fmt: skip
    settings = Settings(
        run=run,
        epochs=epochs,
        validation=_held_out(validation, run.mesh),
        monitor=monitor,
        early_stopping=early_stopping,
        callbacks=tuple(callbacks),
        checkpoint=_checkpoints(checkpoint),
        recover=recover,
        progress=progress,
    )
    _check_monitoring(settings)
    with entered(run.mesh):
        loop = Loop(settings, params, opt_state, statistics, loss_scale, data, rng)
        result = loop.run()
    if isinstance(rng, Generator) and isinstance(loop.course.carry.rng, Generator):
        rng.state = off(run.mesh, loop.course.carry.rng.state)
    return result


def networks_of(rng: Rng) -> int | None:
    """How many sources of randomness there are in one, or None for a single one."""
    if isinstance(rng, Generator):
        leaves, single = jax.tree.leaves(rng), jax.tree.leaves(Generator(rng.device, rng.profile))
        is_single = np.ndim(leaves[0]) == np.ndim(single[0])
        return None if is_single else np.shape(leaves[0])[0]
    key: Any = rng
    is_typed = jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
    return key.shape[0] if key.ndim > (0 if is_typed else 1) else None


def _held_out(validation: Any, mesh: Mesh | None) -> Any:
    """What to measure on, where a mesh has its parameters."""
    is_pair = not (validation is None or callable(validation) or is_stream(validation))
    return everywhere(mesh, validation) if is_pair else validation


def _checkpoints(given: str | Path | Checkpoints | None) -> Checkpoints | None:
    return Checkpoints(given) if isinstance(given, str | Path) else given


def _check_arguments(
    loss: Any, data: Any, optimizer: Any, epochs: int, batch_size: int | None, rng: Rng,
    drop_last: bool, statistics: Any,
) -> None:  # fmt: skip
    """Refuse what cannot be trained, before anything is compiled."""
    takes_rng(loss, 1 if statistics is None else 2)
    if not isinstance(optimizer, optax.GradientTransformation):
        came = getattr(optimizer, "__name__", f"a {type(optimizer).__name__}")
        must = "optimizer must be an optax transformation"
        raise TypeError(complaint("fit", must, came, "use optimizer=optax.sgd(0.1)"))
    if epochs < 0:
        must = "epochs must be 0 or more"
        raise ValueError(complaint("fit", must, str(epochs), "use epochs=1"))
    if isinstance(rng, Array) and networks_of(rng) is not None:
        rng = rng[0]  # the keys of an array are all of one kind
    check_rng(rng)
    if is_stream(data):
        _check_stream(batch_size, drop_last)
    else:
        _check_arrays(data, batch_size, drop_last)


def _check_stream(batch_size: int | None, drop_last: bool) -> None:
    if batch_size is not None or drop_last:
        must = "batches that come as they are must have neither batch_size nor drop_last"
        came = f"batch_size={batch_size} and drop_last={drop_last}"
        raise ValueError(complaint("fit", must, came, "leave them out, or pass arrays (x, y)"))


def _check_arrays(data: Any, batch_size: int | None, drop_last: bool) -> None:
    if batch_size is None:
        must = "batch_size must be given with arrays"
        raise ValueError(complaint("fit", must, "None", "use batch_size=32"))
    check_batch_size("fit", batch_size)
    check_pair("fit", data)
    n = count_samples("fit", data)
    if drop_last and n < batch_size:
        must = "an epoch must have one batch or more"
        came = f"{n} samples, drop_last=True and batch_size={batch_size}"
        raise ValueError(complaint("fit", must, came, f"use batch_size={n}"))


def _check_monitoring(settings: Settings) -> None:
    if settings.early_stopping is None and settings.monitor is None:
        return
    if settings.validation is None or settings.run.networks is not None:
        must = "monitor and early_stopping must come with validation, and one network"
        came = (
            "no validation" if settings.validation is None else f"{settings.run.networks} networks"
        )
        raise ValueError(complaint("fit", must, came, "use validation=(x, y)"))

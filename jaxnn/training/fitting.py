"""Training: the public function."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import optax
from jax.sharding import Mesh

from jaxnn._checks import as_count
from jaxnn._rng import Rng
from jaxnn.random import Generator
from jaxnn.training import arguments
from jaxnn.training.judging import check_measure
from jaxnn.training.loop import Loop
from jaxnn.training.meshes import automatic, entered, off
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
    have made alone with its own seed, as long as its losses are finite. A Generator that drew
    parameters under ``vmap`` has gone on there only: return it beside them, for ``rng``.

    Ctrl-C ends the training early; what was trained is returned.

    Args:
        loss: ``loss(params, x, y)`` or ``loss(params, x, y, rng)`` -> scalar, usually the mean
            over the batch. The ``rng`` of a step is a new key, or the Generator itself; that of
            validation is None, by which `mlp` and `dropout` drop nothing, and `batch_norm` may be
            told: ``training=rng is not None``. With ``statistics`` it is
            ``loss(params, statistics, x, y)``, or with ``rng`` at the end, and returns
            ``(scalar, statistics)``.
        params: A pytree of arrays, floating point or complex; it stays as it is.
        data: ``(x, y)``, arrays or pytrees of arrays, of any library, with one sample for each
            index of the first axis; or what yields such pairs, the batches of an epoch, each time
            it is gone through, such as a DataLoader: they may be more than memory holds, and are
            put on the device while others are used. A killed run goes on with the same bits if
            an epoch's batches are the same in every process: not those of a loader that shuffles.
        optimizer: An optax transformation, such as those of `jaxnn.optim`.
        epochs: How many times to go through the data.
        batch_size: Samples in a step; the last batch of an epoch may have fewer. Not for batches
            that come as they are.
        rng: A JAX key; or a Generator, which stands for torch's default generator: the batches
            are those that ``DataLoader(shuffle=True)`` would have drawn, and the Generator is
            advanced as torch's would be. Where ``data`` or ``validation`` yield batches, they stand
            for a DataLoader without shuffling, which draws a base seed each time it is gone
            through, unless they have a ``generator`` of their own.
        drop_last: Leave out a last batch that is short.
        opt_state: The optimizer's state to go on from, such as `optim.from_state_dict` makes; by
            default ``optimizer.init(params)``. For many networks its arrays have an axis too.
        statistics: What the loss keeps of the batches besides, such as `batch_norm`'s.
        validation: ``(x, y)``, or batches, to measure the loss on after each epoch: give batches
            where a torch script has a DataLoader, which draws from the default generator, and
            arrays where it has tensors. Or ``validation(params)``, with statistics
            ``validation(params, statistics)``, whose result, a number or a pytree of numbers, is
            recorded.
        monitor: From what was measured to the number that decides which epoch was best, the lowest;
            nan never is. By default the number itself, or the one called ``"loss"``.
        early_stopping: Stop after so many epochs in a row without a better one.
        callbacks: Each is called after every epoch with a `Progress`; True stops the training.
        checkpoint: A folder, or `Checkpoints`, to write what a killed run goes on from: the same
            call with the same arguments then ends with the same bits. A training that was over
            returns at once, one that was interrupted goes on, and so does one with more
            ``epochs``, a larger ``early_stopping`` or no ``callbacks`` if those had ended it. With
            other parameters, data, seed, loss or optimizer it is another training, for another
            folder; whether a stream's batches or a ``validation`` function's answers are others
            cannot be known. What the loss calls by a global name is not seen, nor what is in a list
            or an object that it captured. A Generator may also stand where the interrupted run left
            it. The end of an epoch is made whole or not at all: validation and callbacks may be
            called again. If the disk is full for a while, a warning says so.
        loss_scale: Makes gradients large enough for float16.
        recover: Keep what is needed to return to the parameters before a loss that is not finite:
            two copies of the parameters and the optimizer's state, in checkpoints too. Without,
            each step gives its memory to the next.
        progress: Show a progress bar on standard error, where that is a terminal.
        mesh: A `jax.sharding.Mesh` with an axis "data": each batch is divided along it, or made on
            every device in whole where that is not possible, as for a short last one. Parameters
            and arrays of data lie on every device, of streams just its part of a batch. What is
            returned lies on the mesh too, with automatic axes.

    Returns:
        A `FitResult`. Where a loss was not finite, ``stopped`` names the step, and ``params`` are
        the last ones whose loss was. Many networks stop where the losses of all are not finite;
        where those of some were, they went on with the others, and a warning names them at the end.

    Raises:
        ValueError: If ``x`` and ``y`` differ in their number of samples or have none, if
            ``opt_state`` is of another optimizer or other parameters, if ``batch_size`` or
            ``epochs`` is out of range, if ``drop_last`` drops everything, if ``mesh`` has no axis
            "data" or that does not divide ``batch_size``, if what is measured changes its names or
            shapes or has no number for ``early_stopping``, or if the checkpoints in the folder are
            of another training or all damaged, or cannot hold the type of an array.
        TypeError: If ``loss`` has another signature, has no hash or returns anything but a real
            scalar, if ``optimizer`` is no optax transformation, ``data`` no pair of arrays of
            numbers, ``params`` not floating point or complex, or ``rng`` neither a key nor a
            Generator, or if a number of epochs or samples is no integer.
        OSError: If nothing can be written to the folder, or another training goes on there; at the
            end a `CheckpointError`, with the result in it, if the last checkpoint cannot be.

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
    arguments.check_loss(loss, statistics)
    arguments.check_optimizer(optimizer)
    arguments.check_loss_scale(loss_scale)
    networks, params = arguments.networks_of(rng), arguments.as_params(params)
    data, size = arguments.as_data(data, batch_size, drop_last)
    run = Run(
        loss, optimizer, size, bool(drop_last), networks, statistics is not None,
        automatic(mesh, size),
    )  # fmt: skip
    settings = Settings(
        run=run,
        epochs=as_count("fit", "epochs", epochs, least=0),
        validation=arguments.as_held_out(validation, run.mesh),
        monitor=monitor,
        early_stopping=arguments.as_patience(early_stopping),
        callbacks=arguments.as_callbacks(callbacks),
        checkpoint=arguments.as_checkpoints(checkpoint),
        recover=recover,
        progress=progress,
    )
    arguments.check_monitoring(settings)
    with entered(run.mesh):
        loop = Loop(settings, params, opt_state, statistics, loss_scale, data, rng)
        check_measure(settings, loop.course.carry)
        result = loop.run()
    if isinstance(rng, Generator) and isinstance(loop.course.carry.rng, Generator):
        rng.state = off(run.mesh, loop.course.carry.rng.state)
    return result

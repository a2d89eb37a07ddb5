"""Batches put on the device by another thread, before they are asked for."""

import contextlib
import queue
import threading
from collections.abc import Iterator
from typing import Any

import jax
from jax.sharding import Mesh

from jaxnn._checks import as_arrays
from jaxnn.data import check_pair
from jaxnn.training import meshes

#: How many batches of a stream are put on the device before they are asked for.
PREFETCHED = 2
#: What JAX keeps for each thread and the code of a stream may depend on: context managers of `jax`
#: whose values are those of `jax.config` after "jax_".
SETTINGS = (
    "enable_x64",
    "default_device",
    "default_matmul_precision",
    "default_prng_impl",
    "threefry_partitionable",
    "numpy_dtype_promotion",
    "numpy_rank_promotion",
)


def prefetched(batches: Iterator[Any], mesh: Mesh | None = None) -> Iterator[Any]:
    """The batches, each put on the device by another thread before it is asked for."""
    ready: queue.Queue[Any] = queue.Queue(PREFETCHED)
    over, stopped = object(), threading.Event()
    settings = {name: getattr(jax.config, f"jax_{name}") for name in SETTINGS}

    def put(item: Any) -> bool:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            with _under(settings):
                for batch in batches:
                    if not put((_placed(batch, mesh), None)):
                        return
            put((over, None))
        except BaseException as error:  # it is raised again where the batch is asked for
            put((over, error))

    thread = threading.Thread(target=work, daemon=True, name="jaxnn prefetch")
    thread.start()
    try:
        while True:
            batch, error = ready.get()
            if error is not None:
                raise error
            if batch is over:
                return
            yield batch
    finally:
        stopped.set()


@contextlib.contextmanager
def _under(settings: dict[str, Any]) -> Iterator[None]:
    """A block with the settings of another thread."""
    with contextlib.ExitStack() as stack:
        for name, value in settings.items():
            stack.enter_context(getattr(jax, name)(value))
        yield


def _placed(batch: Any, mesh: Mesh | None) -> tuple[Any, Any]:
    """A batch on the device, in memory of its own: the stream may fill its arrays again."""
    check_pair("fit", batch)
    pair = as_arrays("fit", "data", tuple(batch), copy=True)
    if mesh is None:
        return jax.device_put(pair)
    return meshes.divided(mesh, pair, place=jax.device_put)

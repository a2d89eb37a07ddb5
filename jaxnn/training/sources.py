"""Where the batches of an epoch come from: arrays on the device, or a stream of any length."""

import itertools
import queue
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.sharding import Mesh

from jaxnn._checks import complaint
from jaxnn.data import check_pair, count_samples
from jaxnn.training import meshes
from jaxnn.training.steps import (
    Carry,
    Run,
    advance,
    advance_in_place,
    draw_order,
    step,
    steps_of,
)

#: How many batches of a stream are put on the device before they are asked for.
PREFETCHED = 2


class Source(Protocol):
    """The batches of one epoch after another."""

    steps: int | None
    """The steps of an epoch, where they are known."""

    order: Array | None
    """The order of the epoch under way, where it has one."""

    def begin(self, carry: Carry) -> Carry:
        """Start an epoch."""
        ...

    def resume(self, order: Array | None, made: int) -> None:
        """Go on with an epoch in which so many steps were made before."""
        ...

    def take(self, count: int) -> Any:
        """The next work, of so many steps or fewer; None where the epoch is over."""
        ...

    def make(self, carry: Carry, work: Any, count: int | None) -> tuple[Carry, np.ndarray]:
        """Make the first steps of some work, all by default; their losses, to a bad one."""
        ...


class Steps(NamedTuple):
    """Work over arrays: from one step of an epoch's order to another."""

    order: Array
    first: int
    stop: int


class Arrays:
    """Data that lie on the device, shuffled there.

    Args:
        run: What each step does.
        data: ``(x, y)``.
        in_place: Whether a step may give the memory of its carry to the next.
    """

    def __init__(self, run: Run, data: Any, in_place: bool) -> None:
        self.run, self.data = run, meshes.everywhere(run.mesh, jax.tree.map(jnp.asarray, data))
        self.samples = count_samples("fit", data)
        self.steps: int | None = steps_of(run, self.samples)
        self.order: Array | None = None
        self._advance = advance_in_place if in_place else advance
        self._place = 0

    def begin(self, carry: Carry) -> Carry:
        """Draw the order of an epoch."""
        carry, order = draw_order(self.run, carry, self.samples)
        self.resume(order, 0)
        return carry

    def resume(self, order: Array | None, made: int) -> None:
        """Go on with an order."""
        self.order, self._place = order, made

    def take(self, count: int) -> Steps | None:
        """The next steps of the order."""
        if self._place == self.steps or self.order is None or self.steps is None:
            return None
        first, self._place = self._place, min(self._place + count, self.steps)
        return Steps(self.order, first, self._place)

    def make(self, carry: Carry, work: Steps, count: int | None = None) -> tuple[Carry, np.ndarray]:
        """Make the steps in one compiled loop."""
        stop = work.stop if count is None else work.first + count
        carry, losses, made = self._advance(
            self.run, carry, work.order, self.data, jnp.int32(work.first), jnp.int32(stop)
        )
        return carry, np.asarray(losses)[work.first : int(made)]


class Stream:
    """Batches that come one after another, put on the device while the ones before are used.

    Args:
        run: What each step does.
        batches: What yields them, once for each epoch.
    """

    def __init__(self, run: Run, batches: Iterable[Any]) -> None:
        self.run, self.batches = run, batches
        self.steps: int | None = len(batches) if hasattr(batches, "__len__") else None  # type: ignore[arg-type]
        self.order: Array | None = None
        self._iterator: Iterator[Any] = iter(())

    def begin(self, carry: Carry) -> Carry:
        """Start the stream again."""
        self.resume(None, 0)
        return carry

    def resume(self, order: Array | None, made: int) -> None:
        """Start the stream again and leave out what was made."""
        iterator = iter(self.batches)
        if iterator is self.batches and self.steps is not None and self.steps != made:
            must = "batches of several epochs must be such as can be gone through again"
            came, instead = (
                f"a {type(iterator).__name__}",
                "pass a list, or an object with __iter__",
            )
            raise ValueError(complaint("fit", must, came, instead))
        self._iterator = prefetched(itertools.islice(iterator, made, None), self.run.mesh)
        self._made = made

    def take(self, count: int) -> list[Any] | None:
        """The next batches."""
        batches = list(itertools.islice(self._iterator, count))
        self._made += len(batches)
        if batches:
            return batches
        if not self._made:
            must, instead = "an epoch must have one batch or more", "check what yields them"
            raise ValueError(complaint("fit", must, "none", instead))
        self.steps = self._made
        return None

    def make(
        self, carry: Carry, work: list[Any], count: int | None = None
    ) -> tuple[Carry, np.ndarray]:
        """Make a step of each batch."""
        losses = []
        for batch in work[:count]:
            check_pair("fit", batch)
            carry, value = step(self.run, carry, batch)
            losses.append(value)
        made = np.array(jax.device_get(losses))
        fine = np.isfinite(made).any(axis=tuple(range(1, made.ndim)))
        return carry, made if fine.all() else made[: np.argmin(fine) + 1]


def prefetched(batches: Iterator[Any], mesh: Mesh | None = None) -> Iterator[Any]:
    """The batches, each put on the device by another thread before it is asked for."""
    divided = partial(meshes.divided, place=jax.device_put)
    ready: queue.Queue[Any] = queue.Queue(PREFETCHED)
    over, stopped = object(), threading.Event()

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
            for batch in batches:
                placed = jax.device_put(batch) if mesh is None else divided(mesh, batch)
                if not put((placed, None)):
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

"""Where the batches of an epoch come from: arrays on the device, or a stream of any length."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from jaxnn._checks import complaint
from jaxnn.data import count_samples
from jaxnn.random import Generator
from jaxnn.training import meshes
from jaxnn.training.prefetching import prefetched
from jaxnn.training.steps import (
    Carry,
    Run,
    advance,
    advance_in_place,
    draw_base_seed,
    draw_order,
    step,
    steps_of,
)


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
        self.steps = _length(batches)
        self.order: Array | None = None
        self._iterator: Iterator[Any] = iter(())

    def begin(self, carry: Carry) -> Carry:
        """Start the stream again."""
        self.resume(None, 0)
        return gone_through(self.run, carry, self.batches)

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
            carry, value = step(self.run, carry, batch)
            losses.append(value)
        made = np.array(jax.device_get(losses))
        fine = np.isfinite(made).any(axis=tuple(range(1, made.ndim)))
        return carry, made if fine.all() else made[: np.argmin(fine) + 1]


def _length(batches: Iterable[Any]) -> int | None:
    """How many batches there are, where that is known: of a loader of torch's it may not be."""
    try:
        return len(batches)  # type: ignore[arg-type]  # asked of what need not have one
    except TypeError:
        return None


def gone_through(run: Run, carry: Carry, batches: Iterable[Any]) -> Carry:
    """The carry where batches are gone through: a loader of torch's draws a base seed first.

    It draws from its own generator, or from the default one, for which a Generator stands.
    """
    if not isinstance(carry.rng, Generator) or getattr(batches, "generator", None) is not None:
        return carry
    return carry._replace(rng=draw_base_seed(carry.rng, run.networks))

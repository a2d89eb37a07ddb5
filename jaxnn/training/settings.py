"""The arguments of `fit`, as the loop takes them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from jaxnn.training.results import Progress
from jaxnn.training.saving import Checkpoints
from jaxnn.training.steps import Run


class Settings(NamedTuple):
    """The arguments of `fit`, checked."""

    run: Run
    epochs: int
    validation: Any
    monitor: Callable[[Any], float] | None
    early_stopping: int | None
    callbacks: tuple[Callable[[Progress], bool | None], ...]
    checkpoint: Checkpoints | None
    recover: bool
    progress: bool

"""What `fit` returns, and what it tells while it runs."""

from typing import Any, NamedTuple

import numpy as np


class FitResult(NamedTuple):
    """What `fit` returns.

    Attributes:
        params: The trained parameters.
        opt_state: The optimizer's state.
        losses: f32[steps], the loss of each step, before it, in order; f32[networks, steps] where
            many were trained at once.
        validation: What was measured after each epoch, stacked: f32[epochs] for ``(x, y)``, and
            f32[networks, epochs] where many were trained at once. An array of another function
            with a first axis of networks keeps it first too.
        steps_per_epoch: The steps in an epoch.
        statistics: What the loss returned last as such; None where it has none.
        best_params: The parameters after the epoch with the lowest validation; None without one.
        best_epoch: Which epoch that was, from 0 on.
        stopped: None where all epochs were made; else why not.

    Examples:
        >>> import numpy as np
        >>> FitResult({"w": np.ones(2)}, (), np.array([0.5, 0.25]), None, 1).losses.min()
        np.float64(0.25)
    """

    params: Any
    opt_state: Any
    losses: np.ndarray
    validation: Any
    steps_per_epoch: int
    statistics: Any = None
    best_params: Any = None
    best_epoch: int | None = None
    stopped: str | None = None


class Progress(NamedTuple):
    """What a callback is told after each epoch.

    Attributes:
        epoch: Its number, from 0 on.
        step: How many steps were made in all.
        losses: f32[steps_per_epoch], or f32[networks, steps_per_epoch]: those of its steps.
        validation: What was measured after it, for ``(x, y)`` f32[], or f32[networks]; None where
            nothing was.
        params: The parameters after it. They may be kept.
        statistics: What the loss returned last as such; None where it has none.

    Examples:
        >>> import numpy as np
        >>> Progress(0, 57, np.ones(57), None, {}, None).losses.mean()
        np.float64(1.0)
    """

    epoch: int
    step: int
    losses: np.ndarray
    validation: Any
    params: Any
    statistics: Any

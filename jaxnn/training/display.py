"""The progress bar of `fit`."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from tqdm import tqdm


class Bar:
    """Steps made, steps a second, the last losses' mean and what was measured last.

    Args:
        settings: Those of the run.
        steps: The steps of an epoch, where they are known.
    """

    def __init__(self, settings: Any, steps: int | None) -> None:
        total = None if steps is None else steps * settings.epochs
        quiet = None if settings.progress else True  # None: quiet where there is no terminal
        self._bar = tqdm(total=total, desc="training", unit="step", disable=quiet)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.close()

    def show(self, loop: Any) -> None:
        """Show where a run is."""
        if self._bar.disable:
            return
        self._bar.set_postfix(_figures(loop), refresh=False)
        self._bar.update(loop.step - self._bar.n)


def _figures(loop: Any) -> dict[str, str]:
    measured = loop.measured[-1] if loop.measured else None
    named = measured if isinstance(measured, Mapping) else {"validation": measured}
    figures = {"loss": loop.losses[-1].mean()} if loop.losses else {}
    figures |= {k: v for k, v in named.items() if v is not None and np.ndim(v) == 0}
    shown = {name: f"{float(value):.4g}" for name, value in figures.items()}
    return {"epoch": f"{loop.epoch}/{loop.settings.epochs}"} | shown

"""jaxnn's stream against torch's: ten million numbers, with all cores and with one; ten numbers."""

import os
from collections.abc import Callable
from typing import NamedTuple

from _command import Row, arguments, report, rows_in_subprocess

MANY, FEW = 10_000_000, 10


class Pair(NamedTuple):
    """One draw, by torch and by jaxnn, and how many times torch's time jaxnn's should be."""

    what: str
    torch: Callable[[], object]
    jaxnn: Callable[[], object]
    with_all: str
    with_one: str


def pairs() -> list[Pair]:
    """Return the draws that are compared."""
    import jax.numpy as jnp
    import torch
    from torch.nn.functional import dropout

    import jaxnn
    from jaxnn import random

    generator = random.Generator().manual_seed(0)
    ones, theirs = jnp.ones(MANY), torch.ones(MANY)

    def fill(method: str, *options: float) -> Callable[[], torch.Tensor]:
        return lambda: getattr(torch.empty(MANY), method)(*options)

    def coins() -> object:
        return random.bernoulli(generator, 0.3, (MANY,), jnp.float32)

    return [
        Pair(
            "uniform", lambda: torch.rand(MANY),
            lambda: random.uniform(generator, (MANY,)), "≤ 0.45", "≤ 0.6",
        ),
        Pair(
            "normal", lambda: torch.randn(MANY),
            lambda: random.normal(generator, (MANY,)), "≤ 0.75", "≤ 1.2",
        ),
        Pair("bernoulli(0.3)", fill("bernoulli_", 0.3), coins, "≤ 1", "≤ 1"),
        Pair(
            "exponential", fill("exponential_"),
            lambda: random.exponential(generator, (MANY,)), "≤ 1", "≤ 1",
        ),
        Pair(
            "dropout(0.5)", lambda: dropout(theirs, 0.5),
            lambda: jaxnn.dropout(generator, ones, 0.5), "≤ 1", "≤ 1",
        ),
        Pair(
            "permutation of a million", lambda: torch.randperm(1_000_000),
            lambda: random.permutation(generator, 1_000_000), "≤ 1", "",
        ),
        Pair(
            f"{FEW} uniforms", lambda: torch.rand(FEW),
            lambda: random.uniform(generator, (FEW,)), "40 µs or less", "",
        ),
        Pair(
            f"{FEW} normals", lambda: torch.randn(FEW),
            lambda: random.normal(generator, (FEW,)), "40 µs or less", "",
        ),
    ]  # fmt: skip


def measured(seconds: float, cores: int) -> list[Row]:
    """Time each pair in this process, in turn."""
    import torch

    from jaxnn.benchmark import compare

    torch.set_num_threads(cores)
    rows = []
    for pair in pairs():
        target = pair.with_one if cores == 1 else pair.with_all
        if target:
            functions = {"torch": pair.torch, "jaxnn": pair.jaxnn}
            peer, own = compare(functions, seconds=seconds).contestants
            what = f"{pair.what}, {cores} core{'s' * (cores > 1)}"
            rows.append(Row(what, own.median, peer.median, own.ratio, target))
    return rows


def main() -> None:
    """Measure with every core and with one, each in a process of its own."""
    options = arguments(__doc__ or "", seconds=5.0)
    if options.cores:
        rows = measured(options.seconds, options.cores)
    else:
        counts = sorted({len(os.sched_getaffinity(0)), 1}, reverse=True)
        rows = [row for cores in counts for row in rows_in_subprocess(__file__, options, cores)]
    report(rows, options, "torch")


if __name__ == "__main__":
    main()

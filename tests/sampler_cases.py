"""Orders that are compared with torch's samplers: one row for jaxnn and for torch alike."""

from typing import Any, NamedTuple

import jax
import numpy as np

from jaxnn import data
from jaxnn.random import Generator


class Case(NamedTuple):
    """A call of one of jaxnn's functions, and whether the sampler stands inside of a loader."""

    function: str
    n: int
    options: tuple[tuple[str, Any], ...] = ()
    loader: bool = False

    def __str__(self) -> str:
        options = "".join(f", {name}={value}" for name, value in self.options)
        return f"{self.function}({self.n}{options}){' in a loader' * self.loader}"


def _cases() -> list[Case]:
    rows: list[tuple[str, int, dict[str, Any]]] = []
    for stream in ("default", "sampler"):
        rows += [("random_order", n, {"stream": stream}) for n in (1, 7, 700)]
        rows += [("random_order", 7, {"stream": stream, "num_samples": m}) for m in (3, 14, 20)]
        replacement = {"stream": stream, "replacement": True}
        rows += [("random_order", n, replacement) for n in (1, 32, 701)]
        rows += [("random_order", 10, {**replacement, "num_samples": m}) for m in (5, 95)]
    rows += [("subset_order", n, {}) for n in (0, 1, 40)]
    for replacement in (True, False):
        rows += [
            ("weighted_order", n, {"num_samples": m, "replacement": replacement})
            for n, m in ((1, 1), (10, 1), (10, 10), (1000, 200))
        ]
    rows += [
        ("distributed_order", n, {"replicas": 4, "rank": rank, "drop_last": drop})
        for n, rank in ((1, 3), (6, 0), (8, 1), (101, 2))
        for drop in (False, True)
    ]
    rows += [("distributed_order", 10, {"replicas": 3, "rank": 2, "seed": 7, "epoch": 5})]
    rows += [("distributed_order", 10, {"replicas": 3, "rank": 1, "shuffle": False})]
    cases = [Case(function, n, tuple(options.items())) for function, n, options in rows]
    inside = ("random_order", "subset_order", "weighted_order")
    return cases + [case._replace(loader=True) for case in cases[::3] if case.function in inside]


CASES = _cases()


def weights(n: int) -> np.ndarray:
    """As many weights as samples, all above 0 and no two the same."""
    return np.sin(np.arange(n) + 1.0) + 1.1


def subset(n: int) -> np.ndarray:
    """As many indices."""
    return 3 * np.arange(n, dtype=np.int32) + 1


def order(case: Case, rng: Generator | jax.Array) -> np.ndarray:
    """The order that jaxnn gives."""
    options = dict(case.options)
    if case.loader:
        data.base_seed(rng)
    if case.function == "distributed_order":
        return np.asarray(data.distributed_order(case.n, **options))
    if case.function == "weighted_order":
        return np.asarray(data.weighted_order(rng, weights(case.n), **options))
    if case.function == "subset_order":
        return np.asarray(data.subset_order(rng, subset(case.n)))
    return np.asarray(data.random_order(rng, case.n, **options))

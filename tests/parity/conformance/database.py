"""Torch's database of operations: the samples and error inputs of those in scope."""

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

from tests.parity.conformance import checking

DTYPES = ("float32", "float64", "int64", "bool", "bfloat16")


def operations(names: Iterable[str]) -> Iterator[Any]:
    """The database's entries of these names, each with all its variants."""
    wanted = set(names)
    for op in op_db:
        if op.name in wanted:
            yield op


def name_of(op: Any) -> str:
    """An entry's name with its variant, as in ``norm.nuc``."""
    return f"{op.name}.{op.variant_test_name}".rstrip(".")


def results(op: Any, dtype: str, most: int | None = None) -> Iterator[tuple[str, int, list[str]]]:
    """For each face: its name, the number of samples, and what differs in those that differ.

    Args:
        op: An entry of the database.
        dtype: The type of the samples.
        most: How many of them to take, from all over their list; None takes all.
    """
    kind = getattr(torch, dtype)
    if kind in op.supported_dtypes("cpu"):
        samples = spread_out(same_each_time(lambda: list(op.sample_inputs("cpu", kind))), most)
        for face in checking.faces(op):
            fit = [
                s for s in samples if not (s.broadcasts_input and face.name.startswith("inplace"))
            ]
            found = [checking.compare(face, sample) for sample in fit]
            yield face.name, len(fit), _told(fit, found)
    if dtype == "float32" and op.error_inputs_func is not None:
        yield _errors(op)


def _errors(op: Any) -> tuple[str, int, list[str]]:
    given = same_each_time(lambda: list(op.error_inputs("cpu")))
    face = next(checking.faces(op))
    found = [checking.compare(face, each.sample_input) for each in given]
    return "errors", len(given), _told([each.sample_input for each in given], found)


def spread_out(samples: list[Any], most: int | None) -> list[Any]:
    """So many samples, from all over their list; None takes all."""
    return samples[:: -(-len(samples) // (most or len(samples) or 1)) or 1]


def same_each_time(draw: Callable[[], list[Any]]) -> list[Any]:
    """What the database draws, which it draws from all the generators that there are."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - it is the one that the database uses
    torch.manual_seed(0)
    return draw()


def _told(samples: list[Any], found: list[str | None]) -> list[str]:
    pairs = zip(samples, found, strict=True)
    return [f"{text}\n for {s.summary()}"[:2000] for s, text in pairs if text]

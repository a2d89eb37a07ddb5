"""The number of threads, which XLA chooses when JAX starts: it is told, and cannot be set."""

import os
from typing import Any


def get_num_threads() -> int:
    """The number of threads that share an operation on the CPU: one for each core.

    Source: ``torch.get_num_threads``.
    """
    if hasattr(os, "sched_getaffinity"):  # Linux: the cores that this process may use
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def get_num_interop_threads() -> int:
    """The number of operations that may run at once on the CPU.

    Source: ``torch.get_num_interop_threads``.
    """
    return get_num_threads()


def set_num_threads(count: Any, /) -> None:
    """Check the number; to keep JAX to some cores, start Python under ``taskset``.

    Raises:
        RuntimeError: it is no positive integer.

    Source: ``torch.set_num_threads``.
    """
    if type(count) is not int:
        raise RuntimeError(f"set_num_threads expects an int, but got {type(count).__name__}")
    if count <= 0:
        raise RuntimeError("set_num_threads expects a positive integer")

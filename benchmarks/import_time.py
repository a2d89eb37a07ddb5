"""What `import jaxnn` costs on top of `import jax.numpy`, each in a new process."""

import subprocess
import sys
import time

from _command import Row, arguments, report

MODULES = ("jax.numpy", "jaxnn")


def seconds_to_import(module: str) -> float:
    """Import a module in a new process, and let that take the time."""
    code = f"from time import perf_counter as t; start = t(); import {module}; print(t() - start)"
    command = [sys.executable, "-c", code]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Import the two in turn."""
    options = arguments(__doc__ or "", seconds=30.0)
    import numpy as np

    start, times = time.perf_counter(), []
    while len(times) < 5 or time.perf_counter() < start + 2 * options.seconds:
        times.append([seconds_to_import(module) for module in MODULES])
    (peer, own), ratio = np.median(times, axis=0), np.median(np.divide(*np.transpose(times)[::-1]))
    target = f"{peer * 1000 + 150:.0f} ms or less"
    report([Row("import", own, peer, float(ratio), target)], options, "jax.numpy")


if __name__ == "__main__":
    main()

"""What a draw of normals costs besides its time: compiling it, and the most memory it holds."""

import resource
import subprocess
import sys
import time

from _command import arguments, machine

SIZES = (1_000_000, 10_000_000, 100_000_000)
SMALL = 16 * 79_872  # of the program's own memory there is little beside that


def costs(count: int) -> tuple[float, float]:
    """Return the seconds to compile a draw, and its peak memory as a multiple of the result's."""
    import jax

    from jaxnn import random

    generator = random.Generator().manual_seed(0)
    # What is compiled on the way to a draw of any length is not counted.
    jax.block_until_ready(random.normal(generator, (SMALL,)))
    start, before = time.perf_counter(), _peak()
    jax.block_until_ready(random.normal(generator, (count,)))
    first, again = time.perf_counter() - start, time.perf_counter()
    jax.block_until_ready(random.normal(generator, (count,)))
    return first - (time.perf_counter() - again), (_peak() - before) / (4 * count)


def _peak() -> int:
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Measure each size in a process of its own, where nothing has raised the peak before."""
    arguments(__doc__ or "", seconds=0.0)
    print(f"{machine()}\n\n| normals, float32 | to compile | peak memory / result |\n|---|---|---|")
    for count in SIZES:
        code = f"import random_costs; print(*random_costs.costs({count}))"
        command = [sys.executable, "-c", code]
        folder = __file__.rpartition("/")[0]
        output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
        seconds, memory = map(float, output.stdout.split())
        print(f"| {count:,} | {seconds:.2f} s | {memory:.2f} |")


if __name__ == "__main__":
    main()

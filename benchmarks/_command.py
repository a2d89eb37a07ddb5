"""What the benchmarks share: their command line, the machine they name, the table they print."""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """A line of the table: two times of one thing, in seconds, and how their ratio should be."""

    what: str
    jaxnn: float
    peer: float
    ratio: float  # jaxnn's time over the peer's, the median within the rounds
    target: str


def arguments(description: str, seconds: float) -> argparse.Namespace:
    """Read the command line and, if it says so, keep to some of the cores from here on.

    Call it before anything imports JAX, which asks once how many cores there are.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--seconds", type=float, default=seconds, help="how long to time each function"
    )
    parser.add_argument("--cores", type=int, help="keep to so many cores (Linux)")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args()
    if options.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    return options


def rows_in_subprocess(script: str, options: argparse.Namespace, cores: int) -> list[Row]:
    """What a benchmark measures when it keeps to so many cores."""
    command = [sys.executable, script, "--json", f"--seconds={options.seconds}", f"--cores={cores}"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [Row(*row) for row in json.loads(output)]


def report(rows: Sequence[Row], options: argparse.Namespace, peer: str) -> None:
    """Print the rows, for a program or for people."""
    if options.json:
        print(json.dumps(rows))
    else:
        print(f"{machine()}\n")
        print("\n".join(table(rows, peer)))


def table(rows: Sequence[Row], peer: str) -> list[str]:
    """The rows in Markdown."""
    lines = [f"| | jaxnn | {peer} | ratio | target |", "|---|---|---|---|---|"]
    for row in rows:
        times = f"{in_milliseconds(row.jaxnn)} | {in_milliseconds(row.peer)}"
        lines.append(f"| {row.what} | {times} | {row.ratio:.3f} | {row.target} |")
    return lines


def in_milliseconds(seconds: float) -> str:
    """Three figures, in ms."""
    return f"{1000 * seconds:.3g} ms"


def machine() -> str:
    """The date, the processor, the cores and the versions of what was measured."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    versions = ", ".join(f"{name} {version(name)}" for name in ("jax", "jaxlib", "numpy", "torch"))
    today = datetime.datetime.now(datetime.UTC).date()
    cores = len(os.sched_getaffinity(0))
    return f"{today}, {processor}, {cores} cores, Python {platform.python_version()}, {versions}"

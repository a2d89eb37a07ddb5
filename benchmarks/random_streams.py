"""Ten million numbers from jaxnn's stream and from torch's: with all cores, and with one."""

import os

from _command import Row, arguments, report, rows_in_subprocess

COUNT = 10_000_000
TARGETS = {"uniform": "≤ 0.6", "normal": "≤ 1.0"}


def measured(seconds: float, cores: int) -> list[Row]:
    """Time both in this process, in turn."""
    import torch

    from jaxnn import random
    from jaxnn.benchmark import compare

    torch.set_num_threads(cores)
    generator = random.Generator().manual_seed(0)
    pairs = {
        "uniform": (lambda: torch.rand(COUNT), lambda: random.uniform(generator, (COUNT,))),
        "normal": (lambda: torch.randn(COUNT), lambda: random.normal(generator, (COUNT,))),
    }
    rows = []
    for name, (theirs, ours) in pairs.items():
        comparison = compare({"torch": theirs, "jaxnn": ours}, seconds=seconds)
        peer, own = comparison.contestants
        what = f"{name}, {COUNT:.0e} float32, {cores} core{'s' if cores > 1 else ''}"
        rows.append(Row(what, own.median, peer.median, own.ratio, TARGETS[name]))
    return rows


def main() -> None:
    """Measure with every core and with one, each in a process of its own."""
    options = arguments(__doc__ or "", seconds=10.0)
    if options.cores:
        rows = measured(options.seconds, options.cores)
    else:
        counts = sorted({len(os.sched_getaffinity(0)), 1}, reverse=True)
        rows = [row for cores in counts for row in rows_in_subprocess(__file__, options, cores)]
    report(rows, options, "torch")


if __name__ == "__main__":
    main()

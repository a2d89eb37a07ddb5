"""Operations of `jaxnn.torch` on small tensors, one by one, with torch's."""

from collections.abc import Callable
from typing import Any

from _command import Row, arguments, report, rows_in_subprocess


def operations(torch: Any) -> dict[str, tuple[Callable[[], Any], str]]:
    """What is timed, by name, and how long it may take."""
    a, b, x = torch.ones(3, 2), torch.ones(2, 1), torch.ones(3, 2)
    return {
        "(3, 2) @ (2, 1)": (lambda: a @ b, "25 µs or less"),
        "sigmoid": (lambda: torch.sigmoid(x), "25 µs or less"),
        "x + a": (lambda: x + a, "25 µs or less"),
        "x.add_(a)": (lambda: x.add_(a), "25 µs or less"),
        "x * 2.5": (lambda: x * 2.5, "25 µs or less"),
        "x.sum()": (lambda: x.sum(), "25 µs or less"),
        "x.sum(dim=0)": (lambda: x.sum(dim=0), "25 µs or less"),
        "x.view(6)": (lambda: x.view(6), "5 µs or less"),
        "x.T": (lambda: x.T, "5 µs or less"),
        "x.unsqueeze(0)": (lambda: x.unsqueeze(0), "5 µs or less"),
        "x[0]": (lambda: x[0], "8 µs or less"),
        "x[0, 1].item()": (lambda: x[0, 1].item(), "25 µs or less"),
        "x[0] = 1": (lambda: x.__setitem__(0, 1), "25 µs or less"),
        "zeros(3, 2)": (lambda: torch.zeros(3, 2), "25 µs or less"),
    }


def measured(seconds: float) -> list[Row]:
    """Time each operation in turn with torch's."""
    import torch

    import jaxnn.torch
    from jaxnn.benchmark import compare

    torch.set_num_threads(1)
    rows = []
    theirs = operations(torch)
    for name, (ours, target) in operations(jaxnn.torch).items():
        # What is returned is not waited for: it has been computed, and the wait would be timed.
        pair = {
            "torch": lambda run=theirs[name][0]: (run(), None)[1],
            "jaxnn": lambda run=ours: (run(), None)[1],
        }
        peer, own = compare(pair, seconds=seconds).contestants
        rows.append(Row(name, own.median, peer.median, own.ratio, target))
    return rows


def main() -> None:
    """Measure on one core."""
    options = arguments(__doc__ or "", seconds=0.5)
    here = options.json or options.cores
    rows = measured(options.seconds) if here else rows_in_subprocess(__file__, options, 1)
    report(rows, options, "torch")


if __name__ == "__main__":
    main()

"""Operations of `jaxnn.torch` on small tensors, one by one, with torch's."""

from collections.abc import Callable
from typing import Any

from _command import Row, arguments, report, rows_in_subprocess


def operations(torch: Any) -> dict[str, tuple[Callable[[], Any], int]]:
    """What is timed, by name, and how many microseconds it may take."""
    a, b, x = torch.ones(3, 2), torch.ones(2, 1), torch.ones(3, 2)
    z = torch.ones(2, dtype=torch.complex64)
    i, columns, mask = torch.tensor([0, 2]), torch.tensor([[0], [1], [0]]), x > 0
    return {
        "(3, 2) @ (2, 1)": (lambda: a @ b, 25),
        "sigmoid": (lambda: torch.sigmoid(x), 25),
        "x + a": (lambda: x + a, 25),
        "x.add_(a)": (lambda: x.add_(a), 20),
        "x * 2.5": (lambda: x * 2.5, 25),
        "x.sum()": (lambda: x.sum(), 20),
        "x.sum(dim=0)": (lambda: x.sum(dim=0), 25),
        "where(mask, x, a)": (lambda: torch.where(mask, x, a), 25),
        "x.view(6)": (lambda: x.view(6), 3),
        "x.reshape(6)": (lambda: x.reshape(6), 3),
        "x.T": (lambda: x.T, 3),
        "x.t()": (lambda: x.t(), 3),
        "x.unsqueeze(0)": (lambda: x.unsqueeze(0), 3),
        "x.detach()": (lambda: x.detach(), 3),
        "z.real": (lambda: z.real, 10),
        "x.view(int32)": (lambda: x.view(torch.int32), 10),
        "x[0]": (lambda: x[0], 6),
        "x[0, 1].item()": (lambda: x[0, 1].item(), 25),
        "x[0] = 1": (lambda: x.__setitem__(0, 1), 25),
        "x[i]": (lambda: x[i], 40),
        "x[mask]": (lambda: x[mask], 60),
        "x.gather(1, columns)": (lambda: x.gather(1, columns), 40),
        "zeros(2, 3)": (lambda: torch.zeros(2, 3), 15),
        "tensor([[1., 2.], [3., 4.]])": (lambda: torch.tensor([[1.0, 2.0], [3.0, 4.0]]), 20),
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
        rows.append(Row(name, own.median, peer.median, own.ratio, f"{target} µs or less"))
    return rows


def main() -> None:
    """Measure on one core."""
    options = arguments(__doc__ or "", seconds=0.5)
    here = options.json or options.cores
    rows = measured(options.seconds) if here else rows_in_subprocess(__file__, options, 1)
    report(rows, options, "torch")


if __name__ == "__main__":
    main()

"""Reductions, scans, sorts and norms against live torch, on calls drawn at random for each.

Beyond torch's own samples: every type, nan and infinities, empty and 0-dim tensors, views that are
not contiguous, dimensions counted from the end, out of range or given several times; and the text
of the errors.
"""

import operator
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import torch

from tests.parity.conformance.checking import Face, compare
from tests.parity.conformance.translation import Memory, named

CALLS = 12
SHAPES = [(), (0,), (1,), (5,), (20,), (2, 3), (3, 0), (0, 3), (2, 3, 4), (1, 3, 1)]
TYPES = [
    *(torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64),
    *(torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool),
]
SPECIAL = [float("nan"), float("inf"), float("-inf"), 0.0, -0.0]


class Call(NamedTuple):
    """A call of an operation, as `compare` takes it."""

    input: torch.Tensor
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def tensor(draw: random.Random) -> torch.Tensor:
    """A tensor with equal elements among it, or nan and infinities; perhaps not contiguous."""
    shape, dtype = draw.choice(SHAPES), draw.choice(TYPES)
    generator = torch.Generator().manual_seed(draw.randrange(2**32))
    x = torch.randint(-4, 5, shape, generator=generator)
    if dtype is torch.bool or dtype is torch.uint8:
        x = x.abs()
    x = x.to(dtype)
    if dtype.is_floating_point:
        x = x + draw.choice([0, 0.25]) * torch.rand(shape, generator=generator).to(dtype)
        if x.numel() and draw.random() < 0.3:
            x.view(-1)[draw.randrange(x.numel())] = draw.choice(SPECIAL)
    form = draw.randrange(4)
    if form == 1:
        return x.transpose(0, -1) if x.ndim else x
    if form == 2 and x.ndim:
        return torch.stack([x, x], -1)[..., 0]
    return x


def dim(draw: random.Random, x: torch.Tensor) -> int:
    """A dimension, sometimes one that there is not."""
    return draw.randint(-max(x.ndim, 1), max(x.ndim, 1) - (draw.random() < 0.9))


def dims(draw: random.Random, x: torch.Tensor) -> Any:
    """None, one, or several, sometimes one twice."""
    return draw.choice([None, dim(draw, x), (), (dim(draw, x),), (dim(draw, x), dim(draw, x))])


def maybe(draw: random.Random, **kwargs: Any) -> dict[str, Any]:
    """Some of the keyword arguments."""
    return {name: value for name, value in kwargs.items() if draw.random() < 0.5}


def over_dims(draw: random.Random, x: torch.Tensor) -> Any:
    return (), maybe(draw, dim=dims(draw, x), keepdim=draw.random() < 0.5)


def total(draw: random.Random, x: torch.Tensor) -> Any:
    wanted = {"dtype": draw.choice(TYPES)} if draw.random() < 0.3 else {}
    return (), over_dims(draw, x)[1] | wanted


def spread(draw: random.Random, x: torch.Tensor) -> Any:
    return (), over_dims(draw, x)[1] | maybe(draw, correction=draw.choice([0, 1, 2.5, 30]))


def spread_and_mean(draw: random.Random, x: torch.Tensor) -> Any:
    x.nan_to_num_()  # what torch's running mean makes of an infinity depends on its place
    return spread(draw, x)


def over_one(draw: random.Random, x: torch.Tensor) -> Any:
    return (), maybe(draw, dim=dim(draw, x), keepdim=draw.random() < 0.5)


def along(draw: random.Random, x: torch.Tensor) -> Any:
    return (dim(draw, x),), {}


def order(draw: random.Random, x: torch.Tensor) -> Any:
    stable = draw.choice([True, False])
    return (), maybe(draw, dim=dim(draw, x), descending=draw.random() < 0.5, stable=stable)


def top(draw: random.Random, x: torch.Tensor) -> Any:
    flags = maybe(draw, largest=draw.random() < 0.5, sorted=draw.random() < 0.5)
    return (draw.randint(0, 3),), flags | maybe(draw, dim=dim(draw, x))


def kth(draw: random.Random, x: torch.Tensor) -> Any:
    return (draw.randint(0, 4),), over_one(draw, x)[1]


def quantiles(draw: random.Random, x: torch.Tensor) -> Any:
    several = torch.tensor([0.0, 0.3, 1.0], dtype=x.dtype if x.is_floating_point() else None)
    way = draw.choice(["linear", "lower", "higher", "midpoint", "nearest"])
    q = draw.choice([0.5, 0.9, 1.2, several])
    return (q,), over_one(draw, x)[1] | maybe(draw, interpolation=way)


def norms(draw: random.Random, x: torch.Tensor) -> Any:
    power = draw.choice([0, 1, 2, 3, -1, 0.5, float("inf"), float("-inf"), "fro", "nuc"])
    return (power,), over_dims(draw, x)[1]


def renorms(draw: random.Random, x: torch.Tensor) -> Any:
    return (draw.choice([1, 2, 0.5, float("inf")]), dim(draw, x), draw.choice([0.5, 2])), {}


def bins(draw: random.Random, x: torch.Tensor) -> Any:
    return (draw.randint(0, 6), *draw.choice([(), (-2, 3), (1, 1), (2, 1)])), {}


def uniques(draw: random.Random, x: torch.Tensor) -> Any:
    flags = maybe(draw, return_inverse=True, return_counts=True)
    return (), flags | maybe(draw, dim=dim(draw, x))


def differences(draw: random.Random, x: torch.Tensor) -> Any:
    return (), maybe(draw, n=draw.randint(-1, 3), dim=dim(draw, x))


def nothing(draw: random.Random, x: torch.Tensor) -> Any:
    return (), {}


def difference_of_texts(face: Face, call: Call) -> str | None:
    """What differs between the messages of the errors, if there are any."""
    ours = Memory()(call)
    said = [
        error_of(function, *arguments)
        for function, arguments in ((face.torchs, call), (face.ours, ours))
    ]
    return None if said[0] == said[1] else f"says {said[1]!r}; torch {said[0]!r}"


def error_of(function: Callable[..., Any], x: Any, args: Any, kwargs: Any) -> str | None:
    try:
        function(x, *args, **kwargs)
    except Exception as error:  # whatever torch raises is what is to be compared
        return str(error)
    return None


def face_of(name: str) -> Face:
    theirs = operator.attrgetter(name)(torch)
    return Face("function", theirs, lambda *args, **kwargs: named(name)(*args, **kwargs), True)


OPERATIONS: dict[Any, list[str]] = {
    total: ["sum", "mean", "nansum", "nanmean"],
    over_dims: ["any", "all", "amax", "amin", "logsumexp"],
    over_one: [
        *("prod", "argmax", "argmin", "max", "min", "median", "nanmedian", "mode", "aminmax"),
        *("std", "var"),
    ],
    spread: ["std", "var"],
    spread_and_mean: ["std_mean", "var_mean"],
    along: ["cumsum", "cumprod", "cummax", "cummin", "logcumsumexp", "count_nonzero"],
    order: ["sort", "argsort"],
    top: ["topk"],
    kth: ["kthvalue"],
    quantiles: ["quantile", "nanquantile"],
    norms: ["norm", "linalg.norm", "linalg.vector_norm", "linalg.matrix_norm"],
    renorms: ["renorm"],
    bins: ["histc", "histogram"],
    uniques: ["unique", "unique_consecutive"],
    differences: ["diff"],
    nothing: ["msort", "cov", "corrcoef", "bincount", "trapezoid", "cumulative_trapezoid"],
}
ROWS = [(name, arguments) for arguments, names in OPERATIONS.items() for name in names]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "arguments"), ROWS, ids=lambda row: getattr(row, "__name__", row))
def test_is_torchs(name: str, arguments: Any):
    draw = random.Random(f"{name} {arguments.__name__}")
    face = face_of(name)
    wrong = []
    for _ in range(CALLS):
        x = tensor(draw)
        call = Call(x, *arguments(draw, x))
        difference = compare(face, call) or difference_of_texts(face, call)
        if difference:
            wrong.append(f"{difference}\n for {call}")
    assert not wrong, "\n".join(wrong)


def many() -> dict[str, torch.Tensor]:
    """Tensors of more elements than a kernel sorts by itself."""
    generator = torch.Generator().manual_seed(0)
    repeated = torch.randint(-50, 50, (3, 700), generator=generator)
    shuffled = torch.randperm(2100, generator=generator).view(3, 700)
    special = repeated / 2
    special[0, :5] = torch.tensor(SPECIAL)
    special[0, 90:92] = torch.tensor([float("nan"), -float("nan")])
    wide = shuffled.clone()
    wide[0, :2] = torch.tensor([-(2**63), 2**63 - 1])
    return {
        "float32": special,
        "float32 distinct": shuffled.float(),
        "float64": torch.randn(3, 700, generator=generator, dtype=torch.float64),
        "bfloat16": special.bfloat16(),
        "float16": special.half(),
        "int64": repeated,
        "int64 wide": wide,
        "int64 long": torch.randint(-9, 9, (40_000,), generator=generator),
        "int64 columns": shuffled.T,
        "uint8": repeated.abs().byte(),
        "bool": repeated > 0,
    }


@pytest.mark.parametrize("name", many())
def test_many_elements_are_ordered_as_torch_orders_them(name: str):
    x = many()[name]
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
        *(("sort", (), {"stable": s, "descending": d}) for s in (False, True) for d in (0, 1)),
        *(("argsort", (0,), {}), ("mode", (), {})),
    ]
    if name != "bool":
        calls += [("topk", (k, -1, large), {}) for k in (1, 5, 300) for large in (True, False)]
        calls += [("topk", (600, -1), {"sorted": False}), ("kthvalue", (7,), {})]
        calls += [(each, dim, {}) for each in ("median", "nanmedian") for dim in ((), (-1,))]
    if x.dtype in (torch.float32, torch.float64):
        calls += [("quantile", (0.3,), {}), ("nanquantile", (0.75, -1), {})]
    wrong = []
    for operation, args, kwargs in calls:
        difference = compare(face_of(operation), Call(x, args, kwargs))
        if difference:
            wrong.append(f"{difference}\n for {operation} {args} {kwargs}")
    assert not wrong, "\n".join(wrong)

"""Every draw of the adapter that is compared with torch: one row a call, for both alike.

A case names a call, the type and the place of the tensor that it is about. Places of one size
differ in how they lie in memory, which decides what is drawn where.
"""

import hashlib
import warnings
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

#: Tensors and what they view: (base, view).
PLACES: dict[str, Callable[..., tuple[Any, Any]]] = {
    "contiguous": lambda zeros: (x := zeros(5, 6), x),
    "transposed": lambda zeros: (x := zeros(6, 5), x.T),
    "columns": lambda zeros: (x := zeros(5, 8), x[:, 1:7]),
    "every other": lambda zeros: (x := zeros(61), x[1::2].view(5, 6)),
    "channels last": lambda zeros: (x := zeros(1, 5, 2, 3), x.permute(0, 3, 1, 2)),
    "permuted": lambda zeros: (x := zeros(2, 3, 6), x.permute(2, 0, 1)[1:]),
    "row": lambda zeros: (x := zeros(1, 7), x),
    "number": lambda zeros: (x := zeros(()), x),
    "empty": lambda zeros: (x := zeros(0, 3), x),
}
FEW = ("transposed", "row")
HALVES, WIDE = ("float16", "bfloat16"), ("float32", "float64")
REAL = HALVES + WIDE
COMPLEX = ("complex64", "complex128")
WHOLE = ("int8", "uint8", "int16", "int32", "int64")


def ramp(torch: Any, x: Any, step: float = 1.0) -> Any:
    """Numbers 0, step, 2 step, … that begin anew after 7, like another tensor."""
    numbers = torch.arange(x.numel()) % 7 * step
    return numbers.to(x.dtype).view(x.shape)


def weights(torch: Any, x: Any) -> Any:
    return (x + ramp(torch, x) + 0.5).view(-1, x.shape[-1])


#: Calls by name: (torch, x, generator) -> what is drawn; x may be written into.
FILLS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "uniform_": (lambda t, x, g: x.uniform_(-2, 3, generator=g), REAL + COMPLEX),
    "normal_": (lambda t, x, g: x.normal_(1, 2, generator=g), REAL + COMPLEX),
    "exponential_": (lambda t, x, g: x.exponential_(0.5, generator=g), REAL),
    "cauchy_": (lambda t, x, g: x.cauchy_(1, 0.5, generator=g), REAL),
    "log_normal_": (lambda t, x, g: x.log_normal_(0.5, 0.25, generator=g), REAL),
    "geometric_": (lambda t, x, g: x.geometric_(0.25, generator=g), REAL + WHOLE),
    "random_()": (lambda t, x, g: x.random_(generator=g), (*REAL, *WHOLE, "bool")),
    "random_(to)": (lambda t, x, g: x.random_(2, generator=g), (*REAL, *WHOLE, "bool", "uint16")),
    "random_(from, to)": (lambda t, x, g: x.random_(-7, 90, generator=g), (*REAL, "int8", "int64")),
    "random_(from, None)": (lambda t, x, g: x.random_(7, None, generator=g), (*REAL, *WHOLE)),
    "random_(-2**63, None)": (
        lambda t, x, g: x.random_(-(2**63), None, generator=g),
        ("float32", "int64"),
    ),
    "bernoulli_(p)": (lambda t, x, g: x.bernoulli_(0.3, generator=g), (*REAL, *WHOLE, "bool")),
    "bernoulli_(tensor)": (
        lambda t, x, g: x.bernoulli_((ramp(t, x) / 8).float(), generator=g),
        (*REAL, "int64", "bool"),
    ),
    "bernoulli_(row)": (
        lambda t, x, g: x.bernoulli_(t.tensor(0.3, dtype=t.float64), generator=g),
        ("float32",),
    ),
    "rand(out=)": (lambda t, x, g: t.rand(x.shape, generator=g, out=x), WIDE + COMPLEX),
    "randn(out=)": (lambda t, x, g: t.randn(x.shape, generator=g, out=x), WIDE + COMPLEX),
    "randint(out=)": (lambda t, x, g: t.randint(3, 9, x.shape, generator=g, out=x), WIDE),
    "randperm(out=)": (lambda t, x, g: t.randperm(x.shape[0], generator=g, out=x[:, 0]), WHOLE),
    "bernoulli(out=)": (lambda t, x, g: t.bernoulli(x + 0.3, generator=g, out=x), WIDE),
    "normal(tensor, out=)": (lambda t, x, g: t.normal(x + 1, 2, generator=g, out=x), WIDE),
    "normal(tensors, out=)": (lambda t, x, g: t.normal(x + 1, x + 2, generator=g, out=x), WIDE),
    "normal(size, out=)": (lambda t, x, g: t.normal(1, 2, x.shape, generator=g, out=x), WIDE),
    "F.dropout(inplace)": (lambda t, x, g: F(t).dropout(x.add_(1), 0.3, inplace=True), REAL),
    "F.alpha_dropout(inplace)": (
        lambda t, x, g: F(t).alpha_dropout(x.add_(1), 0.3, True, inplace=True),
        WIDE,
    ),
    "F.rrelu(inplace)": (
        lambda t, x, g: F(t).rrelu(x.add_(ramp(t, x) - 3), training=True, inplace=True),
        WIDE,
    ),
}
DRAWS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "rand_like": (lambda t, x, g: t.rand_like(x, generator=g), REAL + COMPLEX),
    "randn_like": (lambda t, x, g: t.randn_like(x, generator=g), REAL + COMPLEX),
    "randint_like": (lambda t, x, g: t.randint_like(x, 2, 9, generator=g), (*REAL, *WHOLE)),
    "rand": (lambda t, x, g: t.rand(x.shape, generator=g, dtype=x.dtype), REAL + COMPLEX),
    "randn": (lambda t, x, g: t.randn(x.shape, generator=g, dtype=x.dtype), REAL + COMPLEX),
    "randint": (lambda t, x, g: t.randint(2, 9, x.shape, generator=g), ("float32",)),
    "randperm": (lambda t, x, g: t.randperm(30, generator=g, dtype=x.dtype), REAL + WHOLE),
    "bernoulli": (lambda t, x, g: t.bernoulli(ramp(t, x) / 8 + x, generator=g), REAL),
    "bernoulli(p)": (lambda t, x, g: t.bernoulli(x, 0.3, generator=g), (*REAL, "int64", "bool")),
    "Tensor.bernoulli": (lambda t, x, g: (x + 0.3).bernoulli(generator=g), WIDE),
    "Tensor.bernoulli(p)": (lambda t, x, g: x.bernoulli(0.3, generator=g), WIDE),
    "normal(tensor, float)": (lambda t, x, g: t.normal(x + 1, 2, generator=g), REAL + COMPLEX),
    "normal(float, tensor)": (lambda t, x, g: t.normal(1, x + 2, generator=g), REAL),
    "normal(tensors)": (lambda t, x, g: t.normal(x + 1, x + 2, generator=g), REAL),
    "normal(size)": (
        lambda t, x, g: t.normal(1, 2, x.shape, generator=g, dtype=x.dtype),
        REAL + COMPLEX,
    ),
    "dropout": (lambda t, x, g: F(t).dropout(x + 1, 0.3), REAL),
    "alpha_dropout": (lambda t, x, g: F(t).alpha_dropout(x + 1, 0.3, True), REAL),
    "feature_dropout": (lambda t, x, g: t.feature_dropout(x + 1, 0.3, True), REAL),
    "feature_alpha_dropout": (
        lambda t, x, g: F(t).feature_alpha_dropout(x.unsqueeze(-1).unsqueeze(-1) + 1, 0.3, True),
        WIDE,
    ),
    "rrelu": (lambda t, x, g: F(t).rrelu(ramp(t, x) - 3 + x, training=True), ("bfloat16", *WIDE)),
    "multinomial": (lambda t, x, g: t.multinomial(weights(t, x), 3, generator=g), REAL),
    "multinomial(1)": (lambda t, x, g: t.multinomial(weights(t, x), 1, generator=g), REAL),
    "multinomial(replacement)": (
        lambda t, x, g: weights(t, x).multinomial(4, replacement=True, generator=g),
        REAL,
    ),
    "poisson": (lambda t, x, g: t.poisson(ramp(t, x, 3) + x, generator=g), REAL),
    "binomial": (lambda t, x, g: t.binomial(ramp(t, x, 9), x + 0.3, generator=g), WIDE),
    "_standard_gamma": (lambda t, x, g: t._standard_gamma(ramp(t, x) + 0.5 + x, g), WIDE),
    "_sample_dirichlet": (lambda t, x, g: t._sample_dirichlet(ramp(t, x) + 0.5 + x, g), WIDE),
}
CALLS = FILLS | DRAWS
#: Calls that are about a matrix, and those that compile for long: few places for them.
MATRICES = ("randperm", "multinomial", "feature", "F.rrelu", "rrelu", "poisson", "binomial", "_s")


def F(torch: Any) -> Any:  # noqa: N802 - as it is imported everywhere
    return torch.nn.functional


class Case(NamedTuple):
    """A call, the type of its tensor, and how that lies in memory."""

    call: str
    dtype: str
    place: str

    @property
    def name(self) -> str:
        return f"{self.call} {self.dtype} {self.place}"


def _table() -> list[Case]:
    rows = []
    for call, (_, dtypes) in CALLS.items():
        few = call.startswith(MATRICES)
        for dtype in dtypes:
            first = dtype == dtypes[0] or dtype == "float32"
            places = PLACES if first and not few else FEW
            rows += [Case(call, dtype, place) for place in places]
    return [row for row in rows if not (row.call.startswith("feature") and row.place == "number")]


TABLE = _table()


def _is_quick(case: Case) -> bool:
    if case.dtype not in ("float32", "int64"):
        return False
    return case.place == "transposed" or case.call == "normal_"


#: What every test run compares; the rest takes minutes to compile.
QUICK = [case for case in TABLE if _is_quick(case)]


def as_bytes(tensor: Any) -> bytes:
    """The elements in the order of their indices, those of bfloat16 as float32."""
    wide = tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor
    return np.ascontiguousarray(wide.numpy()).tobytes()


def draw(torch: Any, case: Case) -> tuple[bytes, bytes]:
    """What a call draws and leaves in memory, strides included; and the generators' states.

    Both are seeded by the case's name, and each is left with a cached normal before the call.
    """
    seed = zlib.crc32(case.name.encode())
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed + 1)
    for stream in (None, generator):
        torch.randn(3, generator=stream)
    dtype = getattr(torch, case.dtype)
    base, x = PLACES[case.place](lambda *shape: torch.zeros(*shape, dtype=dtype))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of float types that leave integers out
        drawn = CALLS[case.call][0](torch, x, None if seed % 2 else generator)
    told = f"{tuple(drawn.shape)} {drawn.stride()} {drawn.dtype}".encode()
    return told + as_bytes(drawn) + as_bytes(base), states(torch, generator)


def states(torch: Any, generator: Any) -> bytes:
    """The default generator's bytes and another one's."""
    return bytes(torch.get_rng_state().numpy()) + bytes(generator.get_state().numpy())


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]

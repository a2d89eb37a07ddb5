"""The arrays, options and programs whose text is compared with torch's, by exact arithmetic only.

Random cases come from the raw words of PCG64, whose stream NumPy never changes, so one checksum
for each stands for its text.
"""

import itertools
import math
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

FLOATS = ("float16", "bfloat16", "float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
PART = {"complex64": "float32", "complex128": "float64"}
COMPLEX = tuple(PART)
DTYPES = (*FLOATS, *INTEGERS, "bool", *COMPLEX)


class Case(NamedTuple):
    """An array, the options in force and the default dtype."""

    name: str
    array: np.ndarray
    dtype: str
    options: dict[str, Any]
    default_dtype: str = "float32"


def numpy_dtype(name: str) -> np.dtype:
    return np.dtype(jnp.bfloat16 if name == "bfloat16" else name)


def _cast(values: Any, dtype: str) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(values).astype(numpy_dtype(dtype))


_nan, _inf = math.nan, math.inf

# Each line stands on an edge of a rule, or on both sides of one.
FLOAT_VALUES = (
    [0.0],
    [-0.0],
    [1.0, 2.0, 3.0],
    [-1.0, 0.0, 1.0],
    [0.5, -0.0],
    [1.5],
    [0.1, 0.25, -3.75],
    [0.99996],
    [0.00005],
    [0.0001],
    [9.9e-05],
    [0.001, 1.0],
    [0.001, 1.002],
    [1.0, 1000.0],
    [1.0, 1001.0],
    [0.5, 500.0],
    [0.5, 500.5],
    [99999.0],
    [99999.5],
    [1e8],
    [1.00000001e8],
    [2e8, 1e8],
    [12345678.0, 0.5],
    [_nan],
    [_inf],
    [-_inf],
    [_nan, _inf, -_inf],
    [_nan, 0.0],
    [_nan, 1.0],
    [_nan, 1.5],
    [_inf, 1.0],
    [-_inf, 1.0],
    [-_inf, 1.5],
    [_inf, -1.5, _nan, -_inf, 0.0],
    [_nan, 1e10],
    [-_inf, 1e-10, -0.0],
    [5e-324],
    [1e-45, 1.0],
    [6e-8, 6.1e-5],
    [1e-40],
    [2.2250738585072014e-308, 1.7976931348623157e308],
    [1e38, 1e-38],
    [65504.0, 65472.0],
    [33.0, 3.1415927],
)

FORMAT_OPTIONS = (
    {},
    {"precision": 2},
    {"precision": 0},
    {"precision": 9, "sci_mode": False},
    {"sci_mode": True},
    {"sci_mode": False},
    {"precision": 1, "sci_mode": True},
)

SHAPES = (
    *((), (1,), (1, 1), (1, 1, 1, 1), (5,), (30,), (3, 4), (4, 30), (2, 3, 4), (2, 1, 2, 3)),
    *((0,), (0, 3), (2, 0), (3, 0, 2), (1000,), (1001,), (40, 40), (1001, 1), (1, 1001)),
    *((7, 11, 13), (3, 2, 200), (6, 7, 8, 3)),
)

LAYOUT_OPTIONS = (
    {},
    {"profile": "short"},
    {"profile": "full", "threshold": 1200},
    {"profile": "short", "precision": 6, "edgeitems": 1},
    {"profile": "no such profile"},
    {"threshold": 5},
    {"threshold": 0, "edgeitems": 0},
    {"edgeitems": 0},
    {"threshold": 0, "edgeitems": 1, "linewidth": 20},
    {"linewidth": 40},
    {"linewidth": 1},
    {"linewidth": 200, "threshold": 5, "edgeitems": 4},
)

SUFFIX_DEFAULTS = ("float16", "bfloat16", "float32", "float64")


def _ramp(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Numbers of both signs with two digits after the point, where the type has them."""
    count = np.arange(math.prod(shape)).reshape(shape)
    if dtype == "bool":
        return np.asarray(count % 3 == 1)
    if dtype in INTEGERS:
        return _cast(count * 37 % 251, dtype)
    ramp = (count * 37 % 251 - 125) / 4
    return _cast(ramp - 1j * ramp.T.reshape(shape) if dtype in COMPLEX else ramp, dtype)


def named_cases() -> Iterator[Case]:
    """Hundreds of cases, chosen."""
    for values, dtype, options in itertools.product(FLOAT_VALUES, FLOATS, FORMAT_OPTIONS):
        if dtype != "float64" or not options.get("precision", 0) > 2:
            yield Case(f"{values} {dtype} {options}", _cast(values, dtype), dtype, options)
    for values, dtype in itertools.product(FLOAT_VALUES, COMPLEX):
        pair = _cast(np.empty(len(values)), dtype)
        part = PART[dtype]
        pair.real, pair.imag = _cast(values, part), _cast(values[::-1], part)
        yield Case(f"{values} {dtype}", pair, dtype, {})
    for dtype in INTEGERS:
        limits = np.iinfo(dtype)
        extremes = np.array([limits.min, 0, 7, limits.max], dtype)
        yield Case(f"extremes {dtype}", extremes, dtype, {})
    layouts = itertools.product(SHAPES, LAYOUT_OPTIONS)
    for (shape, options), dtype in zip(layouts, itertools.cycle(DTYPES), strict=False):
        yield Case(f"{shape} {dtype} {options}", _ramp(shape, dtype), dtype, options)
    for shape, dtype, default in itertools.product(((2,), (0,), (0, 2)), DTYPES, SUFFIX_DEFAULTS):
        yield Case(f"{shape} {dtype} in {default}", _ramp(shape, dtype), dtype, {}, default)


class _Words:
    """Small decisions and arrays from one stream of 64-bit words."""

    def __init__(self, seed: int) -> None:
        self._words = np.random.PCG64(seed)

    def below(self, n: int) -> int:
        return int(self._words.random_raw()) % n

    def choice(self, options: Any) -> Any:
        return options[self.below(len(options))]

    def array(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.asarray(self._words.random_raw(math.prod(shape)), np.uint64).reshape(shape)


_SPECIAL = np.array([0.0, -0.0, _nan, _inf, -_inf, 1.0, -1.0, 0.5, 1e8, 1e-4, 1000.0, 5e-324])


def _random_floats(words: _Words, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    raw, kind = words.array(shape), words.below(4)
    if kind == 0:  # every bit pattern
        unsigned = f"uint{8 * numpy_dtype(dtype).itemsize}"
        return np.ascontiguousarray(raw.astype(unsigned)).view(numpy_dtype(dtype)).reshape(shape)
    digits = (raw % np.uint64(20_001)).astype(np.float64) - 10_000
    if kind == 1:  # of one magnitude
        values = digits / 10.0 ** words.below(9)
    elif kind == 2:  # whole
        values = digits * 10.0 ** words.below(8)
    else:  # of many magnitudes
        powers = (raw >> np.uint64(32)) % np.uint64(1 + words.below(300))
        values = digits / np.array([float(f"1e{power}") for power in range(300)])[powers]
    mixed = (raw >> np.uint64(20)) % np.uint64(8) < words.below(5)
    specials = _SPECIAL[(raw >> np.uint64(40)) % np.uint64(1 + words.below(len(_SPECIAL)))]
    return _cast(np.where(mixed, specials, values), dtype)


def _random_array(words: _Words, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    if dtype in FLOATS:
        return _random_floats(words, shape, dtype)
    if dtype in COMPLEX:
        pair = np.empty(shape, dtype)
        part = PART[dtype]
        pair.real = _random_floats(words, shape, part)
        pair.imag = _random_floats(words, shape, part)
        return pair
    if dtype == "bool":
        return words.array(shape) % 4 < words.below(5)
    bits = 8 * numpy_dtype(dtype).itemsize
    raw = words.array(shape) >> np.uint64(64 - bits)
    return raw.astype(f"uint{bits}").view(dtype) >> words.below(bits)


def _random_options(words: _Words) -> dict[str, Any]:
    if words.below(3) == 0:
        return {}
    return {
        "precision": words.below(9),
        "threshold": words.choice((0, 1, 5, 50, 1000, _inf)),
        "edgeitems": words.below(5),
        "linewidth": words.choice((1, 10, 40, 79, 80, 120, 200)),
        "sci_mode": words.choice((None, True, False)),
    }


def random_case(seed: int) -> Case:
    """A case of any dtype, of up to five dimensions and some two thousand elements."""
    words = _Words(seed)
    dtype = words.choice(DTYPES)
    largest = (1, 1200, 40, 12, 7, 4)
    dimensions = words.below(6)
    shape = tuple(words.below(largest[dimensions] + 1) for _ in range(dimensions))
    array = np.asarray(_random_array(words, shape, dtype))
    default = words.choice(SUFFIX_DEFAULTS)
    return Case(f"random {seed}", array, dtype, _random_options(words), default)


#: What prints besides a single tensor, and tensors printed otherwise than by `repr`.
EXPRESSIONS = (
    "torch.Size([]), torch.Size([2, 3]), torch.Size([2, 3])[1:]",
    "[torch.ones(2), {'a': torch.zeros(1, dtype=torch.int8)}, (torch.tensor(True),)]",
    "torch.arange(6.0).view(2, 3).max(0)",
    "torch.arange(6.0).view(2, 3).min(dim=1, keepdim=True)",
    "torch.float32, torch.bfloat16, torch.half, torch.long, torch.bool, torch.cfloat",
    "torch.device('cpu'), torch.device('cuda', 1), torch.ones(1).device",
    "str(torch.device('cuda:1')), f'{torch.device(0)}'",
    "torch.finfo(torch.float32), torch.finfo(torch.bfloat16), torch.iinfo(torch.int8)",
    "torch.strided, torch.contiguous_format",
    "str(torch.ones(2)), '%s' % torch.ones(1), '%r' % torch.ones(1)",
    "'%d' % torch.tensor(3), '%.2f' % torch.tensor(2.5), '%5.1f|' % torch.tensor([1.5])",
    "f'{torch.tensor(1.5)} {torch.tensor(1.5):>10} {torch.tensor(2):03d} {torch.ones(2)!r:>20}'",
    "'{:.3e}'.format(torch.tensor(12345.0)), format(torch.tensor(7), 'b')",
    "f'{torch.ones(2):.2f}'",
    "f'{torch.tensor(1.5):d}'",
    "f'{torch.ones(1, 1)}', f'{torch.tensor([])}', f'{torch.tensor(1j):.1f}'",
    "round(torch.tensor(2.5).item()), torch.tensor(2.5).tolist(), torch.ones(2, 2).tolist()",
    "torch.ones(3, 4).stride(), torch.ones(2).numel(), torch.ones(2).type()",
    "torch.ones(1000), torch.ones(1001)",
    "torch.ones(2, 1).expand(2, 600)",
    "torch.arange(24).view(2, 3, 4).permute(2, 0, 1)[::2]",
    "torch.eye(3)[:, 1:].t(), torch.zeros(0, 3).t(), torch.zeros(2, 0)[0]",
    "torch.tensor([1.0, float('nan'), -float('inf')], dtype=torch.float16)",
    "torch.tensor([2**63 - 1, 0], dtype=torch.uint64), torch.tensor([-128], dtype=torch.int8)",
    "torch.tensor([1 + 2j, complex('nan')]), torch.tensor(1e-20 + 1e20j, dtype=torch.complex128)",
    "torch.set_printoptions(precision='many')",
    "torch.set_printoptions(1, 2, 3, 4, 'short', True)",
    "torch.set_printoptions(digits=1)",
    "torch.set_printoptions(precision=2.5); torch.ones(2) / 3",
    "torch.set_printoptions(precision='many'); torch.ones(2) / 3",
    "torch.set_printoptions(threshold='many'); torch.ones(2) / 3",
    "torch.set_printoptions(linewidth='wide'); torch.ones(2) / 3",
    "torch.set_printoptions(sci_mode='yes'); torch.ones(2) / 3",
    "torch.set_printoptions(1, 2, 3, 4, 'short', True); torch.ones(20) / 3",
    "torch.set_printoptions(precision=-1); torch.ones(2) / 3",
    "torch.set_printoptions(profile=3); torch.ones(2) / 3",
    "torch.set_printoptions(precision=2, sci_mode=True); torch.ones(2) / 3",
)


def outcome(expression: str, torch: Any) -> str:
    """The text of the last expression's value, or the error, under options of its own."""
    *statements, last = expression.split("; ")
    names = {"torch": torch}
    torch.set_printoptions(profile="default")
    try:
        for each in statements:
            exec(each, names)
        return repr(eval(last, names))
    except (TypeError, ValueError, RuntimeError) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        torch.set_printoptions(profile="default")


def checksum(text: str) -> int:
    return zlib.crc32(text.encode())

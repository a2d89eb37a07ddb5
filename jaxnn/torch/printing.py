"""A tensor as text, as torch prints it.

The rules, in the order in which they apply: an array over the threshold shows only its edges; one
number format is chosen for all the numbers shown (for each part, of complex ones); each number
is padded to the widest one that is neither zero nor infinite nor nan; lines are broken at the line
width; the type, and an empty tensor's shape, follow where the numbers do not tell them.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from jaxnn.torch import dtypes
from jaxnn.torch.devices import device as Device
from jaxnn.torch.print_options import current

__all__ = ["Readable", "tensor_format", "tensor_repr"]

_PREFIX = "tensor("
_CUT = "..."

# Where scientific notation starts: the ratio of the largest to the smallest magnitude, the largest
# and the smallest magnitude.
_SCI_RATIO, _SCI_ABOVE, _SCI_BELOW = 1e3, 1e8, 1e-4


class Readable(Protocol):
    """What can be printed: a NumPy or JAX array, or anything else with their shape and indexing.

    One that is summarised is read by a single index made with ``numpy.ix_``: only its edges are.
    Any other is read whole, by ``numpy.asarray``.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the dimensions."""
        ...

    def __getitem__(self, index: tuple[np.ndarray, ...], /) -> Any:
        """The elements where the index arrays cross, convertible by ``numpy.asarray``."""
        ...


def tensor_repr(array: Readable, dtype: dtypes.dtype, device: Device | None = None) -> str:
    r"""The text of a tensor.

    Args:
        array: the elements.
        dtype: their type; it is named where it is not what the numbers would give.
        device: where they are; it is named where it is not the CPU.

    Returns:
        What torch's ``repr`` and ``str`` of such a tensor return, under the options in force.

    Source: ``torch.Tensor.__repr__``.

    >>> tensor_repr(np.array([[0.5, np.nan], [-np.inf, 2]]), dtypes.float64)
    'tensor([[0.5000,    nan],\n        [  -inf, 2.0000]], dtype=torch.float64)'
    >>> tensor_repr(np.zeros((0, 3), np.float32), dtypes.float32)
    'tensor([], size=(0, 3))'
    """
    empty = math.prod(array.shape) == 0
    body = "[]" if empty else _body(array)
    return _with_suffixes(_PREFIX + body, _suffixes(array.shape, dtype, device, empty))


def tensor_format(
    array: Readable, dtype: dtypes.dtype, spec: str, device: Device | None = None
) -> str:
    """The text of a tensor in an f-string: a single number's own, or that of ``repr``.

    Args:
        array: the elements.
        dtype: their type.
        spec: the format specification, such as ``".2f"``.
        device: where they are.

    Raises:
        TypeError: a specification for a tensor that has dimensions.
        ValueError: a specification that the number does not know.

    Source: ``torch.Tensor.__format__``.

    >>> tensor_format(np.float32(2.5), dtypes.float32, ".2f")
    '2.50'
    """
    if not array.shape:
        return format(_exact(np.asarray(array)).item(), spec)
    if spec:
        raise TypeError("unsupported format string passed to Tensor.__format__")
    return tensor_repr(array, dtype, device)


def _suffixes(
    shape: tuple[int, ...], dtype: dtypes.dtype, device: Device | None, empty: bool
) -> Iterator[str]:
    default = dtypes.get_default_dtype()
    if empty:
        size_tells, inferred = len(shape) != 1, {default}
    else:
        default_complex = dtypes.complex128 if default is dtypes.float64 else dtypes.complex64
        size_tells = current().edgeitems == 0
        inferred = {default, default_complex, dtypes.int64, dtypes.bool}
    if device is not None and device.type != "cpu":
        yield f"device='{device}'"
    if size_tells:
        yield f"size={tuple(shape)}"
    if dtype not in inferred:
        yield f"dtype={dtype}"


def _with_suffixes(text: str, suffixes: Iterator[str]) -> str:
    # torch counts two characters more in the line than there are: this is its count.
    used = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        used += len(suffix) + 2
        if used > current().linewidth:
            used = len(_PREFIX) + len(suffix)
            text += ",\n" + " " * len(_PREFIX) + suffix
        else:
            text += ", " + suffix
    return text + ")"


class _Cells(NamedTuple):
    """The numbers as text, flat and of one width, and the columns that torch allots to each."""

    texts: list[str]
    columns: int


def _body(array: Readable) -> str:
    shape = array.shape
    summarised = math.prod(shape) > current().threshold
    if summarised and shape and current().edgeitems == 0:
        return f"[{_CUT}]"
    shown = [_edges(size) if summarised else range(size) for size in shape]
    cut = [len(rows) < size for rows, size in zip(shown, shape, strict=True)]
    values = np.asarray(array[np.ix_(*shown)] if any(cut) else array).reshape(-1)
    cells = _complex_cells(values) if values.dtype.kind == "c" else _real_cells(values)
    sizes = [len(rows) for rows in shown]
    return _nested(iter(cells.texts), sizes, cut, cells.columns, len(_PREFIX))


def _edges(size: int) -> Sequence[int]:
    edge = current().edgeitems
    if size <= 2 * edge:
        return range(size)
    return [*range(edge), *range(size - edge, size)]


def _nested(
    texts: Iterator[str], sizes: list[int], cut: list[bool], columns: int, indent: int
) -> str:
    if not sizes:
        return next(texts)
    if len(sizes) == 1:
        return _row(list(itertools.islice(texts, sizes[0])), cut[0], columns, indent)
    parts = [_nested(texts, sizes[1:], cut[1:], columns, indent + 1) for _ in range(sizes[0])]
    if cut[0]:
        parts.insert(len(parts) // 2, _CUT)
    return "[" + ("," + "\n" * (len(sizes) - 1) + " " * (indent + 1)).join(parts) + "]"


def _row(texts: list[str], cut: bool, columns: int, indent: int) -> str:
    if cut:
        texts.insert(len(texts) // 2, " " + _CUT)
    per_line = max(1, math.floor((current().linewidth - indent) / (columns + 2)))
    lines = (texts[start : start + per_line] for start in range(0, len(texts), per_line))
    lines = [", ".join(line) for line in lines]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def _real_cells(values: np.ndarray) -> _Cells:
    values = _exact(values)
    if values.dtype.kind == "f":
        ordinary = np.isfinite(values) & (values != 0)
        style = _style(np.abs(values[ordinary]))
    else:
        ordinary, style = np.ones(values.shape, bool), str
    texts = [style(value) for value in values.tolist()]
    width = max((len(text) for text in itertools.compress(texts, ordinary)), default=1)
    return _Cells([text.rjust(width) for text in texts], width)


def _complex_cells(values: np.ndarray) -> _Cells:
    real, imag = _real_cells(np.real(values)), _real_cells(np.imag(values))
    texts = [
        a + ("" if b.lstrip()[0] in "+-" else "+") + b.lstrip() + "j"
        for a, b in zip(real.texts, imag.texts, strict=True)
    ]
    return _Cells(texts, real.columns + imag.columns + 1)


def _style(magnitudes: np.ndarray) -> Callable[[Any], str]:
    """The format for numbers whose magnitudes, of those neither 0 nor inf nor nan, are these."""
    if magnitudes.size == 0:
        return _whole
    smallest, largest = magnitudes.min(), magnitudes.max()
    scientific = current().sci_mode
    if scientific is None:
        with np.errstate(over="ignore"):
            ratio = largest / smallest
        scientific = ratio > _SCI_RATIO or largest > _SCI_ABOVE or smallest < _SCI_BELOW
    if scientific:
        return f"{{:.{current().precision}e}}".format
    if np.all(magnitudes == np.ceil(magnitudes)):
        return _whole
    return f"{{:.{current().precision}f}}".format


def _whole(value: float) -> str:
    return f"{value:.0f}" + ("." if math.isfinite(value) else "")


def _exact(values: np.ndarray) -> np.ndarray:
    """The same numbers, floats of any width as float64: the arithmetic of torch's printing."""
    if not dtypes.from_jax(values.dtype).is_floating_point:
        return values
    with np.errstate(invalid="ignore"):  # a signalling nan warns when it is converted
        return values.astype(np.float64)

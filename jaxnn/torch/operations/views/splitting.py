"""Views of some of a tensor's elements: one piece, or all of them in pieces."""

from typing import Any

from jaxnn.torch import dtypes, pieces, promotion
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.arguments import is_int
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import View, attach, define, offer
from jaxnn.torch.tensor import Tensor, scalar, values, wrap


def _slice(input: Tensor, dim: int, start: int | None, end: int | None, step: int) -> Any:
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    layout = pieces.slice_dim(input._layout, dim, start, end, step)
    return wrap(input._storage, layout, input._dtype)


#: What ``slice_copy`` and ``slice_scatter`` are of: torch has it in square brackets only.
SLICE = View("slice", _slice, ("int dim = 0, int? start = None, int? end = None, int step = 1",))

_LENGTHS = "tuple of ints split_sizes, int dim = 0"
_LENGTH = "int split_size, int dim = 0"
_CHUNKS = "int chunks, int dim = 0"


def _split_with_sizes(layout: Layout, split_sizes: tuple[int, ...], dim: int) -> list[Layout]:
    return pieces.split_with_sizes(layout, split_sizes, dim)


select = define(
    "select", pieces.select, "One index of one dimension, which goes.", "int dim, int index"
)
diagonal = define(
    "diagonal",
    pieces.diagonal,
    "The diagonal of two dimensions, as a last dimension.",
    "int offset = 0, int dim1 = 0, int dim2 = 1",
)
unfold = define(
    "unfold",
    pieces.unfold,
    "Windows of one dimension, each along a new last dimension.",
    "int dimension, int size, int step",
    function=False,
)
unbind = define("unbind", pieces.unbind, "Every index of one dimension on its own.", "int dim = 0")
chunk = define("chunk", pieces.chunk, "At most so many pieces of one length.", _CHUNKS)
split_with_sizes = define(
    "split_with_sizes", _split_with_sizes, "Consecutive pieces of given lengths.", _LENGTHS
)
unsafe_chunk = define("unsafe_chunk", pieces.chunk, "The same as `chunk`.", _CHUNKS)
unsafe_split = define("unsafe_split", pieces.split, "The same as `split`.", _LENGTH)
unsafe_split_with_sizes = define(
    "unsafe_split_with_sizes", _split_with_sizes, "The same as `split_with_sizes`.", _LENGTHS
)


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Consecutive pieces of one length, or of given lengths.

    Source: ``torch.split``.
    """
    if is_int(split_size_or_sections):
        return unsafe_split(tensor, split_size_or_sections, dim)
    return split_with_sizes(tensor, split_size_or_sections, dim)


def _split(self: Tensor, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
    return split(self, split_size, dim)


attach("split", _split, "Consecutive pieces of one length, or of given lengths.")


def _narrow(input: Tensor, dim: int, start: int | Tensor, length: int) -> Any:
    first = _read_start(start) if isinstance(start, Tensor) else start
    layout = pieces.narrow(input._layout, dim, first, length)
    return wrap(input._storage, layout, input._dtype)


def _read_start(start: Tensor) -> int:
    if start.ndim or not promotion.is_integral(start._dtype) or start._dtype is dtypes.bool:
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    return scalar(start)


narrow = offer(
    "narrow",
    _narrow,
    "Some consecutive indices of one dimension.",
    *("int dim, int start, int length", "int dim, Tensor start, int length"),
    place=pieces.narrow,
)


def _tensor_split(
    layout: Layout,
    dim: int,
    indices: tuple[int, ...] | None = None,
    sections: int | None = None,
    tensor_indices_or_sections: Tensor | None = None,
) -> list[Layout]:
    if tensor_indices_or_sections is not None:
        given = _read_places(tensor_indices_or_sections)
        indices, sections = (None, given) if isinstance(given, int) else (tuple(given), None)
    if indices is None:
        assert sections is not None  # by the signatures one of the two is there
        return pieces.sections(layout, sections, dim)
    return pieces.split_at(layout, indices, dim)


def _read_places(places: Tensor) -> Any:
    if places._dtype is not dtypes.int64:
        raise RuntimeError(
            "tensor_split expected tensor_indices_or_sections to have dtype of long, but got "
            f"{promotion.SCALAR_NAMES[places._dtype]}"
        )
    if places.ndim > 1:
        raise RuntimeError(
            "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
            f"one-dimensional tensor, but got a tensor with {places.ndim} dims"
        )
    return values(places).tolist()


tensor_split = define(
    "tensor_split",
    _tensor_split,
    "So many pieces, or the pieces between indices.",
    "tuple of ints indices, int dim = 0",
    "Tensor tensor_indices_or_sections, int dim = 0",
    "int sections, int dim = 0",
)


def _splitter(name: str, least: int, dim: int, doc: str) -> Any:
    """One of NumPy's splits, which knows its dimension."""

    def place(
        layout: Layout, indices: tuple[int, ...] | None = None, sections: int | None = None
    ) -> list[Layout]:
        if layout.ndim < least:
            raise RuntimeError(
                f"torch.{name} requires a tensor with at least {least} dimension, but got a "
                f"tensor with {layout.ndim} dimensions!"
            )
        axis = 0 if layout.ndim == 1 else dim
        if indices is not None:
            return pieces.split_at(layout, indices, axis)
        size = layout.shape[axis]
        if not sections or size % sections:
            raise RuntimeError(
                f"torch.{name} attempted to split along dimension {axis}, but the size of the "
                f"dimension {size} is not divisible by the split_size {sections}!"
            )
        return pieces.sections(layout, sections, axis)

    return define(name, place, doc, "int sections", "tuple of ints indices")


hsplit = _splitter("hsplit", 1, 1, "Pieces from left to right.")
vsplit = _splitter("vsplit", 2, 0, "Pieces from top to bottom.")
dsplit = _splitter("dsplit", 3, 2, "Pieces along the third dimension.")


@taking("linalg_diagonal", "Tensor A, *, int offset = 0, int dim1 = -2, int dim2 = -1")
def linalg_diagonal(A: Tensor, offset: int, dim1: int, dim2: int) -> Tensor:
    """The diagonals of the last two dimensions, as a last dimension.

    Source: ``torch.linalg.diagonal``.
    """
    return diagonal(A, offset, dim1, dim2)

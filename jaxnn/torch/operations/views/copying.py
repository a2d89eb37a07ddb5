"""Copies of tensors: as they are, of one of their views, or with one of their views replaced."""

from collections.abc import Callable
from typing import Any

from jaxnn.torch import formats, kernels, layouts
from jaxnn.torch.aliases import detached
from jaxnn.torch.formats import memory_format as MemoryFormat
from jaxnn.torch.kernels import Source

# The view operations, which fill VIEWS.
from jaxnn.torch.operations.creation import filling
from jaxnn.torch.operations.definition.call import Call, Result, apply, apply_out
from jaxnn.torch.operations.definition.viewing import (
    VIEWS,
    View,
    attach,
    copy,
    document,
    function_of,
    offer,
)
from jaxnn.torch.operations.views import (
    reinterpreting,  # noqa: F401
    relocating,  # noqa: F401
    reordering,  # noqa: F401
    reshaping,
    splitting,
)
from jaxnn.torch.tensor import Tensor, wrap


def _clone(input: Tensor, memory_format: MemoryFormat | None = None) -> Any:
    return copy(input, formats.layout_of_copy(input._layout, memory_format))


def _contiguous(input: Tensor, memory_format: MemoryFormat = formats.contiguous_format) -> Any:
    if memory_format is formats.preserve_format:
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    if formats.is_in(input._layout, memory_format):
        return input
    return copy(input, formats.layout_in(input._layout.shape, memory_format))


def _itself(input: Tensor) -> Any:
    return input


def _detach(input: Tensor) -> Any:
    return wrap(detached(input._storage), input._layout, input._dtype)


clone = offer(
    "clone",
    _clone,
    "A copy, by default in the same order in memory.",
    "*, torch.memory_format? memory_format = None",
)
contiguous = offer(
    "contiguous",
    _contiguous,
    "The tensor itself if it is contiguous in a memory format, else such a copy.",
    "*, torch.memory_format memory_format = torch.contiguous_format",
    function=False,
)
detach = offer(
    "detach", _detach, "The same elements in a tensor of their own, constant to derivatives.", ""
)


def _all(*arrays: Any) -> tuple[Any, ...]:
    return arrays


def _pack(*tensors: Tensor) -> tuple[Tensor, ...]:
    return tensors


def _copier(view: View) -> Callable[..., Any]:
    """The function that returns contiguous copies of what a view operation shows."""
    name = view.name
    look = function_of(view._replace(name=f"{name}_copy"))

    def function(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        found = look(*args, **kwargs)
        several = isinstance(found, tuple)
        call = _copies(found if several else (found,))
        call = call._replace(pack=_pack if several else None)
        if out is None:
            return apply(call)
        written = apply_out(call, out)
        return None if several else written

    return document(function, f"{name}_copy", f"A copy of what `{name}` shows.")


def _copies(shown: tuple[Tensor, ...]) -> Call:
    sources = tuple(Source(each._storage, each._layout) for each in shown)
    results = tuple(Result(layouts.contiguous(x._layout.shape), x._dtype) for x in shown)
    return Call(_all, sources, results)


def _narrow(input: Tensor, dim: int, start: int, length: int) -> Any:
    """`narrow`, with the errors of its copy, which has other checks."""
    if dim >= input.ndim > 0:
        raise RuntimeError(
            "Expected dim < static_cast<int64_t>(self_sizes.size()) to be true, but got false.  "
            "(Could this error message be improved?  If so, please report an enhancement request "
            "to PyTorch.)"
        )
    if length < 0 < input.ndim:
        size = input._layout.shape[dim]
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return VIEWS["narrow"].look(input, dim=dim, start=start, length=length)


alias_copy = _copier(View("alias", _itself, ("",)))
as_strided_copy = _copier(VIEWS["as_strided"])
detach_copy = _copier(VIEWS["detach"])
diagonal_copy = _copier(VIEWS["diagonal"])
expand_copy = _copier(VIEWS["expand"])
narrow_copy = _copier(
    VIEWS["narrow"]._replace(signatures=("int dim, int start, int length",), look=_narrow)
)
permute_copy = _copier(VIEWS["permute"])
select_copy = _copier(VIEWS["select"])
slice_copy = _copier(splitting.SLICE)
split_copy = _copier(VIEWS["unsafe_split"]._replace(name="split"))
split_with_sizes_copy = _copier(VIEWS["split_with_sizes"])
squeeze_copy = _copier(VIEWS["squeeze"])
t_copy = _copier(VIEWS["t"])
transpose_copy = _copier(VIEWS["transpose"])
unbind_copy = _copier(VIEWS["unbind"])
unfold_copy = _copier(VIEWS["unfold"])
unsqueeze_copy = _copier(VIEWS["unsqueeze"])
view_as_complex_copy = _copier(VIEWS["view_as_complex"])
view_as_real_copy = _copier(VIEWS["view_as_real"])
view_copy = _copier(reshaping.VIEW_OR_COPY)
attach("narrow_copy", narrow_copy, "A copy of what `narrow` shows.")


def _scatterer(view: View) -> Callable[..., Any]:
    """The function that copies a tensor with what a view operation shows of it replaced."""
    name = view.name

    def look(input: Tensor, src: Tensor, **values: Any) -> Any:
        made = _same_strides(input)
        shown = view.look(made, **values)
        if src._layout.shape != shown._layout.shape:
            raise RuntimeError(
                "expected src to have a size equal to the slice of self. src size = "
                f"{list(src.shape)}, slice size = {list(shown.shape)}"
            )
        filling.copy(shown, src)
        return made

    signatures = tuple(f"Tensor src, {each}" for each in view.signatures)
    doc = f"A copy with what `{name}` shows of it replaced."
    scatter = offer(f"{name}_scatter", look, doc, *signatures)

    def function(*args: Any, out: Tensor | None = None, **kwargs: Any) -> Any:
        made = scatter(*args, **kwargs)
        return made if out is None else _into(out, made)

    return document(function, f"{name}_scatter", doc)


def _same_strides(input: Tensor) -> Tensor:
    """A copy with all of the strides, and with what lies between the elements."""
    if layouts.overlaps_itself(input._layout):
        return copy(input, layouts.like(input._layout))
    memory = wrap(input._storage, layouts.contiguous((input._layout.extent,)), input._dtype)
    return wrap(copy(memory, memory._layout)._storage, input._layout, input._dtype)


def _into(out: Tensor, made: Tensor) -> Tensor:
    result = Result(made._layout, made._dtype)
    return apply_out(Call(kernels.identity, (Source(made._storage, made._layout),), (result,)), out)


as_strided_scatter = _scatterer(VIEWS["as_strided"])
diagonal_scatter = _scatterer(VIEWS["diagonal"])
select_scatter = _scatterer(VIEWS["select"])
slice_scatter = _scatterer(splitting.SLICE)

"""What an operation computes, said before it runs; and its running into new or given tensors."""

import functools
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from jaxnn.torch import host, kernels, layouts
from jaxnn.torch.dtypes import dtype
from jaxnn.torch.kernels import Options, Sink, Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.promotion import check_cast
from jaxnn.torch.tensor import Tensor, wrap

_ADVICE = "Please clone() the tensor before performing the operation."


class Result(NamedTuple):
    """The layout that a new result gets, and its type."""

    layout: Layout
    dtype: dtype


class Call(NamedTuple):
    """A function on arrays, and what goes into it and comes out.

    Attributes:
        function: on JAX arrays; returns one, or a tuple of as many as there are results.
        operands: elements in memory, and Python numbers.
        results: what comes out.
        compute: the type to which all operands are converted first; None leaves them.
        options: further keyword arguments of the function, fixed at compilation.
        pack: how several results are returned; a single one is returned as it is.
        refused: how no operand may share memory with what is written.
    """

    function: Callable[..., Any]
    operands: tuple[Source | complex, ...]
    results: tuple[Result, ...]
    compute: dtype | None = None
    options: Options = ()
    pack: Callable[..., Any] | None = None
    refused: Callable[[Layout, Layout], bool] = layouts.partly_overlap


def apply(call: Call) -> Any:
    """Run a call into new tensors."""
    storages = _run(call, [Sink(layout, each.numpy) for layout, each in call.results])
    if call.pack is None:
        return wrap(storages[0], *call.results[0])
    return call.pack(*map(wrap, storages, *zip(*call.results, strict=True)))


def apply_in_place(call: Call, target: Tensor) -> Tensor:
    """Run a call with one result into ``target``, as its in-place twin does."""
    (result,) = call.results
    check_memory(target, call.operands)
    if result.layout.shape != target._layout.shape:
        raise RuntimeError(
            f"output with shape {list(target.shape)} doesn't match the broadcast shape "
            f"{list(result.layout.shape)}"
        )
    check_cast(result.dtype, target._dtype)
    write(call, target)
    return target


def apply_out(call: Call, out: Any) -> Any:
    """Run a call into the tensor or tensors that were given as ``out=``."""
    targets = [out] if isinstance(out, Tensor) else list(out)
    for result, target in zip(call.results, targets, strict=True):
        check_memory(target, call.operands, call.refused)
        check_cast(result.dtype, target._dtype)
        resize_output(target, result.layout.shape)
    write(call, *targets)
    return out if call.pack is None else call.pack(*targets)


def write(call: Call, *targets: Tensor) -> None:
    """Run a call into tensors that are known to fit its results."""
    _run(call, [Sink(t._layout, t._dtype.numpy, t._storage) for t in targets])


def resize(tensor: Tensor, shape: tuple[int, ...]) -> None:
    """Give a tensor another shape over the same storage, which grows where it must."""
    layout = layouts.contiguous(shape, tensor._layout.offset)
    if layout.numel:
        tensor._storage.grow(layout.extent)
    tensor._layout = layout


def _run(call: Call, sinks: list[Sink]) -> list[Any]:
    if host.runs(call.function, call.operands, sinks):
        return host.run(call.function, call.operands, sinks, call.options)
    compute = None if call.compute is None else call.compute.numpy
    return kernels.run(call.function, call.operands, sinks, compute, call.options)


def check_memory(
    target: Tensor,
    operands: Sequence[Any],
    refused: Callable[[Layout, Layout], bool] = layouts.partly_overlap,
) -> None:
    """Raise torch's error where a write would meet itself or part of an operand."""
    if layouts.overlaps_itself(target._layout):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            f"single memory location. {_ADVICE}"
        )
    check_shared(target, operands, refused)


def check_shared(
    target: Tensor, operands: Sequence[Any], overlap: Callable[[Layout, Layout], bool]
) -> None:
    """Raise torch's error where an operand in the target's storage overlaps it in this sense."""
    for each in operands:
        if not isinstance(each, Source) or each.storage.origin is not target._storage.origin:
            continue
        source, written = each.origin, target._layout
        if each.storage.itemsize != target.itemsize:  # one is an alias: compare bytes
            source = layouts.in_bytes(source, each.storage.itemsize)
            written = layouts.in_bytes(written, target.itemsize)
        if _meet(overlap, source, written):
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to "
                f"tensor refer to a single memory location. {_ADVICE}"
            )


@functools.lru_cache(maxsize=4096)
def _meet(overlap: Callable[[Layout, Layout], bool], source: Layout, target: Layout) -> bool:
    return overlap(source, target)


def resize_output(target: Tensor, shape: tuple[int, ...], stacklevel: int = 4) -> None:
    """Give ``out=`` the result's shape, with torch's warning where it had elements."""
    if target._layout.shape == shape:
        return
    if target._layout.numel:
        warnings.warn(
            "An output with one or more elements was resized since it had shape "
            f"{list(target.shape)}, which does not match the required output shape {list(shape)}. "
            "This behavior is deprecated, and in a future PyTorch release outputs will not be "
            "resized unless they have zero elements. You can explicitly reuse an out tensor t by "
            "resizing it, inplace, to zero elements with t.resize_(0).",
            stacklevel=stacklevel,
        )
    resize(target, shape)

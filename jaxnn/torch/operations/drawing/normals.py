"""``torch.normal``: normal numbers whose mean and deviation are numbers or tensors."""

from typing import Any

from jaxnn.torch import layouts
from jaxnn.torch.generator import Generator
from jaxnn.torch.operations.definition.call import resize_output
from jaxnn.torch.operations.definition.options import NEW, Options
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.drawing.distributions import normally
from jaxnn.torch.operations.drawing.drawing import draw, redraw
from jaxnn.torch.operations.drawing.sampling import fill
from jaxnn.torch.tensor import Tensor, is_traced

_FROM = "*, torch.Generator generator = None"


@taking(
    "normal",
    f"Tensor mean, Tensor std, {_FROM}, Tensor out = None",
    f"Tensor mean, float std = 1, {_FROM}, Tensor out = None",
    f"float mean, Tensor std, {_FROM}, Tensor out = None",
    f"float mean, float std, tuple of ints size, {_FROM}, {NEW}",
)
def normal(
    mean: Any,
    std: Any,
    generator: Generator | None,
    out: Tensor | None,
    size: tuple[int, ...] | None = None,
    **options: Any,
) -> Tensor:
    """Normal numbers of given means and deviations, each a number or a tensor.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.normal(torch.tensor([0.0, 10.0]), torch.tensor([1.0, 0.1]))
    tensor([1.5410, 9.9707])

    Source: ``torch.normal``.
    """
    if size is not None:
        layout = layouts.contiguous(size)
        return fill(Options(out=out, **options), layout, normally(mean, std), generator)
    drawn = normally() if isinstance(std, Tensor) else normally(0.0, std)
    if isinstance(std, Tensor):
        _check_deviations(std)
    shape = _shape(mean, std, out)
    if out is None:
        like = mean if isinstance(mean, Tensor) else std
        made = draw(layouts.contiguous(shape), like._dtype, drawn, generator, like.device)
    else:
        resize_output(out, shape)
        made = redraw(out, drawn, generator)
    # torch has no derivative of these numbers.
    mean, std = (x.detach() if isinstance(x, Tensor) else x for x in (mean, std))
    return (made.mul_(std) if isinstance(std, Tensor) else made).add_(mean)


def _shape(mean: Any, std: Any, out: Tensor | None) -> tuple[int, ...]:
    """That of the result; with a number as deviation, a given tensor's own counts too."""
    given = [mean, std if isinstance(std, Tensor) else out]
    return layouts.broadcast_shapes(*(x._layout.shape for x in given if isinstance(x, Tensor)))


def _check_deviations(std: Tensor) -> None:
    if std.dtype.is_complex:
        raise RuntimeError("normal expects standard deviation to be non-complex")
    if std.numel() and not is_traced(std) and not std.min().item() >= 0:
        raise RuntimeError("normal expects all elements of std >= 0.0")

"""The core's functions as kernels: arrays by position, some of them by name, options fixed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


class Core(NamedTuple):
    """A function of the core, the last of whose operands go by name.

    Attributes:
        function: takes arrays, and these names among its keyword arguments.
        names: of the last operands, in order.
    """

    function: Callable[..., Any]
    names: tuple[str, ...] = ()

    @property
    def __name__(self) -> str:
        """That of the function, by which profiles call the kernel."""
        return self.function.__name__

    def __call__(self, *operands: Array, **options: Any) -> Any:
        """Apply the function."""
        places = len(operands) - len(self.names)
        named = dict(zip(self.names, operands[places:], strict=True))
        return self.function(*operands[:places], **named, **options)


def source(x: Tensor) -> Source:
    """A tensor as an operand."""
    return Source(x._storage, x._layout)


def core_call(
    function: Callable[..., Any],
    operands: Sequence[Tensor | Source],
    result: Result,
    named: Mapping[str, Tensor | Source | complex | None] | None = None,
    **options: Any,
) -> Call:
    """The call of a function of the core with one result.

    Args:
        function: of the core; computes half precision in float32 by itself.
        operands: the arrays that it takes by position.
        result: what comes out.
        named: tensors and numbers that it takes by name; None is left out.
        options: what is fixed at compilation.
    """
    given = {name: value for name, value in (named or {}).items() if value is not None}
    kernel = Core(function, tuple(given))
    sources = [source(x) if isinstance(x, Tensor) else x for x in (*operands, *given.values())]
    return Call(kernel, tuple(sources), (result,), None, tuple(options.items()))

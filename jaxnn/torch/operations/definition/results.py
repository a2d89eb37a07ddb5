"""Named tuples of several results, which print as torch's."""

import functools
from collections import namedtuple
from collections.abc import Callable
from typing import Any


@functools.cache
def named_results(operation: str, fields: str) -> Callable[..., Any]:
    """The tuple type that an operation returns, as ``torch.return_types.max``.

    Example:
        >>> named_results("max", "values indices")(1, 0)
        torch.return_types.max(
        values=1,
        indices=0)
    """
    # The fields are known at run time only, so there is no class statement to write.
    base = namedtuple(operation, fields)  # noqa: PYI024

    def represent(self: Any) -> str:
        lines = ",\n".join(f"{name}={getattr(self, name)!r}" for name in base._fields)
        return f"torch.return_types.{operation}(\n{lines})"

    return type(operation, (base,), {"__slots__": (), "__repr__": represent})

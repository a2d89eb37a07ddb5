"""The faces of an operation whose arguments are declared by torch's signatures.

A function's signatures begin with the tensor and may end with ``out``. A method's lack both.
"""

from collections.abc import Callable, Sequence
from typing import Any

from jaxnn.torch.operations.call import Call, apply, apply_in_place, apply_out
from jaxnn.torch.operations.signatures import Signature, bind
from jaxnn.torch.tensor import Tensor

Prepare = Callable[..., Call]


def function(name: str, signatures: Sequence[str], prepare: Prepare) -> Callable[..., Any]:
    """The function of these signatures, with ``out=`` where they have it."""
    parsed = tuple(map(Signature, signatures))

    def face(*args: Any, **kwargs: Any) -> Any:
        bound = bind(name, parsed, args, kwargs)
        out = bound.pop("out", None)
        call = prepare(**bound)
        return apply(call) if out is None else apply_out(call, out)

    return face


def method(name: str, signatures: Sequence[str], prepare: Prepare) -> Callable[..., Any]:
    """The method of these signatures."""
    parsed = tuple(Signature(of_method(each)) for each in signatures)

    def face(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        return apply(prepare(self, **bind(name, parsed, args, kwargs)))

    return face


def twin(name: str, signatures: Sequence[str], prepare: Prepare) -> Callable[..., Any]:
    """The in-place twin of these signatures."""
    parsed = tuple(Signature(of_method(each)) for each in signatures)

    def face(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return apply_in_place(prepare(self, **bind(name + "_", parsed, args, kwargs)), self)

    return face


def of_method(signature: str) -> str:
    """A function's signature as its method has it: without the tensor and without ``out``.

    Example:
        >>> of_method("Tensor input, int dim = -1, *, Tensor out = None")
        'int dim = -1'
    """
    _, *rest = signature.split(", ")
    kept = [each for each in rest if not each.endswith(" out = None")]
    return ", ".join(kept[:-1] if kept and kept[-1] == "*" else kept)

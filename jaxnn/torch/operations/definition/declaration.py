"""The faces of an operation whose arguments are declared by torch's signatures.

A function's signatures begin with the tensor and may end with ``out``. A method's lack both. What
prepares the operation returns the `Call` of it or, where it is composed of other operations, the
result itself.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from jaxnn.torch import kernels, layouts, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, Result, apply, apply_in_place, apply_out
from jaxnn.torch.operations.definition.signatures import Signature, bind
from jaxnn.torch.tensor import Tensor

Prepare = Callable[..., Any]

OutType = Literal["cast", "dtype", "same"]
"""What the type of ``out=`` means: the result is cast to it; it stands for ``dtype=``; or it has to
be the result's own."""


def function(
    name: str, signatures: Sequence[str], prepare: Prepare, out_type: OutType = "cast"
) -> Callable[..., Any]:
    """The function of these signatures, with ``out=`` where they have it."""
    parsed = tuple(map(Signature, signatures))

    def face(*args: Any, **kwargs: Any) -> Any:
        bound = bind(name, parsed, args, kwargs)
        out = bound.pop("out", None)
        if out is None:
            return _result(prepare(**bound))
        if out_type == "dtype":
            bound["dtype"] = bound["dtype"] or out._dtype
        call = _call(prepare(**bound))
        if out_type == "same":
            _check_same_types(call, out)
        return apply_out(call, out)

    return face


def _check_same_types(call: Call, out: Any) -> None:
    targets = [out] if isinstance(out, Tensor) else out
    for result, target in zip(call.results, targets, strict=True):
        if result.dtype is not target._dtype:
            wanted, given = promotion.C_NAMES[result.dtype], promotion.C_NAMES[target._dtype]
            raise RuntimeError(
                f"Expected out tensor to have dtype {wanted}, but got {given} instead"
            )


def method(name: str, signatures: Sequence[str], prepare: Prepare) -> Callable[..., Any]:
    """The method of these signatures."""
    parsed = _methods(signatures)

    def face(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        return _result(prepare(self, **bind(name, parsed, args, kwargs)))

    return face


def twin(
    name: str, signatures: Sequence[str], prepare: Prepare, out_type: OutType = "cast"
) -> Callable[..., Any]:
    """The in-place twin of these signatures."""
    parsed = _methods(signatures)

    def face(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        bound = bind(name + "_", parsed, args, kwargs)
        if out_type == "dtype":
            bound["dtype"] = _own_type(self, bound["dtype"])
        call = _call(prepare(self, **bound))
        if out_type == "same":
            _check_same_types(call, self)
        return apply_in_place(call, self)

    return face


def _own_type(tensor: Tensor, wanted: DType | None) -> DType:
    own = tensor._dtype
    if wanted not in (None, own):
        raise RuntimeError(
            f"Bad in-place call: input tensor dtype {promotion.C_NAMES[own]} and output tensor "
            f"dtype {promotion.C_NAMES[wanted]} should match"
        )
    return own


def _result(outcome: Any) -> Any:
    return apply(outcome) if isinstance(outcome, Call) else outcome


def _call(outcome: Any) -> Call:
    """The call, or that of a copy of what was computed already."""
    if isinstance(outcome, Call):
        return outcome
    place = layouts.like(outcome._layout)
    source = Source(outcome._storage, outcome._layout)
    return Call(kernels.identity, (source,), (Result(place, outcome._dtype),))


def _methods(signatures: Sequence[str]) -> tuple[Signature, ...]:
    """A method's signatures: a number in the tensor's place has no methods."""
    return tuple(Signature(of_method(each)) for each in signatures if not each.startswith("Number"))


def of_method(signature: str) -> str:
    """A function's signature as its method has it: without the tensor and without ``out``.

    Example:
        >>> of_method("Tensor input, int dim = -1, *, Tensor out = None")
        'int dim = -1'
    """
    text, bar, mark = signature.partition("|")
    declared = text.split(", ")
    declared.remove("Tensor input" if "Tensor input" in declared else declared[0])
    kept = [each for each in declared if not each.endswith(" out = None")]
    return ", ".join(kept[:-1] if kept and kept[-1] == "*" else kept) + bar + mark

"""In-place twins that may not read from what they write: where torch refuses any shared element."""

from collections.abc import Callable, Sequence
from typing import Any

from jaxnn.torch import layouts
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, apply_in_place, check_memory, check_shared
from jaxnn.torch.operations.definition.declaration import of_method
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.tensor import Tensor


def define_writing(
    name: str, prepare: Callable[..., Call], doc: str, signatures: Sequence[str]
) -> Callable[..., Any]:
    """Define an operation that writes into a copy of its tensor, with its twin that writes there.

    The call's first operand is the tensor; the others may share no element with it in the twin.
    """

    @taking(name + "_", *map(of_method, signatures), method=True)
    def twin(self: Tensor, **given: Any) -> Tensor:
        call = prepare(self, **given)
        check_memory(self, ())
        others = [each for each in call.operands[1:] if isinstance(each, Source)]
        check_shared(self, others, layouts.overlap)
        return apply_in_place(call, self)

    attach(name + "_", twin, f"{doc}\n\nWrites into the tensor itself and returns it.")
    operation = Operation(name, prepare, doc, signatures=tuple(signatures), out_type="same")
    return define(operation)

"""Square brackets against live torch: random expressions that read and assign.

Each expression is a text that both evaluate, and everything is compared that a user can see of it:
values, type, shape, strides, offset, whether memory is shared, and the type and text of errors.
"""

import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import jaxnn.torch
from tests.parity.conformance.translation import to_torch
from tests.thoroughness import amount

#: Expressions of each kind.
COUNT = amount(1_500, 20_000)
SEED = 7

#: The tensors that are indexed: contiguous and not, expanded, empty, of every number of dimensions.
BASES = (
    "torch.tensor(5.0)",
    "torch.arange(5)",
    "torch.arange(10.0)[1::2]",
    "torch.arange(12.0).view(3, 4)",
    "torch.arange(12, dtype=torch.int16).view(4, 3).t()",
    "torch.arange(12, dtype=torch.uint8).view(3, 4)",
    "torch.arange(12).view(3, 4) % 2 == 0",
    "torch.arange(3, dtype=torch.bfloat16).view(3, 1).expand(3, 4)",
    "torch.arange(24.0).view(2, 3, 4)",
    "torch.arange(24.0, dtype=torch.float64).view(4, 3, 2).permute(2, 1, 0)",
    "torch.arange(48).view(2, 6, 4)[:, ::2]",
    "torch.arange(3.0).view(1, 3, 1).expand(2, 3, 4)",
    "torch.zeros(2, 0, 3)",
    "torch.arange(24.0).view(1, 2, 3, 4)",
)
INTEGER_TYPES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32")


class Programs:
    """Random expressions, in which ``x`` is the tensor that is indexed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.alone = False

    def index(self, shape: tuple[int, ...]) -> str:
        """What stands between the brackets."""
        wanted = self.random.choice((1, 1, 1, 2, 2, 3, 4))
        parts, dim = [], 0
        self.alone = wanted == 1
        for _ in range(wanted):
            part, taken = self.part(shape[dim:] or (3,))
            if part == "..." in parts:  # torch reads sizes that are not there
                continue
            parts.append(part)
            dim = min(dim + taken, len(shape))
        if self.random.random() < 0.03:
            return f"[{', '.join(parts)}]"
        return ", ".join(parts) + "," * (self.random.random() < 0.1)

    def part(self, shape: tuple[int, ...]) -> tuple[str, int]:
        """One index and the number of dimensions that it takes."""
        kinds = {
            self.number: 4,
            self.slice: 5,
            self.new_or_rest: 3,
            self.numbers: 6,
            self.mask: 3,
            self.nonsense: 0.15,
        }
        [kind] = self.random.choices(list(kinds), list(kinds.values()))
        return kind(shape)

    def place(self, size: int) -> int:
        """An index of a dimension, which is seldom out of bounds."""
        beyond = self.random.random() < 0.03
        low, high = (-size - 2, size + 2) if beyond or not size else (-size, size - 1)
        return self.random.randint(low, high)

    def number(self, shape: tuple[int, ...]) -> tuple[str, int]:
        """An int, as Python's, NumPy's or a tensor."""
        n = self.place(shape[0])
        forms = ("{}", "{}", "np.int64({})", "torch.tensor({})")
        typed = "torch.tensor({}, dtype=torch." + self.random.choice(INTEGER_TYPES[:4]) + ")"
        return self.random.choice((*forms, typed)).format(n), 1

    def slice(self, shape: tuple[int, ...]) -> tuple[str, int]:
        """A slice, whose bounds may lie outside."""
        bounds = [
            self.random.choice(("", str(self.random.randint(-shape[0] - 2, shape[0] + 2))))
            for _ in range(2)
        ]
        step = self.random.choice(("", "", ":", ":1", ":2", ":3"))
        if self.random.random() < 0.02:
            step = self.random.choice((":0", ":-1", ":1.5", ":torch.tensor(2)"))
        return ":".join(bounds) + step, 1

    def new_or_rest(self, shape: tuple[int, ...]) -> tuple[str, int]:
        """A part that names no dimension."""
        return self.random.choice(("None", "...", "...", "True", "False", "torch.tensor(True)")), 0

    def numbers(self, shape: tuple[int, ...]) -> tuple[str, int]:
        """Several ints, as list, range, tuple, array or tensor."""
        size = shape[0]
        lengths = self.random.choice(
            ((), (2,), (2,), (2,), (3,), (1,), (0,), (2, 2), (3, 1), (1, 2))
        )
        text = str(_nested(lambda: self.place(size), lengths))
        typed = self.random.choice(INTEGER_TYPES)
        forms = ("{}", "torch.tensor({})", "torch.tensor({})", "np.array({}, dtype=np.int64)")
        form = self.random.choice((*forms, f"torch.tensor({{}}, dtype=torch.{typed})", "({},)"))
        if "torch" in form and lengths in ((), (0,)) and "dtype" not in form:
            form = "torch.tensor({}, dtype=torch.int64)"
        if "uint" in form:
            text = text.replace("-", "")
        if len(lengths) == 2 and "torch" in form and self.random.random() < 0.3:
            form += ".t()"
        if self.random.random() < 0.05:
            return f"range({self.random.randint(0, size)})", 1
        return form.format(text), 1

    def mask(self, shape: tuple[int, ...]) -> tuple[str, int]:
        """Truths, as list, array or tensor, of one dimension or several."""
        ndim = self.random.randint(1, len(shape))
        sizes = list(shape[:ndim])
        if self.random.random() < 0.05:
            sizes[-1] += 1
        text = str(_nested(lambda: self.random.random() < 0.5, tuple(sizes)))
        typed = self.random.choice(("bool", "bool", "bool", "uint8"))
        forms = (f"torch.tensor({{}}, dtype=torch.{typed})", "{}", "np.array({}, dtype=bool)")
        if ndim > 1 and not self.alone:  # torch counts the others as one dimension, and reads on
            forms = forms[:1]
        return self.random.choice(forms).format(text), ndim

    def nonsense(self, shape: tuple[int, ...]) -> tuple[str, int]:
        """What is no index."""
        wrong = ("1.5", "'a'", "torch.tensor([1.5])", "torch.tensor(1.5)", "[1.5]", "{}", "1j")
        return self.random.choice((*wrong, "[[0], [1, 2]]", "['a']", "[None]", "np.array(1.5)")), 1

    def value(self, selected: torch.Tensor | None, dtype: str) -> str:
        """What is assigned: mostly something that fits what the index selects."""
        shape = () if selected is None else tuple(selected.shape)
        if self.random.random() < 0.3:
            numbers = ("7", "-1", "2.5", "True", "300", "float('nan')", "1e39", "1j", "2**40")
            return self.random.choice(
                (*numbers, "np.float32(2.5)", "np.int64(3)", "np.bool_(True)")
            )
        if self.random.random() < 0.04:
            return self.random.choice(
                ("'a'", "None", "[1]", "np.ones(1)", "(1, 2)", "x[:]", "x[0]")
            )
        if self.random.random() < 0.1:
            # Of memory with gaps torch does not see that it reads what it has written already.
            gaps = ("x[..., :1].clone()", "x[..., -1].clone()")
            return self.random.choice((*gaps, "x[:1]", "x[1:]", "x.clone()"))
        if self.random.random() < 0.1:
            dtype = self.random.choice(("float32", "int64", "bool", "float64"))
        kept = [n if self.random.random() < 0.8 else 1 for n in shape]
        if self.random.random() < 0.3:
            kept = kept[self.random.randint(0, len(kept)) :]
        kept = [1] * self.random.choice((0, 0, 0, 1, 2)) + kept
        if self.random.random() < 0.05:
            kept += [2]
        numel = int(np.prod(kept, dtype=int))
        text = f"(torch.arange({numel}) + 50).view({kept}).to(torch.{dtype})"
        if len(kept) > 1 and self.random.random() < 0.3:
            text += ".transpose(0, -1).contiguous().transpose(0, -1)"
        return text


def _nested(make: Callable[[], Any], shape: tuple[int, ...]) -> Any:
    return [_nested(make, shape[1:]) for _ in range(shape[0])] if shape else make()


def outcome(module: Any, setup: str, expression: str) -> tuple[Any, Any, Any]:
    """The tensor that was indexed, what came out, and the error."""
    scope = {"torch": module, "np": np}
    x = scope["x"] = eval(setup, scope)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(
                f"result = {expression}" if "=" not in expression.split("] ")[-1] else expression,
                scope,
            )
        except Exception as error:
            return x, None, error
    return x, scope.get("result"), None


def told(error: Exception | None) -> str | None:
    """An error's type and text, without the place in torch's sources."""
    if error is None:
        return None
    return f"{type(error).__name__}: {str(error).split(chr(10) + 'Exception raised')[0]}"


def difference(setup: str, expression: str) -> str | None:
    """What differs between torch and the adapter."""
    theirs, expected, their_error = outcome(torch, setup, expression)
    ours, got, our_error = outcome(jaxnn.torch, setup, expression)
    if told(their_error) != told(our_error):
        return f"{told(our_error)}\n  instead of {told(their_error)}"
    if "out of bounds" in (told(their_error) or ""):
        return None  # torch has written the elements before the misplaced one by then
    pairs = [("x", theirs, ours)] + [("result", expected, got)] * (expected is not None)
    for name, torchs, adapters in pairs:
        for what, mine, wanted in (
            ("dtype", str(adapters.dtype), str(torchs.dtype)),
            ("shape", tuple(adapters.shape), tuple(torchs.shape)),
            ("stride", adapters.stride(), torchs.stride()),
            ("offset", adapters.storage_offset(), torchs.storage_offset()),
        ):
            if mine != wanted:
                return f"{name}.{what} {mine} instead of {wanted}"
        if not torch.equal(to_torch(adapters).nan_to_num(-99), torchs.nan_to_num(-99)):
            return f"{name} {to_torch(adapters).tolist()} instead of {torchs.tolist()}"
    if expected is not None and expected.numel():
        shared = expected.untyped_storage().data_ptr() == theirs.untyped_storage().data_ptr()
        if shared != (got._storage is ours._storage):
            return f"memory is {'not ' * shared}shared"
    return None


def reads(count: int) -> list[tuple[str, str]]:
    """Tensors, and expressions that read them."""
    programs = Programs(SEED)
    found = []
    for _ in range(count):
        setup = programs.random.choice(BASES)
        shape = tuple(eval(setup).shape)
        found.append((setup, f"x[{programs.index(shape)}]"))
    return found


def writes(count: int) -> list[tuple[str, str]]:
    """Tensors, and statements that assign to them."""
    programs = Programs(SEED + 1)
    found = []
    for setup, expression in reads(count):
        _, selected, _ = outcome(torch, setup, expression)
        dtype = str(eval(setup).dtype).removeprefix("torch.")
        found.append((setup, f"{expression} = {programs.value(selected, dtype)}"))
    return found


@pytest.mark.parametrize("make", [reads, writes])
def test_random_expressions(make):
    wrong = []
    for setup, expression in make(COUNT):
        found = difference(setup, expression)
        if found:
            wrong.append(f"x = {setup}; {expression}\n  {found}")
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:20])

"""Running the documents' cells and examples with any module in the place of torch."""

import ast
import builtins
import contextlib
import io
import re
from types import ModuleType
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

from tests.introduction_documents import (
    Cell,
    comparable,
    example_output,
    examples,
    steps,
    unseeded_array,
)


class Notebook:
    """A namespace in which cells run one after another and print as in a notebook."""

    def __init__(self, document: str, torch: ModuleType) -> None:
        self.document = document
        self.names: dict[str, Any] = {"__builtins__": vars(builtins) | {"__import__": self._import}}
        self._torch = torch

    def _import(self, name: str, *rest: Any) -> ModuleType:
        return self._torch if name == "torch" else __import__(name, *rest)

    def run(self, cell: Cell) -> str:
        """What the cell prints, or the exception that torch raises in it."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), self._printing(), self._drawing(cell):
            try:
                echo = self._execute(cell.code)
            except RuntimeError as error:
                echo = f"{type(error).__name__}: {error}"
        printed.write(echo)
        return comparable(self.document, printed.getvalue())

    def _execute(self, code: str) -> str:
        """Run the statements; the text of the last one's value, where a notebook shows it."""
        body = ast.parse(code).body
        echoed = isinstance(body[-1], ast.Expr) and not code.rstrip().endswith(";")
        last = body.pop() if echoed else None
        exec(compile(ast.Module(body, []), self.document, "exec"), self.names)
        if not isinstance(last, ast.Expr):
            return ""
        value = eval(compile(ast.Expression(last.value), self.document, "eval"), self.names)
        return "" if value is None else repr(value)

    def _printing(self) -> Any:
        old = self.document == "document_0.md"
        return np.printoptions(legacy="1.13") if old else contextlib.nullcontext()

    def _drawing(self, cell: Cell) -> Any:
        if "np.random.rand(" not in cell.code:
            return contextlib.nullcontext()
        array = unseeded_array(self.document)
        return mock.patch("numpy.random.rand", lambda *shape: array.reshape(shape).copy())


def transcript(document: str, torch: ModuleType) -> list[tuple[str, str]]:
    """The name of every cell with what it printed, in the order of running."""
    notebook = Notebook(document, torch)
    return [(step.cell.name, notebook.run(step.cell)) for step in steps(document)]


def expected_transcript(document: str) -> list[tuple[str, str]]:
    return [(step.cell.name, step.expected) for step in steps(document)]


class Claim(NamedTuple):
    """A line of an example, what its comment says of the result, and the result."""

    line: str
    said: Any
    result: Any


# What a comment can say of a line's value; a matrix in a batch is its last two dimensions.
_CLAIMS = (
    (r"Result: (\[\[.*\]\]|\d+)", lambda value: value.tolist()),
    (r"(?:Shape|result): (\([\d, ]+\))", lambda value: tuple(value.shape)),
    (r"(\d+)[×x](\d+)", lambda value: tuple(value.shape[-2:])),
)


def claims(document: str, torch: ModuleType) -> list[Claim]:
    """Run the prose's examples after the cells and collect what their comments claim."""
    notebook = Notebook(document, torch)
    for step in steps(document):
        notebook.run(step.cell)
    notebook.names["activation_function"] = notebook.names["activation"]
    with contextlib.redirect_stdout(io.StringIO()):
        return [claim for code in examples(document) for claim in _claims(code, notebook.names)]


def _claims(code: str, names: dict[str, Any]) -> list[Claim]:
    lines, found = [*code.splitlines(), ""], []
    for statement in ast.parse(code).body:
        exec(compile(ast.Module([statement], []), "example", "exec"), names)
        line, below = lines[statement.lineno - 1 : statement.lineno + 1]
        said = line + below if below.startswith("# Result:") else line
        for pattern, reading in _CLAIMS:
            match = re.search("#.*?" + pattern, said)
            if match is not None:
                claimed = ast.literal_eval(", ".join(match.groups()))
                found.append(Claim(line, claimed, reading(_value(statement, names))))
                break
    return found


def _value(statement: ast.stmt, names: dict[str, Any]) -> Any:
    source = statement.targets[0] if isinstance(statement, ast.Assign) else statement
    return eval(ast.unparse(source), names)


def printed_example(document: str, torch: ModuleType) -> tuple[str, str]:
    """What the example with an output prints, and what the prose shows."""
    (code,) = (block for block in examples(document) if "print(weights_col)" in block)
    return Notebook(document, torch).run(Cell("example", code, "")), example_output(document)


#: What the prose says in words: code, and the text that it must print or the error it must raise.
STATEMENTS = {
    # view: "Invalid reshape", "Contiguous requirement", "Memory sharing"
    "torch.tensor([1, 2, 3, 4, 5, 6]).view(2, 4)": (
        "RuntimeError: shape '[2, 4]' is invalid for input of size 6"
    ),
    "torch.tensor([1, 2, 3, 4, 5, 6]).view(2, 3).t().view(6)": (
        "RuntimeError: view size is not compatible with input tensor's size and stride (at least "
        "one dimension spans across two contiguous subspaces). Use .reshape(...) instead."
    ),
    "w = torch.tensor([0.2, 0.5, 0.1])\nw.view(3, 1)[1, 0] = 7.0\nw": (
        "tensor([0.2000, 7.0000, 0.1000])"
    ),
    # reshape and resize_: the same numbers in another shape, fewer, or more
    "torch.arange(6).view(2, 3).t().reshape(6)": "tensor([0, 3, 1, 4, 2, 5])",
    "torch.arange(6).resize_(2, 2)": "tensor([[0, 1],\n        [2, 3]])",
    "torch.arange(6).resize_(2, 2).resize_(6)": "tensor([0, 1, 2, 3, 4, 5])",
    "torch.zeros(5).resize_(3, 4).shape": "torch.Size([3, 4])",
    # in place: add_, scatter_, += and *=
    "w = torch.arange(3)\nv = w\nv += 1\nv *= 2\nw.add_(1)": "tensor([3, 5, 7])",
    "torch.zeros(3).scatter_(0, torch.tensor([2, 0]), torch.tensor([1.0, 5.0]))": (
        "tensor([5., 0., 1.])"
    ),
    # mm: "Cannot handle broadcasting", "exactly 2D", "Inner dimensions must match"
    "torch.mm(torch.ones(2, 2, 2), torch.ones(2, 2))": "RuntimeError: self must be a matrix",
    "torch.mm(torch.ones(2, 2), torch.ones(2))": "RuntimeError: mat2 must be a matrix",
    "torch.mm(torch.ones(2, 2), torch.ones(3, 2))": (
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x2 and 3x2)"
    ),
    # matmul: each pair of dimensions
    "torch.matmul(torch.tensor([1, 2]), torch.tensor([[1, 2, 3], [4, 5, 6]]))": (
        "tensor([ 9, 12, 15])"
    ),
    "torch.matmul(torch.tensor([[1, 2], [3, 4]]), torch.tensor([5, 6]))": "tensor([17, 39])",
    "torch.matmul(torch.ones(1, 5), torch.ones(1, 5))": (
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x5 and 1x5)"
    ),
    "torch.matmul(torch.ones(10, 3, 4), torch.ones(9, 4, 5))": (
        "RuntimeError: The size of tensor a (10) must match the size of tensor b (9) at "
        "non-singleton dimension 0"
    ),
    # broadcasting: data * weights, and sizes that do not fit
    "torch.tensor([[1.0, 2.0], [3.0, 4.0]]) * torch.tensor([0.5, 2.0])": (
        "tensor([[0.5000, 4.0000],\n        [1.5000, 8.0000]])"
    ),
    "torch.ones(3, 5) * torch.ones(4)": (
        "RuntimeError: The size of tensor a (5) must match the size of tensor b (4) at "
        "non-singleton dimension 1"
    ),
}


def statement_output(code: str, torch: ModuleType) -> str:
    return Notebook("statement", torch).run(Cell("statement", "import torch\n" + code, ""))

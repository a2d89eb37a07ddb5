"""The cells of the documents in tests/introduction/, and what each must print."""

import ast
import pathlib
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

FOLDER = pathlib.Path(__file__).with_name("introduction")
DOCUMENTS = tuple(sorted(path.name for path in FOLDER.glob("document_*.md")))
WEB_PAGE = "document_4.md"


class Cell(NamedTuple):
    """A piece of code, and what the document shows below it ("" for nothing)."""

    name: str
    code: str
    output: str


def read(document: str) -> str:
    return (FOLDER / document).read_text(encoding="utf-8")


def cells(document: str) -> list[Cell]:
    """The document's cells in its order, with the calls that must fail where they stand."""
    text = read(document)
    return list(_web_cells(text) if document == WEB_PAGE else _notebook_cells(text))


# How a paragraph of output begins: a number or tensor, perhaps after its name.
_OUTPUT = re.compile(
    r"(?:[\w ]+: +)?(?:tensor\(|array\(|torch\.Size\(|<torch\._C\.|-?\d| -?\d)"
    r"|\w+:\ntorch\.Size\("
)
_FAILURE = re.compile(
    r"^(?:> )?>> (?P<code>.+?)$.*?^(?:> )?RuntimeError: (?P<message>.+?)$", re.MULTILINE | re.DOTALL
)


def _notebook_cells(text: str) -> Iterator[Cell]:
    _, *parts = re.split(r"^In \[(\d+)\]:\n", text, flags=re.MULTILINE)
    for number, part in zip(parts[::2], parts[1::2], strict=True):
        yield Cell(f"In [{number}]", *_code_and_output(part))
        yield from _failures(part)


def _failures(text: str) -> Iterator[Cell]:
    for match in _FAILURE.finditer(text):
        yield Cell("failure", match["code"], match["message"])


def _code_and_output(part: str) -> tuple[str, str]:
    """Split what follows ``In [n]:``; nothing but its look tells code, output and prose apart."""
    paragraphs = part.split("\n\n")
    shown = [bool(_OUTPUT.match(paragraph.lstrip("\n"))) for paragraph in paragraphs]
    code_end = shown.index(True) if True in shown else len(paragraphs)
    while not _is_python("\n\n".join(paragraphs[:code_end])):
        code_end -= 1
    output_end = code_end
    while output_end < len(paragraphs) and (shown[output_end] or not paragraphs[output_end]):
        output_end += 1
    code, output = paragraphs[:code_end], paragraphs[code_end:output_end]
    return "\n\n".join(code).strip("\n"), "\n\n".join(output).strip("\n")


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


# A fenced block, or a line of code that stands alone directly before one.
_BLOCK = re.compile(r"^```\n(?P<fenced>.*?)\n```$|^`(?P<inline>[^`\n]+)`$(?=\n\n```)", re.M | re.S)


def _web_cells(text: str) -> Iterator[Cell]:
    blocks = [match["fenced"] or match["inline"] for match in _BLOCK.finditer(text)]
    for number, (block, below) in enumerate(zip(blocks, [*blocks[1:], ""], strict=True)):
        if block.startswith(">>"):
            yield from _failures(block)
        elif not _OUTPUT.match(block):
            code = re.sub(r"(?m)^(?!def )", "    ", block) if block.startswith("def ") else block
            yield Cell(f"block {number}", code, below if _OUTPUT.match(below) else "")


class Step(NamedTuple):
    """A cell to run, and what it must print."""

    cell: Cell
    expected: str


def steps(document: str) -> list[Step]:
    """The cells in the order in which they were run, each with what it must print."""
    shown = [Step(cell, expected_output(document, cell)) for cell in cells(document)]
    if document != "document_0.md":
        return shown
    # This notebook's In [4] was run, In [5] to In [7] used its numbers, then it was run again, and
    # the page shows the second run. What the first run printed stands in the next document.
    names = [step.cell.name for step in shown]
    drawing, using = names.index("In [4]"), names.index("In [7]")
    again = shown[drawing]
    shown[drawing] = Step(again.cell, _first_run())
    return [*shown[: using + 1], again, *shown[using + 1 :]]


def _first_run() -> str:
    features, weights, bias = (cell.output for cell in cells("document_1.md")[2:5])
    return f"Features: {features}\nWeights: {weights}\nBias: {bias}"


def expected_output(document: str, cell: Cell) -> str:
    """What the cell prints now, where the document shows what it printed then."""
    if cell.name == "failure":
        first, second = re.findall(r"\[(\d+) x (\d+)\]", cell.output)
        shapes = f"{'x'.join(first)} and {'x'.join(second)}"
        return f"RuntimeError: mat1 and mat2 shapes cannot be multiplied ({shapes})"
    return comparable(document, _modern(cell.output))


_OLD_TENSOR = re.compile(r"(.*)\n\[torch\.DoubleTensor of size \dx\d\]", re.S)


def _modern(output: str) -> str:
    """Rewrite a tensor printed by torch 0.3 as torch prints it since."""
    old = _OLD_TENSOR.fullmatch(output)
    if old is None:
        return output
    rows = [", ".join(row.split()) for row in old[1].splitlines()]
    return "tensor([[" + "],\n        [".join(rows) + "]], dtype=torch.float64)"


def comparable(document: str, text: str) -> str:
    """The text without what the document has lost, or what no two runs share."""
    text = re.sub(r"( object)? at 0x[0-9a-f]+", " at an address", text)
    if document == "document_0.md":
        text = re.sub(r"(?m)^=+\n", "", text)
    if document == WEB_PAGE:
        text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return text.rstrip("\n")


def unseeded_array(document: str) -> np.ndarray:
    """The array that the document drew without a seed, to as many digits as its pages give.

    Each page shows the array and its double with eight digits; half of the double has one bit more
    than the array. The middle of what both allow prints as both.
    """
    shown = [cell.output for cell in cells(document) if re.search(r"^a$", cell.code, re.MULTILINE)]
    once, twice = (
        np.array(re.findall(r"\d\.\d+", output), np.float64).reshape(4, 3) for output in shown
    )
    low = np.maximum(once - 5e-9, twice / 2 - 2.5e-9)
    high = np.minimum(once + 5e-9, twice / 2 + 2.5e-9)
    assert np.all(low < high), "the two printed arrays contradict each other"
    return (low + high) / 2


def examples(document: str) -> list[str]:
    """The examples in the document's prose that are meant to be run."""
    blocks = re.findall(r"^```python\n(.*?)^```$", read(document), re.MULTILINE | re.DOTALL)
    return [block for block in blocks if not block.startswith(">>")]


def example_output(document: str) -> str:
    """What the one example below which the prose shows an output must print."""
    (shown,) = re.findall(r"^\*\*Output:\*\*\n```\n(.*?)^```$", read(document), re.M | re.S)
    return re.sub(r"\n+", "\n", shown).rstrip("\n")

"""The transcripts in tests/introduction/programs/, typed again with any module in torch's place."""

import ast
import builtins
import contextlib
import doctest
import io
import pathlib
import re
import sys
from types import ModuleType
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

FOLDER = pathlib.Path(__file__).with_name("introduction") / "programs"
DOCUMENTS = tuple(sorted(path.stem for path in FOLDER.glob("*.md")))

_SECTION = re.compile(r"^## (?P<title>.*?)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"(?<=^```pycon\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_COMPOUND = ast.FunctionDef | ast.ClassDef | ast.For | ast.Try
_SOURCE = re.compile(r"^Source: \[(.*?)\]", re.MULTILINE)


class Program(NamedTuple):
    """A transcript: what was typed, after the document's first section, and what was printed."""

    document: str
    title: str
    source: str  # the public repository whose calls these are; "" for a program of this project
    beginning: str
    transcript: str


def programs() -> list[Program]:
    """Every program of every document, in order."""
    return [program for document in DOCUMENTS for program in _programs(document)]


def _programs(document: str) -> list[Program]:
    first, *others = _SECTION.finditer(path(document).read_text(encoding="utf-8"))
    beginning = _block(first["text"])
    return [
        Program(document, each["title"], _source(each["text"]), beginning, _block(each["text"]))
        for each in others
    ]


def path(document: str) -> pathlib.Path:
    return FOLDER / f"{document}.md"


def _block(text: str) -> str:
    (block,) = _BLOCK.findall(text)
    return block


def _source(text: str) -> str:
    found = _SOURCE.search(text)
    return found[1] if found else ""


def transcript(program: Program, torch: ModuleType) -> str:
    """Type the program again: its text, with what is printed now."""
    session = Session(torch)
    with session.options():
        session.type(program.beginning)
        return session.type(program.transcript)


class Session:
    """An interactive interpreter in which ``import torch`` imports ``torch``."""

    def __init__(self, torch: ModuleType) -> None:
        self._torch = torch
        self._names: dict[str, Any] = {
            "__builtins__": vars(builtins) | {"__import__": self._import},
            "__name__": "__main__",
        }

    def _import(self, name: str, *rest: Any) -> ModuleType:
        return self._torch if name == "torch" else __import__(name, *rest)

    @contextlib.contextmanager
    def options(self) -> Any:
        """Printing options as they are at the start, whatever the program does to them."""
        with np.printoptions():
            self._torch.set_printoptions(profile="default")
            try:
                yield
            finally:
                self._torch.set_printoptions(profile="default")

    def type(self, text: str) -> str:
        examples = doctest.DocTestParser().get_examples(text)
        return "".join(_typed(each.source) + self._printed(each.source) for each in examples)

    def _printed(self, source: str) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), mock.patch("sys.displayhook", _show):
            try:
                exec(compile(source, "<stdin>", "single"), self._names)
            except Exception as error:
                printed.write(_failure(error))
        return re.sub(r" at 0x[0-9a-f]+", " at 0x...", printed.getvalue())


def _show(value: Any) -> None:
    if value is not None:
        sys.stdout.write(f"{value!r}\n")


def _typed(source: str) -> str:
    first, *others = source.splitlines()
    lines = [f">>> {first}", *(f"... {line}".rstrip() for line in others)]
    is_compound = isinstance(ast.parse(source).body[0], _COMPOUND)
    return "\n".join([*lines, "..."] if is_compound else lines) + "\n"


def _failure(error: Exception) -> str:
    kind = next(each for each in type(error).__mro__ if each.__module__ == "builtins")
    return f"Traceback (most recent call last):\n    ...\n{kind.__name__}: {error}\n"

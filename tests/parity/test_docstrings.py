"""The examples in torch's own documentation print the same, line by line.

Each docstring of what both have is run as a session of its own, after ``manual_seed(0)``, once with
torch and once with `jaxnn.torch` under its name.
"""

import ast
import builtins
import contextlib
import io
import itertools
import re
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

import jaxnn.torch

MODULES = ("", "Tensor", "nn.functional", "nn.init", "special", "linalg", "fft", "func", "random")

#: What chance or the processor decides: unwritten memory, and what rounding leaves over in LAPACK.
UNDECIDED = {
    *("empty", "empty_strided", "Tensor.new_empty", "Tensor.new_empty_strided"),
    *(f"linalg.{name}" for name in ("cholesky", "eigh", "inv", "pinv", "qr", "svd", "svdvals")),
}
GRADIENTS = "gradients are JAX's: no tensor computes its own"
#: Docstrings that do not print all the same, and why. One that does fails here.
UNLIKE = {
    **dict.fromkeys(["enable_grad", "inference_mode", "no_grad"], GRADIENTS),
    "nn.functional.binary_cross_entropy": GRADIENTS,
    "nn.functional.binary_cross_entropy_with_logits": GRADIENTS,
    "nn.functional.cross_entropy": GRADIENTS,
    "nn.functional.ctc_loss": GRADIENTS,
    "nn.functional.nll_loss": GRADIENTS,
    "empty_permuted": "there is no Tensor.dim_order",
    "from_dlpack": "there is no torch.utils.dlpack",
    "narrow_copy": "JAX's sparse arrays are no tensors",
    "set_default_device": "a device that is not there is refused at once",
    "set_default_dtype": "JAX has no complex numbers of 16-bit parts",
    "special.erfc": "XLA's code for CPUs takes numbers below 1.2e-38 for zero",
    "vmap": "a function that is C's there is Python's here",
}


def attribute(module: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        module = getattr(module, name)
    return module


def documented() -> Iterator[tuple[str, str]]:
    """Names that both have, with the examples of torch's documentation."""
    seen = set()
    for path in MODULES:
        theirs, ours = attribute(torch, path), attribute(jaxnn.torch, path)
        for name in sorted(dir(theirs)):
            if name.startswith("_") or not hasattr(ours, name):
                continue
            text = getattr(getattr(theirs, name), "__doc__", None)
            if isinstance(text, str) and ">>>" in text and text not in seen:
                seen.add(text)
                full = f"{path}.{name}".lstrip(".")
                if full not in UNDECIDED:
                    yield full, text


def statements(text: str) -> Iterator[ast.stmt]:
    """The examples of a docstring, block by block. Gradients are JAX's: no tensor asks for one."""
    lines = text.replace(", requires_grad=True", "").splitlines()
    prompted = [re.fullmatch(r"\s*(?:>>>|\.\.\.)(?: (.*))?", line) for line in lines]
    for is_code, block in itertools.groupby(prompted, bool):
        if is_code:
            with contextlib.suppress(SyntaxError):  # code without its prompts is not for running
                yield from ast.parse("\n".join(line[1] or "" for line in block if line)).body


@pytest.fixture(autouse=True)
def _defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both libraries' defaults, before and after: the examples change them, and write files."""
    monkeypatch.chdir(tmp_path)
    _reset()
    yield
    _reset()


def _reset() -> None:
    torch.use_deterministic_algorithms(False)
    for library in (torch, jaxnn.torch):
        library.manual_seed(0)
        library.set_default_device(None)
        library.set_default_dtype(library.float32)
        library.set_printoptions(profile="default")
        library.set_grad_enabled(True)


def session(library: types.ModuleType) -> dict[str, Any]:
    """Where statements run that know ``torch`` as this library."""

    def imported(name: str, scope=None, local=None, names=(), level=0) -> Any:
        if name.split(".")[0] != "torch":
            return builtins.__import__(name, scope, local, names, level)
        return attribute(library, name.partition(".")[2]) if names else library

    return {
        "__builtins__": vars(builtins) | {"__import__": imported},
        "torch": library,
        "nn": library.nn,
        "F": library.nn.functional,
    }


def shown(statement: ast.stmt, scope: dict[str, Any]) -> str:
    """What a statement prints, and the value of an expression, or the type of its error."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), "docstring", "eval"), scope)
                printed.write("" if value is None else repr(value))
            else:
                exec(compile(ast.Module([statement], []), "docstring", "exec"), scope)
    except Exception as error:
        return type(error).__name__
    address = r"(?<= at )0x\w+"
    return re.sub(address, "", printed.getvalue().replace("jaxnn.torch", "torch"))


DOCUMENTED = dict(documented())


@pytest.mark.parametrize("name", DOCUMENTED)
def test_prints_what_torch_prints(name: str):
    theirs, ours = session(torch), session(jaxnn.torch)
    unlike = []
    for statement in statements(DOCUMENTED[name]):
        pair = shown(statement, theirs), shown(statement, ours)
        if pair[0] != pair[1]:
            unlike.append((ast.unparse(statement), *pair))
    assert bool(unlike) == (name in UNLIKE), unlike


def test_lists_no_others():
    assert set(UNLIKE) <= set(DOCUMENTED)

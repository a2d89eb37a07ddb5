"""The table of what of torch is here, and that every name that lacks says so."""

import importlib
import re

import pytest

import jaxnn.torch as torch
from jaxnn.torch import lacking


@pytest.fixture(scope="module")
def found():
    return torch.coverage()


def test_it_counts_every_public_name_of_every_module(found):
    assert set(found) == set(lacking.families())
    for module, families in found.items():
        names = [name for each in families.values() for name in (*each.present, *each.absent)]
        assert len(names) == len(set(names))
        assert set(names) == lacking.torch_names(module)


def test_its_text_is_the_table_that_it_prints(capsys):
    found = torch.coverage()
    printed = capsys.readouterr().out
    assert printed == f"{found}\n"
    views = found["Tensor"]["views"]
    assert f"\n  views{'':27}{len(views.present):6}{views.size:5}\n" in printed
    assert re.fullmatch(r"<\d+ of torch's \d+ public names>", repr(found))


def test_it_prints_the_names_that_lack_where_it_is_asked_to(capsys):
    found = torch.coverage(names=True)
    printed = capsys.readouterr().out
    for family in found["fft"].values():
        assert all(f" {name}" in printed for name in family.absent)
    assert max(map(len, printed.splitlines())) <= 88


def test_every_name_that_lacks_raises_an_error_that_names_it(found):
    for module, families in found.items():
        owner = _module(module)
        if owner is None:  # `torch.optim` itself raises, before any name in it
            continue
        for name in (name for family in families.values() for name in family.absent):
            assert not hasattr(owner, name)
            with pytest.raises(NotImplementedError, match=rf" has no (Tensor\.)?{name}\. .+\.$"):
                getattr(owner, name)


@pytest.mark.parametrize(
    ("line", "way"),
    [
        ("from jaxnn.torch import svd", "jax.numpy.linalg.svd"),
        ("from jaxnn.torch.nn.functional import relu, conv2d", "jax.lax.conv_general_dilated"),
        ("from jaxnn.torch.func import functionalize as made", "jax.numpy or jaxnn"),
    ],
)
def test_an_import_of_what_lacks_says_how_else(line: str, way: str):
    with pytest.raises(NotImplementedError, match=way) as caught:
        exec(line)
    assert isinstance(caught.value, ImportError)  # for those who try and do without


def test_an_import_of_what_torch_has_not_either_is_pythons_error():
    with pytest.raises(ImportError, match="cannot import name 'nonsense'") as caught:
        exec("from jaxnn.torch import nonsense")
    assert not isinstance(caught.value, NotImplementedError)


def _module(name: str):
    """Our module of this name, or a tensor; None where the module lacks as a whole."""
    if name == "Tensor":
        return torch.ones(1)
    try:
        return torch if name == "torch" else importlib.import_module(f"jaxnn.torch.{name}")
    except ModuleNotFoundError:
        return None

"""What is written must be so: README's code, commands and links work; every name is explained."""

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import jaxnn

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
MODULES = [
    module.name
    for module in pkgutil.walk_packages(jaxnn.__path__, "jaxnn.")
    if not module.name.rpartition(".")[2].startswith("_")
]


def test_readme_has_code_of_every_kind():
    assert {language for language, _ in BLOCKS} == {"python", "sh"}


def test_readmes_python_runs_and_prints_what_it_says():
    """All of it in one namespace, from top to bottom, as a reader types it."""
    examples = doctest.DocTestParser().get_doctest(
        "".join(code for language, code in BLOCKS if language == "python"),
        {}, "README.md", "README.md", 0,
    )  # fmt: skip
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(examples)
    assert runner.failures == 0
    assert runner.tries > 20


def test_readmes_commands_exist():
    commands = [line for language, code in BLOCKS if language == "sh" for line in code.splitlines()]
    makefile = (ROOT / "Makefile").read_text()
    extras = (ROOT / "pyproject.toml").read_text()
    for command in commands:
        words = command.partition("#")[0].split()
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), command
        else:
            assert words[:2] == ["pip", "install"], command
            for extra in re.findall(r"\[(\w+)\]", command):
                assert re.search(rf"^{extra} = \[", extras, re.MULTILINE), command


def test_readmes_links_lead_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_readmes_names_exist():
    for name in set(re.findall(r"\bjaxnn((?:\.\w+)+)", README)):
        value = jaxnn
        for part in name[1:].split("."):
            value = getattr(value, part)


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_is_documented(name):
    module = importlib.import_module(name)
    assert inspect.getdoc(module), f"{name} has no docstring"
    public = {
        key: value
        for key, value in vars(module).items()
        if not key.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == name
    }
    undocumented = [key for key, value in public.items() if not inspect.getdoc(value)]
    assert undocumented == []

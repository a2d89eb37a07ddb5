"""Programs of the introduction's public variants print on jaxnn.torch what they print on torch."""

import pytest

import jaxnn.torch as torch
from tests.introduction_programs import DOCUMENTS, Program, programs, transcript

PROGRAMS = [
    pytest.param(program, id=f"{program.document}: {program.title}") for program in programs()
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(program: Program):
    assert transcript(program, torch) == program.transcript


def test_every_document_has_programs_and_every_program_shows_something():
    found = programs()
    assert {program.document for program in found} == set(DOCUMENTS)
    assert len(found) >= 80
    for program in found:
        lines = program.transcript.splitlines()
        assert any(not line.startswith((">>>", "...")) for line in lines), program.title


def test_programs_are_from_many_sources():
    assert len({program.source for program in programs() if program.source}) >= 40

"""PyTorch itself meets every expectation of the tests of the introduction and its variants."""

import pytest
import torch

from tests.introduction_documents import DOCUMENTS
from tests.introduction_programs import Program, programs
from tests.introduction_programs import transcript as program_transcript
from tests.introduction_runs import (
    STATEMENTS,
    claims,
    expected_transcript,
    printed_example,
    statement_output,
    transcript,
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document(document):
    assert transcript(document, torch) == expected_transcript(document)


def test_examples_in_the_prose_give_what_their_comments_say():
    for claim in claims("document_0.md", torch):
        assert claim.result == claim.said, claim.line


def test_example_that_prints():
    printed, shown = printed_example("document_0.md", torch)
    assert printed == shown


@pytest.mark.parametrize("code", STATEMENTS)
def test_statement(code):
    assert statement_output(code, torch) == STATEMENTS[code]


@pytest.mark.parametrize("program", programs(), ids=lambda p: f"{p.document}: {p.title}")
def test_program(program: Program):
    assert program_transcript(program, torch) == program.transcript

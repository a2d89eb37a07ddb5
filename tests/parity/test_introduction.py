"""PyTorch itself meets every expectation of tests/test_introduction.py."""

import pytest
import torch

from tests.introduction_documents import DOCUMENTS
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

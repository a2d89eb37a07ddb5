"""The public introduction runs on jaxnn.torch and prints what its five versions show."""

import pytest

import jaxnn.torch as torch
from tests.introduction_documents import DOCUMENTS, cells, examples, unseeded_array
from tests.introduction_runs import (
    STATEMENTS,
    claims,
    expected_transcript,
    printed_example,
    statement_output,
    transcript,
)

#: Cells of each document, those that show an output, and calls that must fail.
COUNTS = {
    "document_0.md": (11, 9, 1),
    "document_1.md": (19, 16, 1),
    "document_2.md": (4, 1, 0),
    "document_3.md": (12, 8, 1),
    "document_4.md": (17, 10, 1),
}
#: Results that the comments in document 0's examples state.
CLAIMS = 19


def test_every_document_is_there_and_yields_its_cells():
    assert list(DOCUMENTS) == list(COUNTS)
    for document, expected in COUNTS.items():
        found = cells(document)
        failures = [cell for cell in found if cell.name == "failure"]
        shown = [cell for cell in found if cell.output and cell not in failures]
        assert (len(found) - len(failures), len(shown), len(failures)) == expected, document
        assert len(expected_transcript(document)) == len(found) + (document == "document_0.md")


def test_the_first_notebook_s_repeated_cell_is_run_twice():
    runs = [printed for name, printed in expected_transcript("document_0.md") if name == "In [4]"]
    assert [printed.splitlines()[0] for printed in runs] == [
        "Features: tensor([[-0.1468,  0.7861,  0.9468, -1.1143,  1.6908]])",
        "Features: tensor([[0.1328, 0.1373, 0.2405, 1.3955, 1.3470]])",
    ]


@pytest.mark.parametrize("document", ["document_0.md", "document_3.md", "document_4.md"])
def test_unseeded_arrays_lie_between_0_and_1(document):
    array = unseeded_array(document)
    assert array.shape == (4, 3)
    assert (array > 0).all()
    assert (array < 1).all()


@pytest.mark.parametrize("document", COUNTS)
def test_document(document):
    assert transcript(document, torch) == expected_transcript(document)


def test_examples_in_the_prose_give_what_their_comments_say():
    assert len(examples("document_0.md")) == 8
    found = claims("document_0.md", torch)
    assert len(found) == CLAIMS
    for claim in found:
        assert claim.result == claim.said, claim.line


def test_example_that_prints():
    printed, shown = printed_example("document_0.md", torch)
    assert printed == shown
    assert len(shown.splitlines()) == 9


@pytest.mark.parametrize("code", STATEMENTS)
def test_statement(code):
    assert statement_output(code, torch) == STATEMENTS[code]

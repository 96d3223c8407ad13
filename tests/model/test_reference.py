"""What a reference says of itself."""

import pytest

from kb.model import Reference
from kb.model.terms import Design


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"seen_at": ["memory"]}, False),
        ({"seen_at": ["export.ris (ris)"]}, False),
        ({"seen_at": ["a shelf", "https://example.org/paper"]}, True),
        ({"seen_at": ["a shelf"], "doi": "10.1016/j.jaad.2002.01.001"}, True),
        ({"seen_at": ["a shelf"], "pmid": "12196747"}, True),
    ],
)
def test_a_reader_can_open_what_has_an_identifier_or_an_address(fields: dict[str, object], opens: bool) -> None:
    reference = Reference.model_validate(
        {"key": "olsen2002", "type": "article", "design": Design.RCT, "title": "A trial", **fields}
    )
    assert reference.can_be_opened is opens

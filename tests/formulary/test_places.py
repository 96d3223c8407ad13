"""Whoever opens one file alone takes it for what the reader of all files takes it for."""

from kb.formulary.places import kind_of
from kb.model import Record
from tests import whole


def test_every_file_of_the_formulary_has_a_kind() -> None:
    assert [file for file in whole.base().formulary.files if kind_of(file) is None] == []


def test_a_file_holds_the_records_that_the_reader_reads_from_it() -> None:
    base = whole.base()
    held = base.formulary
    found: list[Record] = [*held.subjects, *held.products.values(), *held.maxima.values(), *held.pages.values()]
    found += [*held.protocols.values(), *held.corrections.values(), *held.searches.values(), *held.left_out]
    found += [
        *held.aftercare.values(),
        *held.changes.values(),
        *(t for v in held.vocabularies.values() for t in v.values()),
    ]
    assert len(found) > 2000
    kinds = {record.place.file: type(record) for record in found if record.place}
    assert {file: kind_of(file).record for file in kinds} == kinds  # type: ignore[union-attr]


def test_what_nothing_reads_has_no_kind() -> None:
    for file in ("formulary/notes.yaml", "formulary/maxima.yaml", "formulary/claims/a/b.yaml", "formulary/release.txt"):
        assert kind_of(file) is None, file
    assert kind_of("formulary/field.yaml") is not None, "an editor helps with it, too"

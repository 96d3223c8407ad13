"""What the search of the site without a server has to look through."""

from kb.exports.site_data import main_pages, search_index
from kb.snapshot import Snapshot


def test_everything_that_is_found_has_a_page_and_cards_stand_apart(base: Snapshot) -> None:
    found = search_index(base, {}, main_pages(base))
    paper = next(row for row in found["rows"] if row[3] == "paper/uzel2021.html")
    assert paper[1] == "reference"
    assert "10.1111/dth.14622" in paper[6].split()
    assert ["Anaphylaxis", "care/anaphylaxis.html", "anaphylaxis"] in found["cards"]
    assert {row[1] for row in found["rows"]} == set(found["titles"])
    assert all(row[3].endswith(".html") for row in found["rows"])

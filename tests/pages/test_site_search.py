"""What the search of the site without a server has to look through."""

from kb.exports.site_data import main_pages, search_index
from kb.snapshot import Snapshot


def test_papers_are_found_by_their_numbers_and_cards_by_their_name(base: Snapshot) -> None:
    rows = search_index(base, {}, main_pages(base))
    paper = next(row for row in rows if row[2] == "paper/uzel2021.html")
    assert {"Uzel 2021", "10.1111/dth.14622"} <= set(paper[3].split(" ; "))
    cards = [row for row in rows if row[1] == "care"]
    assert [row[2] for row in cards if row[0] == "Anaphylaxis"] == ["care/anaphylaxis.html"]

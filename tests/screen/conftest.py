"""What the tests of this room share: the base as it stands, read once, and small files of invented studies."""

from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from tests import whole

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = HERE / "files"
ALL = [str(FILES / f"search.{kind}") for kind in ("xml", "nbib", "ris", "bib")]


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    return whole.base()


def article(title: str, abstract: str = "", pmid: str = "990001000", year: str = "2020") -> str:
    """An article of PubMed's XML."""
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><Journal><JournalIssue><PubDate><Year>{year}</Year>"
        f"</PubDate></JournalIssue><Title>Invented</Title></Journal><ArticleTitle>{title}</ArticleTitle>"
        f"<Abstract><AbstractText>{abstract}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
    )


OURS = article("Intradermal dutasteride in female pattern hair loss")

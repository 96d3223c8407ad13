"""`kb screen` on a generated PubMed file of 30,000 articles, beside a plain iterparse of the same file.

    python -m benchmarks.screen

The file has the shape and size of one of PubMed's baseline: abstracts of about 230 words in parts, authors with affiliations,
MeSH headings, references. One article in a hundred speaks of an ingredient and an indication of the base. Each reader
runs in a process of its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "xo",
    "ka",
    "lu",
    "mo",
    "ne",
    "pi",
    "ro",
    "su",
    "ta",
    "ve",
    "zi",
    "cho",
    "phy",
    "tri",
    "ster",
    "cyt",
]
_COMMON = [
    "the",
    "of",
    "and",
    "in",
    "to",
    "a",
    "with",
    "for",
    "was",
    "were",
    "by",
    "on",
    "that",
    "as",
    "from",
    "patients",
    "group",
    "study",
    "treatment",
    "results",
]
_SUBJECTS = [
    "minoxidil",
    "tranexamic acid",
    "microneedling",
    "platelet-rich plasma",
    "PRP",
    "hyaluronic acid",
    "dutasteride",
]
_OBJECTS = ["androgenetic alopecia", "melasma", "acne scars", "facial wrinkles", "skin laxity", "erythema", "pregnancy"]

_RUN = """
import json, resource, sys, time
path, root = sys.argv[1:]
began = time.perf_counter()
{code}
seconds = time.perf_counter() - began
print(json.dumps({{"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "note": note}}))
"""

_OPEN = "import gzip\nfile = gzip.open(path) if path.endswith('.gz') else open(path, 'rb')\n"
_ITERATE = (
    "n = 0\nfor _, e in iterparse(file):\n    if e.tag == 'PubmedArticle':\n        n += 1\n        e.clear()\n"
    "note = f'{n} articles'"
)
STAGES = {
    "xml.etree iterparse, articles counted and cleared": _OPEN
    + "from xml.etree.ElementTree import iterparse\n"
    + _ITERATE,
    "defusedxml iterparse, the same": _OPEN + "from defusedxml.ElementTree import iterparse\n" + _ITERATE,
    "`kb screen`, with loading the base": "import kb\nfrom kb.screen import screen\n"
    "r = screen(kb.load(root), [path])\n"
    "note = f'{r.read} articles, {r.found} candidates'",
}


def article(number: int, chance: random.Random, lexicon: list[str]) -> str:
    """One article of the shape of PubMed's XML."""

    def text(words: int) -> str:
        return " ".join(chance.choice(_COMMON if chance.random() < 0.4 else lexicon) for _ in range(words))

    ours = chance.random() < 0.01
    title = f"{chance.choice(_SUBJECTS)} in {chance.choice(_OBJECTS)}: {text(4)}" if ours else text(13)
    parts = "".join(
        f'<AbstractText Label="{label}">{text(58)}.</AbstractText>'
        for label in ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
    )
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>{text(1).title()}</LastName><ForeName>{text(1).title()}</ForeName><Initials>A</Initials>'
        f"<AffiliationInfo><Affiliation>{text(12)}.</Affiliation></AffiliationInfo></Author>"
        for _ in range(5)
    )
    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="D{chance.randrange(10**6):06}" MajorTopicYN="N">{name}</DescriptorName></MeshHeading>'
        for name in ("Humans", "Female", "Adult", *(text(2).title() for _ in range(9)))
    )
    cited = "".join(
        f'<Reference><Citation>{text(14)}.</Citation><ArticleIdList><ArticleId IdType="pubmed">{chance.randrange(10**8)}'
        "</ArticleId></ArticleIdList></Reference>"
        for _ in range(12)
    )
    pmid, year = 90_000_000 + number, chance.randrange(1990, 2027)
    return f"""<PubmedArticle>
<MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><Volume>1</Volume><PubDate><Year>{year}</Year></PubDate>
</JournalIssue><Title>Generated journal</Title></Journal><ArticleTitle>{title}.</ArticleTitle>
<Abstract>{parts}</Abstract><AuthorList CompleteYN="Y">{authors}</AuthorList>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>
<MeshHeadingList>{mesh}</MeshHeadingList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList>
<ReferenceList>{cited}</ReferenceList></PubmedData>
</PubmedArticle>
"""


def generate(path: Path, articles: int) -> int:
    """Write the file, packed when its name ends so; how many bytes it has unpacked. The same every time."""
    chance = random.Random(20261122)
    lexicon = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(40_000)]
    size = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) if path.suffix == ".gz" else path.open("w") as file:
        file.write(
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "x" "x.dtd">\n<PubmedArticleSet>\n'
        )
        for number in range(articles):
            one = article(number, chance, lexicon)
            size += len(one)
            file.write(one)
        file.write("</PubmedArticleSet>\n")
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=30_000)
    articles = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.xml.gz"
        size = generate(path, articles)
        print(f"{articles:,} articles, {size / 1e6:.0f} MB unpacked, {path.stat().st_size / 1e6:.0f} MB packed\n")
        print("| packed PubMed XML | seconds | MB | what |\n|---|---:|---:|---|")
        for stage, code in STAGES.items():
            done = subprocess.run(
                [sys.executable, "-c", _RUN.format(code=code), str(path), str(ROOT)],
                capture_output=True,
                text=True,
                cwd=ROOT,
            )
            if done.returncode:
                sys.exit(done.stderr)
            found = json.loads(done.stdout.strip().splitlines()[-1])
            print(f"| {stage} | {found['seconds']:.1f} | {found['mb']:.0f} | {found['note']} |", flush=True)


if __name__ == "__main__":
    main()

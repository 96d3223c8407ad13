"""Count in how many titles of PubMed each word stands: `kb/screen/background.json`, beside which likeness is measured.

    python tools/background_words.py pubmed21n1298.xml.gz pubmed20n0014.xml.gz

Files of PubMed's baseline; words are cut and compared as screening does it. Words in fewer than three titles are left out.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from kb.screen.ingest import ingest
from kb.screen.learned import words_of

ROOT = Path(__file__).resolve().parents[1]
FEWEST = 3
A_LINE = 8
"""Words in a line of the file."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    given = parser.parse_args()
    counted: Counter[str] = Counter()
    papers = 0
    with tempfile.TemporaryDirectory() as passing:
        for part in ingest(given.files, Path(passing), 1):
            for title in pq.read_table(part.path, columns=["title"])["title"].to_pylist():
                counted.update(words_of(title, ""))
                papers += 1
    words = {word: count for word, count in sorted(counted.items()) if count >= FEWEST}
    told = [f"{json.dumps(word, ensure_ascii=False)}: {count}" for word, count in words.items()]
    body = ",\n".join(", ".join(told[at : at + A_LINE]) for at in range(0, len(told), A_LINE))
    sources = json.dumps([Path(file).name for file in given.files])
    text = f'{{\n"papers": {papers},\n"sources": {sources},\n"words": {{\n{body}\n}}\n}}\n'
    (ROOT / "kb" / "screen" / "background.json").write_text(text, encoding="utf-8")
    print(f"{papers:,} titles, {len(words):,} words")


if __name__ == "__main__":
    main()

"""How heavy every page is over the wire: the static site and the served pages, packed with gzip as a server sends them.

    python benchmarks/weight.py [FOLDER OF A SITE]

Aim: no page above 60 kB. Scripts, sheets and fonts are sent once and kept; they are listed apart.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kb import views  # noqa: E402
from kb.compile import ensure  # noqa: E402
from kb.exports import export  # noqa: E402
from kb.snapshot import Snapshot, open_snapshot  # noqa: E402
from kb.views.shell import NAVIGATION, Site, document  # noqa: E402

LIMIT = 60_000
LISTED = 12
LEVEL = 6


def packed(data: bytes) -> int:
    return len(gzip.compress(data, LEVEL, mtime=0))


def told(title: str, sizes: Iterable[tuple[int, int, str]]) -> None:
    """The heaviest first, and how many are above the limit."""
    heaviest = sorted(sizes, reverse=True)
    above = sum(size > LIMIT for size, _, _ in heaviest)
    print(
        f"\n{title}: {len(heaviest)} pages, {above} above {LIMIT / 1000:.0f} kB\n\n| page | kB over the wire | kB unpacked |"
    )
    print("|---|---:|---:|")
    for size, whole, name in heaviest[:LISTED]:
        print(f"| {name} | {size / 1000:.1f} | {whole / 1000:.0f} |")


def of_site(folder: Path) -> None:
    files = [p for p in folder.rglob("*") if p.is_file()]
    print(f"{len(files)} files, {sum(p.stat().st_size for p in files) / 1e6:.1f} MB")
    pages = [(p, p.read_bytes()) for p in files if p.suffix == ".html"]
    told("Static site", ((packed(data), len(data), str(p.relative_to(folder))) for p, data in pages))
    kept = [(p, p.read_bytes()) for p in files if p.parent.name == "static" and p.suffix in {".js", ".css", ".woff2"}]
    told("Sent once", ((packed(data), len(data), p.name) for p, data in kept))


def served(snapshot: Snapshot) -> Iterable[tuple[int, int, str]]:
    """Every view by itself and the page of every thing, in the clinicians' edition."""
    site = Site.of("clinician", base="/", field=snapshot.field)
    asked = [(item.view, {}) for item in NAVIGATION["clinician"]]
    asked += [("ingredient", {"ingredient": [row["id"]]}) for row in snapshot.document("catalogue")]
    for view, params in asked:
        text = document(views.render(view, params, snapshot), view, site).encode()
        yield packed(text), len(text), "?".join(filter(None, (view, *(v[0] for v in params.values()))))


def main() -> None:
    snapshot = open_snapshot(ensure(ROOT))
    if len(sys.argv) > 1:
        of_site(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            export("site", snapshot, Path(folder))
            of_site(Path(folder))
    told("Served pages", served(snapshot))


if __name__ == "__main__":
    main()

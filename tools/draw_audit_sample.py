"""Draw the random sample that a second reader looks up again (docs/audit.md).

The draw depends on the seed and the ids alone: each record is ranked by the SHA-256 of `seed:kind:id` and the lowest
ranks are taken. So it is the same on every machine and version of Python, and a record added later can only replace one.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from kb.knowledge import KnowledgeBase, load

ROOT = Path(__file__).parents[1]


def draw(ids: Iterable[str], kind: str, seed: int, size: int) -> list[str]:
    """`size` of the ids (all of them when there are fewer), in the order drawn."""
    return sorted(ids, key=lambda i: hashlib.sha256(f"{seed}:{kind}:{i}".encode()).digest())[:size]


def in_two(ids: Collection[str], older: Collection[str], kind: str, seed: int, size: int) -> list[str]:
    """Half of `size` from what `older` lacks, as far as there is as much, and the rest from all that is not drawn yet."""
    newer = draw([i for i in ids if i not in older], kind, seed, -(-size // 2))
    return [*newer, *draw([i for i in ids if i not in newer], kind, seed, size - len(newer))]


def sample(base: KnowledgeBase, seed: int, sizes: dict[str, int], older: KnowledgeBase | None = None) -> str:
    """YAML of what was drawn: each finding with its subject, figures and page, each reference with its fields.

    With an `older` base half of each kind is drawn from what came in since.
    """
    kinds: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
        "finding": (base.findings, older.findings if older else {}),
        "assessment": (base.assessments, older.assessments if older else {}),
        "reference": (base.references, older.references if older else {}),
    }
    drawn = {
        kind: in_two(now, then, kind, seed, sizes[kind]) if older else draw(now, kind, seed, sizes[kind])
        for kind, (now, then) in kinds.items()
        if sizes.get(kind)
    }
    head: dict[str, Any] = {"seed": seed, "drawn_from": {f"{kind}s": len(kinds[kind][0]) for kind in drawn}}
    for kind, ids in drawn.items():
        head[f"{kind}s"] = [_told(base, kind, i, kinds[kind][0][i]) for i in ids]
    return yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=120)


def _told(base: KnowledgeBase, kind: str, id: str, record: Any) -> dict[str, Any]:
    subject = {"subject": base.subject_of[id]} if kind == "finding" else {}
    return {**subject, **record.model_dump(mode="json", exclude_defaults=True)}


@click.command(help=__doc__)
@click.argument("seed", type=int)
@click.option("--findings", default=40, show_default=True, help="how many findings to draw")
@click.option("--assessments", default=0, show_default=True, help="how many assessments to draw")
@click.option("--references", default=20, show_default=True, help="how many references to draw")
@click.option(
    "--root", default=ROOT, type=click.Path(path_type=Path), help="checkout to draw from  [default: this one]"
)
@click.option("--since", type=click.Path(path_type=Path), help="older checkout: half is drawn from what it lacks")
def main(seed: int, findings: int, assessments: int, references: int, root: Path, since: Path | None) -> None:
    sizes = {"finding": findings, "assessment": assessments, "reference": references}
    sys.stdout.write(sample(load(root), seed, sizes, load(since, strict=False) if since else None))


if __name__ == "__main__":
    main()

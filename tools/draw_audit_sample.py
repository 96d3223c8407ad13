"""Draw the random sample that a second reader looks up again (docs/audit.md).

The draw depends on the seed and the ids alone: each record is ranked by the SHA-256 of `seed:kind:id` and the lowest
ranks are taken. So it is the same on every machine and version of Python, and a record added later can only replace one.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

import click
import yaml

from kb.knowledge import KnowledgeBase, load

ROOT = Path(__file__).parents[1]


def draw(ids: Iterable[str], kind: str, seed: int, size: int) -> list[str]:
    """`size` of the ids (all of them when there are fewer), in the order drawn."""
    return sorted(ids, key=lambda i: hashlib.sha256(f"{seed}:{kind}:{i}".encode()).digest())[:size]


def sample(base: KnowledgeBase, seed: int, findings: int, references: int) -> str:
    """YAML of what was drawn: each finding with its subject, figures and page, each reference with its fields."""
    drawn_findings = [
        {"subject": base.subject_of[i], **base.findings[i].model_dump(mode="json", exclude_defaults=True)}
        for i in draw(base.findings, "finding", seed, findings)
    ]
    drawn_references = [
        base.references[key].model_dump(mode="json", exclude_defaults=True)
        for key in draw(base.references, "reference", seed, references)
    ]
    head = {
        "seed": seed,
        "drawn_from": {"findings": len(base.findings), "references": len(base.references)},
        "findings": drawn_findings,
        "references": drawn_references,
    }
    return yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=120)


@click.command(help=__doc__)
@click.argument("seed", type=int)
@click.option("--findings", default=40, show_default=True, help="how many findings to draw")
@click.option("--references", default=20, show_default=True, help="how many references to draw")
@click.option(
    "--root", default=ROOT, type=click.Path(path_type=Path), help="checkout to draw from  [default: this one]"
)
def main(seed: int, findings: int, references: int, root: Path) -> None:
    sys.stdout.write(sample(load(root), seed, findings, references))


if __name__ == "__main__":
    main()

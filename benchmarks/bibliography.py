"""How long reading a bibliography takes, side by side in one run, as a Markdown table.

    python -m benchmarks.bibliography [--entries 10000] [--repeat 3]

The file is generated (always the same one): entries shaped like those of `references.bib`, with LaTeX accents in names,
titles and journals. Each reader runs in a process of its own, so that none inherits another's memory, caches or
garbage; the best of the repeats counts. pybtex takes part where it is installed.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FAMILIES = [
    r"Va{\~n}{\'o}-Galv{\'a}n", r"Tr{\"u}eb", r"Ko{\l}odziejczak", r"Baron{\^e}s", r"{\O}rsted", r"{\c C}elik",
    r"M\"uller-Ramos", r"Wo{\'z}niak", "Gupta", "Smith", "van Zuuren", "de la Cueva Dobao", "Talukder", "Wang",
]  # fmt: skip
GIVEN = [
    r"{\'A}ngel", r"Jos{\'e} Mar{\'\i}a", r"Zo\"e", "Sergio", "Ralph M.", "Anna", "H. C.", "Esther J.", "Aditya K.",
]  # fmt: skip
TITLE = [
    "Efficacy of", r"5\% minoxidil", "mesotherapy", "in {Men}", "androgenetic alopecia", r"\emph{in vitro}", "women",
    r"{$\alpha$}-lipoic acid", r"fractional {CO$_2$} laser", r"Sj{\"o}gren's syndrome", "quality of life --- a review",
]  # fmt: skip
JOURNALS = [
    "Journal of the American Academy of Dermatology", r"Clinical \& Experimental Dermatology",
    r"Actas Dermo-Sifiliogr{\'a}ficas", "Skin Appendage Disorders", "Dermatologic Surgery",
]  # fmt: skip


def generate(entries: int) -> str:
    """A BibTeX text of that many sound, different entries."""
    pick = random.Random(20261122)
    blocks = []
    for i in range(entries):
        authors = " and ".join(f"{pick.choice(FAMILIES)}, {pick.choice(GIVEN)}" for _ in range(pick.randint(2, 9)))
        title = " ".join(pick.sample(TITLE, 6)) + f" {i}"
        first, year = pick.randint(1, 900), 1990 + i % 36
        blocks.append(
            f"@article{{author{year}{letters(i)},\n"
            f"  author = {{{authors}}},\n  title = {{{title}}},\n  journal = {{{pick.choice(JOURNALS)}}},\n"
            f"  year = {{{year}}},\n  volume = {{{pick.randint(1, 90)}}},\n  number = {{{pick.randint(1, 12)}}},\n"
            f"  pages = {{{first}--{first + 8}}},\n  doi = {{10.1000/example.{i}}},\n  pmid = {{{20000000 + i}}},\n"
            f"  design = {{rct}},\n  seenat = {{https://example.org/{i}; https://example.com/{i}}},\n"
            f"  verifiedon = {{2026-11-22}},\n}}\n"
        )
    return "\n".join(blocks)


def letters(number: int) -> str:
    """A number in base 26, written in letters, as keys end."""
    out = ""
    while True:
        number, rest = divmod(number, 26)
        out = chr(97 + rest) + out
        if not number:
            return out


def bibtexparser_alone(path: Path) -> int:
    from bibtexparser.entrypoint import parse_string

    return len(parse_string(path.read_text("utf-8"), parse_stack=[]).entries)


def bibtexparser_default(path: Path) -> int:
    from bibtexparser.entrypoint import parse_string

    return len(parse_string(path.read_text("utf-8")).entries)


def bibtexparser_middleware(path: Path) -> int:
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts

    stack = [SeparateCoAuthors(), SplitNameParts(), LatexDecodingMiddleware()]
    return len(parse_string(path.read_text("utf-8"), append_middleware=stack).entries)


def pybtex(path: Path) -> int:
    from pybtex.database import parse_file

    return len(parse_file(str(path)).entries)


def ours_decoded(path: Path) -> int:
    """Accents and names decoded, no record made: what the two bibtexparser rows above do, in our way."""
    from kb.bibliography.blocks import no_garbage_collection, split
    from kb.bibliography.latex import decode
    from kb.bibliography.names import parse_names

    with no_garbage_collection():
        entries = split(path.read_text("utf-8")).entries
        for entry in entries:
            for name, raw in entry.fields.items():
                if name == "author":
                    parse_names(raw.value)
                else:
                    decode(raw.value)
    return len(entries)


def ours(path: Path) -> int:
    """`kb.bibliography.read`: the same, plus checked records and the search for duplicates."""
    from kb.bibliography import read

    references, problems = read(path)
    if problems:
        raise SystemExit(f"the generated file should read clean: {problems[0]}")
    return len(references)


READERS: dict[str, tuple[str, Callable[[Path], int]]] = {
    "bibtexparser": ("bibtexparser, splitting alone", bibtexparser_alone),
    "default": ("bibtexparser, its default stack (no LaTeX, no names)", bibtexparser_default),
    "pybtex": ("pybtex (names, no LaTeX)", pybtex),
    "middleware": ("bibtexparser, its LaTeX and name middleware", bibtexparser_middleware),
    "decoded": ("ours: LaTeX and names decoded", ours_decoded),
    "records": ("ours: the same, as checked records (`read`)", ours),
}


def measure(reader: str, path: Path) -> dict[str, float]:
    """Seconds, processor seconds and entries of one reading in this process, imports not counted."""
    run = READERS[reader][1]
    small = path.with_suffix(".small.bib")
    small.write_text(generate(3), "utf-8")
    run(small)  # imports and first-use tables
    began, began_cpu = time.perf_counter(), time.process_time()
    count = run(path)
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - began_cpu, "entries": count}


def compare(entries: int, repeat: int) -> list[tuple[str, float, float, int]]:
    """Rows of reader, best seconds, best processor seconds, entries read. A reader that is not installed has no row.

    The readers take turns, so that a busy spell of the machine meets all of them.
    """
    runs: dict[str, list[dict[str, float]]] = {reader: [] for reader in READERS}
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "generated.bib"
        path.write_text(generate(entries), "utf-8")
        for _ in range(repeat):
            for reader in list(runs):
                command = [sys.executable, "-m", "benchmarks.bibliography", "--measure", reader, str(path)]
                done = subprocess.run(command, capture_output=True, text=True)
                if "ModuleNotFoundError: No module named 'pybtex'" in done.stderr:
                    del runs[reader]
                elif done.returncode:
                    raise SystemExit(done.stderr)
                else:
                    runs[reader].append(json.loads(done.stdout.splitlines()[-1]))
    return [
        (
            READERS[reader][0],
            min(run["seconds"] for run in found),
            min(run["cpu"] for run in found),
            int(found[0]["entries"]),
        )
        for reader, found in runs.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure[0], Path(chosen.measure[1]))))
        return
    print(f"| {chosen.entries:,} entries | seconds | of the processor | entries read |\n|---|---:|---:|---:|")
    for caption, seconds, cpu, count in compare(chosen.entries, chosen.repeat):
        print(f"| {caption} | {seconds:.2f} | {cpu:.2f} | {count:,} |")


if __name__ == "__main__":
    main()

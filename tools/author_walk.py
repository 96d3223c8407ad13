"""A first study, from a PubMed export to a checked and released finding, by the keyboard alone: `python tools/author_walk.py`.

A real JupyterLab and a real browser on a copy of the formulary, from which one published study was taken out; nothing of the walk
enters the checkout but `docs/pictures/walk-*.png`. Every key takes 0.2 seconds, as with somebody who types 60 words a minute; what
a person reads and thinks between the keys is not counted. Prints the time and the keys of each step. `--no-pictures` leaves the
pictures as they are.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from author_screenshots import committed, copy  # noqa: E402
from screenshots import CHROMIUM_FLAGS, PICTURES, chromium, small  # noqa: E402

from kb.author.release import ReleaseSession  # noqa: E402
from tests.author.keyboard import PATIENCE, Keyboard  # noqa: E402
from tests.author.lab import start  # noqa: E402

STUDY = "mushtaq2022"
"""A published trial (Cureus 2022;14(8):e28547, PMID 36185872) that the formulary holds: what is typed here stands in its record."""
EXPORT = """\
PMID- 36185872
VI  - 14
IP  - 8
DP  - 2022 Aug
TI  - Comparison of the Efficacy of Intralesional Tranexamic Acid Versus Topical 4%
      Hydroquinone in Treating Melasma.
PG  - e28547
LID - 10.7759/cureus.28547 [doi]
FAU - Mushtaq, Shigref
FAU - Sibgha Naz, Syeda
FAU - Rizwan, Muhammad
FAU - Jehangir Khan, Nudrat
FAU - Ullah, Obed
FAU - Muhammad, Anjum
JT  - Cureus
PMC - PMC9518930
"""
TABLE = """\
measure\tarm\trole\tevents\tn
efficacious (complete improvement)\ttranexamic acid injected\tintervention\t64\t145
efficacious (complete improvement)\thydroquinone 4 percent cream\tactive\t47\t145
"""
SUMMARY = (
    "More people were called efficacious or completely improved after injections than with hydroquinone 4 percent."
)
PAUSE_MS = 200
"""For each key: 60 words a minute is 200 milliseconds a letter."""


class Walk(Keyboard):
    """Times each step and takes its picture."""

    def __init__(self, page: Page, easel: Page | None) -> None:
        super().__init__(page, PAUSE_MS)
        self.easel, self.steps = easel, list[tuple[str, float, int]]()
        self.begun, self.before = time.monotonic(), 0

    def done(self, name: str, says: str) -> None:
        """The step is over: note it, and take its picture."""
        self.steps.append((says, time.monotonic() - self.begun, self.keys - self.before))
        if self.easel is not None:
            file = PICTURES / f"walk-{name}.png"
            file.write_bytes(small(self.page.screenshot(), self.easel))
        self.begun, self.before = time.monotonic(), self.keys


def prepare(folder: Path) -> Path:
    """A copy of the formulary without the study."""
    root = copy(folder)
    for file in sorted((root / "formulary").rglob("*.yaml")):
        if file.name == f"{STUDY}.yaml":
            file.unlink()
            continue
        text = file.read_text(encoding="utf-8")
        if STUDY in text:
            file.write_text(re.sub(rf"^ *- {STUDY}[\w-]*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    bibliography = root / "references.bib"
    text = bibliography.read_text(encoding="utf-8")
    bibliography.write_text(re.sub(rf"@\w+\{{{STUDY},\n.*?\n\}}\n\n?", "", text, flags=re.DOTALL), encoding="utf-8")
    (folder / "pubmed-export.nbib").write_text(EXPORT, encoding="utf-8")
    return committed(root)


def bring(walk: Walk, export: Path) -> None:
    walk.to("Bring references in")
    walk.done("1-start", "The start page: what waits, and the tasks")
    walk.press("Enter")
    walk.says("Drop files here")
    with walk.page.expect_file_chooser() as chooser:
        walk.push("Drop files here")
    chooser.value.set_files(str(export))
    walk.says("Comparison of the Efficacy")
    walk.fill("Design", "controlled t")
    walk.done("2-reference", "The export is read and shown before anything is saved; the design is chosen")
    walk.fill("Why", "First study")
    walk.push("Bring these in")
    walk.says(f"added: {STUDY}")


def question(walk: Walk) -> None:
    page = walk.page
    page.goto(page.url.split("/tree/")[0] + "/tree/notebooks/author/2-record-a-study.ipynb")
    walk.says("Which study, and what did it ask?")
    walk.choose("Reference", "mushtaq", "Mushtaq et al. 2022")
    walk.choose("Ingredient or technique", "tranexamic", "Tranexamic acid — ")
    walk.fill("Question", "compared")
    walk.choose("Indication, harm or comparator", "hydroquin", "Hydroquinone — ")
    walk.done("3-question", "The reference, what was given, and against what")
    walk.push("Record a new finding")
    walk.says("New finding of")


def figures(walk: Walk) -> None:
    walk.fill(r"Route", "intrad")
    walk.fill(r"Direction", "supp")
    walk.fill(r"Population", "melasma, 18 to 50 years")
    walk.fill(r"People \(n\)", "290")
    walk.fill(r"Comparator", "hydroquinone 4 percent cream")
    walk.push("As a table")
    walk.to("Paste rows copied")
    walk.paste(TABLE)
    walk.push("Add these rows")
    walk.says("2 rows taken")
    walk.done("4-figures", "The arms and their figures, pasted as a table")


def words(walk: Walk) -> None:
    walk.fill("Summary", SUMMARY)
    walk.fill("Limitations", "Alternate allocation; no blinding; dose not in the abstract.")
    walk.fill("Basis", "abs")
    effect = walk.page.locator(".kb-author-page:visible .kb-page").get_by_text(re.compile("risk ratio .*95% CI"))
    expect(effect.first).to_be_visible(timeout=PATIENCE)
    frame = walk.page.frame_locator("iframe.kb-preview")
    expect(frame.get_by_text(SUMMARY).first).to_be_visible(timeout=PATIENCE)
    walk.done("5-preview", "The reader's page shows the finding as it is typed")
    walk.fill("Reason", "First study")
    walk.press("Control+s")
    walk.says("Saved.")


def check(walk: Walk) -> None:
    """A second person at the same form."""
    walk.to("Your name")
    walk.press("Control+a")
    walk.type("Bo")
    walk.push("Check and comments")
    walk.says("No second person has checked it as it stands.")
    walk.push("Checked against the source")
    walk.says("Checked by Bo")
    walk.page.get_by_text("Checked by Bo").first.scroll_into_view_if_needed()
    walk.done("6-checked", "Saved, and checked by a second person")


def release(walk: Walk) -> None:
    """The editor looks at what changed for readers, and releases it."""
    page = walk.page
    page.goto(page.url.split("/tree/")[0] + "/tree/notebooks/author/6-review-and-release.ipynb")
    walk.says("The last release is")
    walk.says(re.compile("Findings: 1 new"))
    walk.push("Check everything")
    walk.says("Nothing prevents a release.")
    walk.push("Findings: 1 new", back=True)
    walk.done(
        "7-changes", "What changed for readers since the last release, and whether something prevents the next one"
    )
    walk.push("List what is not checked")
    walk.says("Everything new or changed was checked by a second person.")
    walk.to("Your name")
    walk.press("Control+a")
    walk.type("Ed")
    walk.push("Release$")
    walk.says(re.compile("Release .* is set and its snapshot built"))
    walk.page.get_by_text("is set and its snapshot built").first.scroll_into_view_if_needed()
    walk.done("8-released", "Released")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--no-pictures", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        folder = Path(name)
        lab = start(prepare(folder))
        browser = play.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(PATIENCE)
        try:
            walk = Walk(page, None if given.no_pictures else browser.new_page())
            page.goto(lab.url)
            walk.says("All records:")
            bring(walk, folder / "pubmed-export.nbib")
            question(walk)
            figures(walk)
            words(walk)
            check(walk)
            release(walk)
            left = [e.id for e in ReleaseSession(lab.root).work().unchecked]
        except Exception:
            page.screenshot(path="walk-stopped.png")
            raise
        finally:
            browser.close()
            lab.stop()
    for says, seconds, keys in walk.steps:
        print(f"{seconds:6.1f} s {keys:5d} keys  {says}")
    print(f"{sum(s for _, s, _ in walk.steps):6.1f} s {walk.keys:5d} keys  in all")
    print(f"kept back from a release for want of a second person: {', '.join(left) or 'nothing'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

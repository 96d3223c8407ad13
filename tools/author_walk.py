"""A first study, from a PubMed export to a checked finding, by the keyboard alone: `python tools/author_walk.py`.

A real JupyterLab and a real browser on a copy of the formulary, from which one published study was taken out; nothing of the walk
enters the checkout but `docs/pictures/walk-*.png`. Prints how long each step took the programs, and how many keys it needs: a person's
time follows from the keys. `--no-pictures` leaves the pictures as they are.
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

from author_screenshots import copy  # noqa: E402
from screenshots import CHROMIUM_FLAGS, PICTURES, chromium, small  # noqa: E402

from tests.author.lab import start  # noqa: E402

PATIENCE = 180_000
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
SUMMARY = (
    "More people were called efficacious or completely improved after injections than with hydroquinone 4 percent."
)
FOCUSED = """() => {
  const at = document.activeElement;
  const own = at.labels && at.labels.length ? at.labels[0].innerText : '';
  return own.trim() || at.getAttribute('aria-label') || (at.innerText || '').trim().slice(0, 90) || at.placeholder || '';
}"""


class Walk:
    """One author at one keyboard: counts what is pressed, times each step, and takes its picture."""

    def __init__(self, page: Page, easel: Page | None) -> None:
        self.page, self.easel = page, easel
        self.keys, self.steps = 0, list[tuple[str, float, int]]()
        self.begun, self.before = time.monotonic(), 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def to(self, name: str, most: int = 150, back: bool = False) -> None:
        """Go on with Tab until the thing of this name is in focus. Raises LookupError when it cannot be reached."""
        self.press("Shift+Tab" if back else "Tab")
        seen = [""]
        for _ in range(most):
            seen.append(str(self.page.evaluate(FOCUSED)))
            if re.match(name, seen[-1]):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise LookupError(f"{name!r} is not reached with Tab; passed were {seen[-40:]}")

    def fill(self, name: str, text: str, back: bool = False) -> None:
        self.to(name, back=back)
        self.type(text)

    def push(self, name: str, back: bool = False) -> None:
        self.to(name, back=back)
        self.press("Enter")

    def says(self, text: str) -> None:
        expect(self.page.locator(".kb-author-page:visible").get_by_text(text).first).to_be_visible(timeout=PATIENCE)

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
    return root


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
    for name, text, button in (
        ("Reference", "mushtaq", "Mushtaq 2022"),
        ("Ingredient or technique", "tranexamic", "Tranexamic acid"),
    ):
        walk.fill(name, text)
        walk.says(button)
        walk.push(button)
    walk.fill("Question", "compared")
    walk.fill("Indication, harm or comparator", "hydroquin")
    walk.says("Hydroquinone")
    walk.push("Hydroquinone")
    walk.done("3-question", "The reference, what was given, and against what")
    walk.push("Record a new finding")
    walk.says("New finding of")


def figures(walk: Walk) -> None:
    walk.fill(r"Route", "intrad")
    walk.fill(r"Direction", "supp")
    walk.fill(r"Population", "melasma, 18 to 50 years")
    walk.fill(r"People \(n\)", "290")
    walk.fill(r"Comparator", "hydroquinone 4 percent cream")
    arms = (("tranexamic acid injected", "interv", "64"), ("hydroquinone 4 percent cream", "active", "47"))
    for place, (arm, role, events) in enumerate(arms):
        walk.push("Add outcome", back=place > 0)
        expect(walk.page.get_by_label("Measure *")).to_have_count(place + 1, timeout=PATIENCE)
        if place:
            for _ in range(place):
                walk.to("Measure")
        walk.fill("Measure", "efficacious (complete improvement)")
        walk.fill("Arm", arm)
        walk.fill("Role", role)
        walk.fill("Events", events)
        walk.fill("N|n|denominator|People", "145")
    walk.says("risk ratio")
    walk.done("4-figures", "Arms and figures; the effect is computed beside them")


def words(walk: Walk) -> None:
    walk.fill("Basis", "abs")
    walk.fill("Summary", SUMMARY)
    walk.fill("Limitations", "Alternate allocation; no blinding; dose not in the abstract.")
    frame = walk.page.frame_locator("iframe.kb-preview")
    expect(frame.get_by_text(SUMMARY).first).to_be_visible(timeout=PATIENCE)
    walk.done("5-preview", "The reader's page shows the finding as it is typed")
    walk.fill("Reason", "First study")
    walk.push("Save")
    walk.says("Saved.")


def check(walk: Walk) -> None:
    """A second person at the same form."""
    walk.to("Your name", back=True)
    walk.press("Control+a")
    walk.type("Bo")
    walk.push("Check and comments")
    walk.says("No second person has checked it as it stands.")
    walk.push("Checked against the source")
    walk.says("Checked by Bo")
    walk.page.get_by_text("Checked by Bo").first.scroll_into_view_if_needed()
    walk.done("6-checked", "Saved, and checked by a second person")


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
        except Exception:
            page.screenshot(path="walk-stopped.png")
            raise
        finally:
            browser.close()
            lab.stop()
    for says, seconds, keys in walk.steps:
        print(f"{seconds:6.1f} s {keys:5d} keys  {says}")
    print(f"{sum(s for _, s, _ in walk.steps):6.1f} s {walk.keys:5d} keys  in all")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Pictures of the author notebooks for docs/authoring.md, from a real JupyterLab: `python tools/author_screenshots.py`.

Works on a copy of the formulary in a repository of its own; the checkout is not touched, but for `docs/pictures/author-*.png`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from screenshots import CHROMIUM_FLAGS, PICTURES, chromium, small  # noqa: E402

from tests.author.lab import Lab, start  # noqa: E402

SIZE = {"width": 1500, "height": 1000}
PATIENCE = 240_000
EXPORT = """\
TY  - JOUR
AU  - Olsen, EA
TI  - Randomized trial of 5% topical minoxidil versus 2% topical minoxidil and placebo in the treatment of men
PY  - 2002
ER  -

TY  - JOUR
AU  - Example, Ada
TI  - A study that is not in the bibliography yet
JO  - Journal of Examples
PY  - 2026
DO  - 10.1000/example.2026
ER  -

TY  - JOUR
AU  - Nobody, A
PY  - 2020
ER  -
"""


def references(page: Page) -> None:
    code = "text => { const data = new DataTransfer(); data.items.add(new File([text], 'export.ris')); return data; }"
    page.wait_for_selector(".kb-drop")
    page.locator(".kb-drop").dispatch_event("drop", {"dataTransfer": page.evaluate_handle(code, EXPORT)})
    expect(page.get_by_text("Left out: title").first).to_be_visible(timeout=PATIENCE)


def study(page: Page) -> None:
    page.get_by_label("Ingredient or technique").fill("minoxidil")
    choose(page, "Or one recorded", "olsen2002")
    page.get_by_role("button", name="Open this finding").click()
    drawn(page)


def subject(page: Page) -> None:
    page.get_by_label("Ingredient or technique").fill("dutasteride")
    page.get_by_role("button", name="Open", exact=True).click()
    drawn(page)


def appraisal(page: Page) -> None:
    page.get_by_label("Ingredient or technique").fill("dutasteride")
    choose(page, "Its assessments", "ntradermal")
    page.get_by_role("button", name="Open this assessment").click()
    drawn(page)


def claim(page: Page) -> None:
    page.get_by_label("Claim", exact=True).select_option(index=4)
    page.get_by_role("button", name="Judge this claim").click()
    drawn(page)


def choose(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label)
    option = box.locator("option", has_text=text).first
    expect(option).to_be_attached(timeout=PATIENCE)
    box.select_option(label=option.inner_text())


def review(page: Page) -> None:
    expect(page.get_by_text("The last release is").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Check everything").click()
    expect(page.get_by_text("has changed since it was reviewed").first).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Cautions: 1 changed").first.click()
    page.wait_for_timeout(1000)


def drawn(page: Page) -> None:
    """The reader's page beside the form is there."""
    page.frame_locator("iframe.kb-preview").first.locator("h1").first.wait_for(state="attached", timeout=PATIENCE)
    page.wait_for_timeout(1000)


NOTEBOOKS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "references": ("1-bring-references-in.ipynb", references),
    "study": ("2-record-a-study.ipynb", study),
    "subject": ("3-edit-an-ingredient-or-technique.ipynb", subject),
    "appraisal": ("4-appraise.ipynb", appraisal),
    "claim": ("5-judge-a-claim.ipynb", claim),
    "review": ("6-review-and-release.ipynb", review),
}


def copy(folder: Path) -> Path:
    """The formulary in a folder of its own."""
    root = folder / "base"
    for part in ("formulary", "learning", "validation"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copy(ROOT / "references.bib", root)
    return root


def committed(root: Path) -> Path:
    """As the last release left it, in a repository of its own."""
    git = ["git", "-C", str(root), "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "First state"]):
        subprocess.run([*git, *command], check=True)
    return root


def changed(root: Path) -> Path:
    """With something for the review to tell: a caution graver than in the last release."""
    ingredients = root / "formulary" / "ingredients"
    for records in (ingredients / "minoxidil.yaml", *sorted((ingredients / "minoxidil").glob("caution-*.yaml"))):
        text = records.read_text(encoding="utf-8")
        if "severity: avoid" in text:
            records.write_text(text.replace("severity: avoid", "severity: contraindicated", 1), encoding="utf-8")
            break
    return root


def take(lab: Lab, names: list[str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        easel = browser.new_page()
        for name in names:
            notebook, prepare = NOTEBOOKS[name]
            with browser.new_context(viewport=SIZE) as context:  # type: ignore[arg-type]
                page = context.new_page()
                page.set_default_timeout(PATIENCE)
                lab.open(page, notebook)
                prepare(page)
                file = PICTURES / f"author-{name}.png"
                file.write_bytes(small(page.screenshot(), easel))
                print(file.relative_to(ROOT), f"{file.stat().st_size // 1024} KB")
        browser.close()


def main(names: list[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        lab = start(changed(committed(copy(Path(folder)))))
        try:
            take(lab, names or list(NOTEBOOKS))
        finally:
            lab.stop()


if __name__ == "__main__":
    main(sys.argv[1:])

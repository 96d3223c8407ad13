"""As an author works: a real JupyterLab in a real browser, notebooks 1, 2 and 6."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kb.snapshot import open_snapshot
from tests.author.conftest import committed, git, write_formulary
from tests.author.lab import Lab, start
from tests.author.test_references import RIS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PATIENCE = 240_000
RECORDED = "formulary/ingredients/minoxidil/olsen2002.yaml"
"""Where the study of the first test is written: a file of its own, so that two authors' additions merge."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("lab") / "base"
    root.mkdir()
    write_formulary(root)
    running = start(committed(root))
    yield running
    running.stop()


@pytest.fixture
def author(browser: Browser, lab: Lab) -> Iterator[Page]:
    """A page that refuses every other host; at the end nothing must have been asked of one."""
    outside: list[str] = []
    with browser.new_context(viewport={"width": 1500, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on(
            "request",
            lambda r: (
                outside.append(r.url)
                if urlsplit(r.url).scheme in ("http", "https", "ws") and urlsplit(r.url).hostname != "localhost"
                else None
            ),
        )
        yield page
    assert outside == []


def said(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)


def recorded_finding(lab: Lab, page: Page, notebook: str = "2-record-a-study.ipynb") -> None:
    """Open the recorded finding of the small formulary, in notebook 2 or a copy of it."""
    lab.open(page, notebook)
    page.get_by_label("Ingredient or technique").fill("minoxidil")
    recorded = page.get_by_label("Or one recorded")
    expect(recorded.locator("option", has_text="moftah2013").first).to_be_attached(timeout=PATIENCE)
    recorded.select_option(recorded.locator("option", has_text="moftah2013").first.inner_text())
    page.get_by_role("button", name="Open this finding").click()
    said(page, "Finding of Minoxidil")


def test_a_study_is_recorded_and_what_was_typed_survives_a_killed_kernel(lab: Lab, author: Page) -> None:
    page = author
    lab.open(page, "2-record-a-study.ipynb")
    page.get_by_label("Reference", exact=True).fill("olsen")
    page.get_by_role("button", name="Minoxidil in men").click()
    page.get_by_label("Ingredient or technique").fill("minoxidil")
    page.get_by_label("Indication, harm or comparator").fill("going bald")
    page.get_by_role("button", name="Hair loss").click()
    page.get_by_role("button", name="Record a new finding").click()
    said(page, "New finding of minoxidil")
    page.get_by_label("Direction *").select_option("insufficient")
    page.get_by_label("Basis *").select_option("abstract")
    page.get_by_label("Summary *").press_sequentially("More hair regrew with it than with placebo.", delay=20)
    frame = page.frame_locator("iframe.kb-preview")
    expect(frame.get_by_text("More hair regrew with it than with placebo.").first).to_be_visible(timeout=PATIENCE)
    assert (
        page.locator("iframe.kb-preview").get_attribute("sandbox")
        == "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )

    page.get_by_label("Dose").press_sequentially("1 ml of 5% twice da", delay=20)
    drafts = lab.root / ".authoring" / "drafts"
    deadline = time.monotonic() + 400
    while not any("1 ml of 5% twice da" in draft.read_text() for draft in drafts.glob("*.json")):
        assert time.monotonic() < deadline, "what was typed never reached the disk"
        page.wait_for_timeout(50)
    (kernel,) = lab.kernels()
    os.kill(kernel, signal.SIGKILL)
    deadline = time.monotonic() + 400
    while not [k for k in lab.kernels() if k != kernel]:
        assert time.monotonic() < deadline, "the kernel did not come back"
        page.wait_for_timeout(500)
    page.reload()
    lab.stands(page)
    said(page, "and not saved yet")
    expect(page.get_by_label("Dose")).to_have_value("1 ml of 5% twice da")
    expect(page.get_by_label("Summary *")).to_have_value("More hair regrew with it than with placebo.")

    for place, (arm, events) in enumerate((("minoxidil", "30"), ("placebo", "10"))):
        page.get_by_role("button", name="Add outcome").click()
        page.get_by_label("Measure *").nth(place).fill("regrowth")
        page.get_by_label("Arm", exact=True).nth(place).fill(arm)
        page.get_by_label("Role", exact=True).nth(place).select_option(
            "placebo" if arm == "placebo" else "intervention"
        )
        page.get_by_label("Events").nth(place).fill(events)
        page.locator("input[placeholder^='denominator']").nth(place).fill("60")
    said(page, "risk ratio 3 (95% CI")
    said(page, "direction disagrees")
    page.get_by_label("Direction *").select_option("supports")
    page.get_by_label("Seen at *").fill("")
    said(page, "is missing; fill it in")
    page.get_by_role("button", name=re.compile(r"Save$")).click()
    said(page, "Not saved; your draft is kept.")
    page.get_by_label("Seen at *").fill("https://example.org/olsen")
    page.get_by_label("Reason *").fill("From the abstract")
    page.get_by_role("button", name=re.compile(r"Save$")).click()
    said(page, "Saved.")
    assert "dose: 1 ml of 5% twice da" in (lab.root / RECORDED).read_text()
    assert "# a comment an author wrote" in (lab.root / "formulary/ingredients/minoxidil.yaml").read_text()
    assert git(lab.root, "log", "-1", "--format=%an: %s").strip() == "Ada: From the abstract"
    # The expectations answer a little later: nobody has weighed the new finding yet.
    said(page, "It is saved, but cannot be released until this is mended:")
    said(page, "Evidence of benefit that no assessment weighs")


@pytest.mark.parametrize("how", ["chosen", "dropped"])
def test_references_are_dropped_looked_at_and_brought_in(lab: Lab, author: Page, tmp_path: Path, how: str) -> None:
    page = author
    lab.open(page, "1-bring-references-in.ipynb")
    said(page, "Drop files here")
    if how == "dropped":
        data = page.evaluate_handle(
            "text => { const data = new DataTransfer(); data.items.add(new File([text], 'export.ris')); return data; }",
            RIS,
        )
        page.locator(".kb-drop").dispatch_event("drop", {"dataTransfer": data})
    else:
        file = tmp_path / "export.ris"
        file.write_text(RIS)
        with page.expect_file_chooser() as chooser:
            page.locator(".kb-drop").click()
        chooser.value.set_files(str(file))
    said(page, "It is there already")
    said(page, "Left out: title")
    if how == "chosen":
        page.get_by_role("button", name="Begin again").click()
        said(page, "Nothing has been brought yet.")
        return
    page.get_by_label("Your name *").fill("Ada")
    page.get_by_role("button", name="Bring these in").click()
    said(page, "added: ferraris2021")
    assert "ferraris2021" in (lab.root / "references.bib").read_text()
    assert git(lab.root, "log", "-1", "--format=%an: %s").strip() == "Ada: Bring in ferraris2021"


def test_a_release_is_reviewed_and_made(lab: Lab, author: Page) -> None:
    page = author
    path = lab.root / "formulary/ingredients/minoxidil.yaml"
    weighed = "      - moftah2013-minoxidil-hair-loss\n"
    changed = path.read_text().replace("severity: avoid", "severity: contraindicated")
    path.write_text(changed.replace(weighed, weighed + "      - nobody2020-minoxidil-hair-loss\n"))
    lab.open(page, "6-review-and-release.ipynb")
    said(page, "The last release is 0.1.0")
    page.get_by_text("Cautions: 1 changed").first.click()
    said(page, "graver: avoid → contraindicated")
    page.get_by_label("Your name *").fill("Ed")
    page.get_by_role("button", name="Release", exact=True).click()
    said(page, "Not released")
    said(page, "no finding has the id 'nobody2020-minoxidil-hair-loss'")
    recorded = (lab.root / RECORDED).exists()  # by the first test, when it ran before
    path.write_text(
        changed.replace(weighed, weighed + "      - olsen2002-minoxidil-hair-loss\n") if recorded else changed
    )
    page.get_by_role("button", name="Release", exact=True).click()
    said(page, "not checked by a second person")
    page.get_by_role("button", name="List what is not checked").click()
    said(page, "not checked; 0 checked")
    page.get_by_label("Release unchecked records all the same").check()
    page.get_by_role("button", name="Release", exact=True).click()
    said(page, "Release 0.2.0 is set and its snapshot built")
    assert git(lab.root, "log", "-1", "--format=%an: %s").strip() == "Ed: Release 0.2.0"
    meta = open_snapshot(lab.root / "build" / "kb.sqlite").meta
    assert meta["release"] == "0.2.0"
    page.get_by_role("button", name="Build the Data Docs").click()
    said(page, "Open the Data Docs")
    assert (lab.root / "build/data-docs/index.html").exists()


def test_a_second_person_checks_disagrees_and_comments(lab: Lab, author: Page) -> None:
    page = author
    path = lab.root / "formulary/ingredients/minoxidil.yaml"
    path.write_text(path.read_text().replace("limitations: Small.", "limitations: Small and short."))
    git(lab.root, "commit", "-q", "-am", "Say why it is small")
    recorded_finding(lab, page)
    page.get_by_label("Your name *").fill("Bo")
    page.get_by_role("button", name="Check and comments").click()
    said(page, "No second person has checked it as it stands.")
    page.get_by_label("On", exact=True).select_option(label="People (n)")
    page.get_by_label("Comment", exact=True).fill("People or sides?")
    page.get_by_role("button", name="Add comment").click()
    said(page, "People or sides?")
    page.get_by_role("button", name="Checked against the source").click()
    said(page, "1 comment is open")
    page.get_by_role("button", name="Resolve").click()
    said(page, "resolved by Bo")
    page.get_by_label("People (n)").first.fill("66")
    page.get_by_role("button", name="I read it otherwise").click()
    said(page, "Read otherwise by Bo")
    page.get_by_label("Your note").fill("66 are sides")
    page.get_by_role("button", name="Keep as recorded").click()
    said(page, "No second person has checked it as it stands.")
    page.get_by_role("button", name="Checked against the source").click()
    said(page, "Checked by Bo")
    told = (lab.root / "reviews/findings/moftah2013-minoxidil-hair-loss.yaml").read_text()
    assert "says: People or sides?" in told
    assert "stage: checked" in told
    assert git(lab.root, "log", "-1", "--format=%an: %s").strip() == "Bo: Checked: moftah2013-minoxidil-hair-loss"

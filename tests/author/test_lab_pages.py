"""Author notebooks as pages in one JupyterLab: no code and no cell to run; a study by the keyboard alone; the source beside
the form; risk of bias by the instruments; two authors in two browsers; YAML in the editor."""

from __future__ import annotations

import base64
import re
import shutil
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from kb.appraisal.signalling import QUESTIONS
from kb.author.forms.riskofbias import CAPTIONS
from kb.author.twoeyes import Desk
from kb.author.workbench import Workbench
from kb.model.appraisal import DOMAINS, Instrument
from tests.author.conftest import FINDING, git
from tests.author.keyboard import Keyboard
from tests.author.lab import Lab
from tests.author.test_lab import PATIENCE, RECORDED, author, lab, recorded_finding, said  # noqa: F401 - fixtures

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TABLE = "measure\tarm\trole\tevents\tn\nregrowth\tminoxidil\tintervention\t30\t60\nregrowth\tplacebo\tplacebo\t10\t60"
CUT = """() => [...document.querySelectorAll('.kb-desk .widget-label')]
  .filter((label) => label.offsetParent && label.scrollWidth > label.clientWidth + 1).map((label) => label.innerText)"""
"""Labels of which not every letter is in sight."""
REMEMBERED = """() => { window.told = []; for (const said of document.querySelectorAll('.kb-author-said'))
  new MutationObserver(() => window.told.push(said.textContent)).observe(said, { childList: true }); }"""
"""Keeps what the pages say above themselves."""
PAGE = b"<h1>Table 2</h1><script>document.body.textContent='ran'</script>"


def test_the_start_page_needs_no_code_and_leads_to_a_task(lab: Lab, author: Page) -> None:  # noqa: F811
    page = author
    page.goto(lab.url)
    lab.stands(page)
    said(page, "All records:")
    expect(page.get_by_text("author.begin()")).not_to_be_visible()
    expect(page.locator(".jp-Notebook-footer")).not_to_be_visible()
    page.evaluate(REMEMBERED)
    page.get_by_role("link", name="Judge a claim").click()
    said(page, "Judge this claim")
    expect(page.get_by_text("author.judge_claim()")).not_to_be_visible()
    assert "Opening “Judge a claim” …" in page.evaluate("window.told")
    # What another person saves meanwhile shows as soon as the page is in sight again.
    Desk(lab.root, Workbench(lab.root).base, FINDING.id).assign("Cy", "Ada")
    page.get_by_role("tab", name="0-start-here.ipynb").click()
    said(page, f"finding {FINDING.id}: released")
    expect(page.locator(".kb-author-said").filter(has_text="Opening")).to_have_count(0)


def test_a_whole_study_is_recorded_with_the_keyboard_alone(lab: Lab, author: Page) -> None:  # noqa: F811
    keyboard = Keyboard(author)
    author.goto(lab.url)
    lab.stands(author)
    keyboard.push("Record a study")
    keyboard.says("Which study, and what did it ask?")
    keyboard.choose("Reference", "olsen", "Olsen 2002")
    keyboard.choose("Ingredient or technique", "minox", "Minoxidil — ")
    # "c" and "r" are commands of JupyterLab outside a field to type in; here they are letters of a choice.
    keyboard.fill("Question", "causes")
    keyboard.fill("Question", "treats", back=True)
    keyboard.choose("Indication, harm or comparator", "going bald", "Hair loss")
    keyboard.push("Record a new finding")
    keyboard.says("New finding of Minoxidil")
    keyboard.fill("Direction", "supports")
    keyboard.push("As a table")
    keyboard.to("Paste rows copied")
    keyboard.paste(TABLE)
    keyboard.push("Add these rows")
    keyboard.says("2 rows taken")
    keyboard.fill("Summary", "More hair regrew with it than with placebo.")
    keyboard.fill("Basis", "abstract")
    keyboard.fill("Seen at", "https://example.org/olsen")
    keyboard.says(re.compile(r"risk ratio 3 \(95% CI"))
    keyboard.fill("Reason", "From the abstract")
    keyboard.press("Control+s")
    keyboard.says("Saved.")
    recorded = author.get_by_label("Or one recorded").locator("option", has_text="olsen2002-")
    expect(recorded).to_be_attached(timeout=PATIENCE)
    told = (lab.root / RECORDED).read_text()
    assert "summary: More hair regrew with it than with placebo." in told
    assert "events: 30" in told
    keyboard.to("Reason", back=True)
    keyboard.press("F6")
    author.wait_for_function("document.activeElement.className === 'kb-preview'", timeout=PATIENCE)


def test_the_source_stands_beside_the_form_and_goes_nowhere(lab: Lab, author: Page) -> None:  # noqa: F811
    page = author
    recorded_finding(lab, page)
    before = {p for p in lab.root.rglob("*") if ".authoring" not in p.parts and ".git" not in p.parts}
    chooser = page.locator(".kb-source input")
    chooser.set_input_files({"name": "table.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(page.get_by_role("img", name="table.png")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Larger").click()
    expect(page.get_by_role("img", name="table.png")).to_have_attribute("style", "width: 125%;")
    chooser.set_input_files({"name": "paper.html", "mimeType": "text/html", "buffer": PAGE})
    expect(page.frame_locator(".kb-source iframe").get_by_text("Table 2")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Put the paper away").click()
    expect(page.locator(".kb-source-room")).to_be_hidden()
    assert {p for p in lab.root.rglob("*") if ".authoring" not in p.parts and ".git" not in p.parts} == before


def test_a_table_is_pasted_and_a_figure_worked_out(lab: Lab, author: Page) -> None:  # noqa: F811
    page = author
    recorded_finding(lab, page)
    page.get_by_text("As a table (paste from a spreadsheet)").click()
    page.locator(".kb-paste textarea").fill("measure\tarm\tn\tmean (SD)\tunit\ndensity\tplacebo\t30\t4,8 (1,2)\thairs")
    page.get_by_role("button", name="Add these rows").click()
    said(page, "1 row taken; compare them with the paper.")
    page.get_by_text("Work a figure out").click()
    said(page, "SD = SE × √n")
    page.get_by_label("SE", exact=True).last.fill("1.2")
    panel = page.locator(".widget-accordion").filter(has_text="Work a figure out").last
    panel.get_by_label("n", exact=True).last.fill("25")
    said(page, "computed from SE 1.2, n 25")
    page.get_by_role("button", name="Discard draft").click()
    said(page, "The form shows the record as it was saved.")


def saved(lab: Lab) -> dict[str, Any]:  # noqa: F811
    """The recorded finding as it stands in its file."""
    found = yaml.safe_load((lab.root / FINDING.file).read_text())["findings"][0]
    return dict(found)


def save(page: Page, why: str) -> None:
    page.get_by_label("Reason *").fill(why)
    page.get_by_role("button", name=re.compile(r"Save$")).click()


def judge(block: Locator, instrument: Instrument) -> None:
    """Answer the questions of the first domain, judge every domain, the second one as high, and say why."""
    first, *_ = DOMAINS[instrument]
    reasons = block.get_by_placeholder("why")
    for place, domain in enumerate(DOMAINS[instrument]):
        name = re.compile(rf"^{domain.value.replace('-', ' ').capitalize()}$")
        block.get_by_label(name).select_option("high" if place == 1 else "low")
        reasons.nth(place).fill(f"Reason {place + 1}.")
    block.get_by_text("Signalling questions").first.click()
    for question in QUESTIONS[instrument][first]:
        answer = block.get_by_label(f"{question.number} {question.asks}", exact=True)
        answer.select_option("yes" if question.yes_is_good else "no")
    expect(block.get_by_text("The answers lean to: low. The judgement is yours.")).to_be_visible(timeout=PATIENCE)
    expect(reasons.first).to_have_value(answered(instrument), timeout=PATIENCE)


def answered(instrument: Instrument) -> str:
    questions = QUESTIONS[instrument][DOMAINS[instrument][0]]
    given = ", ".join(f"{q.number} {'yes' if q.yes_is_good else 'no'}" for q in questions)
    return f"{given}. Reason 1."


def test_risk_of_bias_is_judged_by_every_instrument_and_saved_with_its_reasons(lab: Lab, author: Page) -> None:  # noqa: F811
    page = author
    recorded_finding(lab, page)
    blocks = page.locator(".kb-judged:visible")
    for place, instrument in enumerate(Instrument):
        page.get_by_label("Instrument", exact=True).select_option(label=CAPTIONS[instrument])
        page.get_by_role("button", name="Judge risk of bias").click()
        expect(blocks).to_have_count(place + 1, timeout=PATIENCE)
        judge(blocks.nth(place), instrument)
    # The worst domain decides, once every domain is judged.
    expect(page.get_by_label("Risk of bias", exact=True)).to_have_value("high", timeout=PATIENCE)
    for width in (1500, 1280):
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate(CUT) == []
    save(page, "Judge the risk of bias")
    said(page, "Saved.")
    finding = saved(lab)
    assert finding["risk_of_bias"] == "high"
    assert [one["instrument"] for one in finding["appraisals"]] == [i.value for i in Instrument]
    for one, instrument in zip(finding["appraisals"], Instrument, strict=True):
        assert [d["domain"] for d in one["domains"]] == [d.value for d in DOMAINS[instrument]]
        assert [d["judgement"] for d in one["domains"]] == ["low", "high"] + ["low"] * (len(one["domains"]) - 2)
        assert [d["why"] for d in one["domains"][1:]] == [f"Reason {n}." for n in range(2, len(one["domains"]) + 1)]
        assert one["domains"][0]["why"] == answered(instrument)


def test_two_authors_in_two_browsers_choose_field_by_field_and_nothing_is_lost(
    lab: Lab,  # noqa: F811
    author: Page,  # noqa: F811
    browser: Browser,
) -> None:
    folder = lab.root / "notebooks" / "author"
    shutil.copy(folder / "2-record-a-study.ipynb", folder / "b-record-a-study.ipynb")  # a notebook is a kernel
    recorded_finding(lab, author)
    with browser.new_context(viewport={"width": 1500, "height": 1000}) as context:
        second = context.new_page()
        recorded_finding(lab, second, "b-record-a-study.ipynb")
        author.get_by_label("Limitations").fill("What Ada says of it.")
        author.get_by_label("Summary *").fill("Ada sums it up: more hair with it.")
        author.get_by_label("Trial", exact=True).fill("NCT00000001")
        second.get_by_label("Limitations").fill("What Bo says of it.")
        second.get_by_label("Summary *").fill("Bo sums it up: more hair with it.")
        second.get_by_label("Dose").fill("1 ml twice a day")
        second.get_by_label("Your name *").fill("Bo")
        save(second, "Say less")
        said(second, "Saved.")
    save(author, "Say more")
    said(author, "another author changed the same fields meanwhile")
    fields = author.get_by_text(re.compile("^(Limitations|Summary)$"), exact=True).and_(author.locator("b"))
    choices = dict(zip(fields.all_inner_texts(), (0, 1), strict=True))
    said(author, "What Bo says of it.")
    author.get_by_role("button", name="Save with these choices").click()
    said(author, "Choose for every field first.")
    author.get_by_role("button", name="keep mine").nth(choices["Limitations"]).click()
    author.get_by_role("button", name="take theirs").nth(choices["Summary"]).click()
    author.get_by_role("button", name="Save with these choices").click()
    said(author, "Saved.")
    expect(author.get_by_label("Summary *")).to_have_value("Bo sums it up: more hair with it.", timeout=PATIENCE)
    finding = saved(lab)
    assert finding["limitations"] == "What Ada says of it."
    assert finding["summary"] == "Bo sums it up: more hair with it."
    assert (finding["trial"], finding["dose"]) == ("NCT00000001", "1 ml twice a day")
    assert git(lab.root, "log", "-2", "--format=%an: %s").split("\n")[:2] == ["Ada: Say more", "Bo: Say less"]
    assert "What Bo says of it." in git(lab.root, "show", f"HEAD~1:{FINDING.file}")


def test_the_editor_marks_a_wrong_slug_and_completes_it(lab: Lab, author: Page) -> None:  # noqa: F811
    page = author
    page.goto(f"{lab.url}/lab/workspaces/yaml/tree/{FINDING.file}")
    expect(page.get_by_text("Fully initialized")).to_be_visible(timeout=PATIENCE)
    page.locator(".cm-line", has_text="trigger: pregnancy").click()
    page.keyboard.press("End")
    for _ in "ancy":
        page.keyboard.press("Backspace")
    expect(page.locator(".cm-lintRange-error", has_text="pregn")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Tab")
    offer = page.locator(".jp-Completer-item", has_text="pregnancy").first
    expect(offer).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(page.locator(".cm-line", has_text="trigger: pregnancy")).to_have_text(
        "    trigger: pregnancy", timeout=PATIENCE
    )
    expect(page.locator(".cm-lintRange-error")).to_have_count(0, timeout=PATIENCE)

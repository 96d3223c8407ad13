"""Author notebooks as pages: no code and no cell to run; the source beside the form; two authors at one field."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.author.conftest import FINDING
from tests.author.lab import Lab
from tests.author.test_lab import PATIENCE, author, lab, recorded_finding, said  # noqa: F401 - fixtures

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAGE = b"<h1>Table 2</h1><script>document.body.textContent='ran'</script>"


def test_the_start_page_needs_no_code_and_leads_to_a_task(lab: Lab, author: Page) -> None:  # noqa: F811
    page = author
    page.goto(lab.url)
    lab.stands(page)
    said(page, "All records:")
    expect(page.get_by_text("author.begin()")).not_to_be_visible()
    expect(page.locator(".jp-Notebook-footer")).not_to_be_visible()
    page.get_by_role("link", name="Judge a claim").click()
    said(page, "Judge this claim")
    expect(page.get_by_text("author.judge_claim()")).not_to_be_visible()


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


def test_two_authors_at_one_field_choose_side_by_side(lab: Lab, author: Page) -> None:  # noqa: F811
    page = author
    recorded_finding(lab, page)
    page.get_by_label("Limitations").fill("What Ada says of it.")
    path = Path(lab.root / FINDING.file)
    path.write_text(path.read_text().replace("limitations: Small", "limitations: What Bo says of it, small"))
    page.get_by_label("Reason *").fill("Say more")
    page.get_by_role("button", name=re.compile(r"Save$")).click()
    said(page, "another author changed the same fields meanwhile")
    said(page, "What Bo says of it")
    page.get_by_role("button", name="take theirs").click()
    page.get_by_role("button", name="Save with these choices").click()
    expect(page.get_by_label("Limitations")).to_have_value("What Bo says of it, small.", timeout=PATIENCE)
    assert "What Bo says of it" in path.read_text()

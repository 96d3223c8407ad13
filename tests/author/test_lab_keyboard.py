"""Real JupyterLab, real browser: a whole study by the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.author.keyboard import PATIENCE, Keyboard
from tests.author.lab import Lab
from tests.author.test_lab import RECORDED, author, lab  # noqa: F401 - fixtures

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
TABLE = "measure\tarm\trole\tevents\tn\nregrowth\tminoxidil\tintervention\t30\t60\nregrowth\tplacebo\tplacebo\t10\t60"


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
    told = (lab.root / RECORDED).read_text()
    assert "summary: More hair regrew with it than with placebo." in told
    assert "events: 30" in told
    keyboard.to("Reason", back=True)
    keyboard.press("F6")
    author.wait_for_function("document.activeElement.className === 'kb-preview'", timeout=PATIENCE)

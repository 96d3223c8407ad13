"""The page of an indication leaves nothing out without a word."""

from __future__ import annotations

import re

import pytest

from kb.snapshot import Snapshot
from kb.views import render

SLUGS = ("androgenetic-alopecia", "melasma", "cellulite")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_treatment_that_was_tried_has_its_harms_or_a_way_to_them(base: Snapshot, slug: str) -> None:
    html = render("indication", {"indication": [slug]}, base).html
    table = html.split('id="treatment-harms"')[1].split("</section>")[0]
    led_to = set(re.findall(r'href="ingredient\?ingredient=([a-z0-9-]+)#harms"', table))
    assessed = {a["subject"] for a in base.monograph(slug)["assessments"]}
    harmful = {s for s in assessed if base.monograph(s)["harms"]}
    assert harmful
    assert harmful <= led_to


@pytest.mark.parametrize("slug", SLUGS)
def test_on_paper_every_contraindication_of_a_treatment_is_named(base: Snapshot, slug: str) -> None:
    html = render("indication", {"indication": [slug]}, base).html
    table = html.split('id="treatment-harms"')[1].split("</section>")[0]
    for subject, row in re.findall(r'ingredient=([a-z0-9-]+)#harms">[^<]*</a></th>(.*?)</tr>', table, re.DOTALL):
        cell = re.sub(r'<span class="no-print">.*?</span>', "", row.split('data-label="Not in">')[1])
        text = re.sub(r"<[^>]+>", "", cell)
        for caution in base.monograph(subject)["cautions"]:
            if caution["severity"] == "contraindicated":
                assert caution["trigger_name"].replace("&", "&amp;").replace("'", "&#39;") in text, (
                    subject,
                    caution["id"],
                )

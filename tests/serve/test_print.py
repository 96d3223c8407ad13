"""On paper: a monograph fits two leaves printed on both sides, and lists only the papers the printed part cites."""

import re

import pytest

from tests.serve.conftest import Reader


@pytest.mark.parametrize("slug", ["minoxidil", "finasteride", "tranexamic-acid", "microneedling", "lidocaine"])
def test_a_monograph_prints_on_two_leaves(reader: Reader, slug: str) -> None:
    page = reader.open(f"ingredient?ingredient={slug}", session=False)
    page.emulate_media(media="print")
    paper = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", paper)) <= 4
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown = "nodes => nodes.filter(node => node.checkVisibility()).map(node => node.id || node.hash.slice(1))"
    listed = set(page.locator(".refs > li").evaluate_all(shown))
    cited = set(page.locator("main a[href^='#ref-']").evaluate_all(shown))
    assert listed == cited
    assert listed

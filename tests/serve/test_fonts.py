"""The typefaces come from the server itself, are used, and weigh little."""

from pathlib import Path

from playwright.sync_api import Browser

from kb.views.shell import ASSETS, FONTS
from tests.serve.conftest import closed_context
from tests.serve.running import Running

MOST_BYTES = 120_000


def test_the_typefaces_are_small_and_bring_their_licence() -> None:
    assert sum((ASSETS / name).stat().st_size for name in FONTS) <= MOST_BYTES
    css = (ASSETS / "fonts.css").read_text(encoding="utf-8")
    for name in FONTS:
        assert f'url("{name}")' in css
        licence = next(Path(ASSETS).glob(f"{name.split('-latin')[0]}-LICENSE.txt"))
        assert "SIL Open Font License" in licence.read_text(encoding="utf-8")


def test_text_is_set_in_them_and_nothing_is_asked_of_others(browser: Browser, server: Running) -> None:
    refused: list[str] = []
    with closed_context(browser, refused) as context:
        page = context.new_page()
        page.goto(f"{server.url}ingredient?ingredient=minoxidil")
        for family in ("Inter", "Source Serif 4"):
            page.wait_for_function(
                "name => [...document.fonts].some(f => f.family.includes(name) && f.status === 'loaded')", arg=family
            )
    assert refused == []
    answer = server.get(f"static/{FONTS[0]}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "font/woff2"
    assert "immutable" in answer.headers["Cache-Control"]

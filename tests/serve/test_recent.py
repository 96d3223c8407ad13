"""Recently viewed pages and due cards: kept in the browser only, shown on the first page, forgotten on request."""

from playwright.sync_api import Browser, expect

from tests.serve.conftest import closed_context
from tests.serve.running import Running

DUE = (
    '{"format":1,"days":{},"deck":{},"cards":{"x-1":{"card_id":1,"state":1,"step":0,"stability":1,"difficulty":5,'
    '"due":"2020-01-01T00:00:00Z","last_review":"2020-01-01T00:00:00Z"}}}'
)


def test_pages_that_were_read_are_a_click_away_until_they_are_cleared(browser: Browser, server: Running) -> None:
    refused: list[str] = []
    with closed_context(browser, refused) as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator("[data-recents]")).to_be_hidden()
        page.goto(f"{server.url}ingredient?ingredient=minoxidil")
        page.goto(f"{server.url}ingredient?ingredient=pregnancy")  # what a patient may have is not kept
        page.goto(f"{server.url}precheck#ingredient=biotin&condition=pregnancy")
        page.goto(f"{server.url}indication?indication=melasma")
        page.get_by_role("link", name="Home", exact=True).first.click()
        shelf = page.locator("[data-recents]")
        expect(shelf.locator("a")).to_have_text(["Melasma", "Minoxidil"])
        assert "pregnancy" not in page.evaluate("JSON.stringify(localStorage)")
        shelf.get_by_role("link", name="Minoxidil").click()
        page.wait_for_url("**/ingredient?ingredient=minoxidil")
        page.goto(server.url)
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("[data-recents]")).to_be_hidden()
        assert page.evaluate("localStorage.getItem('kb-recent')") is None
        page.evaluate(
            "localStorage.setItem('kb-recent', JSON.stringify([['Bad', 'javascript:alert(1)'], ['Bad', '//else.example/']]))"
        )
        page.reload()
        expect(page.locator("[data-recents] a")).to_have_count(0)
    assert refused == []


def test_due_cards_stand_on_the_first_page(browser: Browser, trainee_server: Running) -> None:
    with closed_context(browser, []) as context:
        page = context.new_page()
        page.goto(trainee_server.url)
        expect(page.locator("[data-revise-due]")).to_be_hidden()
        page.evaluate("text => localStorage.setItem('kb-revision', text)", DUE)
        page.reload()
        expect(page.locator("[data-revise-due]")).to_have_text("1 card is due now.")


def test_results_are_narrowed_in_place_and_a_card_prints_on_one_page(browser: Browser, server: Running) -> None:
    with closed_context(browser, []) as context:
        page = context.new_page()
        page.goto(f"{server.url}?q=minoxidil")
        page.get_by_role("link", name="Papers (").click()
        expect(page.locator('a.chip[aria-current="true"]')).to_contain_text("Papers")
        expect(page.locator("main section")).to_have_count(1)
        page.goto(f"{server.url}care?card=anaphylaxis")
        assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
        page.goto(f"{server.url}handout?assessment=minoxidil-intradermal-female-pattern-hair-loss")
        assert page.pdf(format="A4").count(b"/Type /Page\n") <= 2

"""axe-core in the page: what a reader with assistive technology would stumble over."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(page: Page) -> list[str]:
    """One line per violation: rule, impact, first offending elements."""
    # What is far below is not laid out until somebody comes near it (`content-visibility`), and would seem to lie over its neighbours.
    page.evaluate(
        "for (const part of document.querySelectorAll('.refs > li, .flow > section')) part.style.contentVisibility = 'visible'"
    )
    # What passes is neither listed nor read: on a long page that was two thirds of the work.
    options = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    answer = Axe().run(page, options=options)
    lines = []
    for found in answer.response["violations"]:
        nodes = "; ".join(f"{node['html'][:140]} ({node['failureSummary'][:160]})" for node in found["nodes"][:3])
        lines.append(f"{found['id']} ({found['impact']}, {len(found['nodes'])}): {nodes}")
    return lines

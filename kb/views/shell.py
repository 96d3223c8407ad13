"""The page around a view: site name, navigation, main landmark, footer.

Used three ways with the same template (`assets/shell.html.j2`): by Voilà's page template around executed notebooks, by
the server for error pages and pages without a kernel, and by whoever renders pages ahead of time. It knows no medicine.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import jinja2

ASSETS = Path(__file__).parent / "assets"
HOME = "home"
STYLES = (
    "fonts.css",
    "tokens.css",
    "base.css",
    "components.css",
    "charts.css",
    "maps.css",
    "learning.css",
    "print.css",
)
FONTS = ("inter-latin-5.3.0.woff2", "source-serif-4-latin-5.3.1.woff2")
"""Named with their version, so that browsers may keep them for ever."""
SCRIPTS = ("components.js", "choose.js", "session.js", "revise.js")


class Page(Protocol):
    """What a view gives: a title without the site's name, the HTML inside `<main>`, its HTTP status, and markup for the head."""

    @property
    def title(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def head(self) -> str: ...


@dataclass(frozen=True)
class Fragment:
    """The plainest page."""

    title: str
    html: str
    status: int = 200
    head: str = ""
    """Trusted markup for the head of the page: what machines read of it, such as the tags of a paper."""


@dataclass(frozen=True)
class NavItem:
    """A view of an edition. One that is not `listed` is served and linked from pages, but does not stand in the bar; one with
    `more` stands there under *More*, so that the bar takes one line."""

    view: str
    label: str
    href: str
    listed: bool = True
    more: bool = False


def _item(view: str, label: str, listed: bool = True, *, more: bool = False) -> NavItem:
    return NavItem(view, label, "./" if view == HOME else view, listed, more)


NAVIGATION: dict[str, tuple[NavItem, ...]] = {
    "clinician": (
        _item("home", "Home"),
        _item("ingredient", "Monographs"),
        _item("indication", "Indications"),
        _item("evidence", "Evidence map"),
        _item("compare", "Compare"),
        _item("precheck", "Pre-procedure check"),
        _item("mixing", "Mixing"),
        _item("care", "Emergencies"),
        _item("explore", "Explore"),
        _item("claims", "Claims"),
        _item("about", "About"),
        _item("glossary", "Glossary", listed=False),
        _item("techniques", "Techniques", listed=False),
        _item("handout", "Patient hand-out", listed=False),
    ),
    "trainee": (
        _item("home", "Home"),
        _item("topics", "Topics"),
        _item("cases", "Cases"),
        _item("quiz", "Quiz"),
        _item("revise", "Revise"),
        _item("ingredient", "Monographs"),
        _item("indication", "Indications"),
        _item("precheck", "Pre-procedure check", listed=False),
        _item("care", "Emergencies", listed=False),
        _item("evidence", "Evidence", more=True),
        _item("techniques", "Techniques", more=True),
        _item("compare", "Compare", listed=False, more=True),
        _item("mixing", "Mixing", listed=False, more=True),
        _item("explore", "Explore", listed=False, more=True),
        _item("handout", "Patient hand-out", listed=False, more=True),
        _item("claims", "Claims", more=True),
        _item("glossary", "Glossary", more=True),
        _item("about", "About", more=True),
    ),
}


@cache
def assets_version() -> str:
    """Short hash of all assets, so that browsers may keep them for ever and still get new ones."""
    digest = hashlib.sha256()
    for path in sorted(ASSETS.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True)
class Site:
    """What the shell template needs besides the page. Addresses are relative unless `base` says otherwise."""

    edition: str = "clinician"
    release: str = ""
    static: str = "static/"
    base: str = ""
    name: str = "Knowledge base"
    short_name: str = "Knowledge base"
    styles: tuple[str, ...] = STYLES
    scripts: tuple[str, ...] = SCRIPTS
    nav: tuple[NavItem, ...] = dataclass_field(default=())
    files: bool = False
    """Pages are files: no server changes its assets behind one name, and the head's drawings come from the style sheet."""
    framed: bool = True
    """With the head and the foot of the site."""
    head: str = ""
    """Trusted markup at the end of the head, of the page as the site has it: its address, what machines read of it."""

    @property
    def home(self) -> str:
        return self.base or "./"

    @property
    def search(self) -> str:
        """Where the search of the header leads."""
        return self.home

    @property
    def badge(self) -> str:
        return "Trainee" if self.edition == "trainee" else ""

    @property
    def version_query(self) -> str:
        return "" if self.files else f"?v={assets_version()}"

    @classmethod
    def of(cls, edition: str, *, base: str = "", release: str = "", field: Mapping[str, Any] | None = None) -> Site:
        """The site of an edition under the names of its `field` (`Snapshot.field`).

        `base` (ending in `/`) makes its links absolute, for pages at any depth.
        """
        items = tuple(
            replace(i, href=base + i.href.removeprefix("./") or "./") for i in NAVIGATION[edition] if i.listed
        )
        site = cls(edition=edition, release=release, base=base, static=f"{base}static/", nav=items)
        return replace(site, name=field["name"], short_name=field["short_name"]) if field else site


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(ASSETS)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)


def document(page: Page, view: str, site: Site, session: Mapping[str, Any] | None = None) -> str:
    """A whole HTML document around `page`; `session` is what the page's script needs to reach a kernel, if it may."""
    told = described(page) or ", ".join(filter(None, (page.title, site.name)))
    machines = "" if _JSON_LD in page.head + site.head else _web_page(page.title or site.name, told, site)
    return (
        _environment()
        .get_template("shell.html.j2")
        .render(page=page, view=view, site=site, session=session, described=told, machines=machines)
    )


_ANSWER = re.compile(r'<p class="(?:says|lede)">(.*?)</p>', re.DOTALL)
_VERDICT = '<p class="says">'
_PARAGRAPH = re.compile(r"<p(?: [^>]*)?>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>|\[\d+\]")
_JSON_LD = "application/ld+json"
LEAST_DESCRIBED = 40
MOST_DESCRIBED = 200


def described(page: Page) -> str:
    """What a search engine may print under the title: the first answer or lead of the page as plain text, else its first
    paragraph that is a sentence."""
    found = _ANSWER.search(page.html)
    text = _plain(found[1]) if found else ""
    if found and found[0].startswith(_VERDICT) and page.title.casefold() not in text.casefold():
        text = f"{page.title}: {text}"  # a verdict stands under its heading, and in a list of hits alone
    if not text:
        ahead = (_plain(paragraph[1]) for paragraph in _PARAGRAPH.finditer(page.html))
        text = next((t for t in ahead if len(t) >= LEAST_DESCRIBED), "")
    return text if len(text) <= MOST_DESCRIBED else text[:MOST_DESCRIBED].rsplit(" ", 1)[0] + " …"


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _web_page(name: str, told: str, site: Site) -> str:
    """schema.org of a page that brings none of its own."""
    value: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": name,
        "inLanguage": "en",
        "isPartOf": {"@type": "WebSite", "name": site.name},
    }
    if told:
        value["description"] = told
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="{_JSON_LD}">{text}</script>'

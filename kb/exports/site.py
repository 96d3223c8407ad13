"""The base as a static site: the very views of the dashboards, rendered ahead of time into plain files.

Pages are found by following links from the front page, so that every link on the site leads to a page of the site; a link
to what needs a kernel (compare, explore) is taken out. Search and the pre-procedure check run in the browser over data
that are loaded as scripts, because a page opened from a file may fetch nothing.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import views
from kb.exports import FORMATS, site_answers, site_api, site_check, site_compare, site_offline, site_revise
from kb.exports.data import Data
from kb.exports.folder import about, notes
from kb.exports.replacing import Replaced
from kb.exports.site_address import CHECK, Address, address
from kb.exports.site_data import main_pages, schema_org, search_index
from kb.exports.site_links import SEARCH, Links
from kb.exports.site_markup import tight
from kb.exports.staging import staged
from kb.views import claims
from kb.views.drawing import Medium, drawn
from kb.views.shell import ASSETS, FONTS, NAVIGATION, SCRIPTS, STYLES, Fragment, Page, Site, document

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

HELD_PAGES = 3_000  # for some 90 MB; at 64, every page is read some ten times
_OWN = Path(__file__).parent / "assets"


def write(snapshot: Snapshot, folder: Path, progress: Callable[[str], None], base_url: str = "") -> list[Path]:
    """Write the site into `folder` and return its files; what an earlier export left there is replaced.

    Only `base_url` says where the site lives: without it there is no sitemap and no canonical address.
    """
    writer = _Writer(snapshot, folder, progress, base_url.rstrip("/") + "/" if base_url else "")
    with staged(folder):
        return writer.write()


def page_alone(snapshot: Snapshot, folder: Path, file: str) -> None:
    """One page with the scripts and sheets it loads; its links lead to pages that are not there."""
    writer = _Writer(snapshot, folder, lambda _: None, "")
    with staged(folder):
        writer.alone(file)


class _Writer:
    def __init__(self, snapshot: Snapshot, folder: Path, progress: Callable[[str], None], base_url: str) -> None:
        self.snapshot, self.folder, self.progress, self.base_url = snapshot, folder, progress, base_url
        self.place = Replaced(folder)
        self.planned: dict[str, Address] = {}
        self.queue: list[Address] = []
        self.linked_from: dict[str, str] = {}
        self.edition = "trainee"
        self.pages: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        self.place_of_claim: dict[str, str] = {}
        self.page_of = main_pages(snapshot)
        self.links = Links(self.page_of, self._plan)

    def write(self) -> list[Path]:
        self.snapshot.hold(HELD_PAGES)
        self._assets()
        self._plan(Address("index.html", "home", {}))
        for item in NAVIGATION[self.edition]:
            found = address(item.view, {})
            if found:
                self._plan(found)
        self._parts()
        while self.queue:
            self._page(self.queue.pop(0))
            if len(self.planned) % 100 == 0:
                self.progress(f"{len(self.planned)} pages")
        self._page_of(SEARCH, Fragment("Search", _SEARCH), "home", "")
        self._page_of(site_offline.AWAY, Fragment("No connection", site_offline.page()), "home", "")
        self._save()
        for file, text in site_offline.files(self.snapshot, self.pages, self.parts):
            self.place.write(file, text)
        self._sitemap()
        self._seal()
        files = self.place.finish()
        self.progress(f"{len(self.planned)} pages, {sum(p.stat().st_size for p in files) / 1e6:.1f} MB")
        return files

    def alone(self, file: str) -> None:
        self._assets()
        self._page(Address(file, file.removesuffix(".html"), {}))
        self.place.write(file, self.links.settled(self.pages, {})[file])
        self._check_data()
        self.place.finish()

    def _assets(self) -> None:
        for name in ("icon.svg", "theme.js"):
            self.place.write(f"static/{name}", (ASSETS / name).read_text(encoding="utf-8"))
        for path in [*(ASSETS / name for name in FONTS), *sorted(ASSETS.glob("*-LICENSE.txt"))]:
            self.place.copy(f"static/{path.name}", path)
        # One sheet and one script for all pages: fewer files to open, and a shorter head on each of them.
        sheets = [*(ASSETS / name for name in STYLES), _OWN / "static.css"]
        self.place.write("static/site.css", "\n".join(path.read_text(encoding="utf-8") for path in sheets))
        for path in sorted(_OWN.glob("*.js")):
            if path.name not in {"static.js", "sw.js"}:
                self.place.write(f"static/{path.name}", path.read_text(encoding="utf-8"))
        scripts = [ASSETS / name for name in SCRIPTS if name != "session.js"] + [_OWN / "static.js"]
        self.place.write("static/site.js", "\n".join(path.read_text(encoding="utf-8") for path in scripts))

    def _plan(self, wanted: Address, linked_from: str = "") -> None:
        if wanted.file not in self.planned:
            self.planned[wanted.file] = wanted
            self.linked_from[wanted.file] = linked_from
            self.queue.append(wanted)

    def _medium(self, file: str, compact: bool = True) -> Medium:
        return Medium(
            edition=self.edition,
            address=self.links.of(file),
            served=False,
            compact=compact,
            # A paper's own page can be copied from; hundreds of copies would swell the site.
            copies=file.startswith("paper/"),
            outside=self._outside if self.base_url else None,
        )

    def _outside(self, view: str, params: Mapping[str, list[str]], anchor: str) -> str:
        found = address(view, params)
        return (
            f"{self.base_url}{found.file}{found.query}" + (f"#{anchor}" if anchor else "") if found else self.base_url
        )

    def _parts(self) -> None:
        """What the pages of comparison and revision load when it is asked for. Links in it are seen from those pages."""

        def drawing(page: str, compact: bool) -> Callable[[], AbstractContextManager[None]]:
            return lambda: drawn(self._medium(page, compact), self.snapshot)

        # Any cell may come to stand first, so each names its papers.
        items = dict(site_compare.items(self.snapshot, drawing(site_compare.PAGE, compact=False)))
        for slug, item in items.items():
            self.parts[f"compare/{slug}.js"] = f"window.kbCompared[{json.dumps(slug)}]={_script(item)};\n"
        self.place.write(f"static/{site_compare.DATA}", site_compare.data(self.snapshot, items))
        held = []
        for slug, cards_of in site_answers.parts(self.snapshot, drawing(SEARCH, compact=False)):
            held.append(slug)
            self.parts[f"answers/{slug}.js"] = f"(window.kbAnswers??={{}})[{json.dumps(slug)}]={_script(cards_of)};\n"
        self.place.write(f"static/{site_answers.DATA}", site_answers.data(held, self.snapshot))
        self.place.write(f"static/{site_answers.PAPERS}", site_answers.papers(self.snapshot))
        tail = ""
        for n, cards in enumerate(site_revise.drawn(self.snapshot, drawing(site_revise.PAGE, compact=True))):
            told = {}
            for id_, drawn_card in cards.items():
                # What stands below a card is the same below all.
                card, end, tail = tight(drawn_card).rpartition("</article>")
                told[id_] = card + end
            self.parts[f"revise/{n}.js"] = f"Object.assign(window.kbQuestions??={{}},{_script(told)});\n"
        self.parts[site_revise.DATA] = site_revise.data(tail)

    def _page(self, wanted: Address) -> None:
        page = views.render(wanted.view, wanted.params, self.snapshot, self._medium(wanted.file))
        if page.status != 200:
            source = self.linked_from[wanted.file]
            raise ValueError(f"{source} links to {wanted.file}, where the view {wanted.view} says {page.status}")
        if wanted.file.startswith(_LEDGER):
            for claim in claims.listed(wanted.params, self.snapshot):
                self.place_of_claim[claim] = f"{wanted.file}#{claim}"
        self._page_of(wanted.file, page, wanted.view, "../" * wanted.file.count("/"))

    def _page_of(self, file: str, page: Page, view: str, up: str) -> None:
        site = Site(
            edition=self.edition,
            name=self.snapshot.field["name"],
            short_name=self.snapshot.field["short_name"],
            release=self.snapshot.meta.get("release") or self.snapshot.meta["version"],
            static=f"{up}static/",
            base=f"{up}index.html",
            styles=("site.css",),
            scripts=("site.js", *_SCRIPTS_OF.get(file, ())),
            nav=tuple(
                replace(i, href=up + found.file) for i in NAVIGATION[self.edition] if (found := address(i.view, {}))
            ),
            files=True,
            head=self._head(file, page.title),
        )
        self.pages[file] = tight(document(page, view, site))

    def _head(self, file: str, title: str) -> str:
        machines = _metadata(self.snapshot, file, title, self.base_url)
        if not self.base_url:
            return machines
        return _HEAD.format(url=html.escape(self.base_url + file.removesuffix("index.html"))) + machines

    def _save(self) -> None:
        for file, text in self.links.settled(self.pages, self.place_of_claim).items():
            self.place.write(file, text)
        for file, text in self.links.settled(self.pages, self.place_of_claim, self.parts).items():
            self.place.write(f"static/{file}", text)

        found = search_index(self.snapshot, self.place_of_claim, self.page_of)
        index = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        self.place.write("static/search-index.js", f"window.kbIndex={_in_script(index)};\n")

        led = [slug for slug, at in self.page_of.items() if at.view == "ingredient"]
        for file, text in site_api.files(Data(self.snapshot), led):
            self.place.write(file, text)

        self._check_data()

    def _check_data(self) -> None:
        rules = json.dumps(site_check.page_data(self.snapshot, self.pages), ensure_ascii=False, separators=(",", ":"))
        self.place.write("static/check-data.js", f"window.kbCheckData={_in_script(rules)};\n")

    def _sitemap(self) -> None:
        if not self.base_url:
            self.place.write("robots.txt", "User-agent: *\nAllow: /\n")
            return
        rows = "".join(f"<url><loc>{html.escape(self.base_url + f)}</loc></url>\n" for f in sorted(self.planned))
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        self.place.write("sitemap.xml", f"{head}{rows}</urlset>\n")
        self.place.write("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {self.base_url}sitemap.xml\n")

    def _seal(self) -> None:
        """Licence, citation, release and checksums, as every export has them; the checksums are the list of files."""
        data = Data(self.snapshot)
        texts = notes(data, "site", FORMATS["site"], site_api.MISSING)
        texts["manifest.json"] = json.dumps(about(data, "site", site_api.MISSING), ensure_ascii=False, indent=1) + "\n"
        for file, text in texts.items():
            self.place.write(file, text)
        listed = ((file, self.place.read(file)) for file in sorted(self.place.written))
        self.place.write("SHA256SUMS", "".join(f"{hashlib.sha256(b).hexdigest()}  {file}\n" for file, b in listed))


_SCRIPTS_OF = {
    CHECK: ("check-data.js", *site_check.SCRIPTS),
    site_compare.PAGE: site_compare.SCRIPTS,
    site_revise.PAGE: site_revise.SCRIPTS,
}
"""Scripts of a page besides the one that all have."""
_HEAD = '<link rel="canonical" href="{url}"><meta property="og:url" content="{url}">'
_SEARCH = """<h1>Search</h1>
<form class="search" role="search"><div class="search-field"><label class="visually-hidden" for="kb-q">Search</label>
<input id="kb-q" type="search" name="q" autocomplete="off" placeholder="Ingredient, technique, condition, harm, paper …"></div></form>
<ul id="kb-answers" class="plain-list"></ul>
<div id="kb-cards" class="flow"></div>
<nav id="kb-kinds" aria-label="Kinds of pages" hidden><ul class="chips"></ul></nav>
<p id="kb-count" class="muted" role="status"></p><div id="kb-results" class="flow"></div>
<noscript><p>Search needs a script; every page is also reached from the <a href="ingredient/index.html">monographs A to Z</a>
and the <a href="indication/index.html">indications</a>.</p></noscript>"""

_LEDGER = "claims/page-"
"""How the files of the ledger begin that show the claims of one source."""


def _metadata(snapshot: Snapshot, file: str, title: str, base_url: str) -> str:
    """schema.org of a page; that of a paper brings its own."""
    if file.startswith("paper/"):
        return ""
    value = json.dumps(schema_org(snapshot, file, title, base_url), ensure_ascii=False, separators=(",", ":"))
    return f'<script type="application/ld+json">{_in_script(value)}</script>'


def _in_script(text: str) -> str:
    """JSON that no value can end the script element with."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _script(value: Any) -> str:
    """A value in a script that is a file of its own, where markup ends nothing."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

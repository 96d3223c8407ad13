"""Reading: pages, the same as fragments for the page's script, search as typed, and the next state of a card.

No kernel takes part. What a release says at an address never changes, so it is drawn once, kept packed, and not sent
again to who has it. What concerns a patient comes in the body of a POST, is answered and forgotten.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from http.client import responses
from pathlib import Path
from typing import Any

import tornado.web

from kb import views
from kb.serve.answers import Answer, log_fault
from kb.serve.desk import Params, page_key
from kb.serve.gate import same_origin
from kb.serve.releases import Release
from kb.serve.security import DOCUMENTS_POLICY, set_headers
from kb.serve.signin import show_form
from kb.serve.store import Packed
from kb.views.choices import other_words
from kb.views.page import MAX_TEXT, PRIVATE, answer_review, params_of
from kb.views.shell import ASSETS, HOME, document

HTML = "text/html; charset=UTF-8"
JSON = "application/json; charset=UTF-8"
FOR_EVER = "private, max-age=31536000, immutable"
OF_A_PATIENT = frozenset({"condition", "substance"})  # parameters that are never answered from an address
SUFFIXES = {
    ".css": "text/css; charset=UTF-8",
    ".js": "text/javascript; charset=UTF-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


class Drawing(Answer):
    """Answers that are drawn from a release, or were."""

    page = ""

    def view_of(self, said: str) -> str:
        view = said or HOME
        if view not in self.desk.views:
            raise tornado.web.HTTPError(404)
        self.page = view
        return view

    def has_it(self, release: Release) -> bool:
        """Whether the browser has this answer already; then it is told so."""
        self.set_header("ETag", release.etag)
        if not self.check_etag_header():
            self.clear_header("ETag")
            return False
        self.set_status(304)
        self.finish()
        return True

    def release_of(self, id_: str) -> Release:
        found = self.desk.releases.by_id(id_)
        if found is None:
            raise tornado.web.HTTPError(410)
        return found

    async def show(self, release: Release, view: str, params: Params, what: str, kind: str) -> None:
        key = page_key(release, view, params, what)
        found = self.desk.store.get(key)
        if found is None:
            self.desk.gate.may_work(self)
            make = partial(self.desk.document if what == "page" else self.fragment, release, view, params)
            found = await self.drawn(partial(self.desk.kept, key, make))
            self.desk.metrics.drawn.inc()
        else:
            self.desk.metrics.kept.inc()
        self.write_packed(found, kind, release.etag if what == "page" else "")

    def fragment(self, release: Release, view: str, params: Params) -> Packed:
        shown = self.desk.draw(release, view, params)
        said = {"title": shown.title, "html": shown.html, "status": shown.status}
        return Packed.of(json.dumps(said, ensure_ascii=False), 200 if shown.status < 500 else 500)

    def private(self, view: str) -> Params:
        """What a POST about a patient says; other views have none."""
        if view not in PRIVATE:
            raise tornado.web.HTTPError(405)
        self.desk.gate.may_work(self)
        return params_of(self.request.body.decode("utf-8", "replace"))


class PageHandler(Drawing):
    """`/`, `/ingredient?ingredient=minoxidil`, ...: whole pages."""

    async def get(self, view: str = "") -> None:
        view = self.view_of(view)
        params = params_of(self.request.query)
        if view in PRIVATE and OF_A_PATIENT & params.keys():
            # Behind # it reaches the script and no server, no log and no other site.
            self.redirect(f"{self.desk.base}{view}#{self.request.query}", status=303)
            return
        release = self.desk.releases.current
        self.set_header("Cache-Control", "private, no-cache")
        if not self.has_it(release):
            await self.show(release, view, params, "page", HTML)

    head = get

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if status_code == 401 and self.desk.gate.hub is not None:
            self.desk.gate.hub.send(self)
        elif status_code == 401 and self.desk.gate.token:
            show_form(self, self.desk, self.request.uri or self.desk.base)
        else:
            super().write_error(status_code, **kwargs)

    async def post(self, view: str) -> None:
        """A form about a patient, from a browser without script."""
        view = self.view_of(view)
        params = self.private(view)
        release = self.desk.releases.current
        shown = await self.drawn(partial(self.desk.draw, release, view, params))
        self.set_status(shown.status)
        self.set_header("Content-Type", HTML)
        self.finish(document(shown, view, self.desk.site(release), self.desk.line(release)))


class Slash(Answer):
    """`/about/` means `/about`; from the former every relative link would lead astray."""

    route = "slash"

    def get(self, view: str) -> None:
        if view not in self.desk.views:
            raise tornado.web.HTTPError(404)
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.desk.base}{view}{query}", status=301)


class FragmentHandler(Drawing):
    """`/fragment/<release>/<view>?...`: what stands inside a page, for the script of a page of that release."""

    async def get(self, id_: str, view: str) -> None:
        release, view = self.release_of(id_), self.view_of(view)
        params = params_of(self.request.query)
        if view in PRIVATE and OF_A_PATIENT & params.keys():
            raise tornado.web.HTTPError(405)
        self.set_header("Cache-Control", FOR_EVER)
        await self.show(release, view, params, "fragment", JSON)
        if self.get_status() >= 500:
            self.set_header("Cache-Control", "no-store")

    async def post(self, id_: str, view: str) -> None:
        release, view = self.release_of(id_), self.view_of(view)
        if not same_origin(self):
            raise tornado.web.HTTPError(403)
        params = self.private(view)
        self.write_packed(await self.drawn(partial(self.fragment, release, view, params)), JSON)


class SuggestHandler(Drawing):
    """`/suggest?text=&kinds=`: what a search box offers for what was typed so far."""

    page = "suggest"

    async def get(self) -> None:
        text = self.get_query_argument("text", "")[:MAX_TEXT]
        kinds = tuple(kind for kind in self.get_query_argument("kinds", "")[:MAX_TEXT].split(",") if kind)
        release = self.desk.releases.current
        key = ("suggest", release.id, text.casefold().strip(), kinds)
        found = self.desk.store.get(key)
        if found is None:
            self.desk.gate.may_work(self)
            found = await self.drawn(partial(self.desk.kept, key, partial(self.suggestions, release, text, kinds)))
        self.write_packed(found, JSON)

    @staticmethod
    def suggestions(release: Release, text: str, kinds: tuple[str, ...]) -> Packed:
        items = views.suggest(text, kinds, release.snapshot)
        return Packed.of(json.dumps({"items": items}, ensure_ascii=False), 200)


class WordsHandler(Drawing):
    """`/words/<release>`: the other words of everything that can be chosen, for the lists of a page of that release."""

    page = "words"

    async def get(self, id_: str) -> None:
        release = self.release_of(id_)
        key = ("words", release.id)
        found = self.desk.store.get(key)
        if found is None:
            self.desk.gate.may_work(self)
            found = await self.drawn(partial(self.desk.kept, key, partial(self.all_words, release)))
        self.set_header("Cache-Control", FOR_EVER)
        self.write_packed(found, JSON)

    @staticmethod
    def all_words(release: Release) -> Packed:
        return Packed.of(json.dumps({"words": other_words(release.snapshot)}, ensure_ascii=False), 200)


class ReviewHandler(Answer):
    """`/review`: the next state of a learner's card. The card comes from the reader's browser and stays there."""

    route = "review"

    async def post(self) -> None:
        if not same_origin(self):
            raise tornado.web.HTTPError(403)
        self.desk.gate.may_work(self)
        if "revise" not in self.desk.views:
            raise tornado.web.HTTPError(404)
        try:
            asked = json.loads(self.request.body)
            if not isinstance(asked, dict):
                raise ValueError
            said = await self.drawn(partial(answer_review, asked))
        except tornado.web.HTTPError:
            raise
        except Exception:  # whatever a hostile card provokes is the card's fault
            raise tornado.web.HTTPError(400) from None
        self.set_header("Content-Type", JSON)
        self.finish(json.dumps(said))


class ReleaseHandler(Answer):
    """`/release`: which release new pages come from, so that an open page can say that there is a new one."""

    route = "release"

    def get(self) -> None:
        current = self.desk.releases.current
        self.finish({"id": current.id, "name": current.name})


class Assets:
    """Style sheets, scripts, pictures and typefaces of the package, read and packed once."""

    def __init__(self, folder: Path = ASSETS) -> None:
        self.held: dict[str, tuple[str, Packed, str]] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix in SUFFIXES:
                body = path.read_bytes()
                tag = hashlib.sha256(body).hexdigest()[:16]
                self.held[path.name] = (SUFFIXES[path.suffix], Packed.of_bytes(body, 200), f'W/"{tag}"')


class AssetHandler(Answer):
    """`/static/<name>?v=<hash of all>`: named with the hash of all assets they may be kept for ever."""

    route = "static"

    def initialize(self, desk: Any, assets: Assets) -> None:  # type: ignore[override]
        super().initialize(desk)
        self.assets = assets

    def prepare(self) -> None:
        self.desk.gate.check_host(self)  # the page to sign in on needs its style sheets

    def get(self, name: str) -> None:
        if name not in self.assets.held:
            raise tornado.web.HTTPError(404)
        kind, packed, tag = self.assets.held[name]
        named = bool(self.request.query) or name.endswith(".woff2")  # with the hash of all, or with its version
        self.set_header("Cache-Control", "public, max-age=31536000, immutable" if named else "no-cache")
        self.set_header("ETag", tag)
        if self.check_etag_header():
            self.set_status(304)
            self.finish()
        else:
            self.write_packed(packed, kind, tag)

    head = get


class DocumentsHandler(tornado.web.StaticFileHandler):
    """Great Expectations' Data Docs, as `kb check --docs build/data-docs` left them: pages to read, nothing else."""

    route = "data-docs"

    def initialize(self, desk: Any, folder: Path) -> None:  # type: ignore[override]
        super().initialize(path=str(folder), default_filename="index.html")
        self.desk = desk

    def prepare(self) -> None:
        self.desk.gate.admit(self)

    def set_default_headers(self) -> None:
        set_headers(self)
        self.set_header("Content-Security-Policy", DOCUMENTS_POLICY)
        self.set_header("Cache-Control", "no-store")

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if Path(absolute_path).suffix not in {".html", ""}:
            raise tornado.web.HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.set_header("Content-Type", "text/plain")
        self.finish(responses.get(status_code, "Error"))

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        log_fault(self, value)

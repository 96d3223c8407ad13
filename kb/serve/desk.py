"""What the handlers share: the releases, the drawn pages, the clerk who draws, and the gate."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import views
from kb.serve import journal
from kb.serve.clerk import BusyError, Clerk
from kb.serve.gate import Gate
from kb.serve.limits import Limits
from kb.serve.metrics import Metrics
from kb.serve.releases import Release, Releases
from kb.serve.store import Packed, Store
from kb.views.drawing import Medium
from kb.views.page import fault, page_of
from kb.views.shell import HOME, Page, Site, document

if TYPE_CHECKING:
    from kb.serve.kernels import SessionPool

Params = Mapping[str, list[str]]
KernelLine = dict[str, Any]
READ_MOST = ("ingredient", "technique", "indication")
log = logging.getLogger("kb.serve")


@dataclass
class Desk:
    """`base` is the path the server answers under, from `/` to `/`."""

    edition: str
    base: str
    views: frozenset[str]
    releases: Releases
    limits: Limits
    gate: Gate
    clerk: Clerk
    store: Store
    metrics: Metrics
    dashboards: Path
    template_paths: list[str]
    pool: SessionPool | None = None
    embed: tuple[str, ...] = ()
    url: str = ""
    """Where readers reach the pages, as prints name it."""

    def site(self, release: Release) -> Site:
        return Site.of(self.edition, base=self.base, release=release.name, field=release.snapshot.field)

    def line(self, release: Release, kernel_id: str | None = None) -> KernelLine:
        """What the page's script needs to ask the server, or the page's own kernel."""
        return {
            "baseUrl": self.base,
            "pages": f"{self.base}notebook/" if kernel_id else self.base,
            "views": sorted(self.views),
            "home": HOME,
            "site": self.site(release).name,
            "release": release.id,
            "kernelId": kernel_id,
        }

    def draw(self, release: Release, view: str, params: Params) -> Page:
        return page_of(view, params, release.snapshot, self.edition, self.url)

    def document(self, release: Release, view: str, params: Params) -> Packed:
        """A whole page, packed. For the clerk's thread."""
        shown = self.draw(release, view, params)
        return Packed.of(document(shown, view, self.site(release), self.line(release)), shown.status)

    def kept(self, key: Hashable, make: Callable[[], Packed]) -> Packed:
        """What is kept under the key, or made now and kept. For the clerk's thread."""
        found = self.store.get(key)
        if found is None:
            found = make()
            if found.status < 500:
                self.store.put(key, found)
        return found

    async def watch(self) -> None:
        """Let a new snapshot go live once it has been looked at and shown whole."""
        while True:
            await asyncio.sleep(self.limits.look_every)
            with contextlib.suppress(BusyError):
                await self.look()

    async def look(self) -> bool:
        """Whether a new release went live just now."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(None, self.releases.look)
        if found is None:
            return False
        try:
            await loop.run_in_executor(None, self.warm, found)
        except Exception as error:
            log.error("pages of the new snapshot cannot be drawn, the old one stays: %s", fault(error))
            return False
        await self.clerk.do(partial(self.releases.show, found))
        journal.audit("release", name=found.name, content=found.content[:12])
        if self.pool is not None:
            await self.pool.renew(found.id, {"KB_SNAPSHOT": str(found.file)})
        return True

    def warm(self, release: Release) -> None:
        """Draw one of each page, so that modules, templates and documents are in memory. Raises what a view raises."""
        views.warm(release.snapshot, self.views, Medium(self.edition))

    async def draw_ahead(self) -> None:
        """While nobody asks, draw what is read most: the fixed pages and every subject's."""
        release = None
        while self.limits.ahead:
            if release is not self.releases.current:
                release = self.releases.current
                for view, params in self._read_most(release):
                    while not self.clerk.is_idle:
                        await asyncio.sleep(0.2)
                    if release is not self.releases.current:
                        break
                    with contextlib.suppress(BusyError):
                        key = page_key(release, view, params)
                        make = partial(self.document, release, view, params)
                        await self.clerk.do(partial(self.kept, key, make))
                    await asyncio.sleep(0.02)
            await asyncio.sleep(self.limits.look_every)

    def _read_most(self, release: Release) -> list[tuple[str, dict[str, list[str]]]]:
        from kb.views.reading import catalogue

        found: list[tuple[str, dict[str, list[str]]]] = [(view, {}) for view in sorted(self.views)]
        for row in catalogue(release.snapshot).values():
            if row["kind"] in READ_MOST:
                view = "indication" if row["kind"] == "indication" else "ingredient"
                found.append((view, {view: [row["id"]]}))
        return found


def page_key(release: Release, view: str, params: Params, what: str = "page") -> Hashable:
    written = (
        release.report if view == "about" else ()
    )  # a check that ends later than the release began is told as well
    return what, release.id, written, view, tuple((name, tuple(values)) for name, values in sorted(params.items()))


def notebook_site(site: Site) -> Site:
    """The site around a page that was run as a notebook: with the script that speaks to its kernel."""
    place = site.scripts.index("session.js")
    return replace(site, scripts=(*site.scripts[:place], "kernel.js", *site.scripts[place:]))

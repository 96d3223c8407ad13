"""What a page of HTML is made of, for tests: elements, attributes, links, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "img", "input", "hr", "meta", "link", "source", "wbr"}
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "img", "base", "link", "meta"}


@dataclass
class Markup(HTMLParser):
    """A parsed fragment. `faults` lists everything the page template or its content-security policy forbids."""

    html: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    text: str = ""
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]
        ids = [a["id"] for _, a in self.tags if "id" in a]
        self.faults += [f"id {i!r} stands twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
        for tag, attributes in self.tags:
            for name in ("aria-labelledby", "for", "data-filter-table", "data-filter-count"):
                if name in attributes and attributes[name] not in ids:
                    self.faults.append(f"<{tag} {name}={attributes[name]!r}> names nothing")
            if tag == "a" and attributes.get("href", "").startswith("#") and attributes["href"][1:] not in ids:
                self.faults.append(f"link to {attributes['href']!r} leads nowhere")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag in FORBIDDEN:
            self.faults.append(f"<{tag}>")
        for name, value in attributes.items():
            if name.startswith("on") or name == "style":
                self.faults.append(f"<{tag} {name}={value[:40]!r}>")
            elsewhere = name in {"href", "src", "action", "formaction"} and ":" in value.split("?")[0].split("/")[0]
            if elsewhere and not value.startswith(("https://", "http://")):
                self.faults.append(f"<{tag} {name}={value[:40]!r}>")
        if attributes.get("href", "").startswith("http") and "noreferrer" not in attributes.get("rel", ""):
            self.faults.append(f"link to {attributes['href'][:40]!r} tells where the reader comes from")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:]}")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)

    def links(self) -> list[str]:
        return [a["href"] for tag, a in self.tags if tag == "a" and "href" in a]

"""Templates of the views: one environment, compiled once, everything escaped."""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.bccache import Bucket
from typing_extensions import TypedDict

from kb.views import drawing, links, words

if TYPE_CHECKING:
    from kb.questions.shapes import ReferenceValue

_KEY = re.compile(r"\b[a-z]+(?:\d{4}|nd)[a-z]*\b")
TEMPLATES = Path(__file__).parent / "templates"
PACKAGE = Path(__file__).parents[1]


class Marker(TypedDict):
    """The number of a reference, where it stands on the page, and its short name."""

    n: int
    anchor: str
    short: str


class Citer:
    """Numbers the references of one page in the order in which the text cites them.

    `known` finds a reference value by key. A key that nobody knows is not cited, so no marker leads nowhere.
    """

    def __init__(self, known: Mapping[str, ReferenceValue]) -> None:
        self._known = known
        self._numbers: dict[str, int] = {}
        self.printed: set[str] = set()
        """Keys whose markers stand in what is printed; when a page names none, all its references are printed."""

    def cite(self, keys: str | Iterable[str] | None, on_paper: int = 0, most: int | None = None) -> list[Marker]:
        """Markers for these keys, or the first `most` of them: number, anchor and a short name each; every key once.

        The first `on_paper` of them stand in what is printed.
        """
        wanted = [keys] if isinstance(keys, str) else list(keys or ())
        self.printed.update(wanted[:on_paper])
        found: list[Marker] = []
        for key in list(dict.fromkeys(wanted))[:most]:
            reference = self._known.get(key)
            if reference is not None:
                place = self._numbers.setdefault(key, len(self._numbers) + 1)
                found.append({"n": place, "anchor": f"ref-{key}", "short": words.short_citation(reference, key)})
        return found

    def told(self, text: str | None) -> str:
        """A text with the keys of papers it speaks of told as names: `alam2018b` becomes `Alam 2018`."""
        return _KEY.sub(lambda m: self.short(m[0]) if m[0] in self._known else m[0], text or "")

    def reference(self, key: str) -> ReferenceValue | None:
        return self._known.get(key)

    def short(self, key: str) -> str:
        return words.short_citation(self._known.get(key), key)

    @property
    def cited(self) -> list[ReferenceValue]:
        """The references cited so far, in the order of their numbers."""
        return [self._known[key] for key in self._numbers]


class Compiled(jinja2.FileSystemBytecodeCache):
    """Compiled templates in the `__pycache__` of this room, as Python keeps its modules: a quarter of a server's start.

    Each file carries a checksum of its template and of the code that compiles it (what a filter makes of a constant is
    settled then); what does not fit or is damaged is compiled anew, and where nothing can be written, nothing is kept.
    """

    def __init__(self, folder: Path = TEMPLATES.parent / "__pycache__") -> None:
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
        super().__init__(str(folder), f"%s.{sys.implementation.cache_tag}.jinja")
        code = [path.read_bytes() for room in ("views", "model") for path in sorted((PACKAGE / room).rglob("*.py"))]
        self._code = hashlib.sha256(b"".join([jinja2.__version__.encode(), *code])).hexdigest()

    def get_source_checksum(self, source: str) -> str:
        return hashlib.sha256((self._code + source).encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError, EOFError, ValueError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


@cache
def environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=Compiled(),
        cache_size=200,
    )
    made.globals.update(w=words, href=links.href, href_of=links.href_of, link=drawing.link, leaves=drawing.leaves)
    made.globals.update(gloss=drawing.gloss, hover=drawing.hover, offers=drawing.offers, medium=drawing.medium)
    made.filters.update(
        outside=links.outside,
        number=words.number,
        tone=words.tone,
        cut=words.cut,
        inside=words.inside,
        capital=lambda text: text[:1].upper() + text[1:],
    )
    # Sessions are heated before a reader comes, and heating shows one page: all templates are compiled then.
    for name in made.list_templates(extensions=("j2",)):
        made.get_template(name)
    return made


def draw(template: str, /, **values: Any) -> str:
    """`templates/<template>.html.j2` with these values."""
    return environment().get_template(f"{template}.html.j2").render(**values)

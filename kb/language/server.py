"""A language server for the files of the formulary: `python -m kb.language`, on standard input and output.

It completes, explains and checks the YAML as it is typed, in JupyterLab (`kb lab` starts it) and in any editor that
speaks the Language Server Protocol. It opens no connection and writes no file.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import PositionCodec, ServerTextPosition, TextDocument

from kb.author.folder import find_root
from kb.author.workbench import Workbench
from kb.formulary.places import FileKind, kind_of
from kb.knowledge import KnowledgeBase
from kb.language.help import Offer, complete, hover
from kb.language.problems import Mark, marks
from kb.language.words import Words

PAUSE_SECONDS = 0.4
"""How long the keys must rest before the file is checked."""

_KINDS = {
    "field": lsp.CompletionItemKind.Field,
    "value": lsp.CompletionItemKind.EnumMember,
    "word": lsp.CompletionItemKind.Reference,
}
_SEVERITIES = {
    "critical": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}


class Library:
    """The bases of the checkouts whose files are open, each read again when one of its files has changed."""

    def __init__(self) -> None:
        self._benches: dict[Path, Workbench] = {}
        self._words: dict[Path, Words] = {}
        self._lock = Lock()

    def words(self, root: Path, fresh: bool = True) -> Words:
        """The words of a checkout; not `fresh`: as they were last read, at once, when they were read at all."""
        known = self._words.get(root)
        if known is not None and not fresh:
            return known
        with self._lock:
            base: KnowledgeBase = self._benches.setdefault(root, Workbench(root)).base
            known = self._words.get(root)
            if known is None or known.base is not base:
                known = self._words[root] = Words(base)
            return known


@dataclass
class Place:
    """A file of a checkout, by its address in the editor; `kind` is None when nothing reads the file."""

    root: Path
    file: str
    kind: FileKind | None


def place_of(uri: str) -> Place | None:
    """Where an address leads; None outside every `formulary/`."""
    name = uris.to_fs_path(uri)
    if name is None:
        return None
    path = Path(name)
    with contextlib.suppress(FileNotFoundError):
        root = find_root(path.parent)
        file = path.resolve().relative_to(root).as_posix()
        if file.startswith("formulary/"):
            return Place(root, file, kind_of(file))
    return None


@dataclass(frozen=True)
class Spot:
    """The cursor in an open file of the formulary."""

    kind: FileKind
    document: TextDocument
    codec: PositionCodec
    at: ServerTextPosition
    words: Words

    def range(self, start: int, end: int) -> lsp.Range:
        """A stretch of the cursor's line, in the editor's own units."""
        span = lsp.Range(lsp.Position(self.at.line, start), lsp.Position(self.at.line, end))
        return self.codec.range_to_client_units(self.document.lines, span)

    def item(self, offer: Offer) -> lsp.CompletionItem | None:
        """The offer as the editor takes it; None when what is typed already is not its beginning."""
        lines = self.document.lines
        before = lines[self.at.line][offer.start : self.at.character] if self.at.line < len(lines) else ""
        if not offer.label.startswith(before):
            return None
        # JupyterLab ignores the edit and puts its text at the cursor: a plain word in YAML is no token to it.
        rest = offer.insert if offer.label == offer.insert and offer.kind == "field" else offer.insert[len(before) :]
        explained = lsp.MarkupContent(lsp.MarkupKind.Markdown, offer.explained) if offer.explained else None
        return lsp.CompletionItem(
            offer.label,
            kind=_KINDS[offer.kind],
            detail=offer.detail or None,
            documentation=explained,
            sort_text=offer.order,
            insert_text=rest,
            text_edit=lsp.TextEdit(self.range(offer.start, offer.end), offer.insert),
        )


class Desk:
    """Answers what an editor asks: the bases of the open checkouts, and the check that waits for each open file."""

    def __init__(self, server: LanguageServer) -> None:
        self.server = server
        self.library = Library()
        self.waiting: dict[str, asyncio.Task[None]] = {}

    async def opened(self, params: lsp.DidOpenTextDocumentParams) -> None:
        self._check_later(params.text_document.uri, 0)

    async def changed(self, params: lsp.DidChangeTextDocumentParams) -> None:
        self._check_later(params.text_document.uri)

    async def saved(self, params: lsp.DidSaveTextDocumentParams) -> None:
        for uri in self.server.workspace.text_documents:  # a saved word may mend, or break, a link of another open file
            self._check_later(uri)

    async def closed(self, params: lsp.DidCloseTextDocumentParams) -> None:
        waiting = self.waiting.pop(params.text_document.uri, None)
        if waiting is not None:
            waiting.cancel()
        self.server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))

    async def completion(self, params: lsp.CompletionParams) -> lsp.CompletionList:
        spot = await self._spot(params)
        if spot is None:
            return lsp.CompletionList(False, [])
        typed = params.context is not None and params.context.trigger_character == " "
        offers = complete(spot.kind, spot.document.source, spot.at.line, spot.at.character, spot.words)
        # blanks are typed to indent, too; names of fields come when they are asked for
        items = [spot.item(offer) for offer in offers if not (typed and offer.kind == "field")]
        return lsp.CompletionList(False, [item for item in items if item is not None])

    async def explain(self, params: lsp.HoverParams) -> lsp.Hover | None:
        spot = await self._spot(params)
        if spot is None:
            return None
        told = hover(spot.kind, spot.document.source, spot.at.line, spot.at.character, spot.words)
        if told is None:
            return None
        text, start, end = told
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text), spot.range(start, end))

    async def _spot(self, params: lsp.CompletionParams | lsp.HoverParams) -> Spot | None:
        """Where the cursor is and the words of its checkout; None in a file that nothing reads."""
        place = place_of(params.text_document.uri)
        if place is None or place.kind is None:
            return None
        document = self.server.workspace.get_text_document(params.text_document.uri)
        codec = self.server.workspace.position_codec
        at = codec.position_from_client_units(document.lines, params.position)
        words = await asyncio.get_running_loop().run_in_executor(None, self.library.words, place.root, False)
        return Spot(place.kind, document, codec, at, words)

    def _check_later(self, uri: str, pause: float = PAUSE_SECONDS) -> None:
        earlier = self.waiting.pop(uri, None)
        if earlier is not None:
            earlier.cancel()
        self.waiting[uri] = asyncio.get_running_loop().create_task(self._check(uri, pause))

    async def _check(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        place = place_of(uri)
        if place is None:
            return
        document = self.server.workspace.get_text_document(uri)
        text, version = document.source, document.version

        def work() -> list[Mark]:
            return marks(place.kind, place.file, text, self.library.words(place.root).base)

        found = await asyncio.get_running_loop().run_in_executor(None, work)
        lines = text.splitlines(keepends=True)
        codec = self.server.workspace.position_codec
        shown = [
            lsp.Diagnostic(
                codec.range_to_client_units(
                    lines, lsp.Range(lsp.Position(m.line, m.start), lsp.Position(m.line, m.end))
                ),
                m.message,
                severity=_SEVERITIES[m.severity],
                source="kb",
            )
            for m in found
        ]
        self.server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, shown, version))


def _function(method: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
    """A method as a function of its own: pygls writes attributes to what it registers, and a method takes none."""

    async def answer(params: Any) -> Any:
        return await method(params)

    return answer


def make() -> LanguageServer:
    """The server with its features, not started."""
    server = LanguageServer("kb", "1", text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental)
    desk = Desk(server)
    server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)(_function(desk.opened))
    server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)(_function(desk.changed))
    server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)(_function(desk.saved))
    server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)(_function(desk.closed))
    server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[" "]))(
        _function(desk.completion)
    )
    server.feature(lsp.TEXT_DOCUMENT_HOVER)(_function(desk.explain))
    return server

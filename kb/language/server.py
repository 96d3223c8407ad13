"""A language server for the files of the formulary: `python -m kb.language`, on standard input and output.

It completes, explains and checks the YAML as it is typed, in JupyterLab (`kb lab` starts it) and in any editor that
speaks the Language Server Protocol. It opens no connection and writes no file.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer

from kb.author.folder import find_root
from kb.author.workbench import Workbench
from kb.knowledge import KnowledgeBase
from kb.language.help import complete, hover
from kb.language.problems import Mark, marks
from kb.language.spots import FileKind, kind_of
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


@dataclass
class State:
    """What the server keeps: the bases, and the check that waits for each open file."""

    library: Library = field(default_factory=Library)
    waiting: dict[str, asyncio.Task[None]] = field(default_factory=dict)


def make() -> LanguageServer:
    """The server with its features, not started."""
    server = LanguageServer("kb", "1", text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental)
    state = State()

    async def look(uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        place = place_of(uri)
        if place is None:
            return
        document = server.workspace.get_text_document(uri)
        text, version = document.source, document.version

        def work() -> list[Mark]:
            return marks(place.kind, place.file, text, state.library.words(place.root).base)

        found = await asyncio.get_running_loop().run_in_executor(None, work)
        lines = text.splitlines(keepends=True)
        codec = server.workspace.position_codec
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
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, shown, version))

    def later(uri: str, pause: float = PAUSE_SECONDS) -> None:
        earlier = state.waiting.pop(uri, None)
        if earlier is not None:
            earlier.cancel()
        state.waiting[uri] = asyncio.get_running_loop().create_task(look(uri, pause))

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        later(params.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        later(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        for uri in server.workspace.text_documents:  # a saved word may mend, or break, a link of another open file
            later(uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        waiting = state.waiting.pop(params.text_document.uri, None)
        if waiting is not None:
            waiting.cancel()
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[" "]))
    async def completion(params: lsp.CompletionParams) -> lsp.CompletionList:
        place = place_of(params.text_document.uri)
        if place is None or place.kind is None:
            return lsp.CompletionList(False, [])
        document = server.workspace.get_text_document(params.text_document.uri)
        codec = server.workspace.position_codec
        at = codec.position_from_client_units(document.lines, params.position)
        words = await asyncio.get_running_loop().run_in_executor(None, state.library.words, place.root, False)
        typed = params.context is not None and params.context.trigger_character == " "
        items = []
        for offer in complete(place.kind, document.source, at.line, at.character, words):
            if typed and offer.kind == "field":
                continue  # blanks are typed to indent, too; names of fields come when they are asked for
            span = lsp.Range(lsp.Position(at.line, offer.start), lsp.Position(at.line, offer.end))
            before = document.lines[at.line][offer.start : at.character] if at.line < len(document.lines) else ""
            if not offer.label.startswith(before):
                continue
            # JupyterLab ignores the edit and puts its text at the cursor: a plain word in YAML is no token to it.
            rest = (
                offer.insert if offer.label == offer.insert and offer.kind == "field" else offer.insert[len(before) :]
            )
            explained = lsp.MarkupContent(lsp.MarkupKind.Markdown, offer.explained) if offer.explained else None
            items.append(
                lsp.CompletionItem(
                    offer.label,
                    kind=_KINDS[offer.kind],
                    detail=offer.detail or None,
                    documentation=explained,
                    sort_text=offer.order,
                    insert_text=rest,
                    text_edit=lsp.TextEdit(codec.range_to_client_units(document.lines, span), offer.insert),
                )
            )
        return lsp.CompletionList(False, items)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def explain(params: lsp.HoverParams) -> lsp.Hover | None:
        place = place_of(params.text_document.uri)
        if place is None or place.kind is None:
            return None
        document = server.workspace.get_text_document(params.text_document.uri)
        codec = server.workspace.position_codec
        at = codec.position_from_client_units(document.lines, params.position)
        words = await asyncio.get_running_loop().run_in_executor(None, state.library.words, place.root, False)
        told = hover(place.kind, document.source, at.line, at.character, words)
        if told is None:
            return None
        text, start, end = told
        span = lsp.Range(lsp.Position(at.line, start), lsp.Position(at.line, end))
        return lsp.Hover(
            lsp.MarkupContent(lsp.MarkupKind.Markdown, text), codec.range_to_client_units(document.lines, span)
        )

    return server

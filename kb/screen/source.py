"""Files of any size as a stream of text: unpacked, decoded, with line ends as `\\n`.

A gzip file is recognised by its first bytes and unpacked piece by piece. One that unpacks to more than a hundred
megabytes and two hundred times its size is refused: PubMed's files unpack to about ten times theirs.
"""

from __future__ import annotations

import codecs
import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kb.literature.read import encoding_of

PIECE = 1 << 18
"""Bytes that are read, or unpacked, at a time."""

BOMB_SIZE, BOMB_RATIO = 100_000_000, 200
"""Bytes from which on the ratio of unpacked to packed is looked at, and the ratio that no file of text reaches."""

SUFFIXES = (".xml", ".json", ".nbib", ".ris", ".bib", ".txt", ".medline")
"""Endings of the files that are taken from a folder, packed (`.gz`) or not."""

STDIN = "-"


class Unreadable(Exception):
    """A file that cannot be read, or not to its end: what is wrong, and how to mend it."""

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(f"{message}; {cure}")
        self.message, self.cure = message, cure


def files_in(paths: Iterable[str]) -> list[str]:
    """The files to read, in order: folders with everything in them, by name; `-` is standard input."""
    found: list[str] = []
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            inside = sorted(p for p in Path(path).rglob("*") if p.is_file() and _is_literature(p.name.lower()))
            found += map(str, inside)
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _is_literature(name: str) -> bool:
    return not name.startswith(".") and name.removesuffix(".gz").endswith(SUFFIXES)


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The bytes of a file, or of standard input. Raises Unreadable."""
    if path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}", "look at its permissions") from None


def texts(stream: BinaryIO) -> Iterator[str]:
    """The text of a stream, piece by piece. Bytes that are not UTF-8 are read as Windows-1252. Raises Unreadable."""
    return decoded(unpacked(stream))


def decoded(pieces: Iterable[bytes]) -> Iterator[str]:
    """Unpacked bytes as text, piece by piece, as `texts` does."""
    decoder: io.IncrementalNewlineDecoder | None = None
    for data in pieces:
        if decoder is None:
            decode = codecs.getincrementaldecoder(encoding_of(data))(errors="kb-windows-1252")
            decoder = io.IncrementalNewlineDecoder(decode, translate=True)
        yield decoder.decode(data)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a stream, unpacked when they are packed. Raises Unreadable."""
    data = stream.read(PIECE)
    if not data.startswith(b"\x1f\x8b"):
        while data:
            yield data
            data = stream.read(PIECE)
        return
    unpacker, packed, unpacked, held = zlib.decompressobj(31), len(data), 0, b""
    while data or held:
        try:
            piece = unpacker.decompress(held + data, PIECE)
        except zlib.error as error:
            raise Unreadable(f"is a damaged gzip file ({error})", "download it again") from None
        unpacked += len(piece)
        if unpacked > BOMB_SIZE and unpacked > BOMB_RATIO * packed:
            raise Unreadable(f"unpacks to more than {BOMB_RATIO} times its size", "unpack it and look what it is")
        if piece:
            yield piece
        data, held = b"", unpacker.unconsumed_tail
        if unpacker.eof:  # PubMed's files are one member; others are several, one after the other
            held = unpacker.unused_data.lstrip(b"\0")
            if held:
                unpacker = zlib.decompressobj(31)
        if not held:
            data = stream.read(PIECE)
            packed += len(data)
            if data and unpacker.eof:
                unpacker = zlib.decompressobj(31)
    if not unpacker.eof:
        raise Unreadable("is a gzip file that breaks off", "download it again")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("kb-windows-1252", _as_windows_1252)

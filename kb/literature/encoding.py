"""Bytes of a file to text: the encoding that is marked or plain to see, else the likeliest, told as a guess.

Nothing is read as Windows-1252 merely because it is not UTF-8: Chinese, Cyrillic and Mac files would come out as letters
that look like names. Where no encoding makes sense the file is refused.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")
_STATED = re.compile(
    rb"^[ \t]*(?:%|@comment\{|Content:)[^\n]{0,40}?(?:encoding|charset)\s*[:=]\s*([A-Za-z0-9._-]{2,20})", re.I | re.M
)
_SAFE = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "iso-8859-1": "cp1252", "latin-1": "cp1252",
    "latin1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252", "utf-16": "utf-16", "gb2312": "gb18030",
    "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "shift_jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949",
    "windows-1251": "cp1251", "koi8-r": "koi8-r", "windows-1250": "cp1250", "iso-8859-2": "iso8859-2",
    "windows-1254": "cp1254", "iso-8859-9": "iso8859-9", "iso-8859-15": "iso8859-15", "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman", "macroman": "mac_roman", "iso8859_1": "cp1252", "cp1250": "cp1250", "cp1251": "cp1251",
}  # fmt: skip
"""Encodings that a file may state; Latin-1 is read as Windows-1252, which is what programs mean by it."""

NAMES = {
    "cp1252": "Windows-1252 (Latin-1)", "mac_roman": "Mac Roman", "gb18030": "GB18030 (Chinese)", "cp1251": "Windows-1251 (Cyrillic)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1254": "Windows-1254 (Turkish)", "cp932": "Shift JIS (Japanese)", "cp949": "EUC-KR (Korean)", "big5": "Big5 (Chinese)",
}  # fmt: skip

_WESTERN = frozenset("áàâäãåæçéèêëíìîïñóòôöõøúùûüßœÿýÁÀÂÄÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØÚÙÛÜŒÝ–—‘’“”°µ±×®™…\u00a0")
_CENTRAL = frozenset("ąćčďęěłńňřśšťůźżžőűşţğıĄĆČĎĘĚŁŃŇŘŚŠŤŮŹŻŽŐŰŞŢĞİ")
_RUN = re.compile(rb"[\x80-\xff](?:[\x40-\xff])?(?:[\x80-\xff][\x40-\xff]?)*")
_FOLLOWS = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MOJIBAKE = re.compile(f"[Â-ß]{_FOLLOWS}|[à-ï]{_FOLLOWS}{{2}}")
"""What two or three bytes of UTF-8 look like when they were read as Windows-1252."""
_WORD = re.compile(r"[^ \t\n\r{}<>,;:=\"]+")


@dataclass
class Decoded:
    """Text of a file. `guess` names the encoding when it was guessed; `mended` are words whose letters had been encoded
    twice; `reason` says why there is no text at all."""

    text: str
    guess: str = ""
    mended: set[str] = field(default_factory=set)
    reason: str = ""


def encoding_of(data: bytes) -> str:
    """The encoding that the beginning of a file states by its mark or its declaration; else UTF-8."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return encoding
    declared = _DECLARED.search(data[:300]) or _STATED.search(data[:2000])
    return _SAFE.get(declared[1].decode().lower(), "utf-8") if declared else "utf-8"


def decode(data: bytes) -> Decoded:
    """The text of a file; never raises."""
    stated = encoding_of(data)
    if any(data.startswith(mark) for mark, _ in BOMS):
        try:
            found = Decoded(data.decode(stated))
        except UnicodeDecodeError:
            return Decoded("", reason=f"begins as {stated.upper().removesuffix('-SIG')} but is damaged")
    elif (wide := _wide(data)) is not None:
        found = wide
    else:
        found = _narrow(data, stated)
    if not found.reason:
        found.text, found.mended = untangle(found.text)
    return found


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: every other byte of plain text is zero."""
    head = data[:2000]
    if len(head) < 8 or head.count(0) < len(head) // 4:
        return None
    encoding = "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return Decoded(text, guess="UTF-16") if "\0" not in text else None


def _narrow(data: bytes, stated: str) -> Decoded:
    for encoding in dict.fromkeys(("utf-8", stated)):
        try:
            return Decoded(data.decode(encoding))
        except (UnicodeDecodeError, LookupError):
            continue
    if any(_sound(line) and max(line, default=0) > 127 for line in data.split(b"\n")):
        return Decoded(_line_by_line(data), guess="UTF-8 in some lines and Windows-1252 in others")
    east = _eastern(data)
    if east:
        return Decoded(data.decode(east), guess=NAMES[east])
    best = max(("cp1252", "mac_roman", "cp1250", "cp1251", "cp1254"), key=lambda e: _plausible(data, e))
    if _plausible(data, best) < 0.5:
        return Decoded("", reason="is not UTF-8, and no other encoding gives words")
    return Decoded(data.decode(best, errors="replace"), guess=NAMES[best])


def _sound(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_by_line(data: bytes) -> str:
    return "\n".join(
        line.decode("utf-8") if _sound(line) else line.decode("cp1252", errors="replace") for line in data.split(b"\n")
    )


def _eastern(data: bytes) -> str:
    """`gb18030`, `cp932` or `cp949` where the bytes beyond ASCII come in long even runs of its usual characters."""
    runs = [run for run in re.findall(rb"[\x80-\xff][\x40-\xff]*", data) if run]
    long = [run for run in runs if sum(byte > 127 for byte in run) >= 4]
    if not long or sum(map(len, long)) < 0.5 * sum(map(len, runs)):
        return ""
    scores = {}
    for encoding, usual in (
        ("gb18030", "[\u4e00-\u9fff]"),
        ("cp932", "[\u3040-\u30ff\u4e00-\u9fff]"),
        ("cp949", "[\uac00-\ud7a3]"),
        ("big5", "[\u4e00-\u9fff]"),
    ):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        beyond = [c for c in text if ord(c) > 127]
        share = sum(bool(re.match(usual + "|[\u3000-\u303f\uff00-\uff60]", c)) for c in beyond) / len(beyond)
        kana = sum("\u3040" <= c <= "\u30ff" for c in beyond) / len(beyond)
        common = sum(c in _COMMON_HAN for c in beyond) / len(beyond)
        scores[encoding] = (
            share
            + (1.2 if encoding == "cp932" and kana > 0.2 else 0)
            + (1 if encoding == "cp949" and share > 0.9 else 0)
            + common
        )
    best = max(scores, key=lambda e: scores[e], default="")
    return best if best and scores[best] >= 0.9 else ""


_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗小明华治疗皮肤研究临床患者注射效果疗效观察医院医学杂志美容毛发痤疮黄褐斑脱发"
)


def _plausible(data: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that letters of names and titles are likely to be, from 0 to 1."""
    text = data.decode(encoding, errors="replace")
    beyond = [(i, c) for i, c in enumerate(text) if ord(c) > 127]
    if not beyond:
        return 0.0
    turkish = len({c for c in text if c in "ğışĞİŞ"}) >= 3  # one alone may be a letter of Croatian or Icelandic
    likely = 0.0
    for i, char in beyond:
        before, after = text[i - 1 : i], text[i + 1 : i + 2]
        if char.isupper() and before.islower():
            continue  # a capital inside a word
        inside = before.isalpha() or after.isalpha()
        if char in _WESTERN and (inside or not char.isalpha()):
            likely += 0.6 if encoding == "mac_roman" and not char.isalpha() else 1
        elif encoding == "cp1254" and char in "ğışĞİŞ" and inside and turkish:
            likely += 1
        elif encoding == "cp1250" and char in _CENTRAL and inside:
            likely += 0.9
        elif (
            encoding == "cp1251" and "Ѐ" <= char <= "ӿ" and (not inside or any("Ѐ" <= c <= "ӿ" for c in before + after))
        ):
            likely += 1 if not (before.isascii() and before.isalpha()) else 0
    return likely / len(beyond)


def untangle(text: str) -> tuple[str, set[str]]:
    """The text with letters that were encoded twice (`GrÃ¶ÃŸe`) put right, and the words this changed."""
    if not _MOJIBAKE.search(text):
        return text, set()
    mended: set[str] = set()

    def put_right(match: re.Match[str]) -> str:
        word = match[0]
        for _ in range(2):
            again = _once(word) if _MOJIBAKE.search(word) else None
            if again is None:
                break
            word = again
        if word != match[0]:
            mended.add(word)
        return word

    return _WORD.sub(put_right, text), mended


def _once(word: str) -> str | None:
    try:
        raw = b"".join(c.encode("latin-1") if ord(c) < 256 else c.encode("cp1252") for c in word)
        return raw.decode("utf-8")
    except UnicodeError:
        return None


def tangled(text: str) -> bool:
    """Whether letters that were encoded twice are left in a text."""
    return bool(_MOJIBAKE.search(text))

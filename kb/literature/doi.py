"""The DOI in a text: without resolver, query, the page it was opened on, and what else was glued to it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from kb.model.identifiers import SCHEMES

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_BROKEN = re.compile(r"10\.\s?(\d{4,9})\s*/\s*(?=\S)")
_TAIL = re.compile(r"(?:\[(?:doi|pii)\]|[.,;:'\"»”’<>|*\\]|&(?:gt|lt|quot|amp);?)+$", re.IGNORECASE)
_QUERY = re.compile(r"(?:\?|[?&;#]|&amp;)[A-Za-z_.-]{2,40}=.*$|\?.*$|#[A-Za-z][\w.-]*$|;jsessionid.*$", re.IGNORECASE)
_PAGE = re.compile(
    r"/(?:full(?:text)?(?:[.-](?:pdf|html?|text))?|e?pdf(?:ft|direct)?|abstract|html?|meta|epub|references|summary|suppinfo"
    r"|tables?|figures?|media|download|reader|asset/.*|issuetoc|v\d+/review)/?$|\.(?:full(?:\.pdf)?|pdf|html?|abstract)$"
    r"|/-/dc\w*$",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"[.,;:)\]]*(?:\(?PMC?ID\b|PMID:|PMC\d{5}|Epub\b|E-pub\b|e?ISBN|e?ISSN|isbn:|issn:|doi:|DOI:|https?:|www\.|Accessed|Available|Published"
    r"|Retrieved|Article\b|Copyright|©|[,;]10\.\d{4,9}/).*$"
)
_PREPRINT_VERSION = re.compile(r"^(10\.1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8})v\d+$")
_DASH = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_LINKED = re.compile(r"\[(?:https?://)?([^\s\[\]]{1,100})\]\(https?://[^()\s]{1,200}\)")
"""A link that a program made of a part of the DOI: `[http://2.0.CO](https://t.co/...)`."""
_END_TAG = re.compile(r"</[A-Za-z]{1,12}>?.*$")
_ESCAPED = re.compile(r"\\([_%&#$<>{}()\[\];:/.-])")
_SPELLED = (
    ("$\\less$", "<"), ("$\\greater$", ">"), ("$<$", "<"), ("$>$", ">"), ("{\\_}", "_"), ("\\textunderscore", "_"),
    ("{\\textless}", "<"), ("{\\textgreater}", ">"),
)  # fmt: skip


def doi(value: str) -> str | None:
    """The first DOI in a clean line of text, or None; `10.1002/(SICI)...14:1%3C3` is decoded, `/full` cut off."""
    for spelled, char in _SPELLED:
        value = value.replace(spelled, char)
    clean = _ESCAPED.sub(r"\1", _LINKED.sub(r"\1", value))
    if re.search(r"%[0-9A-Fa-f]{2}", clean):
        plain = unquote(clean)
        clean = plain if plain.isprintable() else clean  # `%05` is no letter of anything
    found = _DOI.search(clean)
    if not found:
        clean = _BROKEN.sub(r"10.\1/", clean)
        found = _DOI.search(clean)
    if not found:
        return None
    name = _GLUED.sub("", found[0].translate(_DASH))
    while (shorter := _shorter(name)) != name:
        name = shorter
    return name if re.fullmatch(SCHEMES["doi"].shape, name) else None


def _shorter(name: str) -> str:
    name = _TAIL.sub("", _END_TAG.sub("", name))
    for opening, closing in ("()", "[]", "{}"):
        if name.endswith(closing) and name.count(closing) > name.count(opening):
            name = name[:-1]
    name = _PAGE.sub("", _QUERY.sub("", name))
    return _PREPRINT_VERSION.sub(r"\1", name)


def names_a_record(name: str) -> bool:
    """Whether a DOI is that of a record in Cochrane's CENTRAL, and not of the article that the record is about."""
    return name.lower().startswith("10.1002/central/")


def several(value: str) -> bool:
    """Whether a text names more than one DOI."""
    found = {match[0].lower().rstrip(".,;)") for match in re.finditer(r"10\.\d{4,9}/[^\s,;]+", value)}
    return len({re.sub(r"/(?:full|pdf|epdf|abstract).*$", "", one) for one in found}) > 1

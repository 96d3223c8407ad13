"""What an entry is when it is no study: a retraction notice, an erratum, an expression of concern, a preprint.

PubMed says it in publication types, Crossref in `update-to`, publishers in the title. A notice about another article is
told apart from an article that was itself retracted or corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_TYPES = {
    "retraction of publication": "a retraction notice",
    "retraction notice": "a retraction notice",
    "retraction": "a retraction notice",
    "partial retraction": "a retraction notice",
    "withdrawal": "a retraction notice",
    "published erratum": "a correction notice (erratum)",
    "erratum": "a correction notice (erratum)",
    "correction": "a correction notice (erratum)",
    "corrigendum": "a correction notice (erratum)",
    "correction, addition": "a correction notice (erratum)",
    "addendum": "a correction notice (addendum)",
    "expression of concern": "an expression of concern about another article",
    "expression-of-concern": "an expression of concern about another article",
    "trial registry record": "a trial registration",
    "preprint": "a preprint",
    "posted-content": "a preprint",
    "posted content": "a preprint",
    "working paper": "a preprint",
    "comment": "a comment or letter",
    "letter": "a comment or letter",
    "editorial": "an editorial",
    "biography": "a biography",
    "news": "a news item",
    "meeting abstract": "a meeting abstract",
    "congress": "a meeting abstract",
}
"""Publication type (lower case) to what the entry is."""

_TITLES = (
    (r"\W{0,2}(?:notice of )?(?:retraction|withdrawal)\b(?: (?:notice|note|statement))?\s*(?:[:.—–-]|(?:to|of|for)\b|$)",
     "a retraction notice"),
    (r"\W{0,2}retraction and republication\b", "a retraction notice"),
    (
        r"\W{0,2}(?:errat(?:um|a)|corrigend(?:um|a)|(?:publisher['’]?s? |author['’]?s? )?corrections?(?: notice)?|addendum)\b"
        r"\s*(?:[:.—–\])-]|(?:to|for|regarding)\b|$)",
        "a correction notice (erratum)",
    ),
    (r"\W{0,2}(?:editorial |editor['’]s )?(?:expression|note|statement) of concern\b", "an expression of concern about another article"),
    (r"\W{0,2}(?:comments? (?:on|to)|commentary on|reply to|response to|re:|authors?['’]? (?:reply|response))\W", "a comment or letter"),
)  # fmt: skip
_WITHDRAWN = re.compile(
    r"\W{0,3}(?:RETRACTED|WITHDRAWN)(?: (?:ARTICLE|PAPER|MANUSCRIPT|CHAPTER))?\s*[\])]*\s*[:.—–\]-]"
    r"|\W{1,3}(?:RETRACTED|WITHDRAWN)(?: ARTICLE)?[\])]"
    r"|.*[\[(](?:this article has been )?retracted\b[^\])]*[\])]?\W*$"
    r"|.*\((?:retracted|withdrawn) (?:article|paper)\b"
    r"|RETRACTED(?: ARTICLE)? ",
    re.IGNORECASE | re.DOTALL,
)
_UPPER_WORD = re.compile(r"RETRACTED(?: ARTICLE)? ")
_PREPRINT_DOI = re.compile(
    r"10\.1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8}$|10\.(?:64898|48550|2139|21203|20944|22541|31234|26434|31219|36227|14293|7287)/"
    r"(?!peerj\.\d+$)",
    re.IGNORECASE,
)
_PREPRINT_PLACE = re.compile(
    r"(?:bio|med|ar|chem|psy|socar|edu|engr)\W?r?x?ivs?\b.*|.*\b(?:medrxiv|biorxiv|arxiv|chemrxiv|psyarxiv|research square|ssrn|authorea"
    r"|preprints?(?:\.org)?|techrxiv|osf preprints)\b.*",
    re.IGNORECASE,
)
_REGISTER = re.compile(
    r"https?://(?:\w+\.)*(?:clinicaltrials\.gov|isrctn\.com|anzctr\.org\.au|clinicaltrialsregister\.eu|euclinicaltrials\.eu|chictr\.org\.cn"
    r"|ctri\.nic\.in|drks\.de|irct\.(?:ir|behdasht\.gov\.ir)|umin\.ac\.jp/ctr|jrct\.\w+\.go\.jp|trialsearch\.who\.int|who\.int/trialsearch"
    r"|ensaiosclinicos\.gov\.br|cris\.nih\.go\.kr)\b",
    re.IGNORECASE,
)
"""Where trials are registered; Cochrane's CENTRAL gives such an address for the journal."""
_LESSER = ("a comment or letter", "an editorial", "a biography", "a news item", "a meeting abstract")


def is_retracted(title: str) -> bool:
    """Whether a title says that its article was retracted or withdrawn."""
    match = _WITHDRAWN.match(title)
    return bool(match) and (match is None or not _UPPER_WORD.fullmatch(match[0]) or match[0].isupper())


def marked_retracted(types: Iterable[str]) -> bool:
    """Whether a publication type says that the article was retracted: `Retracted Publication`, `Retracted Article`."""
    return any(
        re.fullmatch(r"(?:retracted|withdrawn)(?: (?:publication|article|paper))?", t.strip().lower()) for t in types
    )


def kinds(types: Iterable[str], fields: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """What an entry is other than a study, each with whether that is grave (a notice, a preprint) or by the way."""
    found: dict[str, None] = {}
    for kind in types:
        if named := _TYPES.get(re.sub(r"\s+", " ", kind.strip().lower())):
            found[named] = None
    title = str(fields.get("title", ""))
    for pattern, named in _TITLES:
        if re.match(pattern, title, re.IGNORECASE):
            found[named] = None
    if _is_preprint(fields):
        found["a preprint"] = None
    places = (str(fields.get(name, "")) for name in ("journal", "url"))
    if not fields.get("doi") and not fields.get("pmid") and any(map(_REGISTER.match, places)):
        found["a trial registration"] = None
    return [(named, named not in _LESSER) for named in found]


def _is_preprint(fields: Mapping[str, Any]) -> bool:
    places = (fields.get("journal"), fields.get("publisher"))
    return bool(_PREPRINT_DOI.match(str(fields.get("doi", "")))) or any(
        _PREPRINT_PLACE.fullmatch(str(place)) for place in places if place
    )

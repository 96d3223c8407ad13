"""Names of authors as programs export them, where the rule of the format was not kept.

A list on one line, parted by semicolons, `and` or commas alone; a name without a comma (`Low A`, `Ann B. Low`); a suffix
or a degree; a body of people. Whatever is decided here that the file does not say is told: see `Reading.told`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kb.literature import mend
from kb.model.reference import Author

LONGEST = 600
"""Characters of a family name, or of given names."""

SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv|2nd|3rd|4th)\.?", re.IGNORECASE)
DEGREE = re.compile(
    r"(?:M\.?D|Ph\.?\s?D|M\.?Sc|B\.?Sc|M\.?S|M\.?B\.?B\.?S|D\.?O|Pharm\.?D|R\.?N|M\.?P\.?H|F\.?A\.?A\.?D|Dr|Prof|D\.?D\.?S|MBChB|FRCP)"
    r"\.?",
)
BODY = re.compile(
    r"\b(?:groups?|consortium|committees?|agency|administration|ministry|society|association|institutes?|organi[sz]ation"
    r"|collaborat(?:ion|ive|ors)|investigators|college|academy|university|department|inc|ltd|llc|gmbh|plc|s\.p\.a|network|cent(?:er|re)s?"
    r"|council|commission|foundation|hospital|program(?:me)?|team|initiative|federation|union|board|authority|bureau|office"
    r"|task\s?force|working\s?party|panel|registry|alliance|laborator(?:y|ies)|company|corporation|pharma\w*|trialists"
    r"|researchers|service|division|school|faculty|press)\b",
    re.IGNORECASE,
)
TITLE_OF_PERSON = re.compile(r"\b(?:Prof|Dr|Mr|Mrs|Ms|Sir)\b\.?\s*")
CUT = re.compile(r"(?:and\s+)?(?:et\s?\.?\s?al\.?|others|colleagues|\.{3}|…)[\s.]*", re.IGNORECASE)
NOBODY = re.compile(
    r"\[?(?:no authors? (?:listed|given)|no author|anonymous|anon|nan|none|null|unknown|n/a|(?-i:NA|na)|not available)\.?\]?",
    re.I,
)

_FORM = re.compile(r"(?:inc|ltd|llc|gmbh|plc|s\.p\.a)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-ZÀ-ÖØ-ÞА-ЯЁ]\.?[ -]?){1,4}|[A-ZÀ-ÖØ-ÞА-ЯЁ]{1,4}|(?:[A-ZА-Я][a-zа-я]?\.[ -]?){1,4}")
_PARTICLE = re.compile(
    r"(?:de|da|do|dos|das|del|della|di|du|des|van|von|der|den|ten|ter|la|le|el|al|bin|ibn|ben|af|av|zu|zur|y|e|st)",
    re.I,
)
_PATRONYMIC = re.compile(r"(?:[ое]вич|[ое]вна|инична|ична)$", re.IGNORECASE)
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_NOISE = re.compile(
    r"https?://\S+|\bORCID\b\S*|\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b|\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|[^\s;,@]{1,64}@[^\s;,@]{1,64}\.\w{2,20}"
    r"|[*†‡§¶⁎✉#^]+|[\u00b9\u00b2\u00b3\u2070-\u2079]+|(?<=[a-zà-ÿ.])\d(?:[,\d]*\d)?(?=$|[\s,;])",
)
_JOINED = re.compile(r"(?:and|&)\s+(?=[^\W\d_a-zà-ÿ])")
_NUMBER = re.compile(r"^\s*\(?\d{1,3}[.)]\s+(?=\w)")
_PAIR = re.compile(r"(?:family|given|prefix|suffix)\s*=\s*[^,]+", re.IGNORECASE)


@dataclass
class Reading:
    """Authors read so far; `told` are the sentences about what was guessed, `cut` whether the list breaks off."""

    authors: list[Author] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    cut: bool = False

    def tell(self, sentence: str) -> None:
        if sentence not in self.told:
            self.told.append(sentence)

    def keep(self, family: str, given: str = "", *, body: bool = False) -> None:
        found = make(family, given, body=body)
        if found is None:
            self.tell(f"{shown(f'{family}, {given}')} is not a name; left out")
        else:
            self.authors.append(found)


def set_right(reading: Reading) -> None:
    """Turn names round whose family name is an initial with a stop: `Q., Al-Khalidi F.` is Al-Khalidi.

    Where one of a list is so, a family name of one letter without a stop (`S, Tan`) is turned round as well.
    """
    turned = [one for one in reading.authors if _is_initial(one, stop=True)]
    for place, one in enumerate(reading.authors if turned else ()):
        if not _is_initial(one, stop=False):
            continue
        words = (one.given or "").split()
        family = [word for word in words if not _only_initials(word)]
        given = [*(word for word in words if _only_initials(word)), one.family]
        reading.tell(f"{shown(f'{one.family}, {one.given}')} was turned round: {' '.join(family)!r} is the family name")
        reading.authors[place] = one.model_copy(update={"family": " ".join(family), "given": " ".join(given)})


def _is_initial(one: Author, *, stop: bool) -> bool:
    shape = r"[^\W\d_]\." if stop else r"[^\W\d_]\.?"
    return bool(re.fullmatch(shape, one.family)) and any(
        len(word) > 2 and not _only_initials(word) for word in (one.given or "").split()
    )


def make(family: str, given: str = "", *, body: bool = False) -> Author | None:
    """A clean author, or None when nothing is left of the name."""
    family, given = mend.text(family).strip(" ,;"), mend.text(given).strip(" ,;")
    if not any(c.isalpha() for c in family) or len(family) > LONGEST or len(given) > LONGEST:
        return None
    return Author(family=family, given=given or None, body=body)


def shown(value: str) -> str:
    value = value.strip(" ,")
    return repr(value if len(value) <= 60 else value[:57] + "...")


def read_people(values: Iterable[str], *, initials_last: bool = False) -> Reading:
    """Authors of the values, each of which should be one name.

    `initials_last` is for formats whose rule is `Low AB` (MEDLINE, Ovid, Web of Science): such a name is no guess there.
    """
    reading = Reading()
    listed = [value for value in values if value and value.strip()]
    if len(listed) >= 4 and sum(len(value.strip()) <= 1 for value in listed) > len(listed) / 2:
        reading.tell("the authors are given one letter to a line; left out")
        return reading
    for value in listed:
        _value(reading, value, initials_last, alone=len(listed) == 1)
    return reading


def _value(reading: Reading, value: str, initials_last: bool, alone: bool) -> None:
    clean = mend.text(value)
    if re.fullmatch(r"\[\s*['\"].*['\"]\s*\]", clean):  # a list as Python prints it
        clean = "; ".join(re.findall(r"['\"]([^'\"]+)['\"]", clean))
        reading.tell("the authors are given as a list in brackets")
    if NOBODY.fullmatch(clean):
        reading.tell(f"{shown(clean)} is not a name; left out")
        return
    if (joined := _JOINED.match(clean)) and len(clean) > joined.end():  # the last of a list that a program took apart
        reading.tell(f"{shown(clean)} became {shown(clean[joined.end() :])}")
        clean = clean[joined.end() :]
    tidy = " ".join(_NUMBER.sub("", _NOISE.sub(" ", clean)).split()).strip(" ,;")
    if tidy != clean.strip(" ,;"):
        reading.tell(f"{shown(clean)} became {shown(tidy)}")
    parts = [part.strip() for part in re.split(r"\s*[;；、|]\s*|\s+/\s+", tidy) if part.strip()]
    if len(parts) > 1:
        reading.tell(f"several names on one line were parted: {shown(tidy)}")
    for part in parts:
        _joined(reading, part, initials_last, alone and len(parts) == 1)


def _joined(reading: Reading, text: str, initials_last: bool, alone: bool) -> None:
    """Names joined by `and` or `&`, unless they are one body of people."""
    cut = CUT.search(text)
    if cut and cut.end() == len(text) and (cut.start() == 0 or text[cut.start() - 1] in " ,&"):
        reading.cut, text = True, text[: cut.start()].strip(" ,&")
        if not text:
            return
    if _is_body(text):
        reading.keep(text, body=True)
        return
    parts = [
        part.strip(" ,") for part in re.split(r",?\s+(?:and|und|et|y)\s+(?=\S)|\s*,?\s*&\s*", text) if part.strip(" ,")
    ]
    if len(parts) > 1:
        reading.tell(f"several names on one line were parted: {shown(text)}")
    for part in parts:
        _commas(reading, part, initials_last, alone and len(parts) == 1)


def _is_body(text: str) -> bool:
    """`Minoxidil Study Group`, `Food and Drug Administration`; not `Low, A, Hospital of X`."""
    return bool(BODY.search(text)) and "," not in text and len(text.split()) > 1


def _commas(reading: Reading, text: str, initials_last: bool, alone: bool) -> None:
    pieces = [piece for piece in (p.strip() for p in re.split(r"\s*[,，]\s*", text)) if piece]
    parts = pieces  # `Sukesh, MS` are initials, `Ann Low, MS` is a degree
    if len(pieces) > 2 or (len(pieces) == 2 and " " in pieces[0]):
        parts = [piece for piece in pieces if not DEGREE.fullmatch(piece)] or pieces
    if len(parts) < len(pieces):
        reading.tell(f"a degree was left out of {shown(text)}")
    if len(parts) == 1:
        _no_comma(reading, parts[0], initials_last)
    elif len(parts) == 2:
        _two(reading, parts[0], parts[1], initials_last, alone)
    elif len(parts) == 3 and any(SUFFIX.fullmatch(part) for part in parts[1:]):
        suffix = next(part for part in parts[1:] if SUFFIX.fullmatch(part))
        given = parts[2] if parts[1] == suffix else parts[1]
        reading.keep(parts[0], f"{given}, {suffix}")
    else:
        _listed(reading, parts, initials_last)


def _two(reading: Reading, first: str, second: str, initials_last: bool, alone: bool) -> None:
    if SUFFIX.fullmatch(second):
        _no_comma(reading, f"{first} {second}", initials_last)
        return
    if all(map(initials_family, (first, second))) or all(map(family_initials, (first, second))):
        reading.tell(f"several names on one line were parted: {shown(f'{first}, {second}')}")
        _no_comma(reading, first, initials_last)
        _no_comma(reading, second, initials_last)
        return
    if _names_a_body(second) or _names_a_body(first):
        reading.keep(f"{first}, {second}", body=True)
        reading.tell(f"{shown(f'{first}, {second}')} was taken for a body of people")
        return
    if alone and maybe_two(f"{first}, {second}"):
        reading.tell(f"{shown(f'{first}, {second}')} may be two persons")
    if without := TITLE_OF_PERSON.sub("", second).strip():
        if without != second:
            reading.tell(f"a title was left out of {shown(f'{first}, {second}')}")
        second = without
    stem, _, end = first.rpartition(" ")
    if stem and SUFFIX.fullmatch(end):  # `Low III, Cy`
        reading.tell(f"the suffix of {shown(f'{first}, {second}')} was put behind the given names")
        first, second = stem, f"{second}, {end}"
    reading.keep(first, _suffix_apart(second))


def _names_a_body(text: str) -> bool:
    return bool(BODY.search(text)) and (len(text.split()) > 1 or bool(_FORM.fullmatch(text)))


def maybe_two(text: str) -> bool:
    """Whether `Ann Low, Cy High` may be two given-first names rather than one `Family, Given`."""
    first, comma, second = text.partition(",")
    return bool(comma) and "," not in second and _two_persons(first) and _two_persons(second)


def _two_persons(text: str) -> bool:
    """`Ann Low`, which is more often a given and a family name than a family name of two words."""
    words = [word for word in text.split() if not _only_initials(word)]
    return (
        len(words) >= 2 and not _PARTICLE.fullmatch(words[0]) and not _PARTICLE.fullmatch(words[-2]) and "-" not in text
    )


def _suffix_apart(given: str) -> str:
    """`Ann B Jr` -> `Ann B, Jr`."""
    words = given.split()
    if len(words) > 1 and SUFFIX.fullmatch(words[-1]) and not (words[-1].isupper() and words[-1] in ("IV",)):
        return f"{' '.join(words[:-1])}, {words[-1]}"
    return given


def _listed(reading: Reading, parts: list[str], initials_last: bool) -> None:
    """Three or more parts between commas: a list of whole names, or of family and given names in turn."""
    text = ", ".join(parts)
    whole = [part for part in parts if len(part.split()) > 1 and not _only_initials(part)]
    pairs = len(parts) % 2 == 0 and all(_only_initials(part) for part in parts[1::2])
    if not pairs and not whole and len(parts) % 2 == 0:
        pairs = True
    if pairs:
        reading.tell(f"family and given names in turn were put together: {shown(text)}")
        for family, given in zip(parts[::2], parts[1::2], strict=True):
            reading.keep(family, given)
    elif len(whole) >= len(parts) - 1:
        reading.tell(f"several names on one line were parted: {shown(text)}")
        for part in parts:
            _no_comma(reading, part, initials_last)
    else:
        reading.tell(f"{shown(text)} has {len(parts) - 1} commas; the first was taken for the end of the family name")
        reading.keep(parts[0], " ".join(parts[1:]))


def _only_initials(text: str) -> bool:
    return bool(_INITIALS.fullmatch(text)) and len(re.sub(r"\W", "", text)) <= 4


def family_initials(text: str) -> bool:
    """`Low A`, `van der Mid BC`, `High B.C.`, `LOW A`"""
    words = text.split()
    return len(words) >= 2 and _only_initials(words[-1]) and (not _only_initials(words[0]) or _in_capitals(words))


def initials_family(text: str) -> bool:
    """`A Low`, `BC van der Mid`: initials first, as search engines list authors."""
    words = text.split()
    return (
        len(words) >= 2 and bool(re.fullmatch(r"[A-Z]{1,3}", words[0])) and words[-1].istitle() and len(words[-1]) > 1
    )


def _in_capitals(words: list[str]) -> bool:
    """Whether the first word is a family name in capitals rather than initials: longer than what stands at the end."""
    first, last = words[0], re.sub(r"\W", "", words[-1])
    return len(first) >= 3 and first.isalpha() and len(last) <= 2


def _no_comma(reading: Reading, text: str, initials_last: bool) -> None:
    """A name without a comma; tells how it was taken apart unless it is one word, or the format's own rule."""
    if _is_body(text):
        reading.keep(text, body=True)
        return
    words = text.split()
    while len(words) > 1 and TITLE_OF_PERSON.fullmatch(words[0]):
        reading.tell(f"a title was left out of {shown(text)}")
        words = words[1:]
    suffix = ""
    if len(words) > 2 and SUFFIX.fullmatch(words[-1]):
        suffix, words = words[-1], words[:-1]
    if len(words) == 1 or (_HAN.search(text) and len(words) == 1):
        reading.keep(" ".join(words), suffix)
        return
    family, given = _parted(words)
    if not (initials_last and given and _only_initials(given)):
        reading.tell(f"{shown(text)} has no comma; {family!r} was taken for the family name")
    reading.keep(family, f"{given}, {suffix}" if suffix and given else given or suffix)


def family_first(words: list[str]) -> bool:
    """`山田 太郎`: two words of Chinese, Japanese or Korean letters, of which the first is the family name."""
    return len(words) == 2 and all(_HAN.match(word) for word in words)


def _parted(words: list[str]) -> tuple[str, str]:
    if family_first(words):
        return words[0], words[1]
    if len(words) == 3 and _PATRONYMIC.search(words[2]):  # `Иванов Иван Иванович`
        return words[0], " ".join(words[1:])
    tail, capitals = len(words), all(word.isupper() for word in words)
    while (
        tail > 1 and _only_initials(words[tail - 1]) and not (capitals and len(re.sub(r"\W", "", words[tail - 1])) > 3)
    ):
        tail -= 1
    if tail < len(words) and (not _only_initials(words[0]) or _in_capitals(words)):
        return " ".join(words[:tail]), " ".join(words[tail:])
    start = next((i for i, word in enumerate(words[:-1]) if i and word[:1].islower()), len(words) - 1)
    if words[0][:1].islower() and _PARTICLE.fullmatch(words[0]):
        return " ".join(words), ""
    return " ".join(words[start:]), " ".join(words[:start])

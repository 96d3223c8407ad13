"""The author field of BibTeX files of other programs: BibTeX's own rule where it was kept, a careful guess where not.

`Low, Ann and High, Bo` is read as the rule says. `Low, A.; High, B.`, `Low A, High BC`, `Low A` (whose rule would make *A*
the family name), a body without braces and a whole list in braces are read as meant, and told.
"""

from __future__ import annotations

import contextlib
import re

from kb.bibliography.latex import decode
from kb.bibliography.names import SUFFIX, NameListError, parse_name, parse_names, split_outside_braces
from kb.literature import people
from kb.literature.entry import Entry
from kb.literature.people import BODY, Reading

_EXTENDED = re.compile(r"\s*(?:family|given|prefix|suffix)\s*=", re.IGNORECASE)
_PART_OF_NAME = re.compile(
    r"\b([a-z][a-z-]{1,20})\s*=\s*([^,=]*?)(?=\s*(?:,|$)|\s+[a-z][a-z-]{1,20}\s*=)", re.IGNORECASE
)
"""`prefix=de`; some files have no comma before the next one."""
_GIVEN_FIRST = re.compile(r"[^\W\d_a-z][a-zß-ÿ]+ (?:[A-Z]\. ?){1,3}[^\W\d_a-z][\w'’-]+")
"""`Alan D. Low`: a person, also in braces, which would make a body of it."""
_STRANGE = re.compile(r"[;*†‡@()\[\]|；、]|&(?!\w+;)|\bet\.? al\b|https?:|[\u00b9\u00b2\u00b3]|\d\s*$")


def read_authors(entry: Entry, value: str, *, by_rule: bool = False) -> None:
    """Put the names of an author field (LaTeX not yet decoded) into the entry; `by_rule`: nothing is guessed."""
    if by_rule:
        with contextlib.suppress(ValueError):
            names, entry.authors_cut = parse_names(value)
            entry.put_authors(people.make(name.family, name.given or "", body=name.body) for name in names)
            return
    reading = Reading()
    value = _unwrapped(value.strip(), reading)
    if stray := re.search(r",\s*and\s*,", value):
        reading.tell(f"an `and` stands between commas: {people.shown(value[max(0, stray.start() - 20) :])}")
        value = re.sub(r"\s*,\s*and\s*,\s*", " and ", value)
    parts = _bodies_joined(_parts(value, reading), reading)
    for part in parts:
        _one(part, reading)
    given_first = len(parts) == 1 or any("," not in part and " " in part and part[0] != "{" for part in parts)
    for part in parts if given_first else ():
        if people.maybe_two(decode(part)):
            reading.tell(f"{people.shown(decode(part))} may be two persons")
    entry.put_reading(reading)


def _unwrapped(value: str, reading: Reading) -> str:
    """`{Low, Ann and High, Bo}`: the braces make one body of the whole list, which nobody means."""
    if value[:1] == "{" and value[-1:] == "}" and _closes_at_end(value):
        inner = value[1:-1].strip()
        if (re.search(r"\sand\s", inner) and not (BODY.search(inner) and "," not in inner)) or _is_person(inner):
            reading.tell("the whole list is in braces; it was read as names")
            return inner
    return value


def _is_person(inner: str) -> bool:
    return "," in inner and not BODY.search(inner) and len(inner.split()) <= 5


def _closes_at_end(value: str) -> bool:
    depth = 0
    for place, char in enumerate(value):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return place == len(value) - 1
    return False


def _parts(value: str, reading: Reading) -> list[str]:
    try:
        parts = split_outside_braces(value, "and")
    except NameListError as error:
        reading.tell(str(error).partition("; ")[0])
        parts = re.split(r"(?<!\s)\s+and\s+", re.sub(r"[{}]", "", value))
    cleaned = [re.sub(r"^(?:and\b)?[\s,]*|(?<![\s,])[\s,]*(?:\band)?[\s,]*$", "", part) for part in parts]
    if any(not part for part in cleaned) or any(
        a != b.strip() for a, b in zip(cleaned, parts, strict=True) if not b.strip().endswith(",")
    ):
        reading.tell("the list has an `and` with no name beside it")
    return [part for part in cleaned if part]


def _bodies_joined(parts: list[str], reading: Reading) -> list[str]:
    """`Food and Drug Administration` was split at its `and`."""
    joined: list[str] = []
    for part in parts:
        before = joined[-1] if joined else ""
        split = (
            before
            and "," not in before + part
            and "{" not in before + part
            and BODY.search(part)
            and len(part.split()) > 1
        )
        if (
            split
            and len(before.split()) <= 4
            and not re.search(r"[A-Z]\.", before)
            and (len(before.split()) == 1 or BODY.search(before))
        ):
            joined[-1] = f"{{{before} and {part}}}"
            reading.tell(f"{people.shown(f'{before} and {part}')} was taken for one body of people")
        else:
            joined.append(part)
    return joined


def _one(part: str, reading: Reading) -> None:
    plain = " ".join(decode(part.replace("\\&", "&")).split())
    if plain.strip("{} .").lower() == "others":
        reading.cut = True
    elif _EXTENDED.match(part):
        _extended(plain, reading)
    elif part[0] == "{" and _closes_at_end(part):
        if (_GIVEN_FIRST.fullmatch(plain) and not BODY.search(plain)) or _is_person(part[1:-1]):
            reading.tell(f"{people.shown(plain)} is in braces; it was read as a person")
            _one(part[1:-1].strip(), reading)
        else:
            reading.keep(plain, body=True)
    elif _off_the_rule(part, plain):
        guessed = people.read_people([plain])
        reading.authors += guessed.authors
        reading.cut = reading.cut or guessed.cut
        for said in guessed.told or [f"{people.shown(plain)} is not written in the form that BibTeX expects"]:
            reading.tell(said)
    else:
        _by_rule(part, plain, reading)


def _by_rule(part: str, plain: str, reading: Reading) -> None:
    try:
        name = parse_name(part)
    except ValueError as error:
        reading.tell(str(error).partition("; ")[0])
        family, _, given = plain.partition(",")
        reading.keep(family, given.replace(",", " "))
    else:
        reading.keep(name.family, name.given or "", body=name.body)
        if "," not in part and people.family_first(plain.split()):
            reading.tell(f"{people.shown(plain)} has no comma; {name.family!r} was taken for the family name")


def _off_the_rule(part: str, plain: str) -> bool:
    """Whether BibTeX's rule would misread a name."""
    if people.NOBODY.fullmatch(plain) or _STRANGE.search(plain) or people.TITLE_OF_PERSON.search(plain):
        return True
    pieces = [piece.strip() for piece in (split_outside_braces(part, ",") if "," in part else [part])]
    if len(pieces) > 3 or (len(pieces) == 3 and not any(SUFFIX.fullmatch(decode(piece)) for piece in pieces[1:])):
        return True
    words = plain.split()
    named = len(pieces) > 2 or " " in pieces[0]
    if named and any(people.DEGREE.fullmatch(decode(piece)) for piece in pieces[1:]):
        return True
    if len(pieces) == 2 and " " in pieces[0] and SUFFIX.fullmatch(pieces[0].split()[-1]):
        return True
    if len(pieces) == 2 and "{" not in pieces[0] and BODY.search(plain) and len(words) > 2:
        return True
    if len(pieces) == 2:
        return people.family_initials(pieces[0]) and people.family_initials(pieces[1])
    if len(pieces) > 1 or len(words) < 2 or "{" in part.replace("{\\", ""):
        return False
    return bool(people.family_initials(plain) or SUFFIX.fullmatch(words[-1]) or BODY.search(plain))


def _extended(plain: str, reading: Reading) -> None:
    """biblatex's `family=Low, given=Ann, suffix=Jr`."""
    values = {found[1].lower(): found[2].strip(' "') for found in _PART_OF_NAME.finditer(plain)}
    family = " ".join(filter(None, (values.get("prefix"), values.get("family"))))
    reading.keep(family, ", ".join(filter(None, (values.get("given"), values.get("suffix")))))

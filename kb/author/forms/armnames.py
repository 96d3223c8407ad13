"""The names of a study's arms, followed where its form names them: an arm that is renamed is renamed in outcomes and comparator."""

from __future__ import annotations

from typing import Any

from kb.author.forms.widgets import Entry
from kb.migrate.codes import roles
from kb.model.printed import sides
from kb.model.terms import ArmRole

_VERSUS = " vs "


class ArmNames:
    """`follow` after every change. What names an arm follows that arm, not its letters: two arms may bear one name while it is typed."""

    def __init__(self, nodes: dict[str, Any]) -> None:
        self.nodes = nodes
        self._seen: dict[Any, str] = {}
        """An outcome (or the comparator's field) to the text it held when last looked at."""
        self._arms: dict[Any, list[Any]] = {}
        """The same to the arms its text names: one, or the two of `a vs b`; none when it names no arm of this form."""
        self._coded: dict[Any, tuple[str, str]] = {}
        """Outcomes whose other side had no name yet to the roles given to them; an author who chooses another keeps theirs."""
        self.follow()

    def follow(self) -> None:
        """Bring what names an arm up to date with the arms."""
        for holder in [*self.nodes["outcomes"].entries, self.nodes["comparator"]]:
            text = _text(holder)
            fresh = holder not in self._seen
            if self._seen.get(holder) != text:
                self._arms[holder] = self._named(text) or (self._nameless(holder) if fresh and not text else [])
            else:
                text = self._renamed(holder, text)
            self._seen[holder] = text
            if isinstance(holder, Entry):
                self._code(holder, text, fresh)

    def _renamed(self, holder: Any, text: str) -> str:
        """What the holder says after its arms were renamed; a name that is being typed anew, empty meanwhile, waits."""
        arms = self._arms[holder]
        names = [_name(arm) for arm in arms]
        if not arms or not all(names) or any(arm not in self.nodes["arms"].entries for arm in arms):
            return text
        new = _VERSUS.join(names)
        if new != text:
            _put(holder, "arm", new)
        return new

    def _named(self, text: str) -> list[Any]:
        found = [[arm for arm in self.nodes["arms"].entries if _name(arm) == one] for one in text.split(_VERSUS) if one]
        return [same[0] for same in found] if all(len(same) == 1 for same in found) else []

    def _nameless(self, holder: Any) -> list[Any]:
        """The one arm without a name, for what still wants it: the figures of the other side, and the comparator."""
        arms = [arm for arm in self.nodes["arms"].entries if not _name(arm)]
        other = not isinstance(holder, Entry) or str(_values(holder).get("role", "")) == ArmRole.CONTROL.value
        return arms if len(arms) == 1 and other else []

    def _code(self, entry: Entry, text: str, fresh: bool) -> None:
        """Whether the other side is a placebo, nothing or another treatment follows from its name, once it has one."""
        values = _values(entry)
        now = (str(values.get("role") or ""), str(values.get("against") or ""))
        if (fresh and not text and ArmRole.CONTROL.value in now) or self._coded.get(entry) == now:
            self._coded[entry] = now
            if text:
                self._coded[entry] = _roles(text, now)
                for name, old, new in zip(("role", "against"), now, self._coded[entry], strict=True):
                    if old != new:
                        _put(entry, name, new)
        else:
            self._coded.pop(entry, None)


def _roles(arm: str, now: tuple[str, str]) -> tuple[str, str]:
    first, second = sides(arm)
    if now[1]:  # a contrast: of its second side
        return (now[0], roles(second, "", second)[0]) if second else now
    return roles(first, "", first)[0], ""


def _values(entry: Entry) -> dict[str, Any]:
    return entry.value if isinstance(entry.value, dict) else {}


def _name(arm: Entry) -> str:
    return str(_values(arm).get("name") or "").strip()


def _text(holder: Any) -> str:
    return str((_values(holder).get("arm") if isinstance(holder, Entry) else holder.value) or "").strip()


def _put(holder: Any, name: str, text: str) -> None:
    if isinstance(holder, Entry):
        holder.put(name, text)
    else:
        holder.widget.value = text

"""Texts to codes: what a caution asks for and rests on, and which arm a figure is of, read once out of the words.

The programs never read these words; they read the codes, and a curator who rewords changes nothing. This step fills codes
that are missing and changes none that is there. What it cannot tell it leaves out, and `kb check` names the record.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from kb.atomic import write_text
from kb.formulary import Formulary
from kb.formulary.write import dump, load
from kb.model.printed import sides
from kb.model.terms import Act, ArmRole, CautionBasis

_POSTPONE = (
    r"postpone|put (?:\w+ ){1,4}off|\bput off\b|\bwait\b(?! or stop)|\buntil\b.*(?:cleared|healed|over|ended|settled|worn off)"
    r"|leave (?:at least |eight |four )?(?:one hour|weeks|\w+ weeks|\w+ hours?) (?:before|after)|during an outbreak"
    r"|let the skin (?:heal|return)|prefer to wait|before it is six months|during a course|^do not (?:treat|inject)\b.*\bwhile\b"
)
_ACTS = (
    ("no-change", r"^no (?:change|need|reason|proven need)|need not wait|need not be delayed|let prescribed|run on\b|^breastfeeding can go on"),
    ("no-change", r"^do not stop (?:an?|the|it|warfarin)|needs no change|^nothing (?:in|found)|^keep antithrombotics"),
    ("postpone", _POSTPONE),
    ("do-not", r"^(?:do not|never|not in|not with|not recommended|no wide)|^(?:give|leave) no\b|; do not (?:treat|inject|use|give|repeat|draw|prepare)"),
    ("avoid", r"^avoid|^choose (?:another|something)|^leave (?:it (?!on for)|out|the area|injected|caffeine|pyridoxine|tranexamic|vitamin)|^use another|^prefer|^no\b|^intact skin only|^advise against|^use a preparation|do not (?:use|give|treat|inject)"),
    ("reduce-dose", r"lower the dose|reduce the dose|low end|lowest dose|dose (?:small|low)|as little|smallest|small (?:dose|area)|far below|well below|stay below|lower range|keep (?:the )?(?:area|volumes?)|maximum|limits|total dose|^add up|^dose by|large doses|daily allowance"),
    ("monitor", r"^(?:watch|measure|check|have the|have diabetes|monitor|examine)|^ask the patient to measure|ask people on insulin"),
    ("ask", r"^(?:ask|find out|consult|clarify|list|in myasthenia gravis ask|weigh (?:\w+ )?with|take a)|^read the"),
    ("tell", r"^(?:tell|warn|say|mention|report|discuss|before blood tests|after a drip|when the mixture|when finasteride|after finasteride)"),
)  # fmt: skip
_BASES = (
    ("practice", r"\bhabit\b|by analogy|inference|inferred|clinic.{0,3} lists|clinic.{0,3}s? consent|clinic pages?|clinic reference|one clinic|opinion|expert advice|^precaution; no data|^mechanism|theor(?:y|etical)|follows from the contraindication|as popular pages|clinic.{0,3}s list|quoted on a forum|training page|health page"),
    ("boxed-label", r"boxed warning|box(?:ed)? contraindication"),
    ("manufacturer", r"manuals?\b|kit makers?|maker.{0,3}s?\b|tube supplier|safety text|manufacturer|instructions of|web page of one maker|supplier|texts? of (?:two|one) kit"),
    ("regulator", r"regulator|european medicines agency|us agency|fda\b|fda.gov|agency|labelling change|safety letter|pharmacovigilance|public-health"),
    ("guideline", r"guideline|consensus|class statement of|donor"),
    ("trial", r"\btrials?\b|cohort|meta-analys|(?<!no )\bstud(?:y|ies)\b(?! (?:for|found))|^randomised|series of \d+|survey|volunteer"),
    ("case-reports", r"\bcases?\b|case.?(?:report|level)|outbreak|reported events|spontaneous reports|patch-test|^one series of three"),
    ("label", r"\blabel|labelling|leaflet|product (?:text|information)|injection text|class statement|summary of product|safety profile|texts? of|drug (?:information|card)|patient (?:information|text)|professional information|prescribing|package|text of|texts\b|capsule|licence|core safety|document"),
    ("review", r"review|interaction (?:text|list)|monograph|compendium|reference|database|lactmed|manual for the public|consumer page|herbal committee|card of"),
)  # fmt: skip
_CONTINUES = (
    r"do not stop|run(?:s)? on\b|no need to cancel|no reason to stop|leave prescribed treatment running|needs no change"
    r"|keep antithrombotics going|no proven need to stop|prescribed aspirin"
)
_PAUSES = r"\bpause\b|leave (?:it|them) (?:out )?for|can be left out|stopping the supplement|left out for a week|have \w+ left out"
_PLACEBO = re.compile(r"placebo|saline|vehicle|sham|white petrolatum", re.IGNORECASE)
_UNTREATED = re.compile(r"untreated|no treatment|no cream|^none$|\bwithout\b|\bno \w+ side", re.IGNORECASE)
_CONTROL = re.compile(r"\bcontrols?\b|\bcomparator\b", re.IGNORECASE)
_ALL = re.compile(
    r"^(?:all|both|each|either|any|pooled|overall|total|whole|case|cases|panel|patients|published|confirmed|everyone)\b"
    r"|\barms$|groups?\b|compared$|^\d+ (?:events|interventions)",
    re.IGNORECASE,
)


def fill(root: Path) -> list[str]:
    """Fill missing codes of every record under `root`; the files changed, relative to the root. Twice changes nothing."""
    changed = []
    for path in sorted((root / "formulary").rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if not re.search(r"^(?:cautions|findings):", text, re.MULTILINE):
            continue
        document = load(text)
        done = [_caution(c) for c in document.get("cautions") or []]
        done += [_finding(f) for f in document.get("findings") or []]
        if any(done):
            write_text(path, dump(document))
            changed.append(path.relative_to(root).as_posix())
    return changed


def complete(formulary: Formulary) -> None:
    """The same for records that are read already: an older base, to be compared with one that has the codes."""
    for subject in formulary.subjects:
        for caution in subject.cautions:
            basis = basis_of(caution.strength)
            caution.act = caution.act or Act(act_of(caution.severity.value, caution.action))
            caution.basis = caution.basis or (CautionBasis(basis) if basis else None)
            caution.continues = continues_of(caution.action) if caution.continues is None else caution.continues
            caution.sources_disagree = caution.sources_disagree or "disagree" in caution.strength
        for finding in subject.findings:
            for outcome in finding.outcomes:
                if outcome.arm and outcome.role is None and outcome.against is None:
                    role, against = roles(outcome.arm, outcome.kind.value, finding.comparator or "")
                    outcome.role, outcome.against = ArmRole(role), ArmRole(against) if against else None


def _caution(caution: CommentedMap) -> bool:
    act = act_of(str(caution.get("severity")), str(caution.get("action", "")))
    told: dict[str, tuple[str, Any]] = {
        "act": ("action", act),
        "basis": ("strength", basis_of(str(caution.get("strength", "")))),
    }
    told["continues"] = ("why", continues_of(str(caution.get("action", ""))))
    if "disagree" in str(caution.get("strength", "")):
        told["sources_disagree"] = ("strength", True)
    done = [_put(caution, name, *place) for name, place in told.items()]
    return any(done)


def _finding(finding: CommentedMap) -> bool:
    comparator = str(finding.get("comparator") or "")
    done = []
    for outcome in finding.get("outcomes") or []:
        if outcome.get("arm") and "role" not in outcome and "against" not in outcome:
            role, against = roles(str(outcome["arm"]), str(outcome.get("kind", "")), comparator)
            done += [_put(outcome, "role", "value", role), _put(outcome, "against", "value", against)]
    return any(done)


def _put(record: CommentedMap, name: str, before: str, value: Any) -> bool:
    if value is None or name in record:
        return False
    names = list(record)
    # A field that another step put there may be missing; then the last place will do.
    record.insert(names.index(before) if before in names else len(names), name, value)
    return True


def act_of(severity: str, action: str) -> str:
    """The code of what an action asks for; a contraindication forbids or postpones, *avoid* keeps away, *inform* does neither."""
    text = action.casefold()
    found = [code for code, words in _ACTS if re.search(words, text)]
    if severity == "contraindicated":
        return "postpone" if re.match(r"(?:wait|postpone)", text) else "do-not"
    if severity == "avoid":
        if re.match(r"do not (?:use|stop)", text):
            return "do-not" if text.startswith("do not use") else "avoid"
        return next((code for code in found if code in {"postpone", "do-not"}), "avoid")
    if severity == "inform":
        return next((code for code in found if code not in {"postpone", "do-not", "avoid"}), "take-care")
    return found[0] if found else "take-care"


def basis_of(strength: str) -> str | None:
    """The code of the source that is named first; None when none is recognised."""
    text = strength.casefold()
    if re.search(r"\bhabit\b", text[:60]):
        return "practice"
    places = [(m.start(), code) for code, words in _BASES if (m := re.search(words, text))]
    if {"boxed-label", "label"} <= {code for _, code in places}:
        return "boxed-label"
    return min(places)[1] if places else None


def continues_of(action: str) -> bool | None:
    text = action.casefold()
    if re.search(r"stop breastfeeding|^ask for the cause|^keep antithrombotics", text):
        return None  # about something else than the trigger
    if re.search(_CONTINUES, text):
        return True
    return False if re.search(_PAUSES, text) else None


def roles(arm: str, kind: str, comparator: str) -> tuple[str, str | None]:
    """Role of the arm a figure is of, and of what it is compared with (None where the figure is of one arm alone)."""
    first, second = sides(arm)
    contrast = "ratio" in kind or "difference" in kind
    if second is not None:
        role = _side(first, "", first=True)
        return role, "intervention" if role == "before" else _side(second, comparator)
    against = _side(comparator, comparator) if contrast and comparator else None
    if _ALL.search(arm):
        return "all", against
    role = _side(arm, comparator, alone=True)
    return ("intervention", role) if contrast and role != "intervention" else (role, against)


def _side(text: str, comparator: str, *, first: bool = False, alone: bool = False) -> str:
    if re.match(r"\s*before\b", text, re.IGNORECASE):
        return "before"
    if _PLACEBO.search(text) and not re.search(r"\bwith placebo|\+ placebo", text):
        return "placebo"
    if _UNTREATED.search(text):
        return "untreated"
    if _CONTROL.search(text):
        inactive = next(
            (r for r, w in (("placebo", _PLACEBO), ("untreated", _UNTREATED)) if w.search(comparator)), None
        )
        return inactive or "control" if not alone else "control"
    if first:
        return "intervention"
    if alone:
        return "active" if comparator and text.casefold() in comparator.casefold() else "intervention"
    return "active"

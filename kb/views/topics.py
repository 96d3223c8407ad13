"""Guided paths: a sequence of short pages, each built from the base when it is shown.

`topics` lists the paths, `topics?path=hair-loss` tells one, `topics?path=hair-loss&step=needling` is one of its pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from kb.learning.bank import chosen
from kb.learning.paths import found
from kb.learning.records import What
from kb.views import links, reading, sections, techniques, words
from kb.views.charts import forest
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import FindingValue, Page, PooledValue
    from kb.snapshot import Snapshot
    from kb.views.shapes import Cited, HarmsShown

Value = dict[str, Any]


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    paths = {p["id"]: p for p in snapshot.document("paths")}
    asked = reading.first(params, "path")
    if not asked:
        return overview(list(paths.values()), snapshot)
    path = paths.get(asked)
    if path is None:
        return not_found(asked, list(paths.values()))
    step = reading.first(params, "step")
    ids = [s["id"] for s in path["steps"]]
    if step not in ids:
        return tell(path, snapshot)
    return show(path, ids.index(step), snapshot)


def overview(paths: list[Value], snapshot: Snapshot) -> Fragment:
    html = draw("topics", paths=[(p, links.href("topics", path=p["id"])) for p in paths], asked="")
    return Fragment("Topics", html)


def not_found(asked: str, paths: list[Value]) -> Fragment:
    cards = [(p, links.href("topics", path=p["id"])) for p in paths]
    return Fragment("Not found", draw("topics", paths=cards, asked=words.cut(asked, 80)), 404)


def address(path: Mapping[str, Any], at: int) -> str:
    return links.href("topics", path=path["id"], step=path["steps"][at]["id"])


def tell(path: Mapping[str, Any], snapshot: Snapshot) -> Fragment:
    """What a path leads through."""
    html = draw(
        "path",
        path=path,
        steps=[(s, address(path, i)) for i, s in enumerate(path["steps"])],
        practice=practice(path, snapshot),
    )
    return Fragment(str(path["title"]), html)


def practice(path: Mapping[str, Any], snapshot: Snapshot) -> list[tuple[str, int, str]]:
    """Questions that go with a path: what they are called, how many, where they start."""
    from kb.learning.question import KINDS
    from kb.views.fields import group_titles

    index, titles = snapshot.document("questions"), group_titles(snapshot)
    sets = [(k, "") for k in path["kinds"]] + ([("", path["field"])] if path["field"] else [])
    told = []
    for kind, field in sets:
        n = len(chosen(index, kind, field))
        if n:
            title = KINDS.get(kind) or f"Questions: {titles.get(field, field).lower()}"
            told.append((title, n, links.href("quiz", kind=kind, field=field, set="1", at="1")))
    return told


def show(path: Mapping[str, Any], at: int, snapshot: Snapshot) -> Fragment:
    """One step of a path."""
    step = path["steps"][at]
    blocks = [block(s, n, snapshot) for n, s in enumerate(step["show"])]
    last = at + 1 == len(path["steps"])
    html = draw(
        "step",
        path=path,
        step=step,
        at=at + 1,
        of=len(path["steps"]),
        blocks=blocks,
        before=(path["steps"][at - 1]["title"], address(path, at - 1)) if at else None,
        after=None if last else (path["steps"][at + 1]["title"], address(path, at + 1)),
        practice=practice(path, snapshot) if last else [],
        citer=reading.citer(snapshot),
        link_of=partial(reading.link_of, snapshot),
        cited_findings=cited(blocks, snapshot),
        traits=[(t, words.title_of(words.TRAITS, t)) for t in techniques.ORDER],
    )
    return Fragment(f"{step['title']} · {path['title']}", html)


def block(shown: Mapping[str, Any], number: int, snapshot: Snapshot) -> Value:
    """One `Show` with its values made ready to be drawn. What the base no longer has is named, never left out in silence."""
    what = What(shown["what"])
    values: list[Any]
    values, gone = found(shown, snapshot)
    ready: Any = values
    if what in {What.BOTTOM_LINE, What.COMPARISON}:
        references = snapshot.document("references")
        ready = [
            {
                **a,
                "how": sections.how_given(a, snapshot),
                "studies": words.designs_text(references[k]["design"] for k in a["references"] if k in references),
            }
            for a in values
        ]
    elif what is What.EFFECT:
        ready = plots(values, number, snapshot)
    elif what is What.POOLED:
        names = {
            slug: reading.name_of(snapshot, slug)
            for v in values
            for p in v["pooled"]
            for slug in (p["subject"], p["object"], *p["background"])
        }
        ready = [
            plot
            for v in values
            for plot in forest.pooled_plots(v, sections.short_names(snapshot, _keys(v["pooled"])), names)
        ]
    elif what is What.HARMS:
        ready = [(v, harms(v, shown["only"])) for v in values]
    elif what is What.LAYERS:
        ready = techniques.picture([v["id"] for v in values], snapshot)
    elif what is What.TRAITS:
        ready = techniques.traits(values)
    return {"what": what.value, "values": ready, "gone": gone, "number": number}


def _keys(pooled: Iterable[PooledValue]) -> set[str]:
    return {s["reference"] for p in pooled for s in p["studies"]}


def plots(findings: Sequence[FindingValue], number: int, snapshot: Snapshot) -> list[forest.Forest]:
    """One plot for each kind of effect and unit; effects stand as printed and are not pooled."""
    short = sections.short_names(snapshot, {f["reference"] for f in findings})
    groups: dict[tuple[str, str, forest.Sides], list[forest.Effect]] = {}
    for f in findings:
        for o in f["outcomes"]:
            interval = o.get("interval")
            if o.get("kind") not in words.EFFECT_KINDS or o.get("value") is None or not interval:
                continue
            note = " · ".join(filter(None, (o.get("arm"), o["measure"], o.get("at"))))
            effect = forest.Effect(
                short[f["reference"]],
                note,
                o["value"],
                interval["low"],
                interval["high"],
                f["reference"],
                f["direction"],
                credible=bool(interval.get("credible")),
                level=interval.get("level", 95),
            )
            sides = forest.Sides(o.get("better"))
            groups.setdefault((o["kind"], words.unit_text(o.get("unit")), sides), []).append(effect)
    drawn = []
    for place, ((kind, unit, sides), effects) in enumerate(groups.items()):
        caption = "As printed, on one axis for reading only; not pooled." if len(effects) > 1 else "As printed."
        # two plots of one step may share measure and unit: which way is better, or the study, then tells them apart
        title = ", ".join(filter(None, (words.say(kind), unit)))
        if sides.better:
            title += f" ({sides.better} is better)"
        if len(studies := {e.label for e in effects}) == 1:
            title += f": {studies.pop()}"
        drawn.append(forest.forest(f"effect-{number}-{place}", title, kind, unit, effects, None, caption, sides))
    return drawn


def harms(page: Page, only: list[str]) -> list[HarmsShown]:
    """Harm groups of a page as its monograph shows them, of these harms only when some are named."""
    groups = sections.harms(page)
    for group in groups:
        group["entries"] = [e for e in group["entries"] if not only or e["id"] in only]
    return [g for g in groups if g["entries"]]


def cited(blocks: list[Value], snapshot: Snapshot) -> dict[str, FindingValue | Cited]:
    """Findings that cautions on this page name, for their evidence lists."""
    records = [c for b in blocks if b["what"] == "caution" for c in b["values"]]
    return sections.cited_findings(records, {}, snapshot)

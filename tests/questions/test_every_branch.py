"""Answers that few plans, pages or tables call for: what a reader sees of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from kb import knowledge
from kb.appraisal.effects import computed_direction, contrasts, difference_error, mean_error
from kb.knowledge import KnowledgeBase
from kb.model import Finding, Outcome
from kb.questions import answer_schema, plain, pooling, relational, shapes, tables, ways
from kb.questions.asked_reading import read as read_question
from kb.questions.doses import read
from kb.questions.graph import summary
from kb.questions.page import monograph
from kb.questions.plan import Item, Plan
from kb.questions.precheck import Precheck
from kb.questions.search import Index, only_alike
from tests import whole
from tests.questions.small import base as made
from tests.questions.small import caution, finding, ingredient, reference, technique

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def held() -> KnowledgeBase:
    return whole.base()


@pytest.fixture(scope="module")
def check(held: KnowledgeBase) -> Precheck:
    return Precheck.of(held)


# Tables, records and schemas


def test_every_table_has_a_row_for_each_record_and_leads_to_its_place(held: KnowledgeBase) -> None:
    for name in tables.NAMES:
        table = held.table(name)
        assert len(table), name
        assert table["file"].notna().all(), name
        assert (table["line"] > 0).all(), name
    assert set(held.table("findings")["id"]) == set(held.findings)
    assert set(held.table("references")["id"]) == set(held.references)
    assert len(held.table("outcomes")) == sum(len(f.outcomes) for f in held.findings.values())


def test_a_table_counts_the_people_of_arms_only_when_each_arm_says_how_many() -> None:
    arms = [{"name": "drug", "n": 10}, {"name": "placebo", "n": 12}]
    bare = [{"name": "drug"}]
    found = [finding("a1", arms=arms), finding("a2", arms=bare), finding("a3")]
    table = tables.build(made(ingredient("a", findings=found)), "findings").set_index("id")
    assert table.loc["a1", "arms_n"] == 22
    assert table.loc[["a2", "a3"], "arms_n"].isna().all()
    assert table["file"].isna().all(), "a record made in memory has no place"


def test_a_table_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"no table 'ingredient'; there are: .*ingredients"):
        tables.build(made(), "ingredient")


def test_a_broader_term_of_a_used_term_counts_as_used() -> None:
    terms = {"indications": [{"id": "hair-loss"}, {"id": "spots", "parents": ["hair-loss"]}, {"id": "scar"}]}
    base = made(ingredient("a", findings=[finding("a1", object_="spots")]), terms=terms)
    table = tables.build(base, "terms").set_index("id")
    assert dict(table["used"]) == {"hair-loss": True, "spots": True, "scar": False}


def test_records_are_told_as_they_are_written(held: KnowledgeBase) -> None:
    found = plain.records(held)
    assert set(found["findings"]) == set(held.findings)
    assert all(record["subject"] in held.subjects for record in found["cautions"].values())
    assert "findings" not in found["ingredients"]["minoxidil"], "what has a kind of its own is not told twice"
    first = next(s for s in held.ingredients.values() if s.mixing)
    assert found["mixing"][f"{first.id}-1"]["other"] == first.mixing[0].other
    assert not any(value in ([], {}, None) for record in found["references"].values() for value in record.values())


def test_what_is_printed_stands_beside_what_it_is_read_into() -> None:
    outcome = {"measure": "response", "kind": "mean", "value": 3.0, "p": "<0.05", "at": "24 weeks"}
    record = plain.plain(Finding.model_validate(finding("a1", outcomes=[outcome])))
    assert record["outcomes"][0]["p"] == "<0.05"
    assert record["outcomes"][0]["parsed"]["weeks"] == 24


def test_every_record_is_a_row_and_every_key_leads_to_one(held: KnowledgeBase) -> None:
    found = {t.name: t for t in relational.tables(held)}
    assert len(found["findings"].rows) == len(held.findings)
    assert len(found["references"].rows) == len(held.references)
    for table in found.values():
        names = [c.name for c in table.columns]
        assert len(names) == len(set(names)), table.name
        places = [names.index(k) for k in table.key]
        keys = [tuple(row[p] for p in places) for row in table.rows]
        assert len(keys) == len(set(keys)), table.name
        for place, column in enumerate(table.columns):
            if column.refers:
                there, key = column.refers.split(".")
                known = {row[[c.name for c in found[there].columns].index(key)] for row in found[there].rows}
                missing = {row[place] for row in table.rows} - known - {None}
                assert not missing, f"{table.name}.{column.name}"


def test_the_schemas_beside_the_code_are_those_of_the_types() -> None:
    for name, text in answer_schema.schemas().items():
        assert (ROOT / "schema" / f"{name}.json").read_text(encoding="utf-8") == text, f"run `kb schema`: {name}"


# Plans


def test_what_is_denied_of_the_cocktail_is_told_and_not_counted(check: Precheck) -> None:
    answer = check.check(["no lidocaine", "biotin"])
    assert [n.said for n in answer.not_counted] == ["no lidocaine"]
    assert "lidocaine" not in {m.id for g in answer.given for m in g.means}


def test_a_product_named_as_the_technique_goes_into_the_syringe(check: Precheck) -> None:
    name = next(n.text for n in check.resolver.names if n.kind == "product" and n.how == "name")
    product = next(n.id for n in check.resolver.names if n.text == name)
    answer = check.check([], name)
    assert [(m.id, m.kind) for g in answer.given for m in g.means] == [(product, "product")]


def test_a_product_brings_its_technique_along_once(check: Precheck) -> None:
    slug, product = next((k, p) for k, p in check.products.items() if p["parts"])
    name = next(n.text for n in check.resolver.names if n.id == slug and n.how == "name")
    with_tool = replace(check, products={**check.products, slug: {**product, "technique": "microneedling"}})
    raised = {a.subject for a in with_tool.check([name], None, ["pregnancy", "keloid"], ["isotretinoin"]).alerts}
    assert "microneedling" in raised
    assert "microneedling" not in {a.subject for a in check.check([name], None, ["keloid"], ["isotretinoin"]).alerts}


def test_an_allergy_to_a_product_is_understood(check: Precheck) -> None:
    slug = next(k for k, p in check.products.items() if any(c["id"] for c in p["parts"]))
    name = next(n.text for n in check.resolver.names if n.id == slug and n.how == "name")
    answer = check.check(["biotin"], None, [f"allergic to {name}"])
    assert not answer.unresolved
    assert slug in {m.id for g in answer.given for m in g.means}


def test_one_side_of_a_stroke_is_read_and_the_other_is_told(check: Precheck) -> None:
    answer = check.check(["biotin"], None, ["asthma/foobar"])
    assert {m.id for g in answer.given for m in g.means} >= {"asthma"}
    assert [u.said for u in answer.unresolved] == ["foobar"]
    listed = check.check(["biotin"], None, ["asthma, eczema/foobar"])
    assert {m.id for g in listed.given for m in g.means} >= {"asthma"}
    assert [u.said for u in listed.unresolved] == ["foobar"]


def test_two_unknown_sides_of_a_stroke_are_both_told(check: Precheck) -> None:
    assert check.check(["biotin"], None, ["asthma, foobar/barfoo"]).unresolved


def test_a_denial_before_a_stroke_is_about_both_sides(check: Precheck) -> None:
    answer = check.check(["biotin"], None, ["no asthma/eczema"])
    assert not answer.alerts
    assert answer.not_counted
    assert not answer.unresolved


def test_what_is_active_now_is_the_active_condition(check: Precheck) -> None:
    answer = check.check(["biotin"], "mesotherapy", ["active herpes now"])
    assert any("active" in m.id or "herpes" in m.id for g in answer.given for m in g.means)


def test_a_slip_within_a_sentence_is_taken_for_the_word_and_told(check: Precheck) -> None:
    answer = check.check(["finasteride"], None, ["woman with pregnency of twins"])
    assert ("finasteride", "pregnancy") in {(a.subject, a.trigger) for a in answer.alerts}
    assert "Taken for pregnancy: check the spelling." in [n for g in answer.given for n in g.notes]


def test_what_ended_at_no_stated_time_counts_as_going_on(check: Precheck) -> None:
    answer = check.check(["biotin"], "microneedling", [], ["stopped isotretinoin"])
    assert any("nobody said when" in n for g in answer.given for n in g.notes)
    going_on = check.check(["biotin"], "microneedling", [], ["isotretinoin"])
    assert [a.caution for a in answer.alerts] == [a.caution for a in going_on.alerts]


def test_an_answer_is_counted_and_its_gravest_alert_comes_first(check: Precheck) -> None:
    answer = check.check(["finasteride"], "mesotherapy", ["pregnancy", "diabetes"])
    assert len(answer) == len(answer.alerts) == len(list(answer))
    assert answer[0].severity == "contraindicated"


def test_a_technique_said_twice_is_one(check: Precheck) -> None:
    once, twice = check.check([], "microneedling"), check.check([], ["microneedling", "Microneedling"])
    assert [a.caution for a in twice.alerts] == [a.caution for a in once.alerts]


def test_a_fact_said_twice_stands_once_behind_what_it_sets_off(check: Precheck) -> None:
    assert check.reach(["warfarin", "warfarin"]) == check.reach(["warfarin"])


# Doses


def test_an_amount_without_its_concentration_is_told_as_its_volume(check: Precheck) -> None:
    (dose,) = check.check(["lidocaine 5 mL"]).doses
    assert dose.message.startswith("Lidocaine: 5 mL this session, its concentration not given")
    assert dose.amount is None


def test_local_anaesthetics_add_up(check: Precheck) -> None:
    answer = check.check(["lidocaine 2% 10 mL", "bupivacaine 0.5% 10 mL"], kg=60)
    together = [s for s in answer.maxima if "together" in s.message]
    assert together
    for share in together:
        parts = share.of_name.split(", ")
        assert len(parts) == 2, share.message
        alone = [s.share for s in answer.maxima if s.maximum == share.maximum and s.of_name == parts[0]]
        assert share.share is not None
        assert alone[0] is not None
        assert share.share > alone[0]


def test_a_maximum_of_a_concentration_is_not_added_up(check: Precheck) -> None:
    stated = next(m for m in check.maxima if m["of"] == "lidocaine" and m["unit"] == "mg" and m["per"] == "session")
    strength = {**stated, "unit": "mg/mL", "value": 20.0, "counts_with": []}
    answer = replace(check, maxima=[strength]).check(["lidocaine 4% 2 mL", "lidocaine 1% 2 mL"])
    (share,) = answer.maxima
    assert (share.planned, share.share) == (pytest.approx(40), pytest.approx(2.0))


def test_only_a_ratio_of_a_thousand_or_more_is_a_strength() -> None:
    item = Item("epinephrine", "epinephrine")
    assert read(item, "1:100").concentration is None
    assert read(item, "1:1000").concentration == pytest.approx(1.0)
    assert read(item, "1:200,000").concentration == pytest.approx(0.005)


# Cautions


TERMS: dict[str, list[dict[str, Any]]] = {
    "conditions": [{"id": "keloid"}, {"id": "quiet", "nothing_found": "Looked for; no report."}],
}


def test_what_was_looked_for_and_not_found_is_said_of_the_fact() -> None:
    check = Precheck.of(made(ingredient("a", findings=[finding("a1")]), terms=TERMS))
    (silent,) = check.check(["a"], None, ["quiet"]).silent
    assert (silent.why, silent.nothing_found) == ("Looked for; no report.", True)
    page = monograph(made(terms=TERMS), "quiet")
    assert [(n["fact"], n["why"]) for n in page["nothing_found"]] == [(None, "Looked for; no report.")]


def test_findings_against_two_parts_of_a_plan_are_told_of_the_plan(check: Precheck) -> None:
    pairs = [(holder, f) for holder, found in check.noted.items() for f in found]
    told = []
    for holder, noted in pairs:
        both = [s for s in (holder, noted["object"]) if check.subjects[s]["kind"] == "ingredient"]
        tools = [s for s in (holder, noted["object"]) if s not in both]
        notices = [n for n in check.check(both, tools or None).notices if n.kind == "finding"]
        told += [n for n in notices if n.findings == [noted["id"]] and noted["summary"] in n.message]
        assert not [n for n in check.check(both[:1], None).notices if n.kind == "finding"]
    assert told


def test_what_was_reported_of_an_exposure_is_told(check: Precheck) -> None:
    answer = check.check(["biotin"], None, ["tap water"])
    told = [n for n in answer.notices if n.kind == "exposure"]
    assert told
    assert all(n.references and n.findings for n in told)


def test_a_sentence_within_a_sentence_keeps_an_abbreviation() -> None:
    from kb.questions.precheck import lowered

    assert [lowered(t) for t in ("Stop it.", "A drug.", "PRP first.")] == ["stop it.", "a drug.", "PRP first."]


# Graph, ways and pages


def test_the_summary_keeps_the_best_certainty_and_only_what_treats_or_causes() -> None:
    def assessed(slug: str, object_: str, certainty: str, starts: str) -> dict[str, Any]:
        return {
            "id": slug, "object": object_, "route": "topical", "findings": ["a1"], "starts": starts, "down": [],
            "certainty": certainty, "direction": "supports", "bottom_line": "May help.", "would_change": "A trial.",
        }  # fmt: skip

    found = [finding("a1"), finding("a2", object_="topic", relation="mechanism")]
    weighed = [
        assessed("a-high", "hair-loss", "high", "high"),
        assessed("a-low", "hair-loss", "low", "low"),
        assessed("a-other", "nowhere", "high", "high"),
    ]
    plain_graph = summary(
        made(ingredient("a", findings=found, assessments=weighed), terms={"indications": [{"id": "hair-loss"}]})
    )
    assert list(plain_graph.edges) == [("a", "hair-loss")]
    assert plain_graph.edges["a", "hair-loss"]["certainty"] == "high"


def test_a_thing_is_not_connected_with_itself_and_a_claim_with_what_it_says(held: KnowledgeBase) -> None:
    assert held.path("minoxidil", "minoxidil") == {"a": "minoxidil", "b": "minoxidil", "connected": False, "paths": []}
    claim = next(c for c in held.claims.values() if c.object and c.object in held.terms)
    found = held.path(claim.id, claim.subject)
    assert found["connected"]
    assert found["paths"][0]["steps"][0]["because"][0]["kind"] == "claim"


def test_a_product_is_told_to_contain_its_parts(held: KnowledgeBase) -> None:
    product = next(p for p in held.products.values() if any(c.ingredient for c in p.composition))
    part = next(c.ingredient for c in product.composition if c.ingredient)
    step = held.path(product.id, part)["paths"][0]["steps"][0]
    assert step["because"][0]["kind"] == "contains"


def test_a_page_nobody_wrote_is_refused() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        monograph(made(), "nowhere")


def test_a_name_finds_everything_that_is_called_so(held: KnowledgeBase) -> None:
    index = Index.of(held)
    assert "minoxidil" in index.named("Minoxidil")
    assert index.named("no such thing") == []
    assert index.search("platlet"), "one word of a longer name, misspelt"


# Figures


def outcome(**more: Any) -> Outcome:
    return Outcome.model_validate({"measure": "length", "kind": "mean"} | more)


def study(*outcomes: dict[str, Any], **more: Any) -> Finding:
    return Finding.model_validate(finding("a-b-c", outcomes=list(outcomes)) | more)


def test_a_p_value_within_people_gives_the_error_of_their_difference() -> None:
    difference = outcome(kind="mean-difference", value=2.0, p="0.05", against="placebo", n=20)
    found = difference_error(study(within_person=True), difference)
    assert found is not None
    assert found[0] == pytest.approx(2.0 / 2.093, abs=1e-3), "t of 19 degrees of freedom"
    assert found[1] == 19
    assert difference_error(study(within_person=True), outcome(kind="mean-difference", value=2.0, p="0.05")) is None


def test_nobody_in_an_arm_gives_no_share_and_no_error() -> None:
    empty = [
        {"measure": "regrowth", "kind": "count", "arm": arm, "role": role, "events": 0, "n": 0}
        for arm, role in (("drug", "intervention"), ("placebo", "placebo"))
    ]
    assert contrasts(study(*empty)) == []
    assert mean_error(study(), outcome(value=3.0, sd=1.0)) is None
    assert computed_direction(study()) is None


def test_hedges_needs_numbers_and_spread() -> None:
    arms = [{"name": "drug", "n": 20}, {"name": "placebo", "n": 20}]
    one, other = outcome(value=5.0, sd=2.0, arm="drug"), outcome(value=3.0, sd=2.0, arm="placebo")
    g, variance = pooling._hedges(study(arms=arms), one, other) or (0, 0)
    assert g == pytest.approx((1 - 3 / (4 * 38 - 1)) * 1.0)
    assert variance == pytest.approx(40 / 400 + g**2 / 80)
    assert pooling._hedges(study(), one, other) is None
    flat = outcome(value=5.0, se=0.0, arm="drug"), outcome(value=3.0, se=0.0, arm="placebo")
    assert pooling._hedges(study(arms=arms), *flat) is None


def test_a_plan_of_nothing_is_empty() -> None:
    assert Plan().subjects == []
    assert not list(ways.shortest(ways.Network({}, {}), "a", "b"))
    assert technique("t").id
    assert caution("c", "t")["trigger"] == "t"
    assert reference("x2020").key == "x2020"


def test_a_finding_whose_paper_is_not_there_is_left_out_and_the_records_stay_as_they_were_read() -> None:
    held = made(ingredient("a", findings=[finding("kept"), finding("lost", "nobody1999")]))
    read = held.formulary
    shown = knowledge._cited(read, held.references)
    assert [f.id for f in shown.ingredients["a"].findings] == ["kept"]
    assert [f.id for f in read.ingredients["a"].findings] == ["kept", "lost"]
    assert knowledge._cited(shown, held.references).ingredients["a"] is shown.ingredients["a"]


# What is recorded of the contents, the family, a clotting value


def test_who_is_allergic_to_anything_a_thing_contains_is_told_not_to_have_it(check: Precheck) -> None:
    """By what is known of the contents, or by the caution that is recorded of the same allergy."""
    held = [(h, c["what"], c["presentation"]) for h, contents in check.contents.items() for c in contents]
    held += [
        (p, part["id"], None)
        for p, product in check.products.items()
        for part in product["parts"]
        if part["id"] and part["role"] != "active"
    ]
    assert len(held) > 25
    for thing, what, presentation in held:
        answer = check.check([thing], allergic_to=[what])
        meant = {m.id for given in answer.given[1:] for m in given.means}
        told = [a for a in answer.alerts if a.severity == "contraindicated" and a.trigger in meant]
        assert told, (thing, what)
        wanted = "Do not give these presentations; read the label" if presentation else "Do not"
        assert all(a.action.startswith(wanted) for a in told if a.trigger == what), (thing, what)


def test_a_clot_in_the_family_counts_for_the_patient_and_a_cancer_in_it_does_not(check: Precheck) -> None:
    answer = check.check(["tranexamic-acid"], conditions=["mother had a DVT", "brother: factor V Leiden"])
    assert [[m.id for m in g.means] for g in answer.given[1:]] == [["family-history-of-thrombosis"]] * 2
    assert [a.trigger for a in answer.alerts] == ["family-history-of-thrombosis"]
    answer = check.check(["tranexamic-acid"], conditions=["mother had breast cancer"])
    assert [n.said for n in answer.not_counted] == ["mother had breast cancer"]
    assert not answer.alerts


@pytest.mark.parametrize("said", [["INR 2.4", "warfarin"], ["warfarin", "INR 2.4"]])
def test_an_inr_that_warfarin_explains_is_no_disorder_and_one_out_of_range_is(check: Precheck, said: list[str]) -> None:
    answer = check.check(["minoxidil"], "mesotherapy", said)
    assert [(n.said, n.why) for n in answer.not_counted] == [("INR 2.4", "an INR that Warfarin explains")]
    assert {a.trigger for a in answer.alerts} >= {"warfarin"}
    for other in (["INR 2.4"], ["warfarin", "INR 4.8"]):
        answer = check.check(["minoxidil"], "mesotherapy", other)
        assert not answer.not_counted, other
        assert any(m.id == check.known["coagulation_disorder"] for g in answer.given for m in g.means), other


def test_what_somebody_had_is_a_history_where_one_has_a_name(check: Precheck) -> None:
    for said, meant in (("stroke in the past", "stroke-history"), ("h/o herpes", "herpes-history")):
        given = check.check(["minoxidil"], conditions=[said]).given[1]
        assert ([m.id for m in given.means], given.notes) == ([meant], []), said
    given = check.check(["minoxidil"], conditions=["h/o heart attack"]).given[1]
    assert given.notes == ["In the past: counted as if it were present."]


def test_between_two_medicines_a_slip_guesses_neither(check: Precheck) -> None:
    """Asthalin is salbutamol, Astelin azelastine."""
    answer = check.check(["minoxidil"], substances=["Astalin"])
    assert [(u.said, len(u.near)) for u in answer.unresolved] == [("Astalin", 2)]
    assert [g.said for g in answer.given] == ["minoxidil"]


def test_the_alerts_alone_are_those_of_the_whole_answer(check: Precheck) -> None:
    raised = 0
    for subject in sorted(check.subjects)[::6]:
        kind = "technique" if check.subjects[subject]["kind"] == "technique" else "ingredient"
        for fact in ("pregnancy", "warfarin", "lidocaine-allergy", "keloid-tendency"):
            plan = {"technique": subject} if kind == "technique" else {"ingredients": [subject]}
            alone = check.alerts(**plan, conditions=[fact])  # type: ignore[arg-type]
            assert alone == check.check(**plan, conditions=[fact]).alerts, (subject, fact)  # type: ignore[arg-type]
            raised += len(alone)
    assert raised > 10


@pytest.mark.parametrize(
    ("one_slip", "two_slips"),
    [("losarten", "lesirtan"), ("athrombon", "athrembon")],
    ids=["a name", "a word of a name"],
)
def test_a_medicine_with_a_short_name_is_found_one_slip_away_and_not_two(
    held: KnowledgeBase, one_slip: str, two_slips: str
) -> None:
    assert [hit["kind"] for hit in held.search(one_slip, 3)] == ["substance"]
    assert not held.search(two_slips, 3)
    assert [hit["id"] for hit in held.search("predniselane", 3)] == ["prednisolone"], "a long name bears two"


def test_only_what_is_spelt_alike_is_said_to_be_so(held: KnowledgeBase) -> None:
    assert not only_alike(held._index.search("losartan")) and not only_alike([])
    assert only_alike(held._index.search("losartam"))


@pytest.mark.parametrize(
    ("age", "facts"), [("17 year old", ["child"]), ("45 year old", []), ("70 year old", ["older-adult"])]
)
def test_an_age_in_a_question_is_a_fact_where_cautions_name_one(age: str, facts: list[str]) -> None:
    found = read_question(f"botulinum toxin {age}", whole.snapshot())
    assert [n.id for n in found.facts] == facts
    assert [n.id for n in found.subjects] == ["botulinum-toxin-a"]
    assert not found.rest


def test_whole_documents_have_the_shape_that_their_type_says() -> None:
    snapshot = whole.snapshot()
    for name, kind in (("catalogue", shapes.CatalogueRow), ("evidence-map", shapes.EvidenceCell)):
        rows = snapshot.document(name)
        assert len(rows) > 100
        assert {key for row in rows for key in row.keys() ^ kind.__annotations__.keys()} == set()
        TypeAdapter(list[kind]).validate_python(rows, strict=True)  # type: ignore[valid-type]
    counts = snapshot.document("counts")
    assert counts.keys() == shapes.Counts.__annotations__.keys()
    TypeAdapter(shapes.Counts).validate_python(counts, strict=True)


# Lines that say how and where


def test_a_place_that_was_named_before_counts_once(check: Precheck) -> None:
    answer = check.check(["Radiesse in the lips"], "lip filler", sites=["lips"])
    assert {m.id for g in answer.given if g.role == "site" for m in g.means} == {"site-lips"}
    assert "site-lips" not in {m.id for g in answer.given if g.role != "site" for m in g.means}
    twice = check.check(["Radiesse in the lips", "Botox lips"], "lip filler")
    assert not twice.unresolved
    assert len({(a.subject, a.trigger, a.action) for a in twice.alerts}) == len(twice.alerts)


def test_a_field_without_a_term_for_needles_says_that_a_drip_is_not_known() -> None:
    bare = Precheck.of(made(ingredient("biotin"), technique("mesotherapy")))
    assert [u.said for u in bare.check(["biotin"], "IV drip").unresolved] == ["IV drip"]


def test_a_needle_that_was_named_twice_is_one(check: Precheck) -> None:
    answer = check.check(["biotin"], ["IM", "IV drip"])
    assert not answer.unresolved
    assert len({(a.subject, a.trigger, a.action) for a in answer.alerts}) == len(answer.alerts)


def test_a_technique_beside_an_ingredient_that_was_named_is_counted_once(check: Precheck) -> None:
    answer = check.check(["PRP microneedling"], "microneedling")
    named = [m.id for g in answer.given for m in g.means if m.id == "microneedling"]
    assert named == ["microneedling"]


def test_a_usual_value_is_told_as_usual(check: Precheck) -> None:
    assert [n.why for n in check.check(["biotin"], "mesotherapy", ["eGFR 95"]).not_counted] == [
        "within the usual range"
    ]


@pytest.mark.parametrize("said", ["?lupus", "pregnant?"])
def test_what_is_suspected_is_counted_and_told(check: Precheck, said: str) -> None:
    answer = check.check(["biotin"], "mesotherapy", [said])
    told = [note for g in answer.given if g.role == "condition" for note in g.notes]
    assert "Suspected: counted as if it were certain." in told

"""A search that is a question is answered, with papers; a list of look-alikes is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.questions.asked import NOTHING, answers, told
from kb.questions.asked_lines import lines
from kb.questions.asked_reading import read
from kb.snapshot import Snapshot
from tests import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


@pytest.mark.parametrize(
    ("text", "kind", "about"),
    [
        ("minoxidil pregnancy", "caution", {"minoxidil", "pregnancy"}),
        ("patient is 16 years old botox", "caution", {"botulinum-toxin-a", "child"}),
        ("botox in a 17yo", "caution", {"botulinum-toxin-a", "child"}),
        ("retinol before microneedling", "caution", {"microneedling", "retinol"}),
        ("RF microneedling after filler", "caution", {"radiofrequency-microneedling", "recent-filler"}),
        ("is kybella safe in type 1 diabetes", "nothing", {"deoxycholic-acid", "type-1-diabetes"}),
        ("post finasteride syndrome", "said", {"persistent-sexual-dysfunction"}),
        ("caffeine poisoning", "said", {"caffeine-poisoning"}),
        ("hyaluron pen ban", "status", {"jet-injection"}),
        ("lidocaine toxicity treatment", "care", {"local-anaesthetic-toxicity"}),
        ("filler blindness what to do", "care", {"vascular-occlusion"}),
        ("aftercare microneedling", "care", {"after-microneedling"}),
        ("infection after mesotherapy", "harms", {"mesotherapy", "infection"}),
        ("bruising after filler", "harms", {"dermal-filler", "bruising"}),
        ("what to do after mesotherapy", "care", {"after-mesotherapy"}),
        ("intralipid dose", "care", {"local-anaesthetic-toxicity"}),
        ("lipid emulsion dose", "care", {"local-anaesthetic-toxicity"}),
        ("how often mesotherapy for hair", "doses", {"mesotherapy"}),
        ("is minoxidil safe in breastfeeding?", "caution", {"minoxidil", "breastfeeding"}),
        ("Rogaine side effects", "harms", {"minoxidil"}),
        ("PRP vs minoxidil", "compared", {"platelet-rich-plasma", "minoxidil"}),
        ("vitamin C minoxidil mix", "mixing", {"ascorbic-acid", "minoxidil"}),
        ("lidocaine maximum dose", "maxima", {"lidocaine"}),
        ("how many sessions PRP hair loss", "doses", {"platelet-rich-plasma"}),
        ("apixaban microneedling", "caution", {"microneedling", "apixaban"}),
        ("Kybella approved", "status", {"deoxycholic-acid"}),
        ("microneedling acne scars", "evidence", {"microneedling", "acne-scar"}),
        ("Botox hair loss", "evidence", {"botulinum-toxin-a", "hair-loss"}),
        ("kybella nerve injury", "harms", {"deoxycholic-acid", "nerve-injury"}),
        ("filler blindness", "harms", {"dermal-filler", "visual-loss"}),
        ("mycobacterium after mesotherapy", "harms", {"mesotherapy", "nontuberculous-mycobacterial-infection"}),
        ("triamcinolone skin atrophy", "harms", {"triamcinolone-acetonide", "skin-atrophy"}),
        ("arnica bruising", "evidence", {"arnica", "bruising"}),
        ("carboxytherapy dark circles", "evidence", {"carboxytherapy", "periorbital-hyperpigmentation"}),
        ("max dose lidocaine with adrenaline", "maxima", {"lidocaine"}),
        ("hyaluronidase dose vascular occlusion", "doses", {"hyaluronidase"}),
        ("verapamil keloid", "evidence", {"keloid", "verapamil"}),
        ("mesotherapy needle length", "said", {"mesotherapy", "injection-depth"}),
        ("kojic acid", "evidence", {"kojic-acid"}),
        ("best treatment for melasma", "treatments", {"melasma"}),
        ("what works for cellulite", "treatments", {"cellulite"}),
        ("what is mesotherapy", "meaning", {"mesotherapy"}),
        ("definition of melasma", "meaning", {"melasma"}),
        ("nappage", "meaning", {"nappage"}),
        ("what is the maximum dose of lidocaine", "maxima", {"lidocaine"}),
        ("what is the evidence for PRP in hair loss", "evidence", {"platelet-rich-plasma", "hair-loss"}),
        ("melasma treatment in pregnancy", "caution", {"melasma", "pregnancy"}),
        ("hair loss breastfeeding", "caution", {"hair-loss", "breastfeeding"}),
        ("androgenetic alopecia warfarin", "caution", {"androgenetic-alopecia", "warfarin"}),
        ("mesotherapy contraindications", "caution", {"mesotherapy"}),
        ("interactions of minoxidil", "caution", {"minoxidil"}),
        ("needle phobia", "caution", {"needle-phobia"}),
        ("mesotherapy France", "status", {"mesotherapy"}),
        ("Moftah 2013", "paper", {"moftah2013"}),
        ("Gubelin Harcha 2014", "paper", {"gubelinharcha2014"}),
        ("Gubelin 2014", "paper", {"gubelinharcha2014"}),
        ("Esther van Zuuren 2016", "paper", {"vanzuuren2016"}),
        ("10.1111/j.1468-3083.2012.04535.x", "paper", {"moftah2013"}),
        ("https://doi.org/10.1111/j.1468-3083.2012.04535.x", "paper", {"moftah2013"}),
    ],
)
def test_the_first_card_answers_after_what_to_do_in_an_emergency(
    snapshot: Snapshot, text: str, kind: str, about: set[str]
) -> None:
    first = next(a for a in answers(text, snapshot) if kind == "care" or a.kind != "care")
    assert (first.kind, set(first.about)) == (kind, about)
    assert first.records
    if kind not in ("mixing", "nothing", "meaning"):
        assert first.references


def test_an_indication_in_somebody_names_what_not_to_give_and_what_was_tried(snapshot: Snapshot) -> None:
    against, tried = answers("melasma while pregnant", snapshot)
    assert (against.kind, tried.kind) == ("caution", "treatments")
    assert {a["subject"] for a in against.records} <= {a["subject"] for a in tried.records}
    assert against.records[0]["severity"] == "contraindicated"
    assert "tretinoin" in {a["subject"] for a in against.records if a["severity"] == "contraindicated"}
    assert all("pregnancy" in (a["trigger"], *a["also"]) for a in against.records)


def test_the_gravest_caution_stands_first(snapshot: Snapshot) -> None:
    card = answers("finasteride pregnant", snapshot)[0]
    assert card.records[0]["severity"] == "contraindicated"


@pytest.mark.parametrize(
    "text", ["sertralone bananas", "bitcoin", "Germany weather", "zzyzx", "", "   ", "10.5555/nothing-here"]
)
def test_nothing_is_answered_by_likeness(snapshot: Snapshot, text: str) -> None:
    assert answers(text, snapshot) == []


def test_words_that_name_nothing_are_kept_apart(snapshot: Snapshot) -> None:
    reading = read("minoxidil frobnicate", snapshot)
    assert [n.id for n in reading.subjects] == ["minoxidil"] and reading.rest == ["frobnicate"]


def test_trials_of_two_things_are_those_that_compared_them(snapshot: Snapshot) -> None:
    card = answers("tranexamic acid vs hydroquinone", snapshot)[0]
    assert card.kind == "compared"
    assert all({f["subject"], f["object"]} == {"tranexamic-acid", "hydroquinone"} for f in card.records)


def test_the_route_that_is_asked_for_comes_first(snapshot: Snapshot) -> None:
    assert answers("oral minoxidil dose", snapshot)[0].records[0]["route"] == "oral"
    assert answers("topical minoxidil hair loss", snapshot)[0].records[0]["route"] == "topical"
    assert answers("minoxidil injection hair loss", snapshot)[0].records[0]["route"] == "intradermal"


def test_the_place_that_is_asked_for_comes_first(snapshot: Snapshot) -> None:
    assert answers("is Aqualyx approved in the US", snapshot)[0].records[0]["jurisdiction"] == "united-states"
    assert answers("mesotherapy banned in France", snapshot)[0].records[0]["jurisdiction"] == "france"


def test_a_place_without_a_word_on_a_thing_is_named_before_what_others_say(snapshot: Snapshot) -> None:
    missing, others = answers("buflomedil legal in Brazil", snapshot)[:2]
    assert (missing.kind, missing.about) == ("nothing", ["buflomedil", "brazil"])
    assert others.kind == "status" and others.records
    of_the_union = answers("buflomedil in Germany", snapshot)[0]
    assert of_the_union.kind == "status" and of_the_union.records[0]["jurisdiction"] == "european-union"


@pytest.mark.parametrize("said", ["UK", "MHRA", "Great Britain", "england"])
def test_a_place_is_found_by_what_people_call_it_and_by_its_regulator(snapshot: Snapshot, said: str) -> None:
    assert read(f"filler {said}", snapshot).places == ["united-kingdom"]


@pytest.mark.parametrize("said", ["nodules at 6 months", "caída de pelo es", "mesoterapia de grasa"])
def test_small_words_of_a_sentence_are_no_places(snapshot: Snapshot, said: str) -> None:
    assert read(said, snapshot).places == []


def test_contraindications_come_gravest_first_and_interactions_name_medicines(snapshot: Snapshot) -> None:
    listed = answers("finasteride contraindications", snapshot)[0].records
    assert listed[0]["severity"] == "contraindicated" and "pregnancy" in {c["trigger"] for c in listed}
    triggers = {c["trigger"] for c in answers("interactions of minoxidil", snapshot)[0].records}
    assert triggers and all("substance" in snapshot.precheck.terms[t]["kinds"] for t in triggers)


@pytest.mark.parametrize(
    ("text", "about", "asked"),
    [
        ("traction alopecia minoxidil", ["minoxidil", "traction-alopecia"], "evidence"),
        ("semaglutide filler", ["dermal-filler", "semaglutide"], "caution"),
        ("PRP knee osteoarthritis", ["platelet-rich-plasma", "knee-osteoarthritis"], "evidence"),
    ],
)
def test_two_known_things_without_a_record_are_answered_with_that(
    snapshot: Snapshot, text: str, about: list[str], asked: str
) -> None:
    first = answers(text, snapshot)[0]
    assert (first.kind, first.about, first.records[0]["asked"]) == ("nothing", about, asked)


def test_nothing_is_said_only_where_no_record_joins_the_two(snapshot: Snapshot) -> None:
    """Every pair of an ingredient and what it was studied for, or what it caused, has an answer that is not `nothing`."""
    for slug in ("minoxidil", "hyaluronidase", "botulinum-toxin-a", "mesotherapy"):
        page = snapshot.monograph(slug)
        for finding in page["findings"]:
            if finding["relation"] in ("treats", "causes"):
                found = answers(f"{page['name']} {finding['object_name']}", snapshot)
                assert found and all(a.kind != "nothing" for a in found), finding["id"]


def test_a_harm_that_was_looked_for_and_not_found_is_shown_when_it_is_asked_for(snapshot: Snapshot) -> None:
    rows = [r for slug in ("saw-palmetto", "5-alpha-reductase-inhibitor") for r in _denied(slug, snapshot)]
    assert rows
    for slug, name, object_ in rows:
        cards = answers(f"{slug} {name}", snapshot)
        shown = [r for card in cards if card.kind == "harms" for r in card.records if r["object"] == object_]
        assert any(r["direction"] == "refutes" for r in shown), (slug, name)


def _denied(slug: str, snapshot: Snapshot) -> list[tuple[str, str, str]]:
    page = snapshot.monograph(slug)
    items = [item for group in page["harms"] for item in group["items"]]
    return [(slug, i["object_name"], i["object"]) for i in items if i["direction"] == "refutes"]


@pytest.mark.parametrize(
    "text",
    [
        "finasteride pregnant", "Rogaine side effects", "filler blindness", "how many sessions PRP hair loss", "lidocaine maximum dose",
        "microneedling acne scars", "best treatment for melasma", "verapamil keloid", "PRP vs minoxidil", "vitamin C minoxidil mix",
        "Kybella approved", "rejuran", "Moftah 2013", "traction alopecia minoxidil", "carboxytherapy dark circles",
    ],
)  # fmt: skip
def test_every_kind_of_answer_can_be_said_in_plain_lines(snapshot: Snapshot, text: str) -> None:
    for answer in answers(text, snapshot):
        said = list(lines(answer))
        assert len(said) == len(answer.records)
        assert all(line.strip() and "None" not in line for line, _ in said)
        assert {r for _, references in said for r in references} <= set(snapshot.document("references"))


@pytest.mark.parametrize("asked", ["dose", "side effects", "safe", "approved", "contraindications", "aftercare", ""])
def test_whatever_is_asked_of_whatever_thing_can_be_said(snapshot: Snapshot, asked: str) -> None:
    for row in snapshot.document("catalogue"):
        for answer in answers(f"{row['name']} {asked}".strip(), snapshot):
            assert all(text.strip() for text, _ in lines(answer)), (row["id"], asked)


def test_what_regulators_say_stands_a_place_at_a_time(snapshot: Snapshot) -> None:
    (card,) = [a for a in answers("exosomes regulatory status", snapshot) if a.kind == "status"]
    places = [r["jurisdiction"] for r in card.records]
    assert len(set(places)) > 2
    assert [p for p, before in zip(places, [None, *places], strict=False) if p != before] == list(dict.fromkeys(places))


def test_a_name_alone_hides_nothing_that_is_recorded(snapshot: Snapshot) -> None:
    """*No study, caution or status is recorded* stood over thirty cautions of pulsed light, ten of them contraindications."""
    for slug in snapshot.ids:
        page = snapshot.monograph(slug)
        if page["kind"] not in ("ingredient", "technique"):
            continue
        kinds = [a.kind for a in answers(page["name"], snapshot)]
        spoken = page["cautions"] or page["inherited_cautions"] or page["regulatory"] or page["harms"]
        assert not (spoken and "nothing" in kinds), page["name"]
        if any(r["status"] in ("withdrawn", "prohibited") for r in page["regulatory"]):
            assert "status" in kinds, page["name"]
        if (page["cautions"] or page["inherited_cautions"]) and not {"evidence", "said"} & set(kinds):
            assert "caution" in kinds, page["name"]


def test_a_medicine_that_is_an_ingredient_is_answered_by_every_name_it_is_taken_under(snapshot: Snapshot) -> None:
    """*Kenalog-40 dose*, *lip filler pregnancy* and *EpiPen* had no answer: their names were those of what a patient takes."""
    check, silent = snapshot.precheck, []
    for name in check.resolver.names:
        page = snapshot.monograph(name.id) if name.kind == "substance" and name.id in snapshot.ids else None
        if page and page["kind"] == "ingredient" and not answers(name.text, snapshot):
            silent.append((name.text, name.id))
    assert not silent, silent[:20]


@pytest.mark.parametrize(
    ("question", "aside"),
    [
        ("platelet rich fibrin under eye", ["eye"]),
        ("botox units for forehead", ["forehead"]),
        ("minoxidil pregnancy", []),
        ("what is the best dose of tranexamic acid for melasma?", []),
        ("lidocaine toxicity treatment", []),
        ("Moftah 2013", []),
        ("qwertyuiop", []),
    ],
)
def test_a_word_that_the_answer_leaves_aside_is_told(snapshot: Snapshot, question: str, aside: list[str]) -> None:
    assert told(question, snapshot).left_aside == aside


def test_an_ingredient_and_a_way_to_give_it_ask_what_was_found_of_it_and_not_whether_they_mix(
    snapshot: Snapshot,
) -> None:
    first = answers("pentoxifylline mesotherapy", snapshot)[0]
    assert first.records[0]["text"] == NOTHING["evidence"]


@pytest.mark.parametrize(
    ("question", "kind", "words"),
    [
        ("semaglutide", "caution", "Glucose-lowering medicines"),
        ("Eliquis", "caution", "Anticoagulants"),
        ("tca peel dark skin", "caution", "Chemical peel"),
        ("hyaluronidase dose", "doses", "1,500 units"),
        ("spironolactone dose", "doses", "80-110 mg"),
        ("lip filler pregnancy", "caution", "Pregnancy"),
        ("Jalyn", "evidence", "Dutasteride"),
        ("mesotherapy for knee pain", "evidence", "Osteoarthritis of the knee"),
        ("hyaluronic acid skin booster frequency", "doses", "sessions"),
    ],
)
def test_what_a_class_a_brand_or_a_study_says_answers_too(
    snapshot: Snapshot, question: str, kind: str, words: str
) -> None:
    first = answers(question, snapshot)[0]
    assert first.kind == kind
    assert any(words in line for line, _ in lines(first))


def test_a_unit_is_no_name_of_a_disease(snapshot: Snapshot) -> None:
    """The *mg* of `biotin 10 mg hair` was taken for myasthenia gravis."""
    assert not read("biotin 10 mg hair", snapshot).facts
    assert read("botox MG", snapshot).facts[0].id == "myasthenia-gravis"

"""Plans as a clinician gives them: products, amounts, brands and places of the body are read as they are meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.questions.answer import Alert, Answer
from kb.snapshot import Snapshot
from tests import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


@pytest.fixture
def check(snapshot: Snapshot) -> Any:
    return snapshot.precheck.check


def on(answer: Answer, fact: str) -> list[Alert]:
    return [a for a in answer if fact in (a.trigger, *a.also, a.rule)]


def test_an_amount_for_an_ingredient_of_a_product_counts(check: Any) -> None:
    answer = check(["Kybella"], amounts={"deoxycholic acid": "12 mL"})
    assert [(d.ingredient, d.amount) for d in answer.doses] == [("deoxycholic-acid", 120)]
    assert {"deoxycholic-acid-volume", "deoxycholic-acid-mass"} <= {s.maximum for s in answer.maxima if s.share == 1.2}
    assert answer.understood


@pytest.mark.parametrize("amount", [{"caffeine": "5 mL"}, {"lidocaine": "a lot"}, {"": "5 mL"}])
def test_an_amount_that_belongs_to_nothing_is_told(check: Any, amount: dict[str, str]) -> None:
    (told,) = check(["lidocaine"], amounts=amount).unresolved
    assert told.role == "amount"


def test_what_is_typed_in_mg_for_a_product_is_not_said_of_its_excipients(check: Any) -> None:
    answer = check(["Kybella"], amounts={"Kybella": "60 mg"})
    assert [(d.ingredient, d.amount) for d in answer.doses] == [("deoxycholic-acid", 60)]


@pytest.mark.parametrize(("given", "amount"), [({}, None), ({"AestheFill": "2 vials"}, 308)])
def test_a_whole_container_is_planned_only_when_it_is_said(
    check: Any, given: dict[str, str], amount: float | None
) -> None:
    doses = [d.amount for d in check(["AestheFill"], amounts=given).doses if d.said]
    assert doses == ([] if amount is None else [amount])


@pytest.mark.parametrize(
    "plan", [["lidocaine with adrenaline"], ["lidocaine", "epinephrine"], ["lidocaine", "adrenaline"]]
)
def test_adrenaline_in_the_syringe_raises_its_own_cautions(check: Any, plan: list[str]) -> None:
    answer = check(plan, "mesotherapy", ["overactive thyroid", "high blood pressure"])
    assert {a.trigger for a in answer if a.subject == "epinephrine"} == {"hyperthyroidism", "hypertension"}
    assert not any(n.kind == "medicine-only" for n in answer.notices)


def test_adrenaline_that_the_patient_takes_raises_no_caution_of_a_syringe(check: Any) -> None:
    answer = check(["lidocaine"], "mesotherapy", ["overactive thyroid"], ["adrenaline"])
    assert not [a for a in answer if a.subject == "epinephrine"]


@pytest.mark.parametrize("said", ["TCA", "tca", "TCA 20 %", "trichloroacetic acid"])
def test_a_word_means_what_its_place_in_the_plan_says(check: Any, said: str) -> None:
    (given,) = check([said], "chemical peel").given[:1]
    assert [m.id for m in given.means] == ["trichloroacetic-acid"]
    (taken,) = check(substances=["TCA"]).given
    assert "tricyclic-antidepressant" in [m.id for m in taken.means]


@pytest.mark.parametrize("said", ["allergic to benzocaine", "benzocaine allergy", "allergic to procaine"])
def test_one_allergy_is_one_alert_and_is_not_silent_as_well(check: Any, said: str) -> None:
    answer = check(["procaine"], "mesotherapy", [said])
    assert len([a for a in answer if a.subject == "procaine"]) == 1
    assert answer.silent == []


def test_a_caution_on_one_product_is_not_raised_for_another(check: Any) -> None:
    milk = ["cow's milk allergy"]
    assert not on(check(["Botox"], None, milk), "cow-milk-allergy")
    assert not on(check(["Xeomin"], None, milk), "cow-milk-allergy")
    (dysport,) = on(check(["Dysport"], None, milk), "cow-milk-allergy")
    (any_brand,) = on(check(["botulinum toxin"], None, milk), "cow-milk-allergy")
    assert not dysport.action.startswith("If ")
    assert any_brand.action.startswith("If Dysport or Azzalure is used: do not")


@pytest.mark.parametrize(
    "said",
    [
        "metal plate in jaw",
        "metal plate in her left hip",
        "eczema on both hands",
        "keloids on chest and shoulders",
        "psoriasis on the elbows since childhood",
        "tattoo over the right arm",
        "recurrent cold sores around the lips",
    ],
)
def test_where_something_is_never_comes_out_as_not_understood(check: Any, said: str) -> None:
    answer = check(["minoxidil"], "microneedling", [said])
    assert answer.understood, answer.unresolved
    assert answer.given[-1].means


@pytest.mark.parametrize("said", ["heart attack on the kidney", "eczema and zzyzx", "pacemaker removed"])
def test_words_that_say_more_than_a_place_stay_visible(check: Any, said: str) -> None:
    answer = check(["minoxidil"], "microneedling", [said])
    assert answer.unresolved or len({m.id for g in answer.given for m in g.means if g.said == said}) > 1


@pytest.mark.parametrize("said", ["EMLA", "lidocaine cream", "numbing cream"])
def test_maxima_of_an_injection_are_not_those_of_a_cream(check: Any, said: str) -> None:
    answer = check([said], None, ["age 1"])
    assert "4.5 mg/kg" not in " ".join(s.message for s in answer.maxima)
    assert all(s.maximum.startswith("emla") for s in answer.maxima)


def test_emla_has_its_own_cautions_and_maxima(check: Any) -> None:
    answer = check(["EMLA"], None, ["methaemoglobinaemia", "age 1"], amounts={"EMLA": "20 g"})
    assert {a.subject for a in answer} == {"lidocaine-prilocaine"}
    assert [n.kind for n in answer.notices if "20 g is 200 %" in n.message] == ["over-maximum"]


@pytest.mark.parametrize(
    ("kind", "notice", "head"),
    [
        ("harm-reported", "harmful-dose", "As much as a dose at which harm was reported"),
        ("recommended", "over-maximum", "Over the recommended ceiling."),
        ("limit", "over-maximum", "Over the maximum."),
    ],
)
def test_a_dose_that_did_harm_is_not_called_a_maximum(snapshot: Snapshot, kind: str, notice: str, head: str) -> None:
    (record,) = (m for m in snapshot.precheck.maxima if m["id"] == "deoxycholic-acid-mass")
    check = replace(snapshot.precheck, maxima=[{**record, "kind": kind}])
    (told,) = (
        n
        for n in check.check(["Kybella"], "mesotherapy", amounts={"Kybella": "12 mL"}).notices
        if n.subject == "deoxycholic-acid"
    )
    assert told.kind == notice
    assert told.message.startswith(head)


def test_what_was_looked_for_is_told_apart_from_a_gap(check: Any) -> None:
    answer = check(["5-aminolevulinic acid"], None, ["age 12", "migraine"])
    looked = {s.id: s for s in answer.silent}
    assert looked["child"].nothing_found and looked["child"].looked
    assert all(not s.nothing_found or s.why for s in answer.silent)


def test_two_parts_of_one_product_are_not_told_as_mixed_by_the_clinician(check: Any) -> None:
    assert check(["Juvederm Voluma"]).mixing == []
    assert check(["hyaluronic acid filler", "lidocaine"]).mixing != []


def test_two_rules_that_mean_the_same_are_told_once(check: Any) -> None:
    answer = check(["hyaluronic acid"], "mesotherapy", ["epilepsy"])
    (told,) = [a for a in answer if a.subject == "mesotherapy"]
    assert told.settles


def test_a_plan_lies_beside_what_protocols_print(check: Any) -> None:
    (dose,) = check(["triamcinolone acetonide"], amounts={"triamcinolone acetonide": "1 mL of 40 mg/mL"}).doses
    assert {5.0, 10.0} <= {s.high for s in dose.studied if s.unit == "mg/mL"}
    assert all(s.record and s.reference for s in dose.studied)
    assert "No studied amount" not in dose.message


@pytest.mark.parametrize(
    ("ingredient", "said", "caution"),
    [
        ("ketorolac", "severe asthma and anaphylaxis to aspirin", "ketorolac-nsaid-hypersensitivity"),
        ("ketorolac", "allergic to ibuprofen", "ketorolac-nsaid-hypersensitivity"),
        ("ketorolac", "wheeze with ibuprofen", "ketorolac-nsaid-hypersensitivity"),
        ("lidocaine", "rash from lidocaine", "lidocaine-amide-anesthetic-allergy"),
        ("botulinum-toxin-a", "angioedema after Botox", "botulinum-toxin-a-hypersensitivity-to-ingredient"),
        ("minoxidil", "itchy scalp from Regaine", "minoxidil-hypersensitivity-to-ingredient"),
    ],
)
def test_a_reaction_to_a_medicine_is_an_allergy_to_it_and_its_class(
    check: Any, ingredient: str, said: str, caution: str
) -> None:
    answer = check([ingredient], conditions=[said])
    assert [a.severity for a in answer if a.caution == caution] == ["contraindicated"]
    assert answer.understood


def test_an_allergy_to_an_amide_says_nothing_of_the_esters(check: Any) -> None:
    assert "contraindicated" not in {a.severity for a in check(["procaine"], conditions=["allergic to lidocaine"])}


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ("BMI 34", "obesity"),
        ("eGFR 25 ml/min", "severe-renal-impairment"),
        ("eGFR 45", "renal-impairment"),
        ("Hb 9", "anaemia"),
        ("haemoglobin 95 g/L", "anaemia"),
        ("platelets 60", "thrombocytopenia"),
        ("BP 190/110", "uncontrolled-hypertension"),
        ("BP 130/115", "uncontrolled-hypertension"),
        ("BP 120/95 mmHg", "hypertension"),
        ("BP 80/40", "hypotension"),
        ("eGFR < 30", "severe-renal-impairment"),
        ("platelets <150", "thrombocytopenia"),
        ("G2P1 20/40", "pregnancy"),
    ],
)
def test_a_measured_value_is_the_condition_it_amounts_to(check: Any, said: str, fact: str) -> None:
    answer = check(["minoxidil"], conditions=[said])
    assert fact in {m.id for g in answer.given if g.said == said for m in g.means}
    assert answer.understood


@pytest.mark.parametrize("said", ["BMI 22", "eGFR 95", "Hb 14", "platelets 250", "BP 120/80"])
def test_a_usual_value_is_told_and_not_counted(check: Any, said: str) -> None:
    answer = check(["minoxidil"], conditions=[said])
    assert [n.said for n in answer.not_counted] == [said]
    assert answer.understood


@pytest.mark.parametrize(
    "said", ["BP 95/40", "Hb 12.5", "INR 1.3", "K 5.2", "platelets 900", "platelets <450", "20/40"]
)
def test_a_value_that_may_matter_is_never_called_usual(check: Any, said: str) -> None:
    answer = check(["minoxidil"], conditions=[said])
    assert not answer.not_counted
    assert [u.said for u in answer.unresolved] == [said]


@pytest.mark.parametrize("said", ["hives with asthma", "urticaria with pregnancy"])
def test_a_reaction_beside_a_condition_is_not_an_allergy_to_it(check: Any, said: str) -> None:
    answer = check(["minoxidil"], conditions=[said])
    assert len({m.id for g in answer.given for m in g.means if g.role == "condition"}) >= 2


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("ulcer", {"open-wound", "peptic-ulcer"}),
        ("stones", {"gallstones", "kidney-stones"}),
        ("mouth ulcers", {"open-wound"}),
        ("pressure ulcer", {"open-wound"}),
        ("stomach ulcer", {"peptic-ulcer"}),
        ("gastric bypass", {"bariatric-surgery"}),
        ("bypass", {"coronary-bypass-surgery"}),
        ("murmur", {"valvular-heart-disease"}),
        ("multiple myeloma", {"leukaemia-lymphoma"}),
        ("factor V", {"factor-v-leiden"}),
        ("scars badly", {"keloid-tendency"}),
        ("trying to lose weight", {"obesity"}),
        ("wants kids", {"trying-to-conceive"}),
        ("on aspirin", {"aspirin"}),
        ("on blood thinners", {"anticoagulant", "antiplatelet"}),
    ],
)
def test_a_word_said_short_means_all_that_it_may_mean(check: Any, said: str, means: set[str]) -> None:
    """*Ulcer* alone was a wound of the skin, and ketorolac passed."""
    answer = check(["ketorolac"], None, [said])
    assert {m.id for g in answer.given if g.role == "condition" for m in g.means} == means

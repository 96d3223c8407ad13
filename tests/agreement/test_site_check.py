"""The check of the static site (JavaScript over the exported rules) gives the answers of the Python one, whole."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.precheck_plans import plan
from kb.exports import site_check
from kb.questions import record
from kb.snapshot import Snapshot
from kb.views import precheck
from kb.views.charts.doses import doses
from kb.views.charts.timeline import timeline
from tests import whole
from tests.programs import needs

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "kb" / "exports" / "assets"
PLANS = 120
_AMOUNTS = (
    "5 mL of 2 %",
    "2,5 mL of 10 mg/mL",
    "1:100 000",
    "3 vials",
    "300 mg",
    "0.05 % 10 mL",
    "50 units",
    "a little",
    "20 injections",
)
_DONE = (
    "filler 3 weeks ago",
    "peel last week",
    "stopped isotretinoin 5 months ago",
    "flu vaccine yesterday",
    "COVID vaccine 2 weeks ago",
)
_COMING = ("operation in 5 days", "blood test tomorrow", "blood donation next month")
_OWN = (
    "pregnant 10 weeks", "allergic to lidocaine and latex", "age 15", "72 kg", "woman, 34", "no diabetes", "mother had breast cancer",
    "metal plate in jaw", "on Eliquis 5 mg", "herpès labial", "?lupus", "wants to become pregnant", "wife is trying for a baby", "nothing",
    "cow’s milk allergy", "hypertension not well controlled", "ex-smoker", "µ", "allergic to zzyzx",
    "rash from lidocaine", "severe asthma and anaphylaxis to aspirin", "wheeze with ibuprofen", "BMI 34", "BMI 22", "eGFR 25 ml/min",
    "Hb 9", "platelets 60", "BP 190/110", "G2P1 20/40", "BP 80/40", "eGFR < 30", "Hb 12.5",
    "hives with asthma", "B12 deficiency", "lithium level", "wife 10/40 pregnant", "78F", "F 34", "MRI on Thursday",
    "operation next Tuesday",
    "stopped isotretinoin 3/12 ago", "Isotroin 20 mg, stopped last month", "HbA1c 10%", "K+ 6.1", "INR 3.8", "temp 38.5", "visual loss",
    "42F, PMH: PE 2018, migraine, on Mirena", "warfarin INR 2.4", "INR 4.5 on warfarin", "anaphylaxis to chlorhexidine (Hibiscrub)",
    "QTc 510 ms", "allergic to penicillin, lidocaine and latex", "allergic to latex, lidocaine", "allergic to latex and lidocaine",
    "epilepsy as a child", "a child", "vitamin A", "permanent filler 10 years ago", "pregnant 2 years ago", "filler 3 years ago",
    "never smoked, warfarin", "never smoked and takes warfarin", "no history of keloid but on warfarin", "haemophilia, xyzzy",
    "allergic to fish and family history of clots", "no asthma and eczema", "no problem with lidocaine",
    "Dalteparin, Allergic contact dermatitis",
    "asthma, family history of clots", "warfarin, stopped last week", "diabetes, type 2", "hypertension, controlled",
    "Lidocaine allergy; asthma", "penicillin allergy and lidocaine allergy",
    "cold urticaria, Raynaud's, hernia repair 1 month ago", "depression, trying for a baby with wife, haemophilia", "stroke 5 years ago",
    "stopped breastfeeding 3 months ago", "husband takes warfarin",
    "nut allergy (peanut)", "site: lips", "male, 33, fit and well", "Zostex last week", "pregnant?", "zinc 25 mg", "8/40", "smoker 20/day",
    "TTC", "crusting", "keloids run in the family", "kidney tx",
    "trying for a baby (male)", "Mother: pregnant 12/40", "mum - breastfeeding",
    "mother: diabetic", "alcohol 20-45 units/week", "breast ca (male) 2018",
    "has kids", "mother of 2 on warfarin", "kids aged 3 and 5", "knee replacement next month", "s/p CABG", "DM2 A1c 9.1",
    "asthma as a child", "awaiting hip replacement", "tonsillectomy as a child", "awaiting hysterectomy", "3 pregnancies",
    "could be pregnant", "on Accutane until August", "hysterectomy next month", "unprotected sex last week",
    "breast cancer (male)", "man, 34, trying to conceive",
)  # fmt: skip
_PREPARED = (
    "topical minoxidil",
    "minoxidil foam",
    "hydroquinone cream",
    "diclofenac gel",
    "aminophylline tablets",
    "vitamin A cream",
    "lidocaine 1% with adrenaline 1:100000 60 ml",
    "Xylocaine 2% with epinephrine 1:100,000, 30 mL",
    "articaine 4% 7 ml with adrenaline",
    "Radiesse in the lips",
    "Botox glabella 20 units",
    "PRP scalp",
    "lip filler",
    "Revanesse Lips",
    "tranexamic acid 250 mg PO bd",
)
_HOW = (
    "cosmetic injection into the lips",
    "peel of the face and neck",
    "botox in the crow's feet",
    "IV drip",
    "IM",
    "oral",
    "by mouth",
    "PO",
    "topical use",
    "body contouring",
    "injection of the glabella",
)
_SITES = ("scalp", "under the chin", "nose", "eyelids")

needs_node = needs("node", "nodejs")


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


def wide(snapshot: Snapshot, chance: random.Random) -> dict[str, Any]:
    """A random plan that uses every field: products, amounts, sites, places, age, weight, what was done and what is coming."""
    check = snapshot.precheck
    asked = plan(check, chance)
    asked["ingredients"] += chance.sample(sorted(check.products), chance.choice((0, 0, 1, 2)))
    asked["conditions"] += chance.sample(_OWN, chance.randint(0, 3))
    asked["ingredients"] += chance.sample(_PREPARED, chance.choice((0, 0, 1)))
    if chance.random() < 0.4:
        asked["technique"] = chance.choice(_HOW)
    asked["amounts"] = {i: chance.choice(_AMOUNTS) for i in asked["ingredients"] if chance.random() < 0.5}
    asked["done"] = chance.sample(_DONE, chance.randint(0, 1))
    asked["coming"] = chance.sample(_COMING, chance.randint(0, 1))
    asked["sites"] = chance.sample(_SITES, chance.randint(0, 1))
    asked["allergic_to"] = chance.sample(
        ("egg", "soya", "nickel", "NKDA", "peanuts", "benzocaine", "penicillin, lidocaine", "latex and lidocaine"),
        chance.randint(0, 1),
    )
    asked["jurisdictions"] = chance.sample(
        ("UK", "France", "Germany", "EU", "Scotland", "Atlantis"), chance.choice((0, 0, 1, 2))
    )
    asked["years"] = chance.choice((None, 0.5, 15, 30, 70))
    asked["kg"] = chance.choice((None, 62.5, 80))
    asked["sex"] = chance.choice((None, "female", "male"))
    return asked


def run(snapshot: Snapshot, asked: list[dict[str, Any]], folder: Path, program: str) -> list[dict[str, Any]]:
    """What a program prints that Node.js runs over the data that the site would carry."""
    (folder / "data.json").write_text(json.dumps(site_check.data(snapshot.precheck)), encoding="utf-8")
    (folder / "plans.json").write_text(json.dumps(asked), encoding="utf-8")
    done = subprocess.run(["node", "-e", program], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def answers(snapshot: Snapshot, asked: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """What the scripts answer."""
    program = (
        f"require({json.dumps(str(ASSETS / 'check.js'))}); require({json.dumps(str(ASSETS / 'check-answer.js'))});"
        "const read = (name) => JSON.parse(require('fs').readFileSync(name, 'utf-8'));"
        "const check = new kbPrecheck(read('data.json'));"
        "process.stdout.write(JSON.stringify(read('plans.json').map((plan) => check.check(plan))));"
    )
    return run(snapshot, asked, folder, program)


@needs_node
def test_the_site_gives_the_answers_of_python(snapshot: Snapshot, tmp_path: Path) -> None:
    chance = random.Random(11)
    asked = [wide(snapshot, chance) for _ in range(PLANS)]
    for said, found in zip(asked, answers(snapshot, asked, tmp_path), strict=True):
        wanted = json.loads(json.dumps(snapshot.precheck.check(**said).as_dict()))
        for part in wanted:
            assert found[part] == wanted[part], (part, said)
        assert found.keys() == wanted.keys()


@needs_node
def test_the_site_draws_and_writes_what_python_does(snapshot: Snapshot, tmp_path: Path) -> None:
    """The days to keep clear, planned beside studied doses, and the text for the record."""
    chance = random.Random(7)
    asked = [wide(snapshot, chance) for _ in range(40)]
    asked += [
        {
            "ingredients": ["lidocaine"],
            "conditions": ["wife 10/40 pregnant"],
            "amounts": {"lidocaine": "5 mL of 2 %"},
            "kg": 61.5,
        },
        {"ingredients": ["glycolic-acid"], "technique": ["chemical-peel"], "conditions": ["filler 2/52 ago", "78F"]},
        {"ingredients": ["dermal-filler"], "coming": ["dental extraction"], "done": ["COVID jab"]},
    ]
    program = "".join(
        f"require({json.dumps(str(ASSETS / f'{name}.js'))});" for name in ("check", "check-answer", "check-draw")
    ) + (
        "const read = (name) => JSON.parse(require('fs').readFileSync(name, 'utf-8'));"
        "const check = new kbPrecheck(read('data.json'));"
        "process.stdout.write(JSON.stringify(read('plans.json').map((plan) => { const answer = check.check(plan); return {"
        "days: kbCheckDraw.timeline(answer.alerts), doses: answer.doses.map(kbCheckDraw.doses), "
        "record: kbCheckDraw.record(answer, check.grave) }; })));"
    )
    drawn = 0
    for said, found in zip(asked, run(snapshot, asked, tmp_path, program), strict=True):
        answer = snapshot.precheck.check(**said)
        bars = precheck.bars([a.as_dict() | {"fact_names": [a.trigger_name, *a.also_names]} for a in answer.alerts])
        assert found["record"] == record.text(answer), said
        assert found["days"] == str(timeline(bars) or ""), said
        assert found["doses"] == [str(doses(d) or "") for d in answer.doses], said
        drawn += bool(found["days"]) + any(found["doses"])
    assert drawn > 5


@needs_node
def test_every_name_means_the_same_on_the_site(snapshot: Snapshot, tmp_path: Path) -> None:
    """Every name of the lexicon as a word of each list of the plan."""
    names = sorted({row[0] for row in snapshot.precheck.lexicon})[::15]
    asked = [{"ingredients": [n], "conditions": [n]} for n in names]
    for said, found in zip(asked, answers(snapshot, asked, tmp_path), strict=True):
        answer = snapshot.precheck.check(**said)
        wanted = json.loads(json.dumps(answer.as_dict()))
        assert (found["given"], found["unresolved"]) == (wanted["given"], wanted["unresolved"]), said

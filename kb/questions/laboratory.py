"""Measured values in a patient's history: what they amount to, and those that nothing here is compared with.

Pure tables: `kb.questions.phrases` reads them.
"""

from __future__ import annotations

import re

NUMBER = r"\d+(?:[.,]\d+)?"


def _re(*pieces: str) -> re.Pattern[str]:
    return re.compile("".join(pieces), re.IGNORECASE)


_IS = r"(?: count| level)?(?: of| is|:|=)? ?(?P<under>< ?)?"
_BP = r"^(?:bp|blood pressure)(?: of| is|:|=)? ?(?P<under>(?!))?(?P<n>\d{2,3}) ?/ ?"
_MMHG = r"(?: ?mm ?hg)?(?:,? (?:usually|normally|untreated|on treatment|at rest|at home|in clinic|today))?$"
_DRINKS = (
    r"^(?:drinks?|drinking|alcohol|etoh)(?: alcohol)?(?::|=| is| of)? ?(?:about |around |up to |~ ?)?(?P<under>< ?)?"
)
FIGURES: tuple[tuple[re.Pattern[str], tuple[tuple[float, float, str], ...]], ...] = (
    # Obesity from 30 kg/m², underweight below 18.5 (WHO).
    (
        _re(rf"^(?:bmi|body mass index){_IS}(?P<n>{NUMBER})(?: ?kg/m(?:2|²))?$"),
        ((30, 200, "obesity"), (18.5, 30, ""), (5, 18.5, "underweight")),
    ),
    # Diabetes from 6.5 % or 48 mmol/mol (WHO); above 8.5 % or 69 mmol/mol UK guidance puts planned operations off.
    (
        _re(rf"^(?:hba1c|a1c|glycated ha?emoglobin){_IS}(?P<n>{NUMBER})(?: ?(?:%|percent|mmol/mol))?$"),
        (
            (3, 6.5, ""), (6.5, 8.5, "diabetes"), (8.5, 20, "uncontrolled diabetes"),
            (20, 48, ""), (48, 70, "diabetes"), (70, 250, "uncontrolled diabetes"),
        ),
    ),
    # Potassium below 3.5 or from 5.5 mmol/L (Royal College of Emergency Medicine); 5.0 to 5.5 is left unread.
    (
        _re(rf"^(?:k\+?|potassium|serum potassium){_IS}(?P<n>{NUMBER})(?: ?(?:mmol/l|meq/l))?$"),
        ((1, 3.5, "hypokalaemia"), (3.5, 5, ""), (5.5, 12, "hyperkalaemia")),
    ),
    # Sodium below 135 mmol/L.
    (
        _re(rf"^(?:na\+?|sodium|serum sodium){_IS}(?P<n>{NUMBER})(?: ?(?:mmol/l|meq/l))?$"),
        ((90, 135, "hyponatraemia"), (135, 146, "")),
    ),
    # An INR that only an anticoagulant or a disorder of coagulation explains; what lies between is left unread.
    (_re(rf"^inr{_IS}(?P<n>{NUMBER})$"), ((0.7, 1.2, ""), (1.5, 20, "coagulation disorder"))),
    # Fever from 38 °C.
    (
        _re(rf"^(?:temp|temperature|t|fever){_IS}(?P<n>{NUMBER})(?: ?°? ?c)?$"),
        ((38, 43, "fever"), (35.5, 37.5, "")),
    ),
    # Categories of the glomerular filtration rate in mL/min per 1.73 m² (KDIGO 2012): below 30 severe, below 60 moderate.
    # Below 10 labels rule out what the kidney clears.
    (
        _re(rf"^(?:e?gfr|crcl|creatinine clearance){_IS}(?P<n>{NUMBER})(?: ?ml/min.*)?$"),
        ((0, 10, "end-stage renal disease"), (10, 30, "severe renal impairment"), (30, 60, "renal impairment"), (60, 200, "")),
    ),
    # Creatinine as labels of what the kidney clears have it (tranexamic acid): less from 120 µmol/L, least from 250. Figures below 20 are
    # mg/dL. Usual is only what is so in women and men alike (0.48 to 0.93 and 0.63 to 1.16 mg/dL in a hospital's 20 to 70 year olds,
    # enzymatic, IDMS-traceable): 100 µmol/L is usual in a man and raised in a woman, so what lies between is left unread.
    (
        _re(rf"^(?:serum )?(?:creatinine|creat|cr){_IS}(?P<n>{NUMBER})(?: ?(?:[µμu]mol/l|micromol/l|mg/dl))?$"),
        (
            (0.48, 0.93, ""), (1.35, 2.83, "renal impairment"), (2.83, 20, "severe renal impairment"),
            (42, 82, ""), (120, 250, "renal impairment"), (250, 2000, "severe renal impairment"),
        ),
    ),
    # A left ventricle that ejects less than 35 percent is what labels of verapamil keep it from (below 30 in the US).
    (_re(rf"^(?:lvef|ef|ejection fraction){_IS}(?P<n>{NUMBER})(?: ?(?:%|percent))?$"), ((5, 35, "heart failure"),)),
    # Units of alcohol a week or a day, the upper end of a range: heavy from the women's limit of British authorities for all, because
    # a value is read without knowing who drinks (women above 35 a week or 6 a day, men above 50 or 8).
    (
        _re(rf"{_DRINKS}(?:{NUMBER} ?(?:-|–|to) ?)?(?P<n>{NUMBER}) ?(?:u|units?)(?: of alcohol)? ?(?:/|per|a|each|every) ?(?:wk|week)$"),
        ((0, 0.1, ""), (0.1, 35, "alcohol"), (35, 500, "heavy drinking")),
    ),
    (
        _re(rf"{_DRINKS}(?:{NUMBER} ?(?:-|–|to) ?)?(?P<n>{NUMBER}) ?(?:u|units?)(?: of alcohol)? ?(?:/|per|a|each|every) ?(?:d|day)$"),
        ((0, 0.1, ""), (0.1, 6, "alcohol"), (6, 80, "heavy drinking")),
    ),
    # Anaemia below 12 g/dL in women and 13 in men (WHO 2024): what lies between is left unread. Figures from 30 are g/L.
    (
        _re(rf"^(?:hb|hgb|ha?emoglobin){_IS}(?P<n>{NUMBER})(?: ?g/(?:dl|l))?$"),
        ((0, 12, "anaemia"), (13, 17, ""), (30, 120, "anaemia"), (130, 170, "")),
    ),
    # Thrombocytopenia below 150 × 10⁹/L, more than usual above 450; figures from 2,000 are per microlitre.
    (
        _re(rf"^(?:platelets?|plts?){_IS}(?P<n>{NUMBER})(?: ?(?:k|g/l|x ?10\^?9/l|10\^?9/l|/nl|/ul|/µl))?$"),
        (
            (0, 150, "low platelet count"), (150, 450, ""),
            (2000, 150_000, "low platelet count"), (150_000, 450_000, ""),
        ),
    ),
    # Office blood pressure (WHO/ISH, ESC/ESH 2018): grade 3 from 180 or 110 mmHg, hypertension from 140 or 90. Below 90 systolic is low, as
    # product information of ivabradine has it; what lies between is left unread.
    (_re(_BP, r"(?:1[1-9]\d|2\d\d)", _MMHG), ((0, 400, "uncontrolled hypertension"),)),
    (_re(_BP, r"(?:9\d|10\d)", _MMHG), ((180, 400, "uncontrolled hypertension"), (0, 180, "high blood pressure"))),
    (
        _re(_BP, r"[678]\d", _MMHG),
        (
            (180, 400, "uncontrolled hypertension"), (140, 180, "high blood pressure"), (90, 140, ""),
            (40, 90, "hypotension"),
        ),
    ),
    (_re(_BP, r"[345]\d", _MMHG), ((40, 90, "hypotension"),)),
    # Weeks of a pregnancy of forty, as obstetricians write it; 20/40 alone may be eyesight.
    (
        _re(
            r"^(?:g\d+ ?p\d+(?:\+\d+)?,? ?|(?:pregnant|pregnancy|gestation)(?: of|:|,)? ?)(?P<under>(?!))?",
            r"(?P<n>\d{1,2})(?:\+\d)?/40$",
        ),
        ((0, 28, "pregnancy"), (28, 46, "third trimester")),
    ),
    (
        _re(r"^(?P<under>(?!))?(?P<n>\d{1,2})(?:\+\d)? ?(?:weeks?|wks?)(?: (?:pregnant|gestation|of pregnancy))$"),
        ((0, 28, "pregnancy"), (28, 46, "third trimester")),
    ),
    (
        _re(r"^(?:pregnant|pregnancy|g\d+ ?p\d+(?:\+\d+)?),? ?(?P<under>(?!))?(?P<n>\d{1,2})(?:\+\d)? ?(?:weeks?|wks?)$"),
        ((0, 28, "pregnancy"), (28, 46, "third trimester")),
    ),
    # Nobody's eyesight is written over forty but 20/40.
    (
        _re(r"^(?P<under>(?!))?(?P<n>\d{1,2})(?:\+\d)?/40(?: weeks)?$"),
        ((3, 20, "pregnancy"), (21, 28, "pregnancy"), (28, 43, "third trimester")),
    ),
)  # fmt: skip
"""Measured values with what they amount to, from (included) and to (excluded): a condition, or `""` for the usual range.

A value in no band is not understood, and so is a limit (`< 30`) within the usual range: nobody knows how far below it lies.
"""

_LABS = (
    "alanine aminotransferase|alk phos|alkaline phosphatase|alp|alt|amylase|anti-?tpo|aptt|ast|base excess|beta-?hcg"
    "|bicarb(?:onate)?|bilirubin|bnp|bun|ca ?125|ca|cd4|cea|chloride|cholesterol|ck|creatinine kinase|creatine kinase"
    "|creatinine|creat|cr|crp|c-reactive protein|d-?dimer|ef|eosinophils?|esr|factor viii|ferritin|fev1|fibrinogen|fsh"
    "|ft3|ft4|ggt|gamma-?gt|glucose|bm|blood sugar|sugar|bsl|fbg|fpg|hcg|hct|hdl|haematocrit|hematocrit|homocysteine|hr"
    "|heart rate|ige|igg|iga|igm|ketones|ldh|ldl|lh|lipase|lvef|lymphocytes?|mcv|methb|methaemoglobin|methemoglobin"
    "|neutrophils?|nt-?pro-?bnp|phosphate|procalcitonin|prolactin|psa|pth|pulse|qrs|qtc?f?|resp(?:iratory)? rate|sats"
    "|oxygen saturations?|shbg|spo2|triglycerides?|troponin(?: [it])?|tsh|tsat|urate|urea"
    "|uric acid|viral load|wbc|wcc|white cells?|white cell count"
)
_GIVEN_TOO = (
    "albumin|b12|calcium|cortisol|dheas?|folate|iron|lactate|magnesium|mg|oestradiol|estradiol|progesterone|t3|t4|tg"
    "|testosterone|vitamin b12|vitamin d|vit d|zinc"
)
"""What is measured and given, too: a value only with a unit per volume, because `zinc 25 mg` is a tablet."""
_SAID = rf"(?: count| levels?)?(?: of| is| was| at|:|=)? ?(?:[<>≤≥~]=?|below|under|over|above)? ?{NUMBER}(?!\w)(?: ?x ?10\^?\d+)?"
NOTED = _re(
    r"^(?:(?:fasting|random|serum|plasma|blood|total|corrected|adjusted|ionised|ionized|free|last|latest|resting) )*",
    rf"(?:(?:{_LABS}){_SAID}(?! ?(?:m?g|mcg|[µμ]g|iu|units?|ml)(?:$| ))(?: ?[a-zµμ%°/^*·×\d.²³-]+(?: ?/ ?[a-zµμ\d.]+)?)?",
    rf"|(?:{_GIVEN_TOO}){_SAID} ?[a-zµμ]+ ?/ ?d?m?l)(?: ?\((?:high|low|raised|normal|h|l)\))?$",
)
"""A value of the laboratory or the bedside with its figure. Those in `FIGURES` are read before; the rest is told as not checked."""

"""What people write around a word: `pregnant 10 weeks`, `allergic to lidocaine`, `stopped isotretinoin 5 months ago`, `no diabetes`.

Pure text: a phrase is taken apart, and what is left over is looked up by `kb.questions.resolve`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from kb.questions.laboratory import FIGURES, NOTED, NUMBER


def _any(words: str) -> str:
    """A pattern for any of the words, separated by `|` (those inside brackets belong to a word); longest first."""
    found = re.findall(r"(?:\([^)]*\)|[^|(])+", words)
    return "(?:" + "|".join(sorted((w.strip() for w in found), key=len, reverse=True)) + ")"


def _re(*pieces: str) -> re.Pattern[str]:
    return re.compile("".join(pieces), re.IGNORECASE)


_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNT |= {"nine": 9, "ten": 10, "twelve": 12, "couple of": 2, "a couple of": 2, "a few": 3}
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25, "d": 1.0, "wk": 7.0, "w": 7.0, "mo": 30.44}
_DAYS |= {"yr": 365.25, "y": 365.25, "/7": 1.0, "/52": 7.0, "/12": 30.44}
"""`2/52` is how clinicians write two weeks."""
_COUNTED = rf"(?P<count>{NUMBER}|{_any('|'.join(_COUNT))})"
_UNIT = r"(?P<unit>days?|weeks?|wks?|months?|mos?|years?|yrs?|/7|/52|/12|d|w|y)"
_AGO = _re(rf"\b(?:about |around |some |~ ?)?{_COUNTED}[ -]?{_UNIT}\b\.? (?:ago|back|earlier)\b")
_AHEAD = _re(rf"\b(?:(?:planned |due |scheduled )?in|within) {_COUNTED}[ -]?{_UNIT}\b(?:(?:'s|’s)? time)?")
_NAMED_AGO = {
    "yesterday": 1.0,
    "last week": 7.0,
    "last month": 30.44,
    "last year": 365.25,
    "this morning": 0.0,
    "this am": 0.0,
    "this week": 3.0,
    "last night": 1.0,
    "last weekend": 1.0,
    "over the weekend": 1.0,
    "the other day": 1.0,
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMED_AGO |= {f"last {day}": 1.0 for day in _WEEKDAYS}
"""Days ago; where the words leave it open, the fewest they can mean."""
_NAMED_AHEAD = {"tomorrow": 1.0, "next week": 7.0, "next month": 30.44, "next year": 365.25, "later today": 0.0}
_NAMED_AHEAD |= {"afterwards": 0.0, "after the session": 0.0, "tonight": 0.0, "straight after": 0.0}
_NAMED_AHEAD |= {"this weekend": 1.0, "at the weekend": 1.0, "next weekend": 5.0, "the day after tomorrow": 2.0}
_NAMED_AHEAD |= {f"{which} {day}": 1.0 for which in ("on", "next", "this") for day in _WEEKDAYS}
_NAMED_AHEAD |= dict.fromkeys(("planned", "awaiting", "waiting for", "due for", "booked for", "listed for"), 0.0)
_NAMED_AHEAD |= dict.fromkeys(("on the list for", "on the waiting list for", "on waiting list for"), 0.0)
_NAMED_AHEAD |= {"soon": 0.0, "coming up": 0.0, "booked": 0.0, "scheduled": 0.0, "upcoming": 0.0}
"""Days ahead; where the words leave it open, the fewest they can mean: a caution is raised rather than not."""
_LAST = _re(rf"\b(?P<when>{_any('|'.join(_NAMED_AGO))})\b")
_NEXT = _re(rf"\b(?P<when>{_any('|'.join(_NAMED_AHEAD))})\b")
_NOW = _re(r"\b(?:right now|just now|today|now|currently|at present|at the moment)\b")
_ENDED = _re(
    "^",
    _any(
        "stopped|ended|finished|completed|discontinued|quit|gave up"
        "|just finished|just stopped|off|came off|has stopped|used to take|ended taking|took|was on"
        "|was taking|had been on|had been taking"
    ),
    r"\s+",
)
_ENDED_AFTER = _re(r"\s+(?:was |has been )?", _any("stopped|ended|finished|completed|discontinued"), "$")

_NOT = _re(
    "^", _any("no|not|denies|denied|without|negative for|never had|never|free of|ruled out|nil"), r"\s+",
    "(?:", _any("known|any|longer|current|history of|evidence of|signs of"), r"\s+)*",
    "(?!", _any("well|fully|adequately|sufficiently|properly|yet|completely|under control|controlled|compliant|treated|healed"),
    r"\b)(?P<rest>.+)$",
)  # fmt: skip
_NUMBERED = rf"(?:\d+|{_any('|'.join(c for c in _COUNT if c not in ('a', 'an')))})"
_PARENT = "(?:mother|mum|mom|mummy|father|dad|parent)"
_OFFSPRING = _re(
    r"^(?:(?:is )?(?:an? )?(?:(?:busy|single|working|new) )?",
    rf"(?:(?:has|have|got|lives with|works with|looks after|{_PARENT} (?:of|to)) )?",
    rf"(?:(?:(?:{_NUMBERED}|young|small|little|grown|grown-up|adult|teenage|school-age) )+(?:kids|children|boys|girls|sons|daughters)",
    r"|(?:1|one) (?:kid|child))(?: (?:at|in the) (?:home|house|school))?",
    r"|(?:has|have|got) (?:a child|kids|children)(?: (?:at|in the) (?:home|house))?|(?:lives|works) with (?:kids|children)",
    r"|(?:kids|children|sons|daughters) (?:are )?(?:aged?|ages) [\d ,&/-]+(?:and \d+)?"
    r"|(?:has|have|got) an? \d+[ -](?:days?|weeks?|months?|years?)[ -]old(?: (?:baby|infant|child|son|daughter|boy|girl))?"
    rf"|(?:kids|children) (?:at|in the) (?:home|house)|(?:an? )?(?:(?:single|working) )?{_PARENT} (?:of|to) {_NUMBERED})$",
)
"""`mother of 2`: children of the patient, who are not the patient. `with child` is a pregnancy, and a `small child` the patient."""
_NOTHING = _re(
    r"^(?:allerg(?:y|ies)\s*:\s*)?(?:none|nil|(?:takes |taking |on )?nothing|n/?a|nkda|nka|no(?: known)? (?:drug )?allerg(?:y|ies)"
    r"|unremarkable|never[ -]smoke[dr]|non-?smoker|(?:a )?single (?:mum|mom|mother|dad|father|parent)"
    r"|(?:has )?(?:had )?(?:\d|two|three|four|five|six)(?: (?:previous|prior|past|normal|full[- ]term))? pregnancies"
    r"|(?:previous|prior|past)(?: normal)? pregnanc(?:y|ies)"
    r"|(?:otherwise )?(?:healthy|well|fit(?: (?:and|&) (?:well|healthy))?)(?: adult| patient)?"
    r"|nil (?:of note|else|significant)|(?:no|nil|takes no|on no)(?: (?:other|regular|current|known|significant|relevant|past|previous))* ",
    _any("medications?|medicines?|meds|drugs?|conditions?|illness(?:es)?|diseases?|comorbidit(?:y|ies)|pmhx?|medical history|history"
    "|health problems?|medical problems?|problems?|supplements?|regular|surger(?:y|ies)|operations?"), ")$",
)  # fmt: skip
_RELATIVE = _any(
    "mother|father|sister|brother|aunt|uncle|grandmother|grandfather|parents?|siblings?|daughter|son|relatives?|cousin|niece|nephew"
    "|mum|mom|dad|gran|grandma|grandad|twin|husband|wife|spouse|partner|girlfriend|boyfriend|friend|flatmate"
)
_NO_KIN = _re(r"\b(?:husband|wife|spouse|partner|girlfriend|boyfriend|friend|flatmate)\b")
"""People who live with a patient and share no blood: what they have is no family history."""
_MOTHERHOOD = r".*\b(?:pregnan|breast-?feed|lactat|nursing|post-?natal|post-?partum|trying|ttc\b|\d{1,2} ?/ ?40)"
"""`Mother: pregnant` and `mum - breastfeeding` are about the patient, as anaesthetists and midwives write."""
_MOTHER = _re(rf"^(?:mother|mum|mom)\s*[:–—-]\s+(?P<rest>{_MOTHERHOOD}.*)$")
_FAMILY = _re(
    rf"\b(?:family history(?: of)?|fhx?(?: of)?|familial history(?: of)?|(?<!nursing )(?<!expectant )(?<!expecting )"
    rf"(?<!feeding )(?<!pregnant )(?<!new )(?!{_PARENT} (?:of|to) {_NUMBERED}\b)",
    rf"{_RELATIVE}(?:'s|’s)? (?:has|have|had|with|of|is|was|takes?|took|uses|on))\s*:?\s*(?:an? )?",
    rf"(?P<rest>.+)$|^(?P<rest2>.+?)(?: runs?)? in (?:(?:the|her|his|their|my|an?) )?(?:family|{_RELATIVE})$",
    rf"|^(?P<rest3>.+?) \((?:in the )?(?:family|{_RELATIVE})\)$",
    rf"|^(?:(?:maternal|paternal) )?{_RELATIVE}\s*[:–—-]\s+(?!{_MOTHERHOOD})(?P<rest4>.+)$",
    r"|^(?P<rest5>.+?) (?:on|from) (?:(?:the|her|his|my) )?(?:mother|father|mum|mom|dad|maternal|paternal)(?:'s|’s)? side$",
)
_AS_A_CHILD = r" (?:as|when) (?:an? )?(?:child|kid|baby|infant|toddler|teen|teenager|adolescent|youngster)$"
_CHILDHOOD = _re(_AS_A_CHILD)
"""`asthma as a child`: when it was, and no child."""
_HISTORY = _re(
    r"^(?:(?:past |previous |prior |personal |medical |remote )?history of|",
    _any("h/o|hx of|hx|s/p|status post|pmhx?:?|previously|previous|prior|past|known|old|had|ever had|once had"),
    r")\s+(?P<rest>.+)$|^(?P<rest2>.+?)(?: (?:in the past|history|years ago)$|",
    rf"{_AS_A_CHILD})",
)
_MAYBE = _re(
    r"^(?:\?|",
    _any("possible|possibly|suspected|probable|query|maybe|questionable"),
    r")\s*(?P<rest>.+)$|^(?P<rest2>[^?]+?) ?\?$",
)
_ALLERGY = _re(
    r"^(?:(?:severe|known|contact|mild|true|proven)\s+)?",
    r"(?:allerg(?:ic|y|ies)(?: reaction)?|hypersensitiv(?:e|ity)|sensitiv(?:e|ity)|intoleran(?:t|ce)|",
    r"anaphyla(?:xis|ctic)(?: reaction| shock)?|reacts?|reacted|reaction|rxn)(?: badly)?",
    r"(?:\s+(?:to|against|after|with|of)\s+|\s*:\s*)(?P<rest>.+)$",
    r"|^(?P<rest2>.+?)[ -](?:allerg(?:y|ic|ies)|(?:hyper)?sensitivity|sensitive|intolerance|anaphylaxis",
    r"|contact (?:allergy|dermatitis|eczema))$",
    # a reaction that somebody had to something is told as what happened: `hives from penicillin`, `wheeze with ibuprofen`
    r"|^(?:(?:came|come|broke|breaks) out in |gets? |got |had |has |developed |develops )?",
    r"(?:(?:an?|bad|severe|mild|widespread|generali[sz]ed|itchy|facial) )*(?:",
    _any(
        "rash|rashes|hives|urticaria|wheals|welts|angio-?o?edema|wheez(?:e|es|ed|ing)|bronchospasm"
        "|collaps(?:e|ed)|anaphyla(?:xis|ctic shock)|wheezy"
        "|itch(?:y|ing|ed)?(?: scalp| skin| eyes| all over)?|swollen (?:face|lips?|tongue|throat|eyelids?)"
        "|(?:face|lip|tongue|throat) swelling|swelling of the (?:face|lips?|tongue|throat)"
        "|photo-?allerg(?:y|ic)(?: reaction)?|photosensitiv(?:e|ity)(?: reaction| rash)?|sun rash"
        "|(?:bad|adverse|nasty|violent|severe) reaction"
    ),
    r"\s+(?:to|from|with|after|on)\s+|",
    # asthma is treated with medicines, too (`asthma on salbutamol`): only what set it off counts
    r"(?:asthma(?:tic)?(?: attacks?| reaction)?|rhinitis|attacks?)",
    r"\s+(?:after|from|triggered by|provoked by|induced by|caused by|brought on by|set off by|worsened by)\s+",
    r")(?P<rest3>.+)$",
    r"|^(?P<rest4>.+?)(?: (?:rash|hives)|[- ](?:induced|provoked|triggered|exacerbated) ",
    r"(?:asthma|bronchospasm|angio-?o?edema|urticaria|hives|rash|anaphylaxis|rhinitis))$",
)
_ANAPHYLAXIS = _re(r"\banaphyla")
_TAKES = _re(
    r"^(?:(?:is |currently |now |still |regularly |daily )?",
    _any(
        "on|take|takes|taking|took|injects|injecting|self-injects|given|use|uses|using|has been on|been on|treated with|under"
        "|receives|receiving|prescribed|started|started on"
        "|applies|applying|daily|regular|long-term|long term|oral|topical|low-dose|low dose|high-dose|high dose|inhaled|systemic"
        "|intravenous|iv|im|gets|wears|wearing|suffers from|suffers with|suffering from|diagnosed with|lives with|living with"
    ),
    r"|(?:meds?|medications?|medicines?|dhx?|drugs?|rx)\s*:",
    rf"|(?:an? )?{_PARENT} (?:of|to) {_NUMBERED}(?: kids| children)?(?: who| and)?(?: is| has| takes)?)\s+(?P<rest>.+)$",
)
_WHO = "(?:girl|boy|woman|man|female|male)"
_AGE = _re(
    rf"^(?:(?P<who>{_WHO}|patient|child|teenager|adolescent|baby|infant)?[ ,]*(?:of |aged? |age:? ?|is )+(?P<age>{NUMBER})",
    r"(?: ?(?:years?|yrs?|y)(?: old)?| ?y/?o)?",
    rf"|(?P<age2>{NUMBER})[ -]?(?:years?|yrs?|y)(?:[ -]old| of age)|(?P<age3>{NUMBER}) ?(?:y/?o|y\.o\.?|yrs?|years|y)",
    rf"|(?P<age4>{NUMBER})[ -]?months?[ -]old)(?: (?P<who2>{_WHO}|[mf]))?$",
)
_WHO_AGE = _re(rf"^(?:(?:otherwise )?(?:healthy|fit|well) )?(?P<who>{_WHO}|[mf])[ ,]*(?P<age>{NUMBER})$")
_AGE_WHO = _re(rf"^(?P<age>{NUMBER})[ ,]*(?P<who>{_WHO}|[mf])$")
_OPENING = _re(
    rf"^(?P<person>\d{{2,3}} ?(?:{_WHO}|[mf])|(?:{_WHO}|[mf])[ ,]*\d{{2,3}}"
    rf"|\d{{2,3}}(?:[ -]?(?:years?|yrs?|y)[ -]old|[ -]?(?:years?|yrs?)| ?y/?o) (?:{_WHO}|[mf]))",
    r"(?:\s*[-–—:;.]+\s+|\s+(?:(?:who has|has|with) )?(?!ago\b|later\b))(?P<rest>[^\s,].*)$",
)
"""Somebody at the head of a line without a comma: `45F myasthenia gravis`, `Male 67 — AF`. Both age and sex, so that it is no dose."""
_BRACKETED = _re(rf"^(?P<before>.*?\S)\s*\((?P<person>{_WHO})\)\s*(?P<after>.*)$")
"""Somebody in brackets: `breast cancer (male) 2018`."""
_WEIGHT = _re(
    rf"^(?:(?:weigh(?:s|t|ing)?|wt)(?: of| is)?:? ?)?(?P<kg>{NUMBER}) ?(?:kg|kilos?|kilograms?)(?: body ?weight)?$"
)
_SEX = {"female": "female", "woman": "female", "f": "female", "girl": "female"}
_SEX |= {"male": "male", "man": "male", "m": "male", "boy": "male"}
_STRENGTH = _re(
    rf"(?<![\w-])(?:{NUMBER}(?: ?(?:-|–|to) ?{NUMBER})? ?",
    r"(?:%|percent|per ?cent|mg|mcg|µg|μg|ug|g|ml|cc|iu|units?|u|ng|mmol|injections?|points?|vials?|ampoules?|syringes?|tubes?"
    r"|containers?)",
    r"(?:/(?:kg|ml|g|day|d|l|dose|week|wk|h|24 ?h))?|1 ?[:/] ?(?:\d{1,3}(?:[ ,.]\d{3})+|\d*00))(?![\w-])",
)
_FORM = _re(
    r"\b",
    _any(
        "tablets?|tabs?|capsules?|caps?|pills?|(?:eye|ear|nose|nasal) ?drops?|mouth ?wash(?:es)?|pessar(?:y|ies)|nebuli[sz]ers?|nebs?"
        "|cream|ointment|gel|lotion|foam|serum|drops?|patch(?:es)?|spray|injections?|inj|infusion|solution"
        "|suspension|ampoules?|vials?|syringes?|once|twice|three times|daily|a day|per day|every day|every other day|weekly|a week|nightly"
        "|at night|at bedtime|nocte|mane"
        "|in the morning|bd|od|bid|tid|qd|qds|tds|prn|as needed|po|sc|iv|im|low-dose|low dose|high-dose|high dose"
        "|long-term|long term|oral|topical|inhaled|nebulised|nebulized|systemic|by mouth|orally|dose of|therapy|treatment|for years"
        r"|xr|xl|sr|cr|er|mr|la|retard|forte|depot|q ?\d{1,2} ?[dwh]"
        r"|for \d+ (?:days?|weeks?|months?|years?)|x ?\d+ ?(?:days?|weeks?|nights?|doses?|/7|/52)"
        r"|fortnightly|monthly|every (?:week|month|fortnight|night|morning)|(?:at )?weekends|lozenges?|sachets?|gumm(?:y|ies)"
        r"|inhalers?|puffers?|suppositor(?:y|ies)|(?<=[a-z]{4} )\d+(?:[.,]\d+)?$"
    ),
    r"\b",
)
_GIVEN = _re(
    r"^(?:iv|intravenous|im)\s+(?=\S)|\s+(?:iv\s+|intravenous\s+)?",
    _any("shots?|jabs?|drips?|drip bag|infusions?|push|iv|iv push|iv therapy"),
    "$",
)
"""How a clinic's menu says that something is given: `biotin shot`, `IV glutathione`, `vitamin C drip`."""
_WISH = _re(
    r"^(?P<who>(?:(?!\b(?:on|takes?|with|has)\b|\band (?!(?:i|he|she|her|his|husband|wife|partner)\b))[^,;])*?)",
    r"\b(?:wants?|wish(?:es)?|wishing|plan(?:s|ning)?|hop(?:es|ing)|try(?:ing)?|tries) (?:to |on |for )?(?:a )?",
    r"(?:become |get |becoming |getting |be )?(?:pregnant|pregnancy|baby|conceive)$",
)
_PARTNER = _re(
    r"^(?:his |my |the )?(?:wife|partner|girlfriend|spouse)(?:'s|’s)?\b.*\b(?:pregnant|pregnancy|expecting|\d{1,2}/40)\b.*$",
    r"|^pregnant (?:wife|partner|girlfriend|spouse)\b.*$",
    r"|^pregnancy in (?:(?:the|his|my) )?(?:wife|partner|girlfriend|spouse)$",
)
_QUALIFIED = _re(
    r"\bnot (?:(?:well|fully|adequately|sufficiently|properly|yet|completely|always)[ -]?)*"
    r"(?:controlled|compliant|treated|healed|under control)\b"
)
_VALUE_NEXT = r"\s+(?=(?:inr|(?:hb)?a1c|e?gfr)\b[ :=]*\d)"
_SLASH = _re(r"(?<=[a-z]{4}) ?/ ?(?=[a-z]{4})(?!(?:day|night|week|month|year|hour|dose|daily|nightly|weekly)s?\b)")
"""Two things written as one: `darunavir/cobicistat`. Never a rate (`units/week`)."""
_WHEN_ALONE = r"(?!\s*(?:about |around |~ ?)?\d+ ?-?(?:/7|/52|/12|days?|weeks?|wks?|months?|mos?|years?|yrs?) (?:ago|back)\s*(?:$|[,;]))"
"""`DVT, 2/52 ago` is one thing: what follows the comma says when."""
_COMMA = rf",(?!\d{{3}}(?!\d)){_WHEN_ALONE}"
"""Not that of `1:100,000`."""
_SPLIT = _re(_VALUE_NEXT, rf"|\s*(?:{_COMMA}|;|\+|&|\band\b|\bplus\b|\bwith\b|\bbut\b|\bas well as\b)\s*")
_LISTED = _re(
    _VALUE_NEXT,
    rf"|\s*(?:;{_WHEN_ALONE}|{_COMMA})\s*(?:but\s+)?",
    r"|(?<!problem)(?<!problems)(?<!issue)(?<!issues)(?<!trouble)\s+with\s+|\s+but\s+",
)
_ENUMERATED = _re(rf";{_WHEN_ALONE}|{_COMMA}|\bbut\b")
_JOINED = _re(r"\s(?:and|plus|&|\+)\s")
_CLOSED = _re(r"\s(?:and|&)\s[^,;]+$")
_RATE = _re(r"^(?:\d+(?:[-–]\d+)?/(?:day|d|week|wk|month|year)|x ?\d+)$")
_SITE = _re(r"^(?:(?:site|area|region|zone|location)\s*:?\s+|treating\s+|injecting\s+|(?:in|to|on|for) )(?:the )?")
_INR = _re(rf"\binr\D{{0,6}}(?P<n>{NUMBER})")
_GLOSS = _re(r"^(?P<head>[^()]+?)\s*\((?P<inner>[^()]+)\)$")
_LOOSE = frozenset(
    {
        "1st", "2nd", "3rd", "christmas", "easter", "till", "triplets", "twins", "until",
        "a", "ab", "ablated", "about", "above", "abs", "active", "acquired", "acute", "advanced", "after", "all",
        "alone", "along", "also", "an", "and", "approx", "approximately", "apr", "april", "around", "as", "asymptomatic", "at",
        "attack", "attacks", "aug", "august", "aura", "autumn", "badly", "be", "because", "been", "before", "behind", "below", "big",
        "beneath", "between", "bilateral", "birth", "border", "borderline", "both", "but", "by", "carrier", "carries",
        "childhood", "chronic", "cigarettes", "class", "clinically", "clipped", "cm", "coiled", "complete", "completely",
        "condition", "confirmed", "congenital", "control", "controlled", "current", "currently", "daily", "day", "days", "dec", "december",
        "degree", "diagnosed", "diagnosis", "diffuse", "disease", "drained", "due", "during", "early", "end", "entire", "episode",
        "episodes", "especially", "every", "extensive", "ex", "excised", "fasting", "feb", "february", "few", "first", "fitted", "flare",
        "flares", "for", "fracture", "fractured", "fractures", "frequent", "frequently", "from", "full", "generalised",
        "generalized", "gestation", "gets", "gives", "gloves", "good", "got", "grade", "had", "has", "have", "having", "her", "het",
        "heterozygous", "his", "homozygous", "i", "ii", "iii", "implanted", "in", "inactive", "inflamed", "inner", "inserted",
        "inside", "intermittent", "intermittently", "into", "is", "ish", "issue", "issues", "it", "its", "iv", "jan",
        "january", "jul", "july", "jun", "june", "just", "known", "l", "large", "last", "late", "lateral", "left", "local",
        "localised", "localized", "long", "longstanding", "lower", "mainly", "major", "marked", "mar", "march", "may", "medial", "mid",
        "m", "might", "mild", "mildly", "minor", "mm", "moderate", "monitored", "month", "months", "multinodular", "multiple", "my",
        "near", "new", "newly", "none", "nov", "november", "now", "occasional", "occasionally", "oct", "october", "of", "often",
        "old", "on", "ongoing", "only", "onto", "or", "our", "outer", "outside", "over", "partial", "patient", "persistent",
        "placed", "planned", "plaque", "plaques", "poor", "poorly", "positive", "prev", "progressive", "problem", "problems", "prone", "pt",
        "quiescent", "quiet", "r", "re", "recent", "recently", "recovering", "recurrent", "recurring", "refractory", "regularly",
        "remission", "repeated", "resected", "resistant", "right", "same", "seasonal", "second", "seizure-free",
        "self-resolved", "sept", "september", "session", "several", "severe", "severely", "side", "sides", "sight", "significant", "since",
        "single", "married", "divorced",
        "site", "situ", "slight", "slightly", "small", "some", "sometimes", "spring", "stable", "stage", "standing",
        "started", "stented", "still", "summer", "surgically", "symptom", "syndrome", "symptoms", "tendency", "that", "the", "their",
        "third", "throughout", "to", "today", "top", "total", "treated", "treatment", "trimester", "type", "uncomplicated",
        "uncontrolled", "under", "undetectable", "unstable", "untreated", "up", "upper", "user", "users", "v", "very", "vi",
        "via", "was", "week", "weeks", "well", "well-controlled", "well-managed", "were", "when", "whenever", "where",
        "usually", "w", "which", "while", "whole", "widespread", "winter", "with", "wk", "wkly", "wks", "year", "yearly", "years", "yr",
        "yrs",
    }
)  # fmt: skip
"""Words that only qualify another: they may be left over without anything being lost."""

_PLACES = frozenset(
    {
        "abdomen", "abdominal", "ankle", "ankles", "arm", "armpit", "armpits", "arms", "axilla", "axillae", "back", "belly",
        "breast", "breasts", "buttock", "buttocks", "calf", "calves", "cheek", "cheeks", "chest", "chin", "collarbone", "ear",
        "earlobe", "ears", "elbow", "elbows", "extremities", "extremity", "eyebrow", "eyebrows", "eyelid", "eyelids", "face",
        "facial", "feet", "femur", "finger", "fingers", "flank", "flanks", "foot", "forearm", "forearms", "forehead", "groin",
        "hand", "hands", "head", "heel", "heels", "hip", "hips", "humerus", "jaw", "jawline", "jaws", "knee", "knees", "leg",
        "legs", "limb", "limbs", "lip", "lips", "mandible", "maxilla", "mouth", "nail", "nails", "neck", "nose", "nostril",
        "palm", "palmar", "palms", "pelvis", "perioral", "periorbital", "plantar", "scalp", "shin", "shins", "shoulder", "shoulders",
        "skull", "sole", "soles", "spine", "sternum", "teeth", "temple", "temples", "thigh", "thighs", "throat", "thumb", "tibia", "toe",
        "toes", "tongue", "tooth", "torso", "trunk", "vertebra", "waist", "wrist", "wrists",
    }
)  # fmt: skip
"""Parts of the body: where something is, when the phrase says what it is. No inner organ is among them: `heart` is a fact of its own."""

_OPERATION = _re(
    r"(?:\b(?:surgery|operation|op|repair|replacement|reconstruction|augmentation|implants?|bypass)"
    r"|\b(?:face|brow|neck|eyelid|breast|arm|thigh|butt|bum)[ -]?lift|\btummy tuck|\bliposuction|\b(?:boob|nose) job|\bc-section"
    r"|\bca?esarean(?: section)?|ectomy|plasty|otomy)$"
)
_UNITS = frozenset(
    {
        "mg", "g", "mcg", "ml", "iu", "u", "d", "m", "f", "bd", "od", "ms", "msec", "s", "sec", "cm", "mm", "bpm", "l", "dl", "pm", "am",
    }
)  # fmt: skip
_LACK = frozenset({"deficiency", "deficient", "def", "insufficiency", "level", "levels", "test", "tests"})

_ROUTES = (
    ("topical", _re(r"\b(?:creams?|ointments?|lotions?|foams?|patch(?:es)?|shampoos?|topical(?:ly)?)\b")),
    ("oral", _re(r"\b(?:tablets?|capsules?|pills?|by mouth|orally|oral|po|p\.o)\b")),
)
"""Forms that leave no choice of where a preparation goes. A gel, a serum and a solution are injected, too."""

_WAY = _re(
    r"^(?:(?:given|taken|used|applied|as|by|po|p\.o\.|a|route|use|therapy|treatment|medication|application|only|daily)\s+)*"
    r"(?:creams?|ointments?|lotions?|foams?|patch(?:es)?|shampoos?|topical(?:ly)?"
    r"|tablets?|capsules?|pills?|by mouth|oral(?:ly)?|po|p\.o\.)"
    r"(?:\s+(?:route|use|therapy|treatment|medication|application|only|daily|tablets?|capsules?|creams?))*$"
)
_NEEDLED = _re(
    r"^(?:(?:by|as|an?|via|given)\s+)*(?:i\.?v\.?|i\.?m\.?|intravenous(?:ly)?|intramuscular(?:ly)?|drips?|infusions?|injections?|injected)"
    r"(?:\s+(?:drip|infusion|injections?|shots?|push|therapy|route|bolus))*$"
)


@dataclass(frozen=True)
class Phrase:
    """A phrase without its trappings. `word` is what to look up; the flags say what the trappings meant."""

    said: str
    word: str
    counted: bool = True
    """False for what the patient does not have: denied, or in the family."""
    why_not: str = ""
    allergy: bool = False
    reaction: bool = False
    """Told as what happened (`hives with X`): an allergy only when X is something that was given."""
    severe: bool = False
    """An anaphylaxis, whatever it was to."""
    history: bool = False
    suspected: bool = False
    ended: bool = False
    days_ago: float | None = None
    days_ahead: float | None = None
    now: bool = False
    """Said to be so at this moment: `cold sore right now`."""
    strengths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """What a phrase says about the patient as a person, each None when it does not."""

    years: float | None = None
    kg: float | None = None
    sex: str | None = None


def number(text: str) -> float:
    return float(text.replace(",", "."))


def person(text: str) -> Person | None:
    """Age, weight or sex, when the phrase says nothing else."""
    text = text.strip()
    if found := _AGE.match(text):
        years = number(next(found[g] for g in ("age", "age2", "age3", "age4") if found[g]))
        who = (found["who"] or found["who2"] or "").casefold()
        return Person(years=years / 12 if found["age4"] else years, sex=_SEX.get(who))
    if found := _WHO_AGE.match(text) or _AGE_WHO.match(text):
        return Person(years=number(found["age"]), sex=_SEX[found["who"].casefold()])
    if found := _WEIGHT.match(text):
        return Person(kg=number(found["kg"]))
    if text.casefold() in _SEX:
        return Person(sex=_SEX[text.casefold()])
    return None


def opening(text: str) -> tuple[str, str] | None:
    """The person at the head of a line, or in brackets, and the rest of it; None when the line begins with no age and sex."""
    found = _OPENING.match(text.strip())
    if found and person(found["person"]):
        return found["person"], found["rest"]
    if found := _MOTHER.match(text.strip()):
        return "female", found["rest"]
    found = _BRACKETED.match(text.strip())
    return (found["person"], f"{found['before']} {found['after']}".strip()) if found else None


def nothing(text: str) -> bool:
    """Whether the phrase says that there is nothing to say: `none`, `NKDA`, `no medication`."""
    return bool(_NOTHING.match(text.strip()))


def timed(phrase: Phrase) -> Phrase:
    """Without the words on when it was, or will be; `days_ago` and `days_ahead` hold them."""
    word = phrase.word
    if found := _AGO.search(word):
        phrase = replace(phrase, days_ago=_days(found["count"], found["unit"]))
    elif found := _AHEAD.search(word):
        phrase = replace(phrase, days_ahead=_days(found["count"], found["unit"]))
    elif found := _LAST.search(word):
        phrase = replace(phrase, days_ago=_NAMED_AGO[found["when"].casefold()])
    elif found := _NEXT.search(word):
        phrase = replace(phrase, days_ahead=_NAMED_AHEAD[found["when"].casefold()])
    elif found := _NOW.search(word):
        phrase = replace(phrase, now=True)
    else:
        return phrase
    word = f"{word[: found.start()]} {word[found.end() :]}".strip(" ,;:-()")
    return ended(replace(phrase, word=word or phrase.word))


def ended(phrase: Phrase) -> Phrase:
    """`stopped isotretinoin`, `isotretinoin ended`: about isotretinoin, which has ended."""
    word = _ENDED_AFTER.sub("", _ENDED.sub("", phrase.word)).strip()
    return replace(phrase, word=word, ended=True) if word and word != phrase.word else phrase


def _days(count: str, unit: str) -> float:
    found = _COUNT.get(count.casefold())
    unit = unit.casefold()
    unit = unit[:-1] if unit.endswith("s") and len(unit) > 1 else unit
    return (float(found) if found is not None else number(count)) * _DAYS[unit]


def denied(phrase: Phrase) -> Phrase | None:
    """`no diabetes`, `mother had breast cancer`, `has kids`: told, and not counted."""
    if _OFFSPRING.match(phrase.word):
        return replace(phrase, word="child", counted=False, why_not="children of the patient, not the patient")
    if found := _FAMILY.search(phrase.word):
        word = next(found[g] for g in ("rest", "rest2", "rest3", "rest4", "rest5") if found[g])
        return replace(phrase, word=word, counted=False, why_not="in the family, not in the patient")
    if found := _NOT.match(phrase.word):
        return replace(phrase, word=found["rest"], counted=False, why_not="said to be absent")
    return None


def childhood(text: str) -> bool:
    """Whether a phrase says of something that it was in childhood: `tonsillectomy as a child`."""
    return bool(_CHILDHOOD.search(text))


def history(phrase: Phrase) -> Phrase | None:
    if found := _HISTORY.match(phrase.word):
        return replace(phrase, word=found["rest"] or found["rest2"], history=True)
    return None


def maybe(phrase: Phrase) -> Phrase | None:
    found = _MAYBE.match(phrase.word)
    return replace(phrase, word=found["rest"] or found["rest2"], suspected=True) if found else None


def allergy(phrase: Phrase) -> Phrase | None:
    if found := _ALLERGY.match(phrase.word):
        reaction = found["rest3"] or found["rest4"]
        word = found["rest"] or found["rest2"] or reaction
        return replace(
            phrase, word=word, allergy=True, reaction=bool(reaction), severe=bool(_ANAPHYLAXIS.search(phrase.word))
        )
    return None


def _amounts_to(text: str) -> str | None:
    """The condition a measured value amounts to, `""` when it is usual, None when it is no value or in no band."""
    for pattern, limits in FIGURES:
        if found := pattern.match(text.strip()):
            value = number(found["n"])
            under = bool(found["under"])
            word = next((w for low, high, w in limits if (low < value <= high if under else low <= value < high)), None)
            return None if under and not word else word
    return None


def figure(phrase: Phrase) -> Phrase | None:
    """A measured value as the condition it amounts to: `eGFR 25` is a severe renal impairment. None when it amounts to none."""
    word = _amounts_to(phrase.word)
    return replace(phrase, word=word) if word else None


def value(text: str) -> str | None:
    """Why a measured value counts for nothing: it is usual, or no caution has a limit for it. None for anything else."""
    word = timed(Phrase(text, text)).word
    found = _amounts_to(word)
    if found == "":
        return "within the usual range"
    return (
        "noted, not checked: no caution has a limit for this value"
        if found is None and NOTED.match(word.strip())
        else None
    )


def wish(phrase: Phrase) -> Phrase | None:
    """`wants to become pregnant` is no pregnancy, but a wish for one; of a partner when the phrase says so.

    `wife 10/40 pregnant` is the partner's pregnancy.
    """
    found = _WISH.match(phrase.word)
    if not found and _PARTNER.match(phrase.word) and phrase.word != "partner pregnant":
        return replace(phrase, word="partner pregnant")
    if not found:
        return None
    partner = re.search(r"wife|partner|girlfriend|spouse", found["who"], re.IGNORECASE)
    word = "partner trying to conceive" if partner else "trying to conceive"
    return replace(phrase, word=word) if word != phrase.word else None


def taken(phrase: Phrase) -> Phrase | None:
    """Without `on`, `takes`, `using`."""
    found = _TAKES.match(phrase.word)
    return replace(phrase, word=found["rest"]) if found else None


def bare(phrase: Phrase) -> Phrase | None:
    """Without strengths and forms: `Eliquis 5 mg tablets twice daily` is about Eliquis."""
    strengths = tuple(m[0].strip() for m in _STRENGTH.finditer(phrase.word))
    word = _FORM.sub(" ", _STRENGTH.sub(" ", _QUALIFIED.sub(" ", phrase.word)))
    word = re.sub(r"\s+", " ", word).strip(" ,;:-()/@")
    word = re.sub(r"\b(?:of|at|x)$", "", word).strip()
    if not word or word == phrase.word:
        return None
    return replace(phrase, word=word, strengths=strengths)


def parts(text: str) -> list[str]:
    """The pieces of a list in one field: `aspirin and clopidogrel`."""
    found = [p.strip(" .") for p in _SPLIT.split(text) if p.strip(" .")]
    return found if len(found) > 1 else []


def pieces(text: str) -> list[str]:
    """What commas and the like part in one field: `42F, PE 2018, on Mirena`."""
    return [p for p in (p.strip(" .") for p in _LISTED.split(text)) if p]


def enumerated(text: str) -> bool:
    """Whether a phrase is a list of things of their own: `never smoked, warfarin`, `no keloid but warfarin`."""
    return bool(_ENUMERATED.search(text))


def joined(text: str) -> bool:
    """Whether a phrase is two things of their own: `allergic to fish and family history of clots`."""
    return bool(_JOINED.search(text))


def loose(word: str) -> bool:
    """Whether a word only qualifies another (`severe`, `left`, `10`, `20/day`): it may be left over without anything being lost."""
    return word.casefold() in _LOOSE or not any(c.isalpha() for c in word) or bool(_RATE.match(word))


def halves(text: str) -> list[str]:
    """The sides of a stroke: `darunavir/cobicistat`; empty when there is none."""
    found = [p.strip(" .") for p in _SLASH.split(text) if p.strip(" .")]
    return found if len(found) > 1 else []


def allergy_list(text: str) -> bool:
    """Whether a phrase opens a list of what somebody is allergic to: `allergic to penicillin, lidocaine and latex`."""
    found = _ALLERGY.match(text)
    return bool(found and found["rest"])


def closed(text: str) -> bool:
    """Whether a list ends in `and` before its last piece: `penicillin, lidocaine and latex`."""
    return bool(_CLOSED.search(text))


def gloss(text: str) -> tuple[str, str] | None:
    """A phrase and what stands after it in brackets: `anaphylaxis to chlorhexidine (Hibiscrub)`."""
    found = _GLOSS.match(text.strip())
    return (found["head"], found["inner"]) if found else None


def site(text: str) -> str:
    """A place without the words that say it is one: `site: upper lip`, `treating the nose`."""
    return _SITE.sub("", text.strip()).strip()


def inr(text: str) -> float | None:
    """The INR that a phrase gives."""
    found = _INR.search(text)
    return number(found["n"]) if found else None


def kin(text: str) -> bool:
    """Whether a phrase is about a blood relative: `sister had DVT`, `FH of clots`; not `husband had DVT`, nor `no DVT in the family`."""
    return bool(_FAMILY.search(text)) and not _NO_KIN.search(text) and not _NOT.match(text)


def operation(word: str) -> bool:
    """Whether a word names an operation of whatever kind: `hernia repair`, `hysterectomy`."""
    return bool(_OPERATION.search(word))


def unit(word: str, before: str) -> bool:
    """Whether a word is the unit of the number before it: `20 mg` is no myasthenia gravis."""
    return word.casefold() in _UNITS and before[-1:].isdigit()


def lack(word: str) -> bool:
    """Whether a word is about too little of what stands before it, or how much: `B12 deficiency`, `lithium level`."""
    return word.casefold() in _LACK


def place(word: str) -> bool:
    """Whether a word says where on the body something is."""
    return word.casefold() in _PLACES


def routes(text: str) -> tuple[str, ...]:
    """The routes that the form of a preparation settles: `lidocaine cream` is for the skin. Empty when it settles none."""
    return tuple(route for route, pattern in _ROUTES if pattern.search(text))


def way(text: str) -> tuple[str, ...]:
    """The routes of a line that says nothing but how something is given: `oral`, `tablets`, `topical use`, `PO`."""
    text = text.strip().replace("-", " ")
    return routes(text) if _WAY.search(text) else ()


def needled(text: str) -> bool:
    """Whether a line says nothing but that a needle is used: `IM`, `IV drip`, `injection`."""
    return bool(_NEEDLED.search(text.strip().replace("-", " ")))


def given(text: str) -> str:
    """The preparation without the words for how it is given: `B12 shot` is B12, and no vaccine."""
    return _GIVEN.sub("", text.strip()) or text


def grammar() -> dict[str, Any]:
    """The patterns and word lists of this module as values, for the same reading in another language."""
    patterns = {
        "ago": _AGO, "ahead": _AHEAD, "last": _LAST, "next": _NEXT, "now": _NOW, "ended": _ENDED, "ended_after": _ENDED_AFTER,
        "not": _NOT, "nothing": _NOTHING, "family": _FAMILY, "offspring": _OFFSPRING,
        "no_kin": _NO_KIN, "childhood": _CHILDHOOD, "history": _HISTORY, "maybe": _MAYBE, "allergy": _ALLERGY,
        "takes": _TAKES, "age": _AGE, "who_age": _WHO_AGE, "opening": _OPENING, "bracketed": _BRACKETED, "mother": _MOTHER,
        "age_who": _AGE_WHO, "weight": _WEIGHT, "strength": _STRENGTH, "form": _FORM,
        "wish": _WISH, "partner": _PARTNER, "operation": _OPERATION, "qualified": _QUALIFIED, "split": _SPLIT,
        "noted": NOTED, "anaphylaxis": _ANAPHYLAXIS, "listed": _LISTED, "rate": _RATE, "gloss": _GLOSS, "closed": _CLOSED,
        "enumerated": _ENUMERATED, "joined": _JOINED,
        "slash": _SLASH,
        "site": _SITE, "inr": _INR, "given": _GIVEN, "way": _WAY, "needled": _NEEDLED,
    }  # fmt: skip
    return {
        "patterns": {name: pattern.pattern for name, pattern in patterns.items()},
        "count": _COUNT,
        "days": _DAYS,
        "named_ago": _NAMED_AGO,
        "named_ahead": _NAMED_AHEAD,
        "sex": _SEX,
        "loose": sorted(_LOOSE),
        "places": sorted(_PLACES),
        "lack": sorted(_LACK),
        "units": sorted(_UNITS),
        "routes": [[route, pattern.pattern] for route, pattern in _ROUTES],
        "figures": [[pattern.pattern, [list(limit) for limit in limits]] for pattern, limits in FIGURES],
    }

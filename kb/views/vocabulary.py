"""What people call the words of the closed vocabularies (`kb.model.terms`), in the order in which pages show them."""

from __future__ import annotations

from kb.model.terms import Certainty, Compatibility, Direction, Severity, Verdict

KINDS = {
    "ingredient": "Ingredient",
    "technique": "Technique",
    "indication": "Indication",
    "adverse-effect": "Harm",
    "condition": "Condition",
    "substance": "Medicine or supplement",
    "topic": "Topic",
    "jurisdiction": "Jurisdiction",
    "finding": "Finding",
    "reference": "Paper",
    "claim": "Popular claim",
    "product": "Product",
}
KINDS_MANY = {
    "ingredient": "Ingredients",
    "technique": "Techniques",
    "indication": "Indications",
    "adverse-effect": "Harms",
    "condition": "Conditions",
    "substance": "Medicines and supplements",
    "topic": "Topics",
    "jurisdiction": "Jurisdictions",
    "reference": "Papers",
    "claim": "Popular claims",
    "product": "Products",
}
INGREDIENT_KINDS = {
    "drug": "Drugs",
    "vitamin": "Vitamins",
    "mineral": "Minerals and trace elements",
    "amino-acid": "Amino acids",
    "peptide": "Peptides",
    "enzyme": "Enzymes",
    "hormone": "Hormones",
    "polymer": "Polymers",
    "biologic": "Biologics",
    "botanical": "Botanicals",
    "vehicle": "Vehicles",
    "mixture": "Mixtures",
    "other": "Other",
}
DIRECTIONS = {d.value: d.label for d in Direction}
RESULTS = {d.value: d.harm_label for d in Direction}
"""What a direction means where the question is not one of benefit: a harm was seen, or not."""
DIRECTION_ORDER = tuple(DIRECTIONS)
DIRECTION_TONES = {d.value: d.tone for d in Direction}
CERTAINTIES = {level.value: (level.marks, level.caption) for level in Certainty}
CERTAINTY_ORDER = tuple(CERTAINTIES)
GRADE_REASONS = {
    "risk-of-bias": "Risk of bias",
    "inconsistency": "Inconsistent results",
    "indirectness": "Indirect evidence",
    "imprecision": "Imprecise estimates",
    "publication-bias": "Publication bias",
    "large-effect": "Large effect",
    "dose-response": "Dose and response go together",
    "opposing-confounding": "Confounding would work against the effect",
}
RELATIONS = {
    "treats": "Benefit",
    "causes": "Harm",
    "compared-with": "Compared with",
    "contraindicated-in": "Contraindicated in",
    "precaution": "Precaution",
    "interacts-with": "Interacts with",
    "interferes-with-test": "Interferes with test",
    "mechanism": "Mechanism",
    "pharmacokinetics": "Pharmacokinetics",
    "protocol": "Protocol",
    "regulatory-status": "Regulation",
}
ROUTES = {
    "intradermal": "intradermal",
    "subcutaneous": "subcutaneous",
    "intralesional": "intralesional",
    "topical": "topical",
    "microneedling": "microneedling",
    "electroporation": "electroporation",
    "oral": "oral",
    "intramuscular": "intramuscular",
    "intravenous": "intravenous",
    "any": "any route",
    "not-stated": "route not stated",
}
DESIGNS = {
    "meta-analysis": ("meta-analysis", "meta-analyses"),
    "systematic-review": ("systematic review", "systematic reviews"),
    "rct": ("randomised trial", "randomised trials"),
    "controlled-trial": ("controlled trial", "controlled trials"),
    "cohort": ("cohort", "cohorts"),
    "case-control": ("case-control study", "case-control studies"),
    "cross-sectional": ("cross-sectional study", "cross-sectional studies"),
    "case-series": ("case series", "case series"),
    "case-report": ("case report", "case reports"),
    "pharmacokinetic": ("pharmacokinetic study", "pharmacokinetic studies"),
    "guideline": ("guideline", "guidelines"),
    "consensus": ("consensus statement", "consensus statements"),
    "narrative-review": ("narrative review", "narrative reviews"),
    "label": ("label", "labels"),
    "regulatory": ("regulator's document", "regulators' documents"),
    "animal": ("animal study", "animal studies"),
    "in-vitro": ("laboratory study", "laboratory studies"),
    "web": ("web page", "web pages"),
    "not-stated": ("design not stated", "designs not stated"),
}
DESIGN_ORDER = {design: place for place, design in enumerate(DESIGNS)}
BASES = {
    "full-text": "the full text",
    "abstract": "the abstract",
    "label": "a label or leaflet",
    "secondary": "another source that reports it",
}
RISKS = {"low": "low", "some-concerns": "some concerns", "high": "high", "not-assessed": "not assessed"}
SEVERITIES = {severity.value: severity.caption for severity in Severity}
SEVERITY_ORDER = {severity.value: severity.rank for severity in Severity}
REGULATORY = {
    "approved": "Approved",
    "off-label": "Off label",
    "unapproved": "Not approved",
    "withdrawn": "Withdrawn",
    "prohibited": "Prohibited",
}
BANDS = {
    "very common": "Very common (1 in 10 or more)",
    "common": "Common (1 in 100 to 1 in 10)",
    "uncommon": "Uncommon (1 in 1 000 to 1 in 100)",
    "rare": "Rare (1 in 10 000 to 1 in 1 000)",
    "very rare": "Very rare (under 1 in 10 000)",
    "frequency unknown": "Frequency unknown",
}
COMPATIBILITIES = {word.value: word.caption for word in Compatibility}
VERDICTS = {word.value: word.caption for word in Verdict}
SAYS = {
    "label": "A label",
    "consensus": "A consensus",
    "review": "A review",
    "trial": "A trial",
    "popular-page": "A popular page",
}
ROLES = {"principal": "principal", "complementary": "complementary", "not-used": "not used in cocktails"}
TRAITS = {
    "depth": "Depth",
    "delivery": "How the substance gets in",
    "irritation": "Irritation",
    "recovery": "Recovery",
    "pain": "Pain",
    "harms": "Harms",
    "device": "Device status",
}

"""Codes of the field for the closed vocabularies, each as its publisher or a value set that includes it prints it.

Only codes that were seen on a page are here; a word without one goes out without. Where were they seen:

- routes: EDQM Standard Terms, in the value set *EDQM - Route Of Administration* of CH EPL 1.0.0 (fhir.ch);
- designs: SEVCO (Scientific Evidence Code System), in the code system *StudyDesign* of FHIR R5;
- domains and judgements of bias: SEVCO, in the *Risk Of Bias Type Value Set* and the examples of EBM on FHIR (HL7/ebm);
- reasons for rating certainty down: HL7's `certainty-type`, in the examples of EBM on FHIR.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.model.appraisal import Domain, Judgement
from kb.model.terms import Design, DownReason, Route

EDQM = "http://standardterms.edqm.eu"
SEVCO = "https://fevir.net/sevco"
CERTAINTY_TYPE = "http://terminology.hl7.org/CodeSystem/certainty-type"


class Code(NamedTuple):
    """A code as its system prints it."""

    system: str
    code: str
    display: str


ROUTES = {
    Route.INTRADERMAL: Code(EDQM, "20030000", "Intradermal use"),
    Route.SUBCUTANEOUS: Code(EDQM, "20066000", "Subcutaneous use"),
    Route.INTRALESIONAL: Code(EDQM, "20032000", "Intralesional use"),
    Route.TOPICAL: Code(EDQM, "20003000", "Cutaneous use"),
    Route.ORAL: Code(EDQM, "20053000", "Oral use"),
    Route.INTRAMUSCULAR: Code(EDQM, "20035000", "Intramuscular use"),
    Route.INTRAVENOUS: Code(EDQM, "20045000", "Intravenous use"),
}
"""What is needled or driven in has the code of the route without its technique; the technique stands beside it."""

DESIGNS = {
    Design.RCT: Code(SEVCO, "SEVCO:01003", "randomized assignment"),
    Design.CONTROLLED_TRIAL: Code(SEVCO, "SEVCO:01001", "Interventional research"),
    Design.COHORT: Code(SEVCO, "SEVCO:01002", "Observational research"),
    Design.CASE_CONTROL: Code(SEVCO, "SEVCO:01013", "Case control design"),
    Design.CROSS_SECTIONAL: Code(SEVCO, "SEVCO:01027", "Cross sectional data collection"),
    Design.CASE_SERIES: Code(SEVCO, "SEVCO:01016", "Uncontrolled cohort design"),
    Design.CASE_REPORT: Code(SEVCO, "SEVCO:01017", "Case report"),
}
"""A controlled trial here may be randomised without saying so, and a cohort may have no group to compare with: both have the wider code."""

DOMAINS = {
    Domain.RANDOMISATION: Code(SEVCO, "SEVCO:00032", "allocation bias"),
    Domain.CONFOUNDING: Code(SEVCO, "SEVCO:00016", "confounding covariate bias"),
    Domain.SELECTION: Code(SEVCO, "SEVCO:00003", "participant selection bias"),
    Domain.CLASSIFICATION: Code(SEVCO, "SEVCO:00230", "exposure classification bias"),
    Domain.DEVIATIONS: Code(SEVCO, "SEVCO:00037", "deviation from study intervention protocol"),
    Domain.MISSING_DATA: Code(SEVCO, "SEVCO:00287", "attrition bias due to missing data"),
    Domain.MEASUREMENT: Code(SEVCO, "SEVCO:00042", "outcome detection bias"),
    Domain.REPORTING: Code(SEVCO, "SEVCO:00024", "selective reporting bias"),
    Domain.BIAS_OF_TRIALS: Code(SEVCO, "SEVCO:00349", "inadequate accounting for bias in constituent studies"),
    Domain.PUBLICATION_BIAS: Code(SEVCO, "SEVCO:00272", "publication bias"),
}

JUDGEMENTS = {
    Judgement.LOW: Code(SEVCO, "SEVCO:00186", "low risk of bias"),
    Judgement.HIGH: Code(SEVCO, "SEVCO:00188", "high risk of bias"),
    Judgement.UNCLEAR: Code(SEVCO, "SEVCO:00192", "undetermined risk of bias"),
}
"""*Some concerns* of RoB 2 is not SEVCO's *moderate risk of bias*, and has no code."""

REASONS = {
    DownReason.RISK_OF_BIAS: Code(CERTAINTY_TYPE, "RiskOfBias", "Risk of bias"),
    DownReason.INCONSISTENCY: Code(CERTAINTY_TYPE, "Inconsistency", "Inconsistency"),
    DownReason.INDIRECTNESS: Code(CERTAINTY_TYPE, "Indirectness", "Indirectness"),
    DownReason.IMPRECISION: Code(CERTAINTY_TYPE, "Imprecision", "Imprecision"),
    DownReason.PUBLICATION_BIAS: Code(CERTAINTY_TYPE, "PublicationBias", "Publication bias"),
}


def of_route(route: Route) -> Code | None:
    """The code of a route; of one that names a technique, that of the route without it."""
    return ROUTES.get(route.alone)

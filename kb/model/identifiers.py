"""Identifier schemes that check themselves: one small type per scheme, with `clean`, `check`, and where it leads.

Sources of the rules: CAS check digit (cas.org, "Check Digit Verification of CAS Registry Numbers"); UNII check character
(FDA substance registration: base-36 sum of the first nine characters, modulo 36); SNOMED CT (Verhoeff); shapes from
bioregistry.io.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from kb.model.record import Part

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Scheme:
    """An identifier scheme: its key in YAML, its caption, its shape, and the address an identifier leads to."""

    key: str
    caption: str
    shape: str
    example: str
    address: str | None = None

    def clean(self, value: object) -> str:
        """Strip what people paste around an identifier (white space, a resolver's address)."""
        text = str(value).strip()
        if self.key == "doi":
            text = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", text, flags=re.IGNORECASE)
        return text

    def check(self, value: str) -> str:
        """The value itself when it is well formed; raises ValueError naming what is wrong and how to mend it."""
        if not re.fullmatch(self.shape, value):
            raise ValueError(f"{value!r} is not a {self.caption} identifier; it should look like {self.example}")
        digit = _CHECK.get(self.key)
        if digit and not digit(value):
            raise ValueError(f"{value!r} fails the {self.caption} check character; compare it with the source")
        return value

    def link(self, value: str) -> str | None:
        """Address of the identifier's page, or None when the scheme has none."""
        return self.address.format(value) if self.address else None


def _cas(value: str) -> bool:
    digits = value.replace("-", "")
    return sum(i * int(d) for i, d in enumerate(reversed(digits[:-1]), 1)) % 10 == int(digits[-1])


def _unii(value: str) -> bool:
    return _BASE36[sum(_BASE36.index(c) for c in value[:9]) % 36] == value[9]


def _dihedral(a: int, b: int) -> int:
    """Product in the dihedral group D5, numbered as Verhoeff does."""
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b - 5) % 5
    return 5 + (a - 5 - b) % 5 if b < 5 else (a - b) % 5


_PERMUTE = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _verhoeff(value: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(value)):
        number = int(digit)
        for _ in range(place % 8):
            number = _PERMUTE[number]
        check = _dihedral(check, number)
    return check == 0


_CHECK = {"cas": _cas, "unii": _unii, "snomed": _verhoeff}

SCHEMES: dict[str, Scheme] = {
    s.key: s
    for s in (
        Scheme("cas", "CAS", r"[1-9]\d{1,6}-\d{2}-\d", "38304-91-5"),
        Scheme("unii", "UNII", r"[0-9A-Z]{10}", "5965120SH1", "https://precision.fda.gov/uniisearch/srs/unii/{}"),
        Scheme("pubchem_cid", "PubChem", r"[1-9]\d{0,9}", "4201", "https://pubchem.ncbi.nlm.nih.gov/compound/{}"),
        Scheme("chebi", "ChEBI", r"CHEBI:\d{1,7}", "CHEBI:6942", "https://www.ebi.ac.uk/chebi/searchId.do?chebiId={}"),
        Scheme("drugbank", "DrugBank", r"DB\d{5}", "DB00350", "https://go.drugbank.com/drugs/{}"),
        Scheme(
            "rxcui",
            "RxNorm",
            r"[1-9]\d{0,7}",
            "6984",
            "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm={}",
        ),
        Scheme(
            "atc",
            "ATC",
            r"[A-Z](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?",
            "D11AX01",
            "https://atcddd.fhi.no/atc_ddd_index/?code={}",
        ),
        Scheme("mesh", "MeSH", r"[CD]\d{6}(\d{3})?", "D008914", "https://meshb.nlm.nih.gov/record/ui?ui={}"),
        Scheme(
            "icd10",
            "ICD-10",
            r"[A-TV-Z]\d[0-9AB](\.[0-9A-TV-Z]{1,4})?",
            "L64",
            "https://icd.who.int/browse10/2019/en#/{}",
        ),
        Scheme(
            "icd11",
            "ICD-11",
            r"[1-9A-HJ-NP-X][A-HJ-NP-Z]\d[0-9A-HJ-NP-Z](\.[0-9A-HJ-NP-Z]{1,2})?(&X[0-9A-Z.]+)*",
            "ED70.0",
        ),
        Scheme("hpo", "HPO", r"HP:\d{7}", "HP:0001596", "https://hpo.jax.org/browse/term/{}"),
        Scheme("mondo", "Mondo", r"MONDO:\d{7}", "MONDO:0004907", "https://monarchinitiative.org/{}"),
        Scheme("doid", "Disease Ontology", r"DOID:\d{1,7}", "DOID:987", "https://disease-ontology.org/?id={}"),
        Scheme("snomed", "SNOMED CT", r"[1-9]\d{5,17}", "278040002"),
        Scheme("doi", "DOI", r"10\.\d{4,9}/\S+", "10.1111/jdv.14624", "https://doi.org/{}"),
        Scheme("pmid", "PubMed", r"[1-9]\d{0,8}", "22540889", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
        Scheme(
            "pmcid", "PubMed Central", r"PMC[1-9]\d{0,8}", "PMC7706484", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"
        ),
    )
}

Cas = Annotated[str, BeforeValidator(SCHEMES["cas"].clean), AfterValidator(SCHEMES["cas"].check)]
Unii = Annotated[str, BeforeValidator(SCHEMES["unii"].clean), AfterValidator(SCHEMES["unii"].check)]
PubChemCid = Annotated[str, BeforeValidator(SCHEMES["pubchem_cid"].clean), AfterValidator(SCHEMES["pubchem_cid"].check)]
Chebi = Annotated[str, BeforeValidator(SCHEMES["chebi"].clean), AfterValidator(SCHEMES["chebi"].check)]
DrugBank = Annotated[str, BeforeValidator(SCHEMES["drugbank"].clean), AfterValidator(SCHEMES["drugbank"].check)]
RxCui = Annotated[str, BeforeValidator(SCHEMES["rxcui"].clean), AfterValidator(SCHEMES["rxcui"].check)]
Atc = Annotated[str, BeforeValidator(SCHEMES["atc"].clean), AfterValidator(SCHEMES["atc"].check)]
Mesh = Annotated[str, BeforeValidator(SCHEMES["mesh"].clean), AfterValidator(SCHEMES["mesh"].check)]
Icd10 = Annotated[str, BeforeValidator(SCHEMES["icd10"].clean), AfterValidator(SCHEMES["icd10"].check)]
Icd11 = Annotated[str, BeforeValidator(SCHEMES["icd11"].clean), AfterValidator(SCHEMES["icd11"].check)]
Hpo = Annotated[str, BeforeValidator(SCHEMES["hpo"].clean), AfterValidator(SCHEMES["hpo"].check)]
Mondo = Annotated[str, BeforeValidator(SCHEMES["mondo"].clean), AfterValidator(SCHEMES["mondo"].check)]
Doid = Annotated[str, BeforeValidator(SCHEMES["doid"].clean), AfterValidator(SCHEMES["doid"].check)]
Snomed = Annotated[str, BeforeValidator(SCHEMES["snomed"].clean), AfterValidator(SCHEMES["snomed"].check)]
Doi = Annotated[str, BeforeValidator(SCHEMES["doi"].clean), AfterValidator(SCHEMES["doi"].check)]
Pmid = Annotated[str, BeforeValidator(SCHEMES["pmid"].clean), AfterValidator(SCHEMES["pmid"].check)]
Pmcid = Annotated[str, BeforeValidator(SCHEMES["pmcid"].clean), AfterValidator(SCHEMES["pmcid"].check)]


def _known(scheme: str) -> str:
    if scheme not in Identifiers.model_fields or scheme not in SCHEMES:
        known = ", ".join(key for key in SCHEMES if key in Identifiers.model_fields)
        raise ValueError(f"{scheme!r} is not a scheme of identifiers; use one of: {known}")
    return scheme


SchemeKey = Annotated[str, AfterValidator(_known)]
"""A key of `Identifiers`."""


class Identifiers(Part):
    """The identifiers of a substance or a term. A scheme with several codes takes a list."""

    model_config = ConfigDict(extra="forbid")

    cas: Cas | None = None
    unii: Unii | None = None
    pubchem_cid: PubChemCid | None = None
    chebi: Chebi | None = None
    drugbank: DrugBank | None = None
    rxcui: RxCui | None = None
    atc: list[Atc] = Field(default_factory=list)
    mesh: Mesh | None = None
    icd10: Icd10 | list[Icd10] | None = None
    icd11: Icd11 | list[Icd11] | None = None
    hpo: Hpo | list[Hpo] | None = None
    mondo: Mondo | None = None
    doid: Doid | None = None
    snomed: Snomed | list[Snomed] | None = None
    seen_at: dict[str, str] = Field(default_factory=dict, description="scheme to the page the identifier was read on")

    def __iter__(self) -> Iterator[tuple[str, str]]:  # type: ignore[override]
        """Pairs of scheme and code, several codes one by one."""
        for key in SCHEMES:
            value = getattr(self, key, None)
            for code in value if isinstance(value, list) else [value] if value else []:
                yield key, code

    def lacking(self, approximate: Iterable[str]) -> list[str]:
        """Schemes that are said to match approximately without a code that could."""
        return [scheme for scheme in approximate if not getattr(self, scheme)]

    def as_dict(self) -> dict[str, str | list[str]]:
        """Scheme to code, or to a list of codes; empty schemes left out."""
        return {k: v for k in SCHEMES if (v := getattr(self, k, None))}

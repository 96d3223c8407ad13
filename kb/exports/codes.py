"""Identifier schemes under the names other systems know them by."""

from __future__ import annotations

FHIR_SYSTEMS = {
    "cas": "urn:oid:2.16.840.1.113883.6.61",
    "unii": "http://fdasis.nlm.nih.gov",
    "pubchem_cid": "https://pubchem.ncbi.nlm.nih.gov/compound",
    "chebi": "http://purl.obolibrary.org/obo/chebi.owl",
    "drugbank": "https://go.drugbank.com/drugs",
    "rxcui": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "atc": "http://www.whocc.no/atc",
    "mesh": "urn:oid:2.16.840.1.113883.6.177",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd11": "http://id.who.int/icd/release/11/mms",
    "hpo": "http://human-phenotype-ontology.org",
    "mondo": "http://purl.obolibrary.org/obo/mondo.owl",
    "doid": "http://purl.obolibrary.org/obo/doid.owl",
    "snomed": "http://snomed.info/sct",
}
"""Scheme to the system address of HL7 terminology (terminology.hl7.org), or the publisher's own where HL7 lists none."""

_PREFIXES = {
    "cas": "CAS", "unii": "UNII", "pubchem_cid": "PUBCHEM.COMPOUND", "drugbank": "DRUGBANK", "rxcui": "RXCUI", "atc": "ATC",
    "mesh": "MESH", "icd10": "ICD10", "icd11": "ICD11", "snomed": "SNOMEDCT",
}  # fmt: skip

_ADDRESSES = {
    "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_", "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "HP": "http://purl.obolibrary.org/obo/HP_", "DOID": "http://purl.obolibrary.org/obo/DOID_",
    "CAS": "http://identifiers.org/cas/", "UNII": "http://identifiers.org/unii/",
    "PUBCHEM.COMPOUND": "http://identifiers.org/pubchem.compound/", "DRUGBANK": "http://identifiers.org/drugbank/",
    "RXCUI": "http://identifiers.org/rxnorm/", "ATC": "http://identifiers.org/atc/", "MESH": "http://identifiers.org/mesh/",
    "ICD10": "http://identifiers.org/icd10/", "ICD11": "http://id.who.int/icd/release/11/mms/",
    "SNOMEDCT": "http://identifiers.org/snomedct/",
}  # fmt: skip


def curie(scheme: str, code: str) -> str:
    """`unii`, `5965120SH1` -> `UNII:5965120SH1`, with the prefixes of the Biolink model; it has none for ATC and for ICD-11's MMS."""
    if scheme in ("chebi", "mondo", "hpo", "doid"):
        return code  # printed with their prefix already
    return f"{_PREFIXES[scheme]}:{code}"


def address(compact: str) -> str:
    """The address a compact identifier stands for. Raises KeyError for an unknown prefix."""
    prefix, _, code = compact.partition(":")
    return _ADDRESSES[prefix] + code

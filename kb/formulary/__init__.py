"""Files to records and back. This room alone knows YAML."""

from kb.formulary.links import check
from kb.formulary.read import VOCABULARIES, Formulary, read

__all__ = ["VOCABULARIES", "Formulary", "check", "read"]

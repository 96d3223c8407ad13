"""GRADE certainty from stated reasons, and pooled effects where outcomes are comparable."""

from kb.appraisal.certainty import agrees, certainty, starting_level

__all__ = ["agrees", "certainty", "starting_level"]

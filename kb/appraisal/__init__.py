"""GRADE certainty from stated reasons, and pooled effects where outcomes are comparable."""

from kb.appraisal.certainty import agrees, certainty, starting_level, starting_levels

__all__ = ["agrees", "certainty", "starting_level", "starting_levels"]

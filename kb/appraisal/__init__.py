"""What figures and designs say: effects, GRADE certainty from stated reasons."""

from kb.appraisal.certainty import agrees, certainty, starting_level, starting_levels

__all__ = ["agrees", "certainty", "starting_level", "starting_levels"]

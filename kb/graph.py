"""A public name, kept where programs of others import it from; it lives in `kb.questions.graph`."""

from kb.questions.graph import summary

__all__ = ["summary"]

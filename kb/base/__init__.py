"""Public names, kept where programs of others import them from; they live in `kb.knowledge` and `kb.problems`."""

from kb.knowledge import KnowledgeBase, load
from kb.problems import BadData

__all__ = ["BadData", "KnowledgeBase", "load"]

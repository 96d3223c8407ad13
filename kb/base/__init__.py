"""The knowledge base in memory: records, graph and tables, each built once, on first use."""

from kb.base.knowledge import BadData, KnowledgeBase, load

__all__ = ["BadData", "KnowledgeBase", "load"]

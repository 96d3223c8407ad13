"""An open evidence and formulary knowledge base for mesotherapy.

`kb.load(root)` reads the formulary and the bibliography and gives a `KnowledgeBase`; everything else hangs on that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase, load

__version__ = "0.1.0"
__all__ = ["KnowledgeBase", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the base only when it is asked for: `import kb` alone must stay quick for dashboards."""
    if name in {"load", "KnowledgeBase"}:
        import kb.knowledge

        return getattr(kb.knowledge, name)
    raise AttributeError(f"module 'kb' has no attribute {name!r}")

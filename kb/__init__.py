"""An open evidence and formulary knowledge base for mesotherapy.

`kb.load(root)` reads the formulary and the bibliography and gives a `KnowledgeBase`; everything else hangs on that.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase, load

    __version__: str
__all__ = ["KnowledgeBase", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the base only when it is asked for: `import kb` alone must stay quick for dashboards."""
    if name in {"load", "KnowledgeBase"}:
        import kb.knowledge

        return getattr(kb.knowledge, name)
    if name == "__version__":
        return _version()
    raise AttributeError(f"module 'kb' has no attribute {name!r}")


def _version() -> str:
    """The version that `pyproject.toml` says: read from it in a checkout, where it may have been raised since the package
    was installed, else as it was installed."""
    import tomllib
    from importlib import metadata

    try:
        project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        if project["name"] == "mesotherapy-kb":
            return str(project["version"])
    except (OSError, KeyError, ValueError):
        pass
    try:
        return metadata.version("mesotherapy-kb")
    except metadata.PackageNotFoundError:
        return "0"

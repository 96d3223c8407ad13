"""Who is at the keyboard: asked once on each machine, remembered, and shown with every save."""

from __future__ import annotations

import json
import os
from pathlib import Path

from kb.atomic import write_text
from kb.author.folder import authoring
from kb.author.history import GitError, run_git


def name(root: Path) -> str:
    """The author's name: KB_AUTHOR, the last one used here, or git's; empty when nobody has said."""
    if os.environ.get("KB_AUTHOR"):
        return os.environ["KB_AUTHOR"]
    try:
        return str(json.loads((authoring(root) / "me.json").read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    try:
        return run_git(root, "config", "user.name").strip()
    except GitError:
        return ""


def remember(root: Path, author: str) -> None:
    if author.strip():
        write_text(authoring(root) / "me.json", json.dumps({"name": author.strip()}, ensure_ascii=False) + "\n")

"""The libraries that only screening needs. They are an extra, so that reading and serving never load nor install them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

EXTRA = {
    "ahocorasick_rs": "screen",
    "duckdb": "screen",
    "ibis": "screen",
    "pyarrow": "screen",
    "sklearn": "screen",
    "pyspark": "spark",
}
"""Top-level module to the extra of pyproject.toml that brings it."""


class MissingExtraError(Exception):
    """A library is not installed; the message says what to install."""

    def __init__(self, module: str) -> None:
        extra = EXTRA[module.partition(".")[0]]
        super().__init__(
            f"screening needs {module}, which is not installed; install it with `pip install 'mesotherapy-kb[{extra}]'`"
        )


def need(module: str) -> Any:
    """A module of an extra. Raises MissingExtraError."""
    try:
        return import_module(module)
    except ImportError as error:
        if (error.name or "").partition(".")[0] != module.partition(".")[0]:
            raise
        raise MissingExtraError(module) from None

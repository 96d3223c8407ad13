"""Compiled templates are kept, and never shown when anything they were made from has changed."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest

from kb.views import templating

TEMPLATES = Path(templating.__file__).parent / "templates"


def shown(folder: Path, text: str) -> tuple[str, int]:
    """What the template says, and how often something had to be compiled for it."""
    (folder / "page.html.j2").write_text(text, encoding="utf-8")
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), bytecode_cache=templating.Compiled(folder / "kept"), autoescape=True
    )
    compiled: list[str] = []
    real = made._compile
    made._compile = lambda source, filename: compiled.append(filename) or real(source, filename)  # type: ignore[method-assign, func-returns-value]
    return made.get_template("page.html.j2").render(), len(compiled)


def test_a_template_is_compiled_once_and_again_when_it_or_the_code_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(tmp_path, "Minoxidil") == ("Minoxidil", 1)
    assert shown(tmp_path, "Minoxidil") == ("Minoxidil", 0)
    assert shown(tmp_path, "Biotin") == ("Biotin", 1)
    assert shown(tmp_path, "Biotin") == ("Biotin", 0)
    (tmp_path / "package" / "views").mkdir(parents=True)
    (tmp_path / "package" / "views" / "words.py").write_text("a = 1\n", encoding="utf-8")
    monkeypatch.setattr(templating, "PACKAGE", tmp_path / "package")
    assert shown(tmp_path, "Biotin") == ("Biotin", 1)
    (tmp_path / "package" / "views" / "words.py").write_text("a = 2\n", encoding="utf-8")
    assert shown(tmp_path, "Biotin") == ("Biotin", 1)


@pytest.mark.parametrize("damage", [b"", b"j2", b"nothing of the kind" * 9, None])
def test_what_is_damaged_or_cannot_be_kept_is_compiled(tmp_path: Path, damage: bytes | None) -> None:
    if damage is None:
        (tmp_path / "kept").write_text("a file where the folder should be", encoding="utf-8")
    else:
        shown(tmp_path, "Minoxidil")
        (kept,) = (tmp_path / "kept").iterdir()
        whole = kept.read_bytes()
        kept.write_bytes(damage)
        assert shown(tmp_path, "Minoxidil") == ("Minoxidil", 1)
        assert kept.read_bytes() == whole
        kept.write_bytes(whole[: len(whole) // 2])
    assert shown(tmp_path, "Minoxidil") == ("Minoxidil", 1)


def test_a_number_that_decides_what_is_folded_or_left_out_has_a_name() -> None:
    """Of more than three: two or three places are told from more without one. Drawings have their own measures."""
    bare = [
        f"{path.name}: {found[0]}"
        for path in sorted(TEMPLATES.glob("*.j2"))
        if path.name != "forest.html.j2"
        for tag in re.findall(r"\{[{%].*?[%}]\}", path.read_text(encoding="utf-8"), re.DOTALL)
        for found in re.finditer(r"length (?:[<>]=?|-) ?([4-9]|[1-9]\d+)\b|(?<!anchor)\[:?([4-9]|[1-9]\d+):?\]", tag)
    ]
    assert not bare

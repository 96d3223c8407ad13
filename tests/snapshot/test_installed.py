"""A content package that is installed answers where there is no checkout: which one, and what is said when none will do."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.snapshot.installed import FILE_NAME, VARIABLE, installed


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that packages are installed into."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def install(site: Path, name: str, module: str | None = None) -> Path:
    """A content package as pip leaves it; with `module`, one that names a module which is not there."""
    package = site / f"content_{name}"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    told = site / f"content_{name}-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: content-{name}\nVersion: 1.0\n", encoding="utf-8")
    (told / "entry_points.txt").write_text(f"[kb.content]\n{name} = {module or package.name}\n", encoding="utf-8")
    return package / FILE_NAME


def test_without_a_package_there_is_no_snapshot(site: Path) -> None:
    assert installed() is None


def test_the_only_one_is_taken(site: Path) -> None:
    file = install(site, "skin")
    assert installed() == file


def test_of_several_the_one_that_is_named(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skin, hair = install(site, "skin"), install(site, "hair")
    with pytest.raises(LookupError, match=rf"several contents are installed \(hair, skin\); name one in {VARIABLE}"):
        installed()
    for name, file in (("skin", skin), ("hair", hair)):
        monkeypatch.setenv(VARIABLE, name)
        assert installed() == file
    monkeypatch.setenv(VARIABLE, "teeth")
    with pytest.raises(LookupError, match="KB_CONTENT=teeth: no such content is installed; there is: hair, skin"):
        installed()


def test_a_name_where_nothing_is_installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "skin")
    with pytest.raises(LookupError, match="there is: none"):
        installed()


@pytest.mark.parametrize("module", ["content_gone", "content_bare"])
def test_one_that_lost_its_files_is_said_to_be_damaged(site: Path, module: str) -> None:
    install(site, "skin", module)
    (site / "content_bare").mkdir()  # a folder without a module has no file of its own
    with pytest.raises(LookupError, match=f"the content package {module} is damaged; install it again"):
        installed()

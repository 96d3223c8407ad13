"""The ways in agree: the conda environment, the locked requirements and pyproject.toml describe one installation."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = [Requirement(text) for text in PROJECT["dependencies"]]
EXTRAS = {name: [Requirement(text) for text in texts] for name, texts in PROJECT["optional-dependencies"].items()}


def _spread(requirements: list[Requirement]) -> list[Requirement]:
    """The requirements with those of the project's own extras in place of their names."""
    found: list[Requirement] = []
    for wanted in requirements:
        own = wanted.name == PROJECT["name"]
        found += [r for extra in sorted(wanted.extras) for r in _spread(EXTRAS[extra])] if own else [wanted]
    return found


DEV_DEPENDENCIES = _spread(EXTRAS["dev"])
PYTHONS = ["3.11", "3.12", "3.13"]


@pytest.fixture(scope="module")
def conda() -> list:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]


def locked(name: str) -> dict[str, list[Requirement]]:
    """Requirements of a lock file by package name; one package may be locked once per Python version."""
    pins: dict[str, list[Requirement]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            pin = Requirement(line.removesuffix("\\").strip())
            pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    return pins


def test_conda_installs_a_python_the_package_accepts(conda: list) -> None:
    wanted = [entry for entry in conda if isinstance(entry, str) and re.match(r"python\b", entry)]
    assert len(wanted) == 1, "environment.yml names Python once"
    version = re.fullmatch(r"python=(\d+\.\d+)", wanted[0])
    assert version, f"environment.yml pins one minor version of Python, not {wanted[0]!r}"
    assert version[1] in SpecifierSet(PROJECT["requires-python"])


def test_conda_takes_the_dependencies_from_the_package(conda: list) -> None:
    pip = [entry["pip"] for entry in conda if isinstance(entry, dict)]
    assert pip == [["-e ."]], "environment.yml installs the package with pip and lists nothing else"
    assert [entry for entry in conda if isinstance(entry, str) and not entry.startswith("python=")] == ["pip"]


def test_supported_pythons_are_those_announced() -> None:
    announced = [text.rsplit(" ", 1)[1] for text in PROJECT["classifiers"] if "Python :: 3." in text]
    assert announced == PYTHONS
    assert all(version in SpecifierSet(PROJECT["requires-python"]) for version in PYTHONS)


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.lock", DEPENDENCIES),
        ("requirements-dev.lock", DEPENDENCIES + DEV_DEPENDENCIES),
    ],
)
@pytest.mark.parametrize("python", PYTHONS)
def test_lock_satisfies_pyproject(lock: str, requirements: list[Requirement], python: str) -> None:
    pins = locked(lock)
    environment = {"python_version": python, "python_full_version": f"{python}.9"}
    for wanted in requirements:
        pinned = [
            pin
            for pin in pins.get(canonicalize_name(wanted.name), [])
            if pin.marker is None or pin.marker.evaluate(environment)
        ]
        assert len(pinned) == 1, (
            f"{lock} has {len(pinned)} versions of {wanted.name} for Python {python}; run: make lock"
        )
        (pin,) = pinned[0].specifier
        assert wanted.specifier.contains(pin.version, prereleases=True), (
            f"{lock} has {wanted.name} {pin.version}, pyproject.toml wants {wanted.specifier}; run: make lock"
        )


def test_both_locks_choose_the_same_versions() -> None:
    users, developers = locked("requirements.lock"), locked("requirements-dev.lock")
    differing = [name for name in users if users[name] != developers.get(name)]
    assert not differing, f"run: make lock (differing: {', '.join(differing)})"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_has_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text, "a lock names packages, not where to get them"
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    unhashed = [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]
    assert not unhashed

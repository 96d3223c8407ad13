"""Programs from outside Python that tests ask. Where continuous integration runs they must be there: `.ci/run` installs them."""

import os
import shutil

import pytest

ON_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


def needs(name: str, package: str = "") -> pytest.MarkDecorator:
    """Skips on a machine without the program, and names what to install; on CI the test runs and fails instead."""
    missing = shutil.which(name) is None and not ON_CI
    return pytest.mark.skipif(missing, reason=f"no {name} here; install {package or name}")

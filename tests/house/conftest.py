"""What the tests of the house share: where the repository is, and how a script is loaded by its path."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import by_path
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def script() -> Callable[[str], ModuleType]:
    """Load scripts/<name>.py by its path; scripts are no package and are not installed."""
    return by_path.script


@pytest.fixture(scope="session")
def tool() -> Callable[[str, str], None]:
    """Skip where a checking tool is not installed, except in CI, where its absence is a failure."""

    def want(module: str, group: str) -> None:
        if importlib.util.find_spec(module) is not None:
            return
        reason = f"{module} is not installed; `uv sync --group {group}` brings it"
        if os.environ.get("CI") == "true":
            pytest.fail(f"in CI this may not be skipped: {reason}")
        pytest.skip(reason)

    return want

"""What the tests of the house share: where the repository is, and how a script is loaded by its path."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def script() -> Callable[[str], ModuleType]:
    """Load scripts/<name>.py by its path; scripts are no package and are not installed."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses look their own module up by name
        spec.loader.exec_module(module)
        return module

    return load


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

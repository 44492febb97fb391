"""Scripts and benchmarks as modules: they are no package and are not installed, so tests load them by their path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]


def loaded(path: Path) -> ModuleType:
    """Return the program at a path, run as a module under its own name."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their own module up by name
    spec.loader.exec_module(module)
    return module


def script(name: str) -> ModuleType:
    """Return scripts/<name>.py."""
    return loaded(ROOT / "scripts" / f"{name}.py")

"""The floors of the house: import-linter's contracts hold here, and would notice if they did not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

LINT = """
import sys
from importlinter.cli import lint_imports
raise SystemExit(lint_imports(config_filename=sys.argv[1], no_cache=True, no_logo=True))
"""


@pytest.fixture(autouse=True)
def linter(tool: Callable[[str, str], None]) -> None:
    tool("importlinter", "checks")


def lint(source: Path, config: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts on the package in `source`, in its own process: the linter looks on the path."""
    return subprocess.run(
        [sys.executable, "-c", LINT, str(config)],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of src/ that a test may spoil."""
    return Path(shutil.copytree(root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__")))


def add(line: str, *, to: Path) -> None:
    to.write_text(f"{to.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def contracts(root: Path) -> dict[str, dict[str, object]]:
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in declared["tool"]["importlinter"]["contracts"]}


def test_every_import_goes_down(root: Path):
    done = lint(root / "src", root / "pyproject.toml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_floors_name_every_module_and_nothing_is_excused(root: Path):
    declared = contracts(root)
    assert declared["floors"]["exhaustive"] is True
    assert declared["circles"]["type"] == "acyclic_siblings"
    assert not [name for contract in declared.values() for name in contract if "ignore" in name]


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("geo", "import hotwash.ingest"),  # a floor above
        ("claims", "def f():\n    from hotwash import work"),  # inside a function counts as well
        ("geo", "import hotwash.model"),  # two rooms of one floor
        ("units", "from hotwash import resources"),
    ],
)
def test_an_import_upwards_or_sideways_is_noticed(root: Path, copy: Path, room: str, line: str):
    place = copy / "hotwash" / room
    add(line, to=place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))
    done = lint(copy, root / "pyproject.toml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"hotwash.{room} is not allowed to import" in done.stdout


def test_a_module_on_no_floor_is_noticed(root: Path, copy: Path):
    (copy / "hotwash" / "attic.py").write_text("", encoding="utf-8")
    done = lint(copy, root / "pyproject.toml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "hotwash.attic" in done.stdout


def test_a_circle_inside_a_room_is_noticed(root: Path, copy: Path):
    room = copy / "hotwash" / "claims"
    (room / "east.py").write_text("import hotwash.claims.west\n", encoding="utf-8")
    (room / "west.py").write_text("def f():\n    import hotwash.claims.east\n", encoding="utf-8")
    done = lint(copy, root / "pyproject.toml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "No cycles are allowed in hotwash.claims" in done.stdout

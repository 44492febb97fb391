"""The command line as a person meets it: what they type, the exit code, what they see."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from bundles import files

from hotwash import cli


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Hotwash = Callable[..., Done]


@pytest.fixture
def hotwash(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hotwash:
    """Run a command in this process."""

    def run(*typed: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["hotwash", *map(str, typed)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        code = ended.value.code
        return Done(code if isinstance(code, int) else 0, said.out, said.err)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a bundle into a folder of its own and return the folder."""

    def written(**choices: object) -> Path:
        folder = tmp_path / "incident"
        folder.mkdir(exist_ok=True)
        for name, content in files(**choices).items():
            (folder / name).write_bytes(content)
        return folder

    return written

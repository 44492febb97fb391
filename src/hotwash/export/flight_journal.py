"""The journal of a flight that is being flown, on disk: `flight.journal` says what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hotwash.errors import WriteError
from hotwash.flight import journal
from hotwash.flight.seats.pilot import Command

_KEPT_EVERY = 50  # steps: a killed program loses a second of flight


def path_beside(out: Path) -> Path:
    """Return where the journal of a flight lies whose recording will be a folder."""
    return out.with_name(f".{out.name}.journal")


def journal_conflict(path: Path) -> WriteError:
    """Return the refusal of a flight beside whose place the journal of another lies."""
    why = f"holds a flight whose program was killed; get it back with `hotwash recover {path}`, or delete it"
    return WriteError(str(path), why=why)


class JournalFile:
    """A journal that grows with the flight.

    path       must not exist: what lies there is a flight that was killed
    scenario   text with all that it names, seed and world
    seats      of its rows
    raises     WriteError when it is there already, or cannot be written
    """

    def __init__(self, path: Path, scenario: str, seats: Sequence[str]) -> None:
        self.path, self._seats = path, tuple(seats)
        self._waiting: list[bytes] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("xb")
        except FileExistsError:
            raise journal_conflict(path) from None
        except OSError as fault:
            raise WriteError(str(path), why=f"cannot be written: {fault.strerror or fault}") from None
        self._write(journal.encode_head(scenario, seats))

    def add(self, commands: Mapping[str, Command]) -> None:
        """Note the commands of a step that is about to be flown."""
        self._waiting.append(journal.encode_step(commands, self._seats))
        if len(self._waiting) >= _KEPT_EVERY:
            waiting, self._waiting = self._waiting, []
            self._write(b"".join(waiting))

    def _write(self, content: bytes) -> None:
        try:
            self._file.write(content)
            self._file.flush()
        except OSError:  # a full disk must not end a flight in the air: the recording is still in memory
            pass

    def close(self) -> None:
        """Let go of the file, which stays."""
        self._write(b"".join(self._waiting))
        self._waiting = []
        self._file.close()

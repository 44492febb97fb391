"""Get back a flight whose program was killed, from the journal that it left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hotwash.errors import ReadError
from hotwash.export import files, recording_folder
from hotwash.flight import journal
from hotwash.flight.exercise import replay_steps
from hotwash.model import scenario as scenarios
from hotwash.model.recording import Recording
from hotwash.model.scenario import as_flight
from hotwash.progress import Progress, silent
from hotwash.store import recordings
from hotwash.store.centre import Centre

_ENDING = ".journal"


@dataclass(frozen=True, slots=True)
class RecoveredFlight:
    """A flight that was got back: how long it is in simulated time, and where its recording lies."""

    seconds: float
    folder: Path

    def flat(self) -> dict[str, object]:
        """Return everything for a program."""
        return {"seconds": self.seconds, "recording": str(self.folder)}


def recover_flight(path: Path, *, out: Path | None = None, progress: Progress = silent) -> RecoveredFlight:
    """Write the recording of a flight whose program was killed; its journal is then deleted.

    path     the journal
    out      folder: missing or empty; None: the one that the flight was meant for
    raises   ReadError for what is no journal; WriteError for a folder that cannot be filled. The journal then stays
    """
    folder = out if out is not None else path.with_name(path.name.removeprefix(".").removesuffix(_ENDING))
    if out is None and not (path.name.startswith(".") and path.name.endswith(_ENDING)):
        raise ReadError(str(path), why="does not tell by its name where the recording belongs; name it with --out")
    files.check_empty(folder)
    recording, seconds = read_journal(path, progress=progress)
    recording_folder.write(folder, recording)
    path.unlink()
    return RecoveredFlight(seconds, folder)


def recover_attempt(centre: Centre, attempt_id: str) -> tuple[str, str]:
    """Return the recording of an attempt whose program was killed, as `recordings.find_recording` does.

    Where only a journal is left, the recording is made from it and kept.
    raises   ReadError for a journal that was changed; CentreError when the disk is full
    """
    where, digest = recordings.find_recording(centre, attempt_id)
    noted = recordings.journal_path(centre, attempt_id)
    if where or not noted.exists():
        return where, digest
    recording, _ = read_journal(noted)
    return recordings.keep_recording(centre, attempt_id, lambda folder: recording_folder.write(folder, recording))


def read_journal(path: Path, *, progress: Progress = silent) -> tuple[Recording, float]:
    """Return the recording of a journal's flight, and how long it is in seconds; raises ReadError."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ReadError(str(path), why=f"cannot be read: {fault.strerror or fault}") from None
    noted = journal.decode(content, name=str(path))
    scenario = as_flight(scenarios.parse(noted.scenario, name=str(path)))
    if set(noted.seats) != {seat.name for seat in scenario.seats}:
        raise ReadError(str(path), why="names other seats than its scenario; it was changed")
    progress("Flying it again", None)
    return replay_steps(scenario, noted.commands()), len(noted.rows) * scenario.step_s

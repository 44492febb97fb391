"""Write the logs that autopilots' tools read, from a recording's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hotwash.errors import ReadError
from hotwash.export import dataflash, files, ulog
from hotwash.ingest import recording_folder
from hotwash.model.recording import Recording
from hotwash.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Written:
    """The logs that were written, and whose flight they hold."""

    object_id: str
    ulog: Path | None
    bin: Path | None

    def flat(self) -> dict[str, str | None]:
        """Return everything for a program."""
        ulog_file, bin_file = (str(path) if path is not None else None for path in (self.ulog, self.bin))
        return {"object_id": self.object_id, "ulog": ulog_file, "bin": bin_file}


def write_logs(
    folder: Path,
    *,
    ulog_file: Path | None = None,
    bin_file: Path | None = None,
    object_id: str | None = None,
    progress: Progress = silent,
) -> Written:
    """Write one object's flight as a PX4 log, an ArduPilot log or both.

    folder      a recording's, with truth
    object_id   whose flight; None where the truth holds one object only
    raises      ReadError when the recording cannot be read, does not hold that flight, or no file is asked for;
                WriteError when a file cannot be written; an earlier file of that name is replaced only by a whole one
    """
    if ulog_file is None and bin_file is None:
        raise ReadError("--ulog, --bin", why="no log is asked for; name at least one file to write")
    progress("Reading", None)
    recording = recording_folder.read(folder)
    chosen = object_id if object_id is not None else _only(recording, folder)
    progress("Writing", None)
    for path, encode in ((ulog_file, ulog.encode), (bin_file, dataflash.encode)):
        if path is not None:
            files.write_file(path, encode(recording, object_id=chosen))
    return Written(chosen, ulog_file, bin_file)


def _only(recording: Recording, folder: Path) -> str:
    held = recording.truth["object_id"].unique().sort().to_list()
    if not held:
        raise ReadError(str(folder), why="holds no truth, so there is no flight to log")
    if len(held) > 1:
        raise ReadError(str(folder), why=f"holds {len(held)} flights: {', '.join(held)}; name one with --object")
    return str(held[0])

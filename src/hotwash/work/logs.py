"""Write a recording as the logs that autopilot tools read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hotwash.errors import ReadError
from hotwash.export import dataflash, files, ulog
from hotwash.ingest import recording_folder
from hotwash.model.recording import Recording
from hotwash.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class WrittenLogs:
    """The written logs, and the object whose flight they contain."""

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
) -> WrittenLogs:
    """Write one object's flight as a PX4 log, an ArduPilot log or both.

    folder      folder of a recording, with truth
    object_id   whose flight; None where the truth has only one object
    raises      ReadError when the recording cannot be read, does not contain that flight, or no file is named;
                WriteError when a file cannot be written; an existing file is replaced only by a complete one
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
    return WrittenLogs(chosen, ulog_file, bin_file)


def _only(recording: Recording, folder: Path) -> str:
    object_ids = recording.truth["object_id"].unique().sort().to_list()
    if not object_ids:
        raise ReadError(str(folder), why="contains no truth, so there is no flight to log")
    if len(object_ids) > 1:
        raise ReadError(
            str(folder), why=f"contains {len(object_ids)} flights: {', '.join(object_ids)}; name one with --object"
        )
    return str(object_ids[0])

"""A centre's folder: find it, create it, back it up, check it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hotwash.errors import CentreError
from hotwash.progress import Progress, silent
from hotwash.store import backup, doctor, foreign_files
from hotwash.store import centre as centres
from hotwash.store.centre import DATABASE, Centre
from hotwash.store.doctor import Finding


class ReadOnlyCentre(UserWarning):
    """A centre may only be read."""


@dataclass(frozen=True, slots=True)
class Examination:
    """The inconsistencies of a centre, what was repaired before if that was requested, and what else to know of it."""

    findings: tuple[Finding, ...]
    mended: tuple[str, ...]
    remarks: tuple[Finding, ...] = ()


def find_folder(named: Path | None) -> Path:
    """Return the folder of the centre.

    named    the folder that the user named; None: the current folder, or the nearest one above it that is a centre
    raises   CentreError when there is none
    """
    if named is not None:
        return named
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / DATABASE).is_file():
            return folder
    why = "is not in a centre: go into one, name one with --centre or HOTWASH_CENTRE, or create one with `hotwash init`"
    raise CentreError(str(here), why=why)


def open_centre(named: Path | None) -> Centre:
    """Return the open centre in the folder that `find_folder` gives; a warning says where it may only be read.

    raises   CentreError
    """
    centre = centres.open_(find_folder(named))
    if not centre.may_write:
        warnings.warn(f"{centre.folder} may only be read; nothing in it is changed", ReadOnlyCentre, stacklevel=2)
    return centre


def init(folder: Path, *, name: str, now_utc: datetime) -> Centre:
    """Create a centre in a missing or empty folder.

    raises   CentreError
    """
    return centres.create(folder, name=name, now_utc=now_utc)


def left_behind(centre: Centre) -> tuple[str, ...]:
    """Return what a backup of a centre does not have: links and strange files, by their names in the centre."""
    found = [*foreign_files.find_links(centre.folder), *foreign_files.find_strangers(centre.folder)]
    return tuple(path.relative_to(centre.folder).as_posix() for path in found)


def back_up(centre: Centre, *, out: Path | None, now_utc: datetime) -> Path:
    """Back up a centre while others work in it; return the new folder.

    out      must not exist yet; None: beside the centre, named after it and the time
    raises   CentreError
    """
    home = centre.folder.resolve()
    return backup.back_up(centre, out or home.with_name(f"{home.name}-{now_utc:%Y%m%dT%H%M%SZ}"))


def examine(centre: Centre, *, is_to_mend: bool, now_utc: datetime, progress: Progress = silent) -> Examination:
    """Return all that does not fit in a centre's folder.

    is_to_mend   first rebuild what can be rebuilt, and remove old leftovers
    raises       CentreError
    """
    mended: tuple[str, ...] = ()
    if is_to_mend:
        progress("Mending", None)
        mended = doctor.mend(centre, now_utc=now_utc)
    progress("Looking", None)
    return Examination(doctor.examine(centre), mended, doctor.remarks(centre))

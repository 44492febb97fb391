"""A centre's folder: which one is meant, making it, copying it, looking whether it is sound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hotwash.errors import CentreError
from hotwash.progress import Progress, silent
from hotwash.store import backup, doctor
from hotwash.store import centre as centres
from hotwash.store.centre import DATABASE, Centre
from hotwash.store.doctor import Finding


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a centre, after what was mended where that was asked for."""

    findings: tuple[Finding, ...]
    mended: tuple[str, ...]


def where(given: Path | None) -> Path:
    """Return the folder of the centre that is meant.

    given    what the user named; None: the folder one stands in, or the nearest above it that is a centre
    raises   CentreError when there is none
    """
    if given is not None:
        return given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / DATABASE).is_file():
            return folder
    why = "is in no centre: go into one, name one with --centre or HOTWASH_CENTRE, or make one with `hotwash init`"
    raise CentreError(str(here), why=why)


def opened(given: Path | None) -> Centre:
    """Return the centre that is meant, open.

    raises   CentreError
    """
    return centres.open_(where(given))


def init(folder: Path, *, name: str, now_utc: datetime) -> Centre:
    """Make a centre in a missing or empty folder.

    raises   CentreError
    """
    return centres.create(folder, name=name, now_utc=now_utc)


def back_up(centre: Centre, *, out: Path | None, now_utc: datetime) -> Path:
    """Copy a centre while others work in it; return the copy.

    out      not there yet; None: beside the centre, named after it and the time
    raises   CentreError
    """
    home = centre.folder.resolve()
    return backup.back_up(centre, out or home.with_name(f"{home.name}-{now_utc:%Y%m%dT%H%M%SZ}"))


def examine(centre: Centre, *, is_to_mend: bool, now_utc: datetime, progress: Progress = silent) -> Examined:
    """Return all that does not fit in a centre's folder.

    is_to_mend   first make anew what can be made anew, and clear old leftovers
    raises       CentreError
    """
    mended: tuple[str, ...] = ()
    if is_to_mend:
        progress("Mending", None)
        mended = doctor.mend(centre, now_utc=now_utc)
    progress("Looking", None)
    return Examined(doctor.examine(centre), mended)

"""Who acts: a person whom this user's account on this machine remembers for a centre, so that nobody types an id twice.

What is remembered is a random id, in the user's own configuration, not in the centre: several people may share one.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from platformdirs import user_config_path

from hotwash.errors import CentreError
from hotwash.export import files
from hotwash.store import people
from hotwash.store.centre import Centre
from hotwash.store.people import Person

FOLDER = "HOTWASH_CONFIG_DIR"  # names another folder for the user's configuration


def acting_person(centre: Centre, given: str = "") -> str:
    """Return the id of the person who acts: the one given, else the one remembered for this centre.

    given    an id, or a name that only one person has
    raises   CentreError when nobody is given or remembered, or the person is not known here
    """
    who = given or remembered(centre)
    if not who:
        why = "say who acts: add --by PERSON, or remember yourself with `hotwash whoami PERSON`"
        raise CentreError("person", why=why)
    return people.known(centre, who).person_id


def remembered(centre: Centre) -> str:
    """Return the id of the person remembered for a centre; "" where there is none, or the person was erased."""
    person_id = _memory().get(centre.centre_id, "")
    return person_id if person_id in people.living(centre) else ""


def remember(centre: Centre, who: str) -> Person:
    """Remember who acts in a centre, and return the person.

    who      an id, or a name that only one person has
    raises   CentreError when the person is not known here; WriteError
    """
    person = people.known(centre, who)
    _keep(_memory() | {centre.centre_id: person.person_id})
    return person


def forget(centre: Centre) -> None:
    """Forget who acts in a centre; raises WriteError."""
    _keep({name: person for name, person in _memory().items() if name != centre.centre_id})


def _file() -> Path:
    own = os.environ.get(FOLDER)
    return (Path(own) if own else user_config_path("hotwash", appauthor=False)) / "acting.json"


def _memory() -> dict[str, str]:
    """Return person ids by centre; a file that is missing or unreadable remembers nobody."""
    try:
        rows = json.loads(_file().read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(rows, dict):
        return {}
    return {name: person for name, person in rows.items() if isinstance(name, str) and isinstance(person, str)}


def _keep(memory: dict[str, str]) -> None:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with files.replacing(file) as temporary:
        temporary.write_text(json.dumps(memory, indent=1), encoding="utf-8")

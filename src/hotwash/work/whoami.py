"""Who acts: the person whom this user's account remembers for each centre, so that nobody has to type an id again.

Only a random id is stored, in the user's own configuration rather than in the centre, which several people may share.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from platformdirs import user_config_path

from hotwash.documents import parse_json
from hotwash.errors import CentreError, ReadError
from hotwash.export import files
from hotwash.store import people
from hotwash.store.centre import Centre
from hotwash.store.people import Person

FOLDER = "HOTWASH_CONFIG_DIR"  # names another folder for the user's configuration


def acting_person(centre: Centre, who: str = "") -> str:
    """Return the id of the person who acts: the one named, otherwise the one remembered for this centre.

    who      an id, or a name that only one person has
    raises   CentreError when nobody is named or remembered, or the person is not known here
    """
    who = who or recall_person(centre)
    if not who:
        why = "state who acts: add --by PERSON, or record yourself with `hotwash whoami PERSON`"
        raise CentreError("person", why=why)
    return people.find_person(centre, who).person_id


def recall_person(centre: Centre) -> str:
    """Return the id of the person remembered for a centre; "" where there is none, or the person was erased."""
    person_id = _remembered_people().get(centre.centre_id, "")
    return person_id if person_id in people.current_ids(centre) else ""


def remember_person(centre: Centre, who: str) -> Person:
    """Remember who acts in a centre, and return the person.

    who      an id, or a name that only one person has
    raises   CentreError when the person is not known here; WriteError
    """
    person = people.find_person(centre, who)
    _save(_remembered_people() | {centre.centre_id: person.person_id})
    return person


def forget_person(centre: Centre) -> None:
    """Forget who acts in a centre; raises WriteError."""
    _save({name: person for name, person in _remembered_people().items() if name != centre.centre_id})


def _file() -> Path:
    own = os.environ.get(FOLDER)
    return (Path(own) if own else user_config_path("hotwash", appauthor=False)) / "acting.json"


def _remembered_people() -> dict[str, str]:
    """Return person ids by centre; empty if the file is missing or unreadable."""
    try:
        rows = parse_json(_file().read_bytes(), name="acting.json")
    except (OSError, ReadError):
        return {}
    if not isinstance(rows, dict):
        return {}
    return {name: person for name, person in rows.items() if isinstance(name, str) and isinstance(person, str)}


def _save(memory: dict[str, str]) -> None:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with files.replacing(file) as temporary:
        temporary.write_text(json.dumps(memory, indent=1), encoding="utf-8")

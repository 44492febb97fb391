"""What the tests of a centre share: one that is empty but for its people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from moves import NOON, PEOPLE

from hotwash.store import centre as centres
from hotwash.store import people
from hotwash.store.centre import Centre


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with centres.create(tmp_path / "centre", name="Test", now_utc=NOON) as made:
        for person_id in PEOPLE:
            people.add_person(made, f"Name of {person_id}", person_id=person_id, now_utc=NOON)
        yield made

"""The tables of the database, for queries; `migrations` creates them."""

from __future__ import annotations

import sqlalchemy as sa

from hotwash.model.schema import BOOL, F64, I64, UTC, Table
from hotwash.model.tables import SCORES
from hotwash.model.trials import ATTEMPTS

_KINDS = {F64: sa.Float, I64: sa.Integer, UTC: sa.Integer, BOOL: sa.Integer}
metadata = sa.MetaData()


def _sheet(name: str, columns: str) -> sa.Table:
    """Return a table; a plain column name means text, one that ends in : a whole number, in ~ a fraction."""
    kinds = {":": sa.Integer, "~": sa.Float}
    parts = (sa.Column(word.rstrip(":~"), kinds.get(word[-1], sa.Text)()) for word in columns.split())
    return sa.Table(name, metadata, *parts)


def _declared(table: Table) -> sa.Table:
    columns = (sa.Column(item.name, _KINDS.get(item.dtype, sa.Text)()) for item in table.columns)
    return sa.Table(table.name, metadata, *columns)


centre = _sheet("centre", "key value")
people = _sheet("people", "person_id name function unit added_utc: erased_utc: salt")
lessons = _sheet(
    "lessons", "row: lesson_id title stage changed_utc: event_utc: place lat_deg~ lon_deg~ manager action_body unit"
)
history = _sheet("history", "lesson_id number: when_utc: by role kind stage why rests_on changes before sha256")
heads = _sheet("heads", "lesson_id number: sha256 is_anchored:")
reporters = _sheet("reporters", "lesson_id person_id")
actions = _sheet("actions", "lesson_id action_id kind owner owner_id due state text")
objectives = _sheet("objectives", "objective_id number: lesson_id version body")
incidents = _sheet("incidents", "incident_id number: title from_utc: until_utc: kept_utc: folder sha256")
conflicts = _sheet(
    "conflicts",
    "conflict_id: lesson_id ancestor: from_centre their_head theirs found_utc: resolved_utc: resolved_by kept",
)
seals = _sheet("seals", "number: sheet row_key how digest sha256")
seal_heads = _sheet("seal_heads", "row: number: sha256 is_anchored:")
attempts = _declared(ATTEMPTS)
scores = _declared(SCORES)

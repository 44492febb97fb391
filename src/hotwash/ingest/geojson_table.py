"""A GeoJSON file of zones to rows of ZONES."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hotwash.errors import ReadError
from hotwash.ingest.frame_check import check_frame
from hotwash.ingest.reader import FrameRead, Reader, RowRule
from hotwash.model import schema, tables
from hotwash.model.schema import Table
from hotwash.model.words import ZONE_KINDS

if TYPE_CHECKING:
    from hotwash.geo.zones import Zone


def sniff(first_bytes: bytes, _: str) -> bool:
    """Tell whether content begins as a JSON object does: no other table comes as JSON."""
    return first_bytes.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def read(content: bytes, table: Table, *, name: str, rules: Sequence[RowRule] = ()) -> FrameRead:
    """Return the zones of a GeoJSON file as ZONES, in its order.

    raises   ReadError when another table is asked for, or the file is no GeoJSON; GeometryError for a zone that cannot
             be: then no zone of the file is taken
    """
    # Geometry takes as long to load as a small recording takes to track, and most tables hold none.
    from hotwash.geo import zones

    if table is not tables.ZONES:
        raise ReadError(name, why=f"is JSON, which can contain only zones; give {table.name} as Parquet or CSV")
    rows = [zone_row(zone.zone_id, zone) for zone in zones.from_geojson(content, name=name)]
    return check_frame(schema.frame(table, rows), table, name=name, rules=rules)


READER = Reader("GeoJSON", sniff, read)


def zone_row(zone_id: str, zone: Zone) -> Mapping[str, object]:
    """Return a zone as a row of ZONES, under an id of the caller's choice."""
    import shapely

    return {
        "zone_id": zone_id,
        "name": zone.name,
        "kind": zone.kind if zone.kind in ZONE_KINDS else "other",
        "floor_m": zone.floor_m,
        "ceiling_m": zone.ceiling_m,
        "floor_ref": zone.floor_ref,
        "ceiling_ref": zone.ceiling_ref,
        "line_sigma_m": zone.line_sigma_m,
        "source": "; ".join((zone.source, *zone.notes)),  # what was repaired, left out or assumed is told with it
        "clip_box": list(zone.clip_box) if zone.clip_box else None,
        "geometry": shapely.to_wkb(zone.geometry),
    }

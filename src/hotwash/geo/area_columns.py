"""Areas with their properties as columns: how the borders that decide travel in the package, to the last digit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from hotwash.geo.column_arrays import read_columns, write_columns

Feature = dict[str, Any]


def write_areas(features: Sequence[Feature], *, decimals: int) -> bytes:
    """Return GeoJSON features as columns, not yet packed; corners are whole numbers of their last decimal.

    features   each a Polygon or MultiPolygon, its coordinates rounded to `decimals`
    """
    areas = [_parts(feature["geometry"]) for feature in features]
    rings = [ring for parts in areas for rings in parts for ring in rings]
    corners = np.round(np.array([corner for ring in rings for corner in ring]) * 10**decimals).astype(np.int64)
    heads = [feature | {"geometry": {"type": feature["geometry"]["type"]}} for feature in features]
    steps = np.diff(corners, axis=0, prepend=0)
    return write_columns(
        {
            "feature": [json.dumps(head, ensure_ascii=False, separators=(",", ":")) for head in heads],
            "decimals": np.array([decimals]),
            "parts": np.array([len(parts) for parts in areas]),
            "rings": np.array([len(rings) for parts in areas for rings in parts]),
            "corners": np.array([len(ring) for ring in rings]),
            "lon_step": steps[:, 0],
            "lat_step": steps[:, 1],
        }
    )


def read_areas(content: bytes, *, feature_ids: Sequence[str] = ()) -> list[Feature]:
    """Return the GeoJSON features of a file that `write_areas` has made.

    feature_ids   only these, so that a large one that nobody asks for costs little; by default all

    A whole number divided by a power of ten is the double next to that decimal, so no corner moves.
    """
    columns = read_columns(content)
    steps = np.column_stack([columns["lon_step"], columns["lat_step"]])
    corners = np.cumsum(steps, axis=0) / 10.0 ** int(columns["decimals"][0])
    rings = np.split(corners, np.cumsum(columns["corners"])[:-1])
    ring, part = 0, 0
    found = []
    for line, many in zip(columns["feature"].split("\n"), columns["parts"].tolist(), strict=True):
        sizes = columns["rings"][part : part + many].tolist()
        own, part, ring = rings[ring : ring + sum(sizes)], part + many, ring + sum(sizes)
        feature: Feature = json.loads(line)
        if not feature_ids or feature["id"] in feature_ids:
            ends = np.cumsum(sizes).tolist()
            spans = zip([0, *ends[:-1]], ends, strict=True)
            parts = [[corner.tolist() for corner in own[first:last]] for first, last in spans]
            is_single = feature["geometry"]["type"] == "Polygon"
            feature["geometry"]["coordinates"] = parts[0] if is_single else parts
            found.append(feature)
    return found


def _parts(geometry: dict[str, Any]) -> list[Any]:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else list(geometry["coordinates"])

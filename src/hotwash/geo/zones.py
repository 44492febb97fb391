"""Zones: areas with a floor, a ceiling and an edge of limited accuracy; and on which side of it points are.

A zone's edge is straight in longitude and latitude between its corners (RFC 7946), distances are geodesic on
WGS 84, and a zone over the antimeridian is cut there. Heights carry what they are measured from:

    AGL    above the ground                      FL    pressure altitude, in metres too (FL 095 is 2895.6)
    AMSL   above mean sea level                  UNL   unlimited; only a ceiling, and without a number
    HAE    above the WGS 84 ellipsoid              UNK    there is a limit, but nobody knows which; without a number
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from hotwash.documents import parse_json
from hotwash.errors import GeometryError, ReadError
from hotwash.geo import cells, lines, published_zones
from hotwash.geo.coordinate_order import check_coordinate_order
from hotwash.geo.frames import FloatArray
from hotwash.visible import clip, quote

HEIGHT_REFS = ("AGL", "AMSL", "FL", "HAE", "UNK", "UNL")

# Between these the answer is "undecided"; a decided one may be wrong at most once in twenty on either side.
PLAINLY_OUTSIDE = 0.05
PLAINLY_INSIDE = 0.95

# From this many points on the compiled search is used. Importing numba and loading kernels takes some 0.7 s, as long
# as shapely takes for 2 million points; but such callers also need distances, for which it pays from here on.
MANY_POINTS = lines.MANY_POINTS

# The edges of these were surveyed or drawn, so a file with one must state how accurately.
SURVEYED_KINDS = ("land_border", "state_airspace")

_MOST_SIGMA_M = 100_000.0  # the coarsest outline of the world is off by a tenth of that
_MOST_M = 1e6  # of a height: above any air


@dataclass(frozen=True)
class Zone:
    """An area of the air or of the ground.

    zone_id       unique among the zones used together: "PL-land"
    kind          land_border, state_airspace, fir, or what its source calls it
    floor_m       [m] above floor_ref
    ceiling_m     [m] above ceiling_ref; None is unlimited
    line_sigma_m  one standard deviation of the drawn edge against the true one, across it [m];
                  0 where the drawing itself defines the zone
    source        where the edge comes from, as the report prints it
    geometry      shapely Polygon or MultiPolygon, lon/lat on WGS 84
    clip_box      west, south, east, north [deg] of the box that cut the zone when its file was made
    notes         what the reader of a result should know: repairs, disputed stretches
    """

    zone_id: str
    name: str
    kind: str
    floor_m: float
    ceiling_m: float | None
    floor_ref: str
    ceiling_ref: str
    line_sigma_m: float
    source: str
    geometry: Any
    clip_box: tuple[float, float, float, float] | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_clipped(self) -> bool:
        """Return whether part of the edge is the side of a clip box, not the zone's own."""
        return self.clip_box is not None


class Placing(NamedTuple):
    """Positions of points relative to a zone, all (n,).

    distance_m          to the edge, positive inside
    sigma_m             of that distance: the position's and the edge's together
    probability_inside  by the normal law
    answer              "inside", "outside" or "undecided"
    """

    distance_m: FloatArray
    sigma_m: FloatArray
    probability_inside: FloatArray
    answer: NDArray[np.str_]


def contains(lat_deg: ArrayLike, lon_deg: ArrayLike, zone: Zone) -> NDArray[np.bool_]:
    """Return which points lie inside the drawn edge or on it, at any height.

    lat_deg, lon_deg   (n,), any longitude; `nan` is not inside
    returns            (n,) bool
    """
    lat, lon = _points(lat_deg, lon_deg)
    if len(lat) >= MANY_POINTS and not zone.geometry.is_empty:
        return cells.is_inside(lat, lon, _area_index(zone.geometry))
    shapely.prepare(zone.geometry)
    known = np.isfinite(lat) & np.isfinite(lon)
    is_inside = np.zeros(lat.shape, dtype=np.bool_)
    is_inside[known] = shapely.intersects_xy(zone.geometry, lon[known], lat[known])
    on_seam = known & (lon == -180.0)  # the same place as +180, where the zone may be drawn instead
    is_inside[on_seam] |= shapely.intersects_xy(zone.geometry, np.full(int(on_seam.sum()), 180.0), lat[on_seam])
    return is_inside


def signed_distance_m(lat_deg: ArrayLike, lon_deg: ArrayLike, zone: Zone) -> FloatArray:
    """Return the geodesic distance to the zone's edge [m], positive inside, negative outside.

    lat_deg, lon_deg   (n,), any longitude
    returns            (n,) float64, within 1 mm up to 1,000 km and 0.1 % up to 10,000 km;
                       `nan` where the position is, and where it is unknown for a clipped zone:
                       outside its clip box, or nearer to the box's side than to any edge inside it

    The sides of a clip box never count as an edge. The distance is to the *drawn* edge, which differs from the true
    one by `line_sigma_m`. Heights are ignored.
    """
    return _signed_distances_m(lat_deg, lon_deg, zone)[0]


def _signed_distances_m(lat_deg: ArrayLike, lon_deg: ArrayLike, zone: Zone) -> tuple[FloatArray, FloatArray]:
    """Return the distance to the edge, and what it is at least, (n,) each [m], positive inside.

    Near the side of a clip box the edge may lie anywhere beyond it, and nowhere nearer.
    """
    lat, lon = _points(lat_deg, lon_deg)
    edge, box = _searchable(zone.geometry, zone.clip_box)
    away_m = lines.distance_to_lines_m(lat, lon, edge)
    least_m = away_m
    if zone.clip_box is not None:
        west, south, east, north = zone.clip_box
        in_box = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
        box_m = lines.distance_to_lines_m(lat, lon, box)
        least_m = np.where(in_box, np.minimum(away_m, box_m), np.nan)
        away_m = np.where(in_box & (away_m <= box_m), away_m, np.nan)
    sign = np.where(contains(lat, lon, zone), 1.0, -1.0)
    return sign * away_m, sign * least_m


def place_against(lat_deg: ArrayLike, lon_deg: ArrayLike, sigma_m: ArrayLike, zone: Zone) -> Placing:
    """Return on which side of the zone's edge points are, with the probability.

    lat_deg, lon_deg   (n,)
    sigma_m            (n,) or one number: one standard deviation of the position, in any one direction [m]
    returns            Placing; "undecided" while the probability of being inside is between PLAINLY_OUTSIDE
                       and PLAINLY_INSIDE. Where the distance is `nan` beside a clip box, the edge is farther than the
                       box's side: where that decides, the probability is the bound that it gives, else `nan`

    The edge is assumed straight over a few sigma; in a narrower zone the probability is too high. The error of the
    drawn edge is common to all points: never multiply the probabilities of neighbouring points.
    """
    distance_m, least_m = _signed_distances_m(lat_deg, lon_deg, zone)
    position_sigma_m = np.broadcast_to(np.asarray(sigma_m, dtype=np.float64), distance_m.shape)
    total_m = np.hypot(position_sigma_m, zone.line_sigma_m)
    bound = probability_inside(least_m, total_m)
    is_told = np.isfinite(distance_m) | (bound >= PLAINLY_INSIDE) | (bound <= PLAINLY_OUTSIDE)
    probability = np.where(is_told, bound, np.nan)
    answer = np.full(distance_m.shape, "undecided", dtype="<U9")
    answer[probability >= PLAINLY_INSIDE] = "inside"
    answer[probability <= PLAINLY_OUTSIDE] = "outside"
    return Placing(distance_m, total_m, probability, answer)


def probability_inside(distance_m: FloatArray, sigma_m: FloatArray) -> FloatArray:
    """Return the probability that the true point is inside the true edge, by the normal law.

    distance_m, sigma_m   (n,) float64; with a sigma of 0 the answer is 0, 1, or one half on the edge itself
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        in_sigmas = np.where(distance_m == 0.0, 0.0, distance_m / sigma_m)
    # erfc keeps its precision in both tails, where 1 - erf would lose it.
    return np.array([0.5 * math.erfc(-z * math.sqrt(0.5)) for z in in_sigmas.tolist()], dtype=np.float64)


def _points(lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as (n,) float64, longitudes in [-180, 180)."""
    lat, lon = np.broadcast_arrays(
        np.atleast_1d(np.asarray(lat_deg, dtype=np.float64)), np.atleast_1d(np.asarray(lon_deg, dtype=np.float64))
    )
    # Wrapping loses the last digits, so only values out of range are wrapped.
    is_far = (lon < -180.0) | (lon >= 180.0)
    return lat, np.where(is_far, (lon + 180.0) % 360.0 - 180.0, lon)


@lru_cache(maxsize=64)
def _searchable(
    geometry: Any, clip_box: tuple[float, float, float, float] | None
) -> tuple[lines.EdgeIndex, lines.EdgeIndex]:
    """Return the edge and the clip box as indexes; cached, since one zone is used many times."""
    edges = lines.edges_of(geometry)
    if clip_box is None:
        return lines.index_edges(edges), lines.index_edges(np.empty((0, 4)))
    box = lines.edges_of(shapely.box(*clip_box))
    return lines.index_edges(lines.off_box(edges, clip_box)), lines.index_edges(box)


@lru_cache(maxsize=16)
def _area_index(geometry: Any) -> cells.AreaIndex:
    """Return an area indexed for many points; cached, since one zone is used many times."""
    return cells.index_area(geometry)


def from_geojson(
    content: bytes, *, name: str, default_kind: str = "area", near: tuple[float, float] | None = None
) -> tuple[Zone, ...]:
    """Return the zones of a GeoJSON file: a FeatureCollection, a Feature or a bare geometry.

    content       UTF-8; longitude first, WGS 84 (RFC 7946)
    name          of the file, for messages and where a zone names no source
    default_kind  for features that state none
    near          lat_deg, lon_deg of where the zones are expected; needed to detect swapped coordinates when both
                  orders are places on earth

    Properties have the names of the fields of Zone. By default the floor is 0 AGL, the ceiling UNL, the name is the
    zone_id, the zone_id is the feature's id or number, and line_sigma_m is 0: exact by definition. For a land_border
    or state_airspace line_sigma_m is required. A zone cut by a box states that in `clip_box`. An edge that crosses
    itself is repaired, and `notes` says so.

    raises   ReadError for broken JSON, with line and column, and for anything but GeoJSON;
             GeometryError, with the feature, for impossible rings, heights and coordinates
    """
    return from_features(
        _features(parse_json(content, name=name), name), name=name, default_kind=default_kind, near=near
    )


def from_features(
    features: Sequence[dict[str, Any]],
    *,
    name: str,
    default_kind: str = "area",
    near: tuple[float, float] | None = None,
) -> tuple[Zone, ...]:
    """Return the zones of GeoJSON features that are already parsed; the rest as for `from_geojson`."""
    zones = tuple(
        _zone(feature, file=name, nth=nth, default_kind=default_kind, near=near)
        for nth, feature in enumerate(features, start=1)
    )
    seen: set[str] = set()
    for zone in zones:
        if zone.zone_id in seen:
            raise ReadError(name, place=f"zone_id {quote(zone.zone_id)}", why="occurs twice; each zone needs its own")
        seen.add(zone.zone_id)
    return zones


def _features(found: Any, name: str) -> list[dict[str, Any]]:
    kind = found.get("type") if isinstance(found, dict) else None
    is_wgs84, remarks = published_zones.is_wgs84(found.get("crs") if isinstance(found, dict) else None)
    if kind is not None and not is_wgs84:
        why = "its crs is not WGS 84; GeoJSON uses longitude and latitude on WGS 84: convert the file first"
        raise ReadError(name, place="crs", why=why)
    if kind == "FeatureCollection" or (kind is None and isinstance(found, dict) and "features" in found):
        features = found.get("features")
        if not isinstance(features, list) or not features or not all(isinstance(one, dict) for one in features):
            raise ReadError(name, place="features", why="a FeatureCollection has a list of at least one Feature")
    elif kind == "Feature":
        features = [found]
    elif kind in ("Polygon", "MultiPolygon", "GeometryCollection"):
        features = [{"type": "Feature", "properties": {}, "geometry": found}]
    else:
        known = "FeatureCollection, Feature, Polygon and MultiPolygon"
        raise ReadError(name, why=f"its type is {quote(kind)}; zones are read from {known}")
    found_areas = published_zones.own_features({"features": features}, file=name)
    if remarks:
        for one in found_areas:
            one["properties"]["notes"] = [*(one["properties"].get("notes") or []), *remarks]
    return found_areas


def _zone(feature: dict[str, Any], *, file: str, nth: int, default_kind: str, near: tuple[float, float] | None) -> Zone:
    given = feature.get("properties") or {}
    if not isinstance(given, dict):
        raise ReadError(file, place=f"feature {nth}", why="its properties are not an object")
    ids = (given.get("zone_id"), feature.get("id"))
    identity = next((one for one in ids if one is not None and one != ""), f"zone-{nth}")  # 0 is an id
    here = _Location(file, f"feature {nth} ({given.get('name') or identity})")
    kind = str(given.get("kind") or default_kind)
    floor_m, floor_ref, ceiling_m, ceiling_ref = _limits(given, here)
    geometry, repair = _geometry(feature.get("geometry"), here)
    if near is not None:
        check_coordinate_order([(here.feature, geometry)], *near, thing=file)
    return Zone(
        zone_id=str(identity), name=clip(str(given.get("name") or identity)), kind=kind,
        floor_m=floor_m, ceiling_m=ceiling_m, floor_ref=floor_ref, ceiling_ref=ceiling_ref,
        line_sigma_m=_line_sigma_m(given, kind, here), source=str(given.get("source") or file),
        geometry=geometry, clip_box=_clip_box(given, here), notes=(*_notes(given, here), *repair),
    )  # fmt: skip


class _Location(NamedTuple):
    """A file and a position in it, for messages."""

    file: str
    feature: str

    def refusal(self, why: str, *, part: str = "") -> GeometryError:
        return GeometryError(self.file, place=f"{self.feature}, {part}" if part else self.feature, why=why)


def _limits(given: dict[str, Any], here: _Location) -> tuple[float, str, float | None, str]:
    """Return floor_m, floor_ref, ceiling_m, ceiling_ref, checked against each other."""
    floor_m, ceiling_m = _number(given, "floor_m", here), _number(given, "ceiling_m", here)
    floor_ref = _ref(given, "floor_ref", here) or ("AGL" if floor_m is None else "")
    ceiling_ref = _ref(given, "ceiling_ref", here) or ("UNL" if ceiling_m is None else "")
    if floor_ref == "UNL":
        raise here.refusal("a floor cannot be unlimited", part="floor_ref")
    if not floor_ref or not ceiling_ref:
        part = "ceiling_ref" if floor_ref else "floor_ref"
        raise here.refusal("the reference of the height is missing: give one of AGL, AMSL, FL, HAE", part=part)
    if (ceiling_m is None) != (ceiling_ref in ("UNK", "UNL")):
        raise here.refusal("ceiling_ref UNL or UNK and a null ceiling_m go together", part="ceiling_m")
    if floor_m is None:
        if given.get("floor_ref") not in (None, "AGL", "UNK"):
            raise here.refusal(f"floor_ref is {floor_ref}, but the height is missing", part="floor_m")
        floor_m = 0.0
    if ceiling_m is not None and floor_ref == ceiling_ref and ceiling_m < floor_m:
        raise here.refusal(f"the ceiling, {ceiling_m:g} m, is below the floor, {floor_m:g} m", part="ceiling_m")
    return floor_m, floor_ref, ceiling_m, ceiling_ref


def _number(given: dict[str, Any], field: str, here: _Location) -> float | None:
    value = given.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MOST_M:
        raise here.refusal(f"{quote(value)} is not a number of metres; the unit is in the field's name", part=field)
    return float(value)


def _ref(given: dict[str, Any], field: str, here: _Location) -> str | None:
    value = given.get(field)
    if value is not None and value not in HEIGHT_REFS:
        raise here.refusal(f"{quote(value)} is not one of {', '.join(HEIGHT_REFS)}", part=field)
    return value


def _line_sigma_m(given: dict[str, Any], kind: str, here: _Location) -> float:
    sigma_m = _number(given, "line_sigma_m", here)
    if sigma_m is None and kind in SURVEYED_KINDS:
        why = f"a {kind} must state the accuracy of its line: one standard deviation across it, in metres"
        raise here.refusal(why, part="line_sigma_m")
    if sigma_m is not None and not 0.0 <= sigma_m <= _MOST_SIGMA_M:
        raise here.refusal(f"{sigma_m:g} is not between 0 and {_MOST_SIGMA_M:,.0f} metres", part="line_sigma_m")
    return sigma_m or 0.0


def _clip_box(given: dict[str, Any], here: _Location) -> tuple[float, float, float, float] | None:
    box = given.get("clip_box")
    if box is None:
        if given.get("clipped"):
            raise here.refusal("a clipped zone must state the box: [west, south, east, north]", part="clip_box")
        return None
    if not isinstance(box, list) or len(box) != 4 or not all(_is_number(side) for side in box):
        raise here.refusal("must be four numbers: [west, south, east, north]", part="clip_box")
    west, south, east, north = (float(side) for side in box)
    if not (west < east and south < north):
        raise here.refusal("west must be below east, and south below north", part="clip_box")
    return west, south, east, north


def _notes(given: dict[str, Any], here: _Location) -> tuple[str, ...]:
    notes = given.get("notes") or []
    if not isinstance(notes, list):
        raise here.refusal("must be a list of texts", part="notes")
    return tuple(str(note) for note in notes)


def _geometry(found: Any, here: _Location) -> tuple[Any, tuple[str, ...]]:
    """Return a valid shapely geometry, and notes on its repair."""
    kind = found.get("type") if isinstance(found, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise here.refusal(f"its geometry is {quote(kind)}; a zone is a Polygon or a MultiPolygon")
    parts = found.get("coordinates")
    parts = [parts] if kind == "Polygon" else parts
    if not isinstance(parts, list) or not parts or not all(isinstance(part, list) and part for part in parts):
        raise here.refusal("it has no rings", part="coordinates")
    rings = [
        [_ring(ring, here, f"part {p}, ring {r}") for r, ring in enumerate(part, 1)] for p, part in enumerate(parts, 1)
    ]
    drawn = [shapely.Polygon(part[0], part[1:]) for part in rings]
    geometry = shapely.MultiPolygon(drawn) if kind == "MultiPolygon" else drawn[0]
    return (geometry, ()) if geometry.is_valid else _repaired(geometry, here)


def _ring(corners: Any, here: _Location, part: str) -> FloatArray:
    """Return a checked ring, (k, 2) lon/lat, first corner repeated."""
    if not isinstance(corners, list) or len(corners) < 4:
        raise here.refusal("a ring needs at least four corners, the last equal to the first", part=part)
    if not _are_plain(corners):
        for nth, corner in enumerate(corners, start=1):
            if not isinstance(corner, list) or len(corner) < 2 or not all(_is_number(value) for value in corner[:2]):
                raise here.refusal(f"{quote(corner)} is not [longitude, latitude]", part=f"{part}, corner {nth}")
    ring = np.array([corner[:2] for corner in corners], dtype=np.float64)
    _refuse_out_of_range(ring, here, part)
    if not np.array_equal(ring[0], ring[-1]):
        raise here.refusal("the ring is open; repeat its first corner at the end", part=part)
    leap = np.abs(np.diff(ring[:, 0]))
    if ((leap > 180.0) & (leap < 360.0)).any():
        why = "an edge spans more than half the earth; cut the zone at the antimeridian (RFC 7946, 3.1.9)"
        raise here.refusal(why, part=f"{part}, corner {int(np.argmax(leap)) + 1}")
    return ring


def _are_plain(corners: list[Any]) -> bool:
    """Return quickly whether all corners, up to 35,000, are lists that begin with two finite numbers."""
    if {*map(type, corners)} != {list} or min(map(len, corners)) < 2:
        return False
    numbers = [value for corner in corners for value in corner[:2]]
    return {*map(type, numbers)} <= {int, float} and all(map(math.isfinite, numbers))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _refuse_out_of_range(ring: FloatArray, here: _Location, part: str) -> None:
    lon, lat = ring[:, 0], ring[:, 1]
    bad = np.flatnonzero((np.abs(lon) > 180.0) | (np.abs(lat) > 90.0))
    if not len(bad):
        return
    why = f"longitude {lon[bad[0]]:g}, latitude {lat[bad[0]]:g} is not a place on earth"
    if np.abs(ring).max() > 360.0:
        why += "; these look like metres of a map projection: convert them to longitude and latitude on WGS 84"
    elif (np.abs(lat) <= 180.0).all() and (np.abs(lon) <= 90.0).all():
        why += "; latitude and longitude look swapped: GeoJSON has longitude first"
    else:
        why += "; longitudes go from -180 to 180: cut the zone at the antimeridian"
    raise here.refusal(why, part=f"{part}, corner {int(bad[0]) + 1}")


def _repaired(geometry: Any, here: _Location) -> tuple[Any, tuple[str, ...]]:
    reason = shapely.is_valid_reason(geometry)
    areas = [part for part in shapely.get_parts(shapely.make_valid(geometry)) if part.area > 0.0]
    # The result may be a collection with lines as well as areas; a line has no inside.
    polygons = [polygon for part in areas for polygon in shapely.get_parts(part) if polygon.geom_type == "Polygon"]
    if not polygons:
        raise here.refusal(f"it encloses no area and cannot be repaired: {reason}")
    return shapely.union_all(polygons), (f"the outline was invalid ({reason}) and was repaired; check it on the map",)

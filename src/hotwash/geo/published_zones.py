"""Zones as their publishers write them, brought into our own form: a Feature with a polygon, floor_m and ceiling_m.

    ED-269      features whose `geometry` is a list of volumes: horizontalProjection, lowerLimit, upperLimit
    ED-318      GeoJSON whose geometries carry a `layer`; a circle is a Point with an `extent`
    openAIP     properties lowerLimit and upperLimit (lowerCeiling, upperCeiling): value, unit and referenceDatum
    FAA         properties CEILING and UNIT, above the ground

A feature of several volumes becomes as many zones: ID/1, ID/2. A feature that is no area is named in the notes of the
others. A field that looks like a limit and is none of these makes that limit unknown, with a note: read as no limit, it
would put flights inside; refused, it would take all zones of the file with it.

Source: EUROCAE ED-269 (2020), chapter 8; ED-318 (2024), annex; openAIP Core API, schema of airspaces; FAA, UAS
Facility Maps, field descriptions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hotwash.errors import GeometryError, ReadError
from hotwash.geo import geodesy
from hotwash.visible import clip, quote

Feature = dict[str, Any]

_AREAS = ("Polygon", "MultiPolygon")
_FOOT_M = 0.3048
_METRES = {
    **dict.fromkeys(("m", "meter", "metre", "meters", "metres"), 1.0),
    **dict.fromkeys(("ft", "foot", "feet"), _FOOT_M),
    "fl": 100.0 * _FOOT_M,
}
_REFS = {"agl": "AGL", "gnd": "AGL", "sfc": "AGL", "amsl": "AMSL", "msl": "AMSL", "wgs84": "HAE", "w84": "HAE",
         "hae": "HAE", "std": "FL", "fl": "FL"}  # fmt: skip
_OPENAIP_UNITS = {0: "m", 1: "ft", 6: "fl"}
_OPENAIP_DATUMS = {0: "gnd", 1: "msl", 2: "std"}
_OWN = {"floor_m", "ceiling_m", "floor_ref", "ceiling_ref"}
# On a field's name in small letters with underscores. Too many names cost an `undecided`, too few a wrong `inside`.
_LIMIT_LIKE = re.compile(
    r"ceil|floor|(upper|lower|vertical|min|max)_?(lim|alt|h|level|ref)|altitude|vertical|^(top|base|upper|lower)$"
    r"|(^|_)(alt|height|agl|amsl|msl|fl|flight_?level|h(oe|ö)he|(ober|unter)grenze|plafond|plancher|techo|suelo"
    r"|tetto|quota|strop|pu[lł]ap|wysoko(s|ś)(c|ć))(_|$)"
)
_LOW_LIKE = re.compile(r"floor|lower|min|base|unter|plancher|suelo")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CIRCLE_CORNERS = 360  # the polygon then lies within 0.004 % of the radius
_MOST_RADIUS_M = 2_000_000.0


def own_features(found: Mapping[str, Any], *, file: str) -> list[Feature]:
    """Return the features of a file, each with one area and with limits in our own names.

    found    a FeatureCollection, or the document of ED-269, whose list of features it has too
    raises   ReadError when none of them is an area; GeometryError naming the feature
    """
    left_out: list[str] = []
    areas: list[Feature] = []
    for nth, feature in enumerate(found["features"], start=1):
        properties = _properties(feature, file, nth)
        volumes = list(_volumes(feature, properties, f"feature {nth}", file))
        name = _identity(feature, properties, nth)
        shapes = [volume for volume in volumes if volume["geometry"] is not None]
        if not shapes:
            shape = feature.get("geometry")
            kind = quote(shape.get("type") if isinstance(shape, dict) else shape)
            called = clip(str(properties.get("name") or name), 40)
            left_out.append(f"feature {nth} ({called}) is {kind}, no area, and is left out")
        for at, one in enumerate(shapes, start=1):
            identity = name if len(shapes) == 1 else f"{name}/{at}"
            areas.append({"properties": one["properties"] | {"zone_id": identity}, "geometry": one["geometry"]})
    if not areas:
        raise ReadError(file, place="features", why=f"contains no area: {'; '.join(left_out[:3])}")
    first = areas[0]["properties"]
    if left_out and isinstance(first.get("notes") or [], list):
        areas[0]["properties"] = first | {"notes": [*(first.get("notes") or []), *left_out[:20]]}
    return areas


def _properties(feature: Feature, file: str, nth: int) -> dict[str, Any]:
    if isinstance(feature.get("geometry"), list):  # ED-269 has its properties beside the geometry
        return {name: value for name, value in feature.items() if name != "geometry"}
    given = feature.get("properties") or {}
    if not isinstance(given, dict):
        raise ReadError(file, place=f"feature {nth}", why="its properties are not an object")
    return given


def _identity(feature: Feature, given: Mapping[str, Any], nth: int) -> Any:
    """Return the first id that is given; 0 is one."""
    ids = (given.get("zone_id"), given.get("identifier"), feature.get("id"), given.get("_id"))
    return next((one for one in ids if one is not None and one != ""), f"zone-{nth}")


def _volumes(feature: Feature, given: Mapping[str, Any], place: str, file: str) -> Iterator[dict[str, Any]]:
    """Yield each volume of a feature: properties with limits, and a polygon or None where it is no area."""
    geometry = feature.get("geometry")
    if isinstance(geometry, list):
        parts: list[tuple[Any, Any]] = [
            (one.get("horizontalProjection"), one) for one in geometry if isinstance(one, dict)
        ]
    else:
        parts = [(one, one.get("layer") if isinstance(one, dict) else None) for one in _parts(geometry)]
    for shape, layer in parts:
        limits = _limits_of_layer(layer, place, file) if isinstance(layer, Mapping) else _limits_of(given, place, file)
        if "notes" in limits:
            limits["notes"] = [*_listed(given), *limits["notes"]]
        yield {"geometry": _area(shape, place, file), "properties": {**given, **limits, **_name_of(given)}}


def _name_of(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the first text of a name that is stated in several languages, as ED-318 does."""
    names = given.get("name")
    texts = [one.get("text") for one in names if isinstance(one, Mapping)] if isinstance(names, list) else []
    return {"name": str(texts[0])} if texts else {}


def _parts(geometry: Any) -> list[Any]:
    if isinstance(geometry, dict) and geometry.get("type") == "GeometryCollection":
        inner = geometry.get("geometries")
        return inner if isinstance(inner, list) else []
    return [geometry]


def _area(shape: Any, place: str, file: str) -> Any:
    """Return a polygon: the shape itself, or a circle drawn; None where it is no area."""
    kind = shape.get("type") if isinstance(shape, dict) else None
    if kind in _AREAS:
        return {"type": kind, "coordinates": shape.get("coordinates")}
    if kind == "Circle":
        return _circle(shape.get("center"), shape.get("radius"), place, file)
    extent = shape.get("extent") if kind == "Point" else None
    radius = extent.get("radius") if isinstance(extent, dict) else shape.get("radius") if kind == "Point" else None
    return _circle(shape.get("coordinates"), radius, place, file) if radius is not None else None


def _circle(middle: Any, radius_m: Any, place: str, file: str) -> Any:
    is_place = isinstance(middle, list) and len(middle) >= 2 and all(map(_is_number, middle[:2]))
    if not is_place or not _is_number(radius_m) or not 0.0 < radius_m <= _MOST_RADIUS_M:
        why = "a circle has a middle [longitude, latitude] and a radius in metres above 0 and up to 2,000 km"
        raise GeometryError(file, place=place, why=why)
    if not (abs(middle[0]) <= 180.0 and abs(middle[1]) <= 90.0):
        raise GeometryError(file, place=place, why=f"{quote(middle[:2])} is not a place on earth")
    lat, lon = geodesy.circle(float(middle[1]), float(middle[0]), float(radius_m), corners=_CIRCLE_CORNERS)
    ring = [[float(east), float(north)] for east, north in zip(lon, lat, strict=True)]
    return {"type": "Polygon", "coordinates": [ring if ring[0] == ring[-1] else [*ring, ring[0]]]}


# ---------------------------------------------------------------- limits


def _limits_of_layer(layer: Mapping[str, Any], place: str, file: str) -> dict[str, Any]:
    """Return the limits of a volume of ED-269, or of a layer of ED-318."""
    is_old = "lowerLimit" in layer or "upperLimit" in layer or "lowerVerticalReference" in layer
    low, high = ("lowerLimit", "upperLimit") if is_old else ("lower", "upper")
    low_ref, high_ref = (f"{end}{'Vertical' if is_old else ''}Reference" for end in ("lower", "upper"))
    unit = layer.get("uomDimensions" if is_old else "uom") or "m"
    return _limits(
        (layer.get(low), unit, layer.get(low_ref)), (layer.get(high), unit, layer.get(high_ref)), place, file
    )


def _limits_of(given: Mapping[str, Any], place: str, file: str) -> dict[str, Any]:
    """Return the limits that a feature's properties state in a publisher's way; nothing where they are our own."""
    if not _OWN.isdisjoint(given):
        return _unknown_limits(given)
    for low, high in (("lowerLimit", "upperLimit"), ("lowerCeiling", "upperCeiling")):
        if isinstance(given.get(low, given.get(high)), Mapping):
            return _limits(_of_openaip(given.get(low)), _of_openaip(given.get(high)), place, file)
    if "CEILING" in given and "UNIT" in given:
        return _limits((None, "m", None), (given["CEILING"], given["UNIT"], "AGL"), place, file)
    return _unknown_limits(given)


def _unknown_limits(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return each limit that a field seems to state, as unknown, with a note; of one end the first such field."""
    limits: dict[str, Any] = {}
    notes = []
    for name, value in given.items():
        words = _CAPITAL.sub("_", str(name)).lower().replace("-", "_")
        end = "floor" if _LOW_LIKE.search(words) else "ceiling"
        is_stated = f"{end}_m" in given or f"{end}_ref" in given
        if name in _OWN or is_stated or value in (None, "") or not _LIMIT_LIKE.search(words):
            continue
        limits.setdefault(f"{end}_ref", "UNK")
        notes.append(_note(f"{clip(str(name), 40)} {quote(value)}"))
    return {**limits, "notes": notes} if limits else {}


def _note(what: str) -> str:
    return (
        f"{what} looks like a limit of height, but its unit and reference are not known, so no answer is inside; "
        "write floor_m, floor_ref, ceiling_m and ceiling_ref"
    )


def _listed(given: Mapping[str, Any]) -> list[Any]:
    notes = given.get("notes")
    return list(notes) if isinstance(notes, list) else []


def _of_openaip(limit: Any) -> tuple[Any, Any, Any]:
    given = limit if isinstance(limit, Mapping) else {}
    unit, datum = given.get("unit"), given.get("referenceDatum")
    return (
        given.get("value"),
        _OPENAIP_UNITS.get(unit, unit) if type(unit) is int else unit,
        _OPENAIP_DATUMS.get(datum, datum) if type(datum) is int else datum,
    )


def _limits(low: tuple[Any, Any, Any], high: tuple[Any, Any, Any], place: str, file: str) -> dict[str, Any]:
    """Return floor and ceiling in metres from (value, unit, reference); one without a value is no limit."""
    limits: dict[str, Any] = {}
    for end, (value, unit, ref) in (("floor", low), ("ceiling", high)):
        if value is None:
            continue
        factor, known = _METRES.get(str(unit).lower()), _REFS.get(str(ref).lower())
        known = "FL" if str(unit).lower() == "fl" else known
        if not _is_number(value):
            raise GeometryError(file, place=f"{place}, {end}", why=f"its {end}, {quote(value)}, is no height")
        if factor is None or known is None:
            limits[f"{end}_ref"] = "UNK"
            said = " ".join(clip(str(one), 20) for one in (value, unit, ref) if one is not None)
            limits.setdefault("notes", []).append(_note(f"its {end}, {said},"))
        else:
            limits |= {f"{end}_m": float(value) * factor, f"{end}_ref": known}
    return limits


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_wgs84(crs: Any) -> tuple[bool, Sequence[str]]:
    """Return whether a file's `crs` member is WGS 84 in any spelling, and what a reader should know of it."""
    words = str(crs).upper()
    codes = re.findall(r"(?<![0-9])(4326|4979|4258)(?![0-9])", words) if "EPSG" in words else []
    if crs is None or "CRS84" in words or any(one != "4258" for one in codes):
        return True, ()
    if codes:
        return True, ("its coordinates are ETRS89 (EPSG:4258), taken as WGS 84: they differ by less than a metre",)
    return False, ()

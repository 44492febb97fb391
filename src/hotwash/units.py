"""Unit conversions for input and output; inside, every quantity has one unit, which is part of its name.

Source: exact definitions, BIPM SI brochure (9th ed., table 8) and ICAO Annex 5.
"""

from __future__ import annotations

from hotwash.errors import UnitError

METRE_PER = {"m": 1.0, "cm": 0.01, "km": 1000.0, "ft": 0.3048, "NM": 1852.0, "mi": 1609.344, "FL": 30.48}
METRE_PER_SECOND_PER = {"m/s": 1.0, "km/h": 1 / 3.6, "kt": 1852.0 / 3600.0, "ft/min": 0.3048 / 60.0}
MINUTE_PER = {"min": 1.0, "h": 60.0, "s": 1 / 60.0, "d": 1440.0}

_SCALES = {"length": METRE_PER, "speed": METRE_PER_SECOND_PER, "time": MINUTE_PER}
_ALIASES = {"nm": "NM", "nmi": "NM", "kts": "kt", "minutes": "min", "minute": "min", "hours": "h", "hour": "h"}


def canonical_unit(unit: str) -> str:
    """Return our spelling of a unit: "kt" for "kts", "h" for "hours"; unknown text is returned unchanged."""
    bare = unit.strip()
    return _ALIASES.get(bare.lower(), bare)


def convert(value: float, unit: str, to: str) -> float:
    """Return a value in another unit of the same kind.

    value   a number in `unit`
    unit    one of METRE_PER, METRE_PER_SECOND_PER or MINUTE_PER, or a common alias
    to      another unit of the same kind
    raises  UnitError when either is unknown, or the two are of different kinds
    """
    source, target = canonical_unit(unit), canonical_unit(to)
    for scale in _SCALES.values():
        if source in scale and target in scale:
            return value * scale[source] / scale[target]
    known = ", ".join(name for scale in _SCALES.values() for name in scale)
    raise UnitError(unit, why=f"cannot be converted to {to}; known units are {known}")

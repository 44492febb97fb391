"""Measures in words, for people: what each is, what was found, and which end is good."""

from __future__ import annotations

from collections.abc import Sequence

from hotwash.score.picture_quality import PictureQuality
from hotwash.score.stays import StayCount

Row = tuple[str, str, str]

_NONE = "nothing to measure"


def phrase_rows(found: PictureQuality, stays: Sequence[StayCount]) -> list[Row]:
    """Return (measure, value, what it means) of a picture, the most telling first."""
    said = [
        ("GOSPA", _m(found.gospa_m), "mean over times of misplaced, missed and false together; 0 is perfect"),
        ("  misplaced", _m(found.localisation_m), "root mean square distance of pairs"),
        ("  missed", f"{found.missed:.2f}", "mean number of objects without a track"),
        ("  false", f"{found.false:.2f}", "mean number of tracks without an object"),
        ("OSPA", _m(found.ospa_m), "the same per object, capped at the cut-off"),
        ("switches", f"{found.switches}", "the track that stood for an object became another"),
        ("gaps", f"{found.gaps}", "an object lost its track and got it back"),
        (
            "completeness",
            _share(found.siap_completeness),
            "SIAP: share of object-times with a track nearby; 100 % is best",
        ),
        ("ambiguity", _plain(found.siap_ambiguity), "SIAP: tracks per object that has any; 1 is best"),
        (
            "spuriousness",
            _share(found.siap_spuriousness),
            "SIAP: share of track-times with no object nearby; 0 % is best",
        ),
        ("position", _m(found.siap_position_m), "SIAP: mean distance of tracks from their object"),
        ("velocity", _plain(found.siap_velocity_mps, " m/s"), "SIAP: mean difference of horizontal velocities"),
        ("number changes", _plain(found.siap_changes_per_h, " per hour"), "SIAP: switches per hour tracked"),
        (
            "longest segment",
            _share(found.siap_longest_share),
            "SIAP: longest unbroken time with one track; 100 % is best",
        ),
        (
            "NEES",
            _plain(found.nees_per_dimension),
            "squared error over stated variance; 1 is consistent, more is overconfident",
        ),
        ("inside 50 %", _share(found.cover_50), "objects inside the ellipse that should hold half of them"),
        ("inside 90 %", _share(found.cover_90), "the same for 90 %"),
        ("inside 95 %", _share(found.cover_95), "the same for 95 %"),
    ]
    return said + [_stay(one) for one in stays]


def _stay(one: StayCount) -> Row:
    counted = f"{one.found} for {one.true}"
    aside = f"; {one.undecided} undecided, {one.expected:.1f} by the sum of probabilities"
    return f"stays in {one.zone_id}", counted, f"counted for true, an error of {one.error:+d}{aside}"


def _m(value: float | None) -> str:
    return _NONE if value is None else f"{value:,.0f} m"


def _plain(value: float | None, unit: str = "") -> str:
    return _NONE if value is None else f"{value:.2f}{unit}"


def _share(value: float | None) -> str:
    return _NONE if value is None else f"{100.0 * value:.1f} %"

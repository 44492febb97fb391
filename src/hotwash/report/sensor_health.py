"""How each sensor did: what it states of itself beside what its plots show, and a sentence where the two differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hotwash.model.incident import Incident
from hotwash.report import clock
from hotwash.report.links import anchor
from hotwash.report.page_table import Cell, PageTable, cell, number_cell, page_table, table_row
from hotwash.report.phrases import count_noun, join_words, plain, round_to_sigma
from hotwash.report.statements import Library

SIGMAS_APART = 3.0  # one sensor in 370 is so far off by chance
TIMES_APART = 2.0  # where no sigma is given: half or double is more than any honest rounding
OPEN_UP_TO = 6  # of one kind; more are folded
MOST_REMARKS = 100  # of one kind on the page; all are in account.json
REMARK_TITLES = {
    "assumed": "Assumed, not checked",
    "detection_probability": "Detection probability differs from what is stated",
    "clutter": "Clutter differs from what is stated",
    "hot_spot": "Places where false plots crowd",
    "clock": "Clocks",
    "bias": "Biases",
    "azimuth_mirrored": "Azimuth mirrored",
    "identity_twice": "One identity on two tracks",
    "identity_jump": "An identity that jumps",
    "association": "Which plot belongs to which track",
    "doubtful": "Plots with a doubtful time",
    "sorted": "Plots out of order",
    "late": "Late plots",
    "duplicate": "Duplicate plots",
    "unused": "Plots not used",
    "crowded": "Crowded scans",
    "thin": "Too few data",
}
Row = dict[str, Any]


def sensors(incident: Incident) -> PageTable:
    """Return the health of each sensor; a row in which something disagrees bears the flag `differs`."""

    def one(item: Row) -> Any:
        said = disagreements(item)
        scans = f"{count_noun(item['scans'], 'scan')}" if item["scans"] is not None else "no scans"
        return table_row(
            cell(f"{'⚑ ' if said else ''}{item['sensor_id']}", scans),
            cell(f"{_count_text(item['plots'])} used", f"{_count_text(item['on_tracks'])} on confirmed tracks"),
            _beside(_percent(item), _stated(item["stated_detection_probability"], 100.0, " %")),
            _beside(_plain(item["false_per_scan"]), _stated(item["stated_false_per_scan"])),
            _beside(
                _sigma(item["clock_offset_s"], item["sigma_clock_offset_s"], "s"),
                _stated(item["stated_clock_offset_s"], 1.0, " s"),
            ),
            cell(
                _sigma(item["range_bias_m"], item["sigma_range_bias_m"], "m"),
                _sigma(item["azimuth_bias_deg"], item["sigma_azimuth_bias_deg"], "°"),
                *_more(item),
            ),
            cell(*(said or ["Nothing disagrees." if _is_compared(item) else "Nothing to compare."])),
            anchor=anchor("sensors", item["sensor_id"]),
            flag="differs" if said else "",
        )

    columns = (
        "Sensor", "Plots", "Detection probability", "False plots a scan", "Clock", "Range and azimuth bias", "In words"
    )  # fmt: skip
    rows = map(one, incident.health.to_dicts())
    return page_table(columns, rows, nothing="No sensor's plots were tracked.", wide=columns[-1:])


def disagreements(item: Row) -> list[str]:
    """Return a plain sentence for each figure that differs by more than SIGMAS_APART sigmas or TIMES_APART times.

    item   a row of HEALTH
    """
    return [*_detection(item), *_clutter(item), *_clock(item), *_biases(item)]


def _is_compared(item: Row) -> bool:
    """Tell whether any figure of a sensor stands beside another that it could differ from."""
    pairs = ("detection_probability", "false_per_scan")
    errors = ("clock_offset_s", "range_bias_m", "azimuth_bias_deg")
    return any(item[name] is not None and item[f"stated_{name}"] is not None for name in pairs) or any(
        item[name] is not None and item[f"sigma_{name}"] is not None for name in errors
    )


def _detection(item: Row) -> Iterable[str]:
    found, stated = item["detection_probability"], item["stated_detection_probability"]
    if _differ(found, stated, item["sigma_detection_probability"]):
        yield f"It detected {_share(found)} of what it could see; {_share(stated)} is stated."


def _clutter(item: Row) -> Iterable[str]:
    found, stated = item["false_per_scan"], item["stated_false_per_scan"]
    if _differ(found, stated, None):
        yield f"It gives {_plain(found)} false plots a scan; {_plain(stated)} are stated."


def _clock(item: Row) -> Iterable[str]:
    found, stated, sigma = item["clock_offset_s"], item["stated_clock_offset_s"], item["sigma_clock_offset_s"]
    if found is None or sigma is None or abs(found - (stated or 0.0)) <= SIGMAS_APART * sigma:
        return
    ahead = "ahead of" if found > 0.0 else "behind"
    value, error = round_to_sigma(abs(found), sigma)
    known = "nothing is stated" if stated is None else f"{plain(round(stated, 3))} s is stated"
    yield f"Its clock is {value} ± {error} s {ahead} the others; {known}."


def _biases(item: Row) -> Iterable[str]:
    names = (
        ("range_bias_m", "range", " m", ("long", "short")),
        ("azimuth_bias_deg", "azimuth", "°", ("far clockwise", "far anticlockwise")),
    )
    for name, what, unit, (above, below) in names:
        found, sigma = item[name], item[f"sigma_{name}"]
        if found is not None and sigma is not None and abs(found) > SIGMAS_APART * sigma:
            value, error = round_to_sigma(abs(found), sigma)
            yield f"Its {what} reads {value} ± {error}{unit} too {above if found > 0.0 else below}."


def _differ(found: float | None, stated: float | None, sigma: float | None) -> bool:
    """Tell whether an estimate and what is stated are too far apart to be the same figure."""
    if found is None or stated is None:
        return False
    if sigma is not None and sigma > 0.0 and abs(found - stated) > SIGMAS_APART * sigma:
        return True
    return max(found, stated) > TIMES_APART * min(found, stated)


def _more(item: Row) -> Iterable[str]:
    """Yield from what clock and biases are estimated, and whether the tracks were made without them."""
    if item["common_tracks"] is not None:
        yield f"from {count_noun(item['common_tracks'], 'shared track')}"
    if item["is_corrected"] is not None:
        yield "corrected in the tracks" if item["is_corrected"] else "not corrected in the tracks"


# ---------------------------------------------------------------- cells


def _beside(found: str, stated: str) -> Cell:
    return cell(found or "not known", stated)


def _percent(item: Row) -> str:
    found, sigma = item["detection_probability"], item["sigma_detection_probability"]
    if found is None:
        return ""
    if sigma is None or sigma == 0.0:
        return _share(found)
    value, error = round_to_sigma(100.0 * found, 100.0 * sigma)
    return f"{value} ± {error} %"


def _share(value: float) -> str:
    return f"{plain(round(100.0 * value, 1))} %"


def _sigma(found: float | None, sigma: float | None, unit: str) -> str:
    if found is None:
        return ""
    space = "" if unit == "°" else " "
    if sigma is None or sigma == 0.0:
        return f"{plain(round(found, 3))}{space}{unit}"
    value, error = round_to_sigma(found, sigma)
    return f"{value} ± {error}{space}{unit}"


def _stated(value: float | None, scale: float = 1.0, unit: str = "") -> str:
    return f"stated {plain(round(value * scale, 3))}{unit}" if value is not None else "nothing stated"


def _plain(value: float | None) -> str:
    return plain(round(value, 2 if value < 10.0 else 0)) if value is not None else ""


def _count_text(value: int) -> str:
    return plain(float(value))


# ---------------------------------------------------------------- remarks


@dataclass(frozen=True, slots=True)
class Remarks:
    """The remarks of one kind: how many there are, and those that the page lists."""

    title: str
    total: int
    rows: PageTable

    @property
    def is_many(self) -> bool:
        return self.total > OPEN_UP_TO


def remarks(incident: Incident, library: Library) -> tuple[Remarks, ...]:
    """Return the remarks by kind, those of which there are fewest first: a rare thing is read before a common one."""
    kinds: dict[str, list[Row]] = {}
    for item in incident.remarks.to_dicts():
        kinds.setdefault(item["kind"], []).append(item)
    found = (Remarks(REMARK_TITLES[kind], len(own), _remarks(own, library)) for kind, own in kinds.items())
    return tuple(sorted(found, key=lambda each: (each.total, each.title)))


def _remarks(own: list[Row], library: Library) -> PageTable:
    def one(item: Row) -> Any:
        about = [item["sensor_id"], f"track {item['track_id']}" if item["track_id"] is not None else "", item["ident"]]
        when = clock.exact(item["time_utc"], library.zone) if item["time_utc"] else ""
        rows = number_cell(_count_text(item["rows"])) if item["rows"] is not None else ""
        return table_row(join_words([each for each in about if each]), when, rows, item["text"])

    columns = ("About", "When", "Detections", "What to know")
    lines = [one(item) for item in own[:MOST_REMARKS]]
    if len(own) > MOST_REMARKS:
        lines.append(table_row("", "", "", f"{len(own) - MOST_REMARKS} more of this kind are in account.json."))
    return page_table(columns, lines, wide=columns[-1:])

"""What is known, in three to six plain statements that each rest on a table further down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotwash.model.incident import Incident
from hotwash.model.questions import COUNT_UNITS
from hotwash.report.phrases import count_noun, event_title, minutes, noun, plain, sentence
from hotwash.report.statements import Statement, summary_of, tally_of

MOST = 6
NO_NUMBER = "No number can be given"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Headline:
    """One statement of the headline: a few large words, a sentence below, where on the page it is shown."""

    large: str
    small: str
    href: str


def headline(incident: Incident, statements: Sequence[Statement]) -> tuple[Headline, ...]:
    """Return what is known first: airframes, crossings, statements, times, ranges, what was brought down."""
    found = [
        *_counts(incident, ("airframes", "crossings"), statements),
        *_verdicts(statements),
        *_times(incident),
        *_reach(incident),
        *_counts(incident, ("brought_down",), statements),
        *_drift(incident),
        *_sightings(incident),
        *_counts(incident, ("finds", "aerodromes_closed", "diversions", "cancellations"), statements),
    ]
    return tuple(found[:MOST])


def say_count(row: Row) -> str:
    """Return a count as words, as far as the evidence bounds it: "At least 14 airframes", "16 finds"."""
    unit, low, likely, high = row["unit"], row["low_90"], row["most_likely"], row["high_90"]
    if likely is None and low is None and high is None:
        return NO_NUMBER
    if high is None:
        return (
            f"At least {plain(low)} {noun(unit, low)}" if low is not None else f"{plain(likely)} {noun(unit, likely)}"
        )
    if low is None or (likely is None and low == 0):
        return f"At most {plain(high)} {noun(unit, high)}"
    if low == high:
        return f"{plain(low)} {noun(unit, low)}"
    return f"{plain(low)} to {plain(high)} {noun(unit, high)}"


def say_interval(row: Row) -> str:
    """Return the uncertainty of a count as words."""
    if row["low_90"] is None and row["high_90"] is None:
        return ""
    if row["mean"] is None:
        return ""  # reported, not drawn from probabilities
    likely = f"Most likely {plain(row['most_likely'])}; " if row["most_likely"] is not None else ""
    if row["high_90"] is None:
        return sentence(f"{likely}lower end of the 90 % interval; there is no upper limit.")
    return sentence(f"{likely}{'the range is a ' if likely else ''}90 % interval.")


def say_duration(row: Row) -> tuple[str, str]:
    """Return a length of time as words, and its bounds where they say more."""
    stated, low, high = row["minutes"], row["low"], row["high"]
    bounds = ""
    if low is not None and high is not None and low != high:
        bounds = f"{minutes(low)} to {minutes(high)}"
    elif low is not None and high is None:
        bounds = f"at least {minutes(low)}"
    elif high is not None and low is None:
        bounds = f"at most {minutes(high)}"
    if stated is not None:
        return minutes(stated), bounds
    return bounds or (minutes(low) if low is not None else "not known"), ""


def _counts(incident: Incident, units: Sequence[str], statements: Sequence[Statement]) -> Iterable[Headline]:
    for unit in units:
        for row in incident.counts.filter(pl.col("unit") == unit).to_dicts():
            said = say_count(row)
            asked = _said_of(unit, incident, statements)
            if said == NO_NUMBER and not asked:
                continue  # nobody named a number, and none can be given: that is no headline
            if said == NO_NUMBER:
                said = f"{COUNT_UNITS[unit].title}: no number" if unit != "crossings" else "Crossings cannot be counted"
            if unit == "crossings" and row["low_90"] is not None and row["high_90"] is None:
                said = f"{said}, if each airframe found crossed the border"  # the assumption belongs in the large words
            small = (say_interval(row), row["why"] or "", asked)
            yield Headline(said, " ".join(part for part in small if part), "#counts")


def _said_of(unit: str, incident: Incident, statements: Sequence[Statement]) -> str:
    """Return how the statements fare that name a number in this unit."""
    named = set(incident.bundle.claims.filter(pl.col("unit") == unit)["claim_id"].to_list())
    tally = tally_of(item for item in statements if item.claim_id in named and item.verdict)
    if not tally:
        return ""
    return f"{count_noun(sum(number for _, number in tally), 'statement')} on this number: {summary_of(tally)}."


def _verdicts(statements: Sequence[Statement]) -> Iterable[Headline]:
    weighed = [item for item in statements if item.verdict]
    if not weighed:
        return
    counted = dict(tally_of(weighed))
    first = [f"{counted.get(verdict, 0) or 'none'} {verdict}" for verdict in ("supported", "contradicted")]
    rest = [f"{counted[verdict]} {words}" for verdict, words in _OTHER_VERDICTS if verdict in counted]
    large = f"{count_noun(len(weighed), 'statement')}: {', '.join(first)}"
    yield Headline(large, sentence(f"{'; '.join(rest)}.") if rest else "", "#findings")


_OTHER_VERDICTS = (
    ("not_testable", "cannot be tested with this evidence"),
    ("superseded", "replaced by their own speaker"),
)


def _times(incident: Incident) -> Iterable[Headline]:
    """Yield the first interval asked for; the one that ends with the warning of the public before any other."""
    asked = {item.name: item for item in incident.bundle.brief.intervals}
    is_warning = {name: item.to_kind == "public_warning" for name, item in asked.items()}
    rows = sorted(incident.durations.to_dicts(), key=lambda row: not is_warning.get(row["name"], False))
    for row in rows[:1]:
        length, bounds = say_duration(row)
        if length == "not known":
            continue
        since = event_title(asked[row["name"]].from_kind).lower() if row["name"] in asked else ""
        is_warned = is_warning.get(row["name"], False)
        large = f"Public warned {length} after the {since}" if is_warned else f"{sentence(row['name'])}: {length}"
        yield Headline(large, f"Bounds: {bounds}." if bounds else "", "#durations")


def _reach(incident: Incident) -> Iterable[Headline]:
    """Yield what the most often claimed range leaves possible, over all assumed origins."""
    reaches = incident.reaches
    if not reaches.height:
        return
    claims = {row["claim_id"]: row for row in incident.bundle.claims.to_dicts()}
    valued = [(name, claims[name]["value"]) for name in reaches["claim_id"].unique().sort().to_list() if name in claims]
    counted = Counter(value for _, value in valued if value)
    if not counted:
        return
    value = max(counted, key=lambda item: (counted[item], item))
    name = next(name for name, stated in valued if stated == value)
    rows = reaches.filter(pl.col("claim_id") == name).to_dicts()
    open_from = sum(1 for row in rows if row["within"] + row["undecided"])
    total = max(row["within"] + row["undecided"] + row["beyond"] for row in rows)
    shut = len(rows) - open_from
    large = (
        f"A range of {plain(float(value))} km excludes {shut or 'none'} of {count_noun(len(rows), 'assumed origin')}"
    )
    small = (
        f"From {count_noun(open_from, 'origin')} at least one of {count_noun(total, 'find')} remains possible, "
        f"from {shut} none. "
        "No origin is known; the straight line is the shortest possible path."
    )
    yield Headline(large, small, "#range")


def _sightings(incident: Incident) -> Iterable[Headline]:
    """Yield how many looks at the sky stay unexplained, where there is more than one."""
    rows = incident.bundle.sightings.to_dicts()
    if len(rows) < 2:
        return
    nothing = sum(row["saw_nothing"] for row in rows)
    seen = [row["explained_by"] for row in rows if not row["saw_nothing"]]
    unsearched = sum(word is None for word in seen)
    left = seen.count("unexplained")
    explained = len(seen) - unsearched - left
    small = (
        f"{explained} explained; for {unsearched} no explanation has been sought. "
        f"{count_noun(nothing, 'observer')} looked and saw nothing."
    )
    yield Headline(
        f"{left or 'None'} of {count_noun(len(seen), 'sighting')} unexplained after a search", small, "#sightings"
    )


def _drift(incident: Incident) -> Iterable[Headline]:
    drifted = incident.contradictions.filter("is_unit_drift")
    if not drifted.height:
        return
    row = drifted.to_dicts()[0]
    yield Headline(
        f"{count_noun(drifted.height, 'number')} changed unit",
        f"For example {row['value']} ({row['said_by']}) and {row['other_value']} ({row['other_said_by']}).",
        "#contradictions",
    )

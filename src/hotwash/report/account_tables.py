"""The tables of the page: each a frame of the incident, put into columns that a reader wants side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from hotwash.claims.assessed import is_examined, is_of_occasion, object_chance
from hotwash.claims.evidence import MOST_FOR_CONTRADICTION
from hotwash.course.part_of_day import say_that_night
from hotwash.model.incident import Incident
from hotwash.model.words import NO_AIRCRAFT
from hotwash.report import clock
from hotwash.report.closures import closures_with_length, is_length_of
from hotwash.report.headline import NO_NUMBER, say_count, say_duration
from hotwash.report.links import anchor, safe_url
from hotwash.report.page_table import Cell, PageTable, TableRow, cell, number_cell, page_table, table_row
from hotwash.report.phrases import (
    OBJECT_WORDS,
    READ_WORDS,
    RELIABILITY_WORDS,
    count_noun,
    full_stop,
    plain,
    probability,
    round_to_sigma,
    sentence,
)
from hotwash.report.statements import Library, order_replacements
from hotwash.report.timeline import Moment, say_when

Row = dict[str, Any]


def sources_cell(ids: Sequence[str] | str | None, library: Library) -> Cell:
    """Return where it is written; one source links to its row."""
    names = [ids] if isinstance(ids, str) else list(ids or ())
    return cell(*(library.source_name(name) for name in names), href=f"#{anchor('sources', names[0])}" if names else "")


def durations(incident: Incident, library: Library) -> PageTable:
    """Return the intervals asked for: what is told, the bounds, and where tellings disagree."""
    places: dict[str, str | None] = {}

    def one(item: Row) -> Any:
        stated, bounds = say_duration(item)
        is_first = places.setdefault(item["name"], item["occasion_id"]) == item["occasion_id"]
        return table_row(
            cell(sentence(item["name"]), _say_occasions(item, library)),
            stated + (f" ({bounds})" if bounds else ""),
            cell(*map(library.retell, (*(item["groups"] or ()), item["why"] or ""))),
            anchor=anchor("durations", item["name"]) if is_first else "",
        )

    columns = ("Interval", "How long", "Where tellings disagree, and what is missing")
    known = closures_with_length(incident)
    rows = (item for item in incident.durations.to_dicts() if not any(is_length_of(item, row) for row in known))
    return page_table(columns, map(one, rows), wide=columns[2:])


def _say_occasions(item: Row, library: Library) -> str:
    """Return the occasion of an interval, or those of its two ends."""
    ends = [("from", item["from_occasion_id"]), ("to", item["to_occasion_id"])]
    said = [f"{word} {library.occasion_name(name) or name}" for word, name in ends if name]
    return " ".join(said) or library.occasion_name(item["occasion_id"])


def occasion_counts(incident: Incident, library: Library) -> PageTable:
    """Return the numbers of single occasions, a row for each unit."""
    found: dict[str, list[str]] = {}
    for row in incident.counts.drop_nulls("occasion_id").to_dicts():
        said = say_count(row, units=library.units)
        if said != NO_NUMBER:
            where = library.occasion_name(row["occasion_id"]) or row["occasion_id"]
            found.setdefault(row["unit"], []).append(f"{where}: {said[:1].lower()}{said[1:]}")
    order = {name: place for place, name in enumerate(library.units)}
    rows = (
        table_row(library.units[unit].title if unit in library.units else unit, "; ".join(said))
        for unit, said in sorted(found.items(), key=lambda item: order.get(item[0], len(order)))
    )
    return page_table(("Counted", "On each occasion"), rows, wide=("On each occasion",))


def assumptions(incident: Incident, library: Library) -> PageTable:
    def one(item: Row) -> Any:
        value = ""
        if item["value"] is not None:
            sigma = f" ± {plain(item['sigma'])}" if item["sigma"] is not None else ""
            value = f"{plain(item['value'])}{sigma} {item['unit'] or ''}".strip()
        place = anchor("assumptions", item["assumption_id"])
        return table_row(item["assumption_id"], item["text"], number_cell(value), item["subject_id"], anchor=place)

    def origin(item: Row) -> Any:
        where = f"{say_coordinates(item)} ± {plain(item['sigma_position_km'])} km"
        place = anchor("origins", item["origin_id"])
        return table_row(
            item["origin_id"],
            cell(f"Departure from {item['origin']}", item["basis"]),
            number_cell(where),
            "",
            anchor=place,
        )

    rows = [*map(one, incident.bundle.assumptions.to_dicts()), *map(origin, incident.bundle.origins.to_dicts())]
    return page_table(
        ("Id", "What is assumed", "Number", "About"), rows, nothing="Nothing was assumed.", wide=("What is assumed",)
    )


def sightings(incident: Incident, library: Library) -> PageTable:
    def one(item: Row) -> Any:
        look = [f"azimuth {plain(item['azimuth_deg'])}°"] if item["azimuth_deg"] is not None else []
        look += [f"elevation {plain(item['elevation_deg'])}°"] if item["elevation_deg"] is not None else []
        look += [f"distance {plain(item['distance_m'])} m (as stated)"] if item["distance_m"] is not None else []
        look += [f"height {plain(item['height_agl_m'])} m above ground"] if item["height_agl_m"] is not None else []
        return table_row(
            cell(item["sighting_id"], item["role"], item["place"]),
            library.say_between(item["utc_low"], item["utc_high"], item),
            cell("Looked and saw nothing" if item["saw_nothing"] else "", item["seen"], ", ".join(look), item["note"]),
            cell(_say_explanation(item), item["explained_why"], *_chances(item, incident), _judged_by(item)),
            "After an alarm: not independent" if item["after_alarm"] else "",
            sources_cell(item["source_id"], library),
            anchor=anchor("sightings", item["sighting_id"]),
        )

    columns = ("Observer", "When", "What was seen", "Explained by", "Independent", "Source")
    return page_table(
        columns,
        map(one, _in_order_of_time(incident.bundle.sightings.to_dicts(), "utc_low", "utc_high")),
        nothing="No sightings were handed in.",
        wide=columns[2:3],
    )


def finds(incident: Incident, library: Library) -> PageTable:
    sides: dict[str, list[str]] = {}
    for item in incident.placings.to_dicts():
        sides.setdefault(item["find_id"], []).append(say_side(item))

    def one(item: Row) -> Any:
        kind = _find_kind(item) + (f", {item['type_label']}" if item["type_label"] else "")
        return table_row(
            cell(item["find_id"], item["place"], item["region"]),
            cell(kind, item["what"]),
            cell(
                library.say_between(item["found_utc_low"], item["found_utc_high"], item),
                say_position(item),
                *sides.get(item["find_id"], ()),
            ),
            cell(*_chances(item, incident), _judged_by(item)),
            sources_cell(item["source_id"], library),
            anchor=anchor("finds", item["find_id"]),
        )

    columns = ("Find", "What", "Found, and where", "Probabilities", "Sources")
    ordered = _in_order_of_time(incident.bundle.finds.to_dicts(), "found_utc_low", "found_utc_high")
    return page_table(columns, map(one, ordered), nothing="Nothing was found.", wide=(columns[1], columns[3]))


def _find_kind(item: Row) -> str:
    """Return what a find is assessed to be; what is surely no drone, and none of the other kinds, is something else."""
    chance = item["probability_find"]
    is_other = item["object_kind"] == "unknown" and chance is not None and chance <= MOST_FOR_CONTRADICTION
    return "Something else" if is_other else OBJECT_WORDS[item["object_kind"]]


def _in_order_of_time(rows: Iterable[Row], low: str, high: str) -> list[Row]:
    """Return rows in order of time; those without a time come last, and of one time as they stand in the bundle."""
    dated = [(row[low] or row[high], row) for row in rows]
    first = sorted((pair for pair in dated if pair[0] is not None), key=lambda pair: pair[0])
    return [row for _, row in (*first, *(pair for pair in dated if pair[0] is None))]


def events(moments: Iterable[Moment], incident: Incident, library: Library) -> PageTable:
    """Return events as a table: the timeline for those who cannot see it, and what the drawing had no room for."""
    sources = {item["event_id"]: item["source_id"] for item in incident.bundle.recording.events.to_dicts()}

    def one(item: Moment) -> Any:
        return table_row(
            say_when(item, library.zone, abroad=library.zones_abroad(library.row("events", item.row_id))),
            cell(item.label, item.text),
            item.said,
            sources_cell(sources.get(item.row_id), library),
            anchor=anchor("events", item.row_id),
        )

    return page_table(("When", "What", "Said by", "Source"), map(one, moments), nothing="No events.", wide=("What",))


def sources(incident: Incident, library: Library) -> PageTable:
    def one(item: Row) -> Any:
        return table_row(
            number_cell(item["source_id"]),
            cell(
                item["title"] or item["publisher"],
                item["publisher"] if item["title"] else "",
                _shown_url(item["url"]),
                item["note"],
                href=safe_url(item["url"]),
            ),
            clock.publication_day(item["published_utc"], clock.zone(item["zone"])) if item["published_utc"] else "",
            item["kind"],
            RELIABILITY_WORDS.get(item["reliability"] or "", ""),
            cell(
                READ_WORDS.get(item["read_as"] or "", item["read_as"]),
                f"sha256 {item['sha256']}" if item["sha256"] else "",
            ),
            anchor=anchor("sources", item["source_id"]),
        )

    columns = ("Id", "Source", "Published", "Kind", "Reliability", "How read")
    return page_table(
        columns, map(one, incident.bundle.recording.sources.to_dicts()), nothing="No sources.", wide=("Source",)
    )


def _place(item: Row) -> str:
    """Return where in its file a row of REJECTS or REPAIRS stands."""
    return item["cell"] or (f"line {item['line']}" if item["line"] is not None else "")


def rejects(incident: Incident) -> PageTable:
    def one(item: Row) -> Any:
        where = cell(item["file"], _place(item), item["column"])
        return table_row(where, item["value"], item["reason"], item["advice"])

    columns = ("Where", "Value", "What is wrong", "How to correct it")
    return page_table(columns, map(one, incident.bundle.rejects.to_dicts()), nothing="No row was rejected.")


def repairs(incident: Incident) -> PageTable:
    def one(item: Row) -> Any:
        return table_row(cell(item["file"], _place(item), item["column"]), item["raw"], item["mended"])

    return page_table(
        ("Where", "As written", "As corrected"),
        map(one, incident.bundle.repairs.to_dicts()),
        nothing="No text had to be corrected.",
    )


def omissions(incident: Incident, library: Library) -> PageTable:
    def one(item: Row) -> Any:
        known = clock.local(item["known_utc"], library.zone) if item["known_utc"] else "not stated"
        return table_row(item["table"], item["row_id"], known, item["why"])

    return page_table(
        ("Table", "Row", "Known", "Why"), map(one, incident.left_out.to_dicts()), nothing="Nothing was left out."
    )


def files(incident: Incident) -> PageTable:
    rows = (table_row(item.name, number_cell(str(item.rows)), item.sha256) for item in incident.bundle.files)
    return page_table(("File", "Rows", "sha256"), rows, nothing="No files were used.")


def revisions(incident: Incident, library: Library) -> PageTable:
    """Return the tellings that their own sayer replaced: what was told, and by what it was replaced.

    Those of statements are left out: they stand with their verdicts, in the order of time.
    """

    def one(item: Row) -> Any:
        known, later = (
            clock.local(when, library.zone) if when else "" for when in (item["known_utc"], item["replaced_utc"])
        )
        name = item["replaced_by"].partition("#")[
            0
        ]  # an assessment between the first and the last has no row of its own
        new = library.evidence(f"{item['table']}:{name}") if library.row(item["table"], name) else None
        sayers = "; ".join(dict.fromkeys((item["said_by"] or "").split("; ")))
        return table_row(
            cell(item["text"] or item["row_id"], sayers),
            known,
            cell(new.label if new else item["replaced_by"], later, href=new.href if new else ""),
            "Taken so by hotwash: one sayer told two things that exclude each other." if item["is_derived"] else "",
        )

    columns = ("What had been told", "Known", "Replaced by", "Remark")
    rows = [row for row in incident.revisions.to_dicts() if row["table"] != "claims"]
    rows = _in_order_of_time(rows, "known_utc", "replaced_utc")
    return page_table(columns, map(one, rows), wide=columns[:1])


def bundle_remarks(incident: Incident, library: Library) -> PageTable:
    """Return what in the bundle cannot be as it stands, or was taken so: what was noticed, where, what to do."""

    def one(item: Row) -> Any:
        row = library.evidence(f"{item['table']}:{item['row_id']}")
        where = f"{item['table']}, {item['row_id']}" + (f", column {item['column']}" if item["column"] else "")
        return table_row(full_stop(item["text"]), cell(where, href=row.href), full_stop(item["advice"]))

    columns = ("What was noticed", "Where", "What to do")
    return page_table(columns, map(one, incident.bundle_remarks.to_dicts()), wide=(columns[0], columns[2]))


def chains(incident: Incident, library: Library) -> tuple[tuple[str, PageTable], ...]:
    """Return, for each question on which a speaker replaced an own statement, who believed what and when."""
    found = []
    for part in incident.beliefs.sort("question_id", "step").partition_by("question_id", maintain_order=True):
        steps = order_replacements(part.to_dicts())
        if not any(item["supersedes"] for item in steps):
            continue
        rows = [_step(item, library) for item in steps]
        columns = ("Said", "Who", "Statement", "Status", "Change")
        found.append((_question(steps[0]["question_id"], library), page_table(columns, rows, wide=columns[1:3])))
    return tuple(found)


def say_side(item: Row) -> str:
    """Return on which side of a zone's line a find lay: "Inside PL-land: 12 ± 2 km from its line, over 99 %"."""
    side = {"inside": "Inside", "outside": "Outside"}.get(item["answer"], "Undecided whether inside")
    parts = []
    if item["distance_m"] is not None:
        value, sigma = round_to_sigma(abs(item["distance_m"]) / 1000.0, item["sigma_m"] / 1000.0)
        parts.append(f"{value} ± {sigma} km from its line")
    if item["probability"] is not None:
        parts.append(f"inside with {probability(item['probability'])}")
    return f"{side} {item['zone_id']}" + (f": {', '.join(parts)}" if parts else "")


def _step(item: Row, library: Library) -> TableRow:
    claim = library.row("claims", item["claim_id"])
    value = library.say_value(claim) if claim else item["value"]
    return table_row(
        say_claim_time(claim, item["said_utc"], library),
        item["said_by"],
        cell(value, href=f"#{anchor('claims', item['claim_id'])}"),
        number_cell("Stands" if item["is_held"] else "Replaced"),
        f"↳ replaces {_replaced(item['supersedes'], library)}" if item["supersedes"] else "",
        flag="" if item["is_held"] else "replaced",
    )


def _replaced(claim_id: str, library: Library) -> str:
    claim = library.row("claims", claim_id)
    return f"“{library.say_value(claim)}”" if claim else claim_id


def say_coordinates(item: Row) -> str:
    """Return a position with the digits that its sigma allows: a kilometre is a hundredth of a degree."""
    if item["lat_deg"] is None or item["lon_deg"] is None:
        return "no position"
    sigma = item.get("sigma_position_km")
    digits = 2 if sigma is None or sigma >= 0.5 else 3 if sigma >= 0.05 else 4
    north, east = ("N" if item["lat_deg"] >= 0 else "S"), ("E" if item["lon_deg"] >= 0 else "W")
    return f"{abs(item['lat_deg']):.{digits}f}° {north} {abs(item['lon_deg']):.{digits}f}° {east}"


def say_position(item: Row) -> str:
    if item["lat_deg"] is None and item["is_private_place"]:
        return "position withheld: a private place"
    sigma = item["sigma_position_km"]
    return say_coordinates(item) + (
        f" ± {plain(sigma)} km" if sigma is not None and item["lat_deg"] is not None else ""
    )


def distances(incident: Incident, library: Library) -> PageTable:
    """Return, for each assumed origin, the nearest and the farthest find; not those that surely are of no drone."""
    places = {item["find_id"]: item["place"] for item in incident.bundle.finds.to_dicts()}
    other = [item["find_id"] for item in incident.bundle.finds.to_dicts() if item["probability_find"] == 0.0]
    ranges = incident.ranges.filter(~pl.col("find_id").is_in(other))
    origins = {item["origin_id"]: item["origin"] for item in incident.bundle.origins.to_dicts()}

    def distance_cell(item: Row) -> Cell:
        value, sigma = round_to_sigma(item["distance_km"], item["sigma_km"])
        return cell(f"{value} ± {sigma} km", f"{item['find_id']} {places.get(item['find_id'], '')}")

    rows = []
    for part in ranges.sort("origin_id", "distance_km").partition_by("origin_id", maintain_order=True):
        own = part.to_dicts()
        name = f"{own[0]['origin_id']} {origins.get(own[0]['origin_id'], '')}"
        rows.append(
            table_row(name, distance_cell(own[0]), distance_cell(own[-1]), number_cell(count_noun(len(own), "find")))
        )
    return page_table(("Assumed origin", "Nearest find", "Farthest find", "Measured to"), rows, nothing="No distances.")


_CHANCES = {
    "find": "Piece of an uncrewed aircraft",
    "airframe": "Airframe of its own",
    "brought_down": "Brought down",
    "uas": "Drone",
}


def _chances(item: Row, incident: Incident) -> list[str]:
    """Return the probabilities of a find or a sighting in words, each with its bounds; of a balloon that it is one."""
    said, of = [], f" of {say_that_night(incident.bundle, item['occasion_id'])}"
    for unit, words in _CHANCES.items():
        value, low, high = (item.get(f"probability_{unit}{end}") for end in ("", "_low", "_high"))
        if value is None:
            continue
        if unit == "find" and item["object_kind"] in NO_AIRCRAFT:
            kind = item["object_kind"]
            is_told = is_of_occasion(item, kind)
            words = f"{OBJECT_WORDS[kind]}{of if is_told else ', no uncrewed aircraft'}"
            chance = object_chance(item, kind)
            if chance != value:  # stated as how likely it is a uas
                low, high = _rest(high), _rest(low)
            value = chance
        words += of if unit == "uas" else ""
        bounds = f" ({probability(low)} to {probability(high)})" if low is not None and high is not None else ""
        said.append(f"{words}: {probability(value)}{bounds}")
    return said


def _say_explanation(item: Row) -> str:
    word = item["explained_by"]
    if word is None:
        return "Examined" if is_examined(item) else "Not yet investigated"
    return "Explained" if word == "other" and item["explained_why"] else sentence(word.replace("_", " "))


def _rest(chance: float | None) -> float | None:
    return None if chance is None else 1.0 - chance


def _judged_by(item: Row) -> str:
    return f"Judged by {item['assigned_by']}: {item['assigned_why'] or ''}" if item["assigned_by"] else ""


def _question(question_id: str, library: Library) -> str:
    question = library.questions.get(question_id)
    return question["text"] if question else question_id


def say_claim_time(claim: Row | None, when: datetime | None, library: Library) -> str:
    """Return when a claim was made: by its bounds where it is there, by the latest time alone where it is not."""
    if claim is not None:
        return library.say_between(claim["said_utc_low"], claim["said_utc_high"], claim)
    return library.say_between(None, when)


def _shown_url(url: str | None) -> str:
    """Return an address that is no link as text, so that a reader sees it; a link already shows it."""
    return url if url and not safe_url(url) else ""

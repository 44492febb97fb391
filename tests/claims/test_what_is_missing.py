"""Every way to the verdict that a claim is not testable, and that each reason names what is missing."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator

import pytest
from laid_out import account, at, bundle, claim, clock, event, find, finds, origin, question

from hotwash.model.incident import Interval

STATUS = question("status", subject_id="LKAA")
TIME = question("time", "utc", subject_id="aerodrome_closed")
SPAN = Interval("shut", "aerodrome_closed", "aerodrome_reopened")
LENGTH = question("duration", "min", subject_id="shut")
COUNT = question("count", "diversions")
THERE, RANGE = question("presence"), question("range", "km")
SIGHTED = {"sighting_id": "G", "role": "nurse", "saw_nothing": False, "source_id": "S-RADIO", "known_utc": at(0)}
PRAGUE = {"lat_deg": 50.1, "lon_deg": 14.4}
NIGHTS = [{"occasion_id": name, "kind": "closure", "known_utc": at(0)} for name in ("N1", "N2", "X")]
NIGHTS[2]["is_related"] = True


def here(kind, minute=None, **more):
    named = {"event_id": f"E-{kind}-{minute}-{more.get('by')}", "subject_id": "LKAA"}
    return event(kind, minute, **{**named, **more})


def told(value, **more):
    return here("diversion", value=float(value), low=26, high=270, **more)


CASES = [
    (STATUS, claim("closed", said_utc_low=None, said_utc_high=None), {"events": [here("aerodrome_closed", 0, end=60)]}),
    (STATUS, claim("closed", said=90), {"events": [here("aerodrome_restricted", 0)]}),
    (STATUS, claim("closed", said=30), {"events": [here("aerodrome_reopened", 60)]}),
    (STATUS, claim("open", said=30), {"events": [here("runway_closed", 0, end=60, part="06")]}),
    (STATUS, claim("closed", said=90), {"events": [
        here("aerodrome_closed", 0, end=20), here("runway_closed", 40, part="06")]}),
    (STATUS, claim("closed", said=90), {"events": [here("aerodrome_closed", 0)]}),
    (STATUS, claim("open", said=90), {"events": [here("aerodrome_closed", 0)]}),
    (STATUS, claim("closed", told_as="forecast", said=-900), {}),
    (STATUS, [claim("closed"), claim("open", by="Other", source="S-RADIO")], {}),
    (question("time", "utc", subject_id="sonar_contact"), claim(clock(0)), {"events": [
        here("sonar_contact", 0), here("sonar_contact", 90)]}),
    (TIME, claim(clock(0)), {"events": [here("aerodrome_closed", m, by=b, source=s) for m, b, s in (
        (0, "Tower", "S-TOWER"), (30, "Police", "S-POLICE"))]}),
    (question("duration", "min", subject_id="other"), claim(5), {"intervals": [SPAN]}),
    (LENGTH, claim(60), {"intervals": [SPAN], "events": [here(f"aerodrome_{what}", m + day) for day in (0, 1440)
                                                        for what, m in (("closed", 0), ("reopened", 60))]}),
    (LENGTH, claim(60), {"intervals": [SPAN], "events": [here("aerodrome_closed", 0)]}),
    (LENGTH, claim(60), {"intervals": [SPAN], "events": [
        here("aerodrome_closed", low=0, high=100), here("aerodrome_reopened", low=50)]}),
    (LENGTH, claim(60), {"intervals": [Interval("shut", "first_call", "last_call")], "events": [
        here("first_call", 90), here("last_call", 30)]}),
    (LENGTH, claim(120), {"intervals": [Interval("shut", "boat_left", "boat_back")], "events": [
        here("boat_left", 0), here("boat_back", 60), here("boat_back", 120)]}),
    (question("duration", "min", subject_id="LKAA closed in all"), claim(60), {"events": [
        here("runway_closed", 0, end=60, part="06")]}),
    (question("duration", "min", subject_id="LKAA closed in all"), claim(60), {}),
    (LENGTH | {"occasion_id": "N1"}, claim(60), {"intervals": [SPAN], "occasions": NIGHTS[:2], "events": [
        here("aerodrome_closed", 0, occasion_id="N2"), here("aerodrome_reopened", 60, occasion_id="N2")]}),
    (question("duration", "min", subject_id="LKAA closed in all"), claim(60), {"events": [
        here("aerodrome_closed", high=20), here("aerodrome_reopened", high=90)]}),
    *((LENGTH, [claim(90, claim_id="S", parts=["A", "B"], by="Other", source="S-RADIO"), *(
        claim(m, claim_id=n, occasion_id=o) for n, m, o in (("A", 60, "N1"), ("B", 30, "N2")))], {
        "intervals": [Interval("shut", "boat_left", "boat_back")], "occasions": NIGHTS[:2], "events": [
            here(f"boat_{what}", m, occasion_id=o, source="S-PAPER", event_id=f"{o}-{m}") for o in nights
            for what, m in (("left", 0), ("back", 60))]}) for nights in (("N1",), ("N1", "N2"))),
    (COUNT, claim(50, said=900), {"events": [told(50), told(60, by="Police", source="S-POLICE")]}),
    (COUNT, claim(17, said=900), {"occasions": NIGHTS[:2], "events": [
        told(17, occasion_id="N1", event_id="A"), told(12, occasion_id="N2", event_id="B")]}),
    (COUNT, claim(21, parts=["A", "B"]), {"occasions": NIGHTS, "events": [
        told(17, occasion_id="N1", event_id="A"), told(4, occasion_id="X", event_id="B")]}),
    (question("count", "crossings"), claim(4), {"finds": finds(1.0)}),
    (question("count", "airframes"), claim(4), {}),
    (question("identity", subject_id="F1"), claim("uas"), {}),
    (question("presence", subject_id="HULL"), claim("present"), {"finds": finds(1.0)}),
    (question("presence", subject_id="F1"), claim("present"), {"finds": [find("F1")]}),
    (THERE, claim("present"), {}),
    (THERE, claim("present"), {"sightings": [SIGHTED]}),
    (question("height", "m", subject_id="G"), claim(700, unit="m", value_ref="AGL"), {"sightings": [
        {**SIGHTED, "height_agl_m": 90.0}]}),
    (RANGE, claim(None, unit="km"), {"origins": [origin("O", 50.0, 14.0)], "finds": finds(1.0, **PRAGUE)}),
    (RANGE, claim(200, "at_most", unit="km"), {"finds": finds(1.0, **PRAGUE)}),
]  # fmt: skip
# What a reason says that names what is missing: who does not tell what, what is not there, or what would settle it.
NAMES = re.compile(
    r"does not say|no source of reliability A or B tells|nobody tells|nothing (?:says|of '?\w+'? is told)|is missing"
    r"|would settle|belongs to another story|defines no|there (?:are|is) no|names its occasion|reported as before"
    r"|no (?:find|figure|origin|closure|sighting|event)|only the (?:earliest|latest)"
    r"|has no probability|is not a find"
)


def branches() -> Iterator[tuple[str, int]]:
    """Yield the module and line of every judgement that a claim is not testable."""
    for name in (
        "counts",
        "events",
        "identity",
        "measures",
        "numbers",
        "presence",
        "ranges",
        "sightings",
        "statements",
        "states",
    ):
        module = importlib.import_module(f"hotwash.claims.on_{name}")
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            is_call = isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name)
            if is_call and node.args[0].id == "NOT_TESTABLE":
                yield module.__name__, node.lineno


def test_every_way_to_not_testable_names_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    wanted = set(branches())
    reached: set[tuple[str, int]] = set()
    for name in {module for module, _ in wanted}:
        module = importlib.import_module(name)
        for maker in ("Judgement", "_judgement"):
            if hasattr(module, maker):
                monkeypatch.setattr(module, maker, note(getattr(module, maker), name, reached))
    for asked, said, laid in CASES:
        rows = said if isinstance(said, list) else [said]
        row = account(bundle([asked], rows, **laid)).findings.row(0, named=True)
        assert row["verdict"] == "not_testable", (asked["kind"], row["reason"])
        assert NAMES.search(row["reason"]), row["reason"]
    assert wanted - reached == set()


def note(make, name, reached):
    """Return a maker of judgements that notes the lines by which a module comes to one that is not testable."""

    def made(verdict, *rest, **more):
        frame = sys._getframe(1)
        while verdict == "not_testable" and frame is not None:
            if frame.f_globals.get("__name__") == name:
                reached.add((name, frame.f_lineno))
            frame = frame.f_back
        return make(verdict, *rest, **more)

    return made

"""A user's own rule file for a watch seat, read from the text of a TOML file. hotwash has none of its own.

    text ─parse─▶ Rules: what counts as a threat, and rules: on what, if what, do what

docs/how-to/keep-watch.md shows one and lists the words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotwash.documents import parse_toml
from hotwash.errors import RuleError
from hotwash.model.words import DECISION_KINDS, TRACK_STATUSES, TRAFFIC_MEASURES, WATCH_CLASSES, suggest
from hotwash.visible import quote

NUMBER, FLAG, WORDS = "a number", "true or false", "a list of words"
STATES = ("open", "informed", "held", "restricted", "suspended")
UNCLASSIFIED = "none"

# What may stand behind `if`, by what a rule is on: its kind, and the words where they are closed.
TRACK_IF: Mapping[str, tuple[str, Sequence[str]]] = {
    "status": (WORDS, TRACK_STATUSES),
    "labels": (WORDS, (*WATCH_CLASSES, UNCLASSIFIED)),  # as the seat classified it
    "has_ident": (FLAG, ()),
    "is_declared": (FLAG, ()),
    "existence_least": (NUMBER, ()),
    "probability_inside_least": (NUMBER, ()),
    "probability_inside_most": (NUMBER, ()),
    "speed_least_mps": (NUMBER, ()),
    "speed_most_mps": (NUMBER, ()),
    "height_most_m": (NUMBER, ()),  # above the ellipsoid; a track without height passes
    "shown_least_s": (NUMBER, ()),
    "begun_inside_most_m": (NUMBER, ()),  # first shown outside, or no deeper inside; without a zone nothing passes
    "steady_least": (NUMBER, ()),  # of the last two minutes: 1 is straight on; one not shown for so long does not pass
    "aerodrome_most_m": (NUMBER, ()),
    "reports_least": (NUMBER, ()),
}
_AROUND: Mapping[str, tuple[str, Sequence[str]]] = {
    "threats_least": (NUMBER, ()),
    "threats_within_m": (NUMBER, ()),
    "clear_least_s": (NUMBER, ()),  # no threat within threats_within_m for so long
    "reports_least": (NUMBER, ()),
}
CONDITIONS: Mapping[str, Mapping[str, tuple[str, Sequence[str]]]] = {
    "track": TRACK_IF,
    "aerodrome": {**_AROUND, "states": (WORDS, STATES), "is_open": (FLAG, ()), "movements_least": (NUMBER, ())},
    "warning": {**_AROUND, "age_least_s": (NUMBER, ())},
    "report": {"saw_nothing": (FLAG, ()), "is_answer": (FLAG, ()), "roles": (WORDS, ())},
    "sensor": {"is_silent": (FLAG, ())},
}
DOES: Mapping[str, Sequence[str]] = {
    "track": ("classify", "drop", "declare_breach", "revoke_breach", "recommend", "warn", "ask", "log"),
    "aerodrome": ("recommend", "warn", "ask", "log"),
    "warning": ("widen_warning", "cancel_warning", "log"),
    "report": ("recommend", "warn", "ask", "log"),
    "sensor": ("ask", "log"),
}
_FIELDS = ("class_label", "measure", "part", "place_id", "radius_m", "text")
_RULE = ("name", "on", "if", "do", *_FIELDS)
_NEEDS = {
    "classify": ("class_label", WATCH_CLASSES), "recommend": ("measure", TRAFFIC_MEASURES), "warn": ("radius_m", ()),
    "widen_warning": ("radius_m", ()), "log": ("text", ()),
}  # fmt: skip
TOP = ("name", "version", "about", "threat", "reports_within_m", "reports_within_s", "rules")

HOW = (
    "hotwash has no rules of its own. Write yours into a TOML file and name it with --rules: at least\n"
    'name = "ours"\n[threat]\nstatus = ["confirmed"]\n[[rules]]\nname = "declare"\non = "track"\n'
    'if = { probability_inside_least = 0.5, status = ["confirmed"] }\ndo = "declare_breach"'
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when all conditions hold of a subject, one decision, and not again until they have ceased to hold.

    on      track, aerodrome, warning, report or sensor: it is asked of each of them
    if_     conditions by name, see CONDITIONS
    do      kind of the decision; fields: what the decision says beside its subject
    """

    name: str
    on: str
    if_: Mapping[str, Any]
    do: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """A user's rules, in the order in which they are asked.

    threat   conditions on a track: what `threats_least` and `clear_least_s` count
    reports_within_m, reports_within_s   what `reports_least` counts: reports that saw something, so near, so recent
    """

    name: str
    version: str
    threat: Mapping[str, Any]
    rules: tuple[Rule, ...]
    reports_within_m: float = 10_000.0
    reports_within_s: float = 900.0


def parse(text: str, *, name: str) -> Rules:
    """Return the rules of a TOML text.

    name     what to call it in an error: the file's name
    raises   RuleError that names the rule and the word at fault, and the nearest word that there is
    """
    found = parse_toml(text, name=name, refused=RuleError)
    _known(found, TOP, name, "")
    rows = found.get("rules", [])
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        raise RuleError(name, place="rules", why="there are none: write [[rules]] before each of them")
    threat = _conditions(found.get("threat", {"status": ["confirmed", "coasting"]}), TRACK_IF, name, "[threat]")
    rules = tuple(_rule(one, at, name) for at, one in enumerate(rows, start=1))
    twice = [one.name for at, one in enumerate(rules) if one.name in {rule.name for rule in rules[:at]}]
    if twice:
        raise RuleError(name, place=f"rule {twice[0]}", why="the name stands twice; each rule has its own")
    near = {key: _number(found[key], name, key) for key in ("reports_within_m", "reports_within_s") if key in found}
    return Rules(str(found.get("name", name)), str(found.get("version", "1")), threat, rules, **near)


def _rule(found: Mapping[str, Any], at: int, name: str) -> Rule:
    called = str(found.get("name", f"rule {at}"))
    place = f"rule {called}"
    _known(found, _RULE, name, place)
    on, do = str(found.get("on")), str(found.get("do"))
    if on not in CONDITIONS:
        raise _unknown(name, f"{place}, on", on, CONDITIONS)
    if do not in DOES[on]:
        also = " (it is no protective decision)" if do not in DECISION_KINDS else ""
        raise RuleError(
            name, place=f"{place}, do", why=f"on a {on} there is no {do}{also}; {suggest(str(do), DOES[on])}"
        )
    if do in _NEEDS:
        key, words = _NEEDS[do]
        if key not in found:
            raise RuleError(name, place=f"{place}, {key}", why=f"{do} needs it")
        if words and found[key] not in words:
            raise _unknown(name, f"{place}, {key}", str(found[key]), words)
    fields = {key: found[key] for key in _FIELDS if key in found}
    if "radius_m" in fields:
        fields["radius_m"] = _number(fields["radius_m"], name, f"{place}, radius_m")
    for key, value in fields.items():
        if key != "radius_m" and not isinstance(value, str):
            raise RuleError(name, place=f"{place}, {key}", why=f"{quote(value)} is no text")
    return Rule(called, on, _conditions(found.get("if", {}), CONDITIONS[on], name, f"{place}, if"), do, fields)


def _conditions(found: Any, known: Mapping[str, tuple[str, Sequence[str]]], name: str, place: str) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise RuleError(name, place=place, why="these are conditions: { status = ['confirmed'] }")
    _known(found, known, name, place)
    for key, value in found.items():
        kind, words = known[key]
        where = f"{place}, {key}"
        if kind == NUMBER:
            _number(value, name, where)
        elif kind == FLAG and not isinstance(value, bool):
            raise RuleError(name, place=where, why=f"{quote(value)} is not {FLAG}")
        elif kind == WORDS:
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise RuleError(name, place=where, why=f"{quote(value)} is not {WORDS}")
            for one in value:
                if words and one not in words:
                    raise _unknown(name, where, one, words)
    return found


def _number(value: Any, name: str, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise RuleError(name, place=place, why=f"{quote(value)} is not a number of 0 or more")
    return float(value)


def _known(found: Iterable[str], known: Iterable[str], name: str, place: str) -> None:
    there = list(known)
    for one in found:
        if one not in there:
            raise _unknown(name, f"{place}, {one}" if place else f"key {one}", one, there)


def _unknown(name: str, place: str, word: str, known: Iterable[str]) -> RuleError:
    return RuleError(name, place=place, why=f"there is no {word}; {suggest(word, known, cutoff=0.6)}")

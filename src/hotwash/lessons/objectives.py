"""Objectives: read from TOML and checked so that a machine can decide them; their named attempts and reference figure.

text (TOML) ─parse─▶ Objective ─name_attempts─▶ Objective whose attempts are named ─▶ proof.verify
                        ▲
account ─reference_of───┘
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from hotwash import units
from hotwash.documents import parse_toml
from hotwash.errors import ObjectiveError, UnitError
from hotwash.model import anytime, words
from hotwash.model.guards import Guard
from hotwash.model.ids import fault_of_id, fault_of_name
from hotwash.model.incident import Incident
from hotwash.model.objective import Objective, Reference, Rule, Standard
from hotwash.model.outcomes import RELATIONS
from hotwash.model.questions import COUNT_UNITS
from hotwash.visible import quote

_NEEDED = ("objective_id", "lesson_id", "title", "subject", "exercise", "exercise_version", "seat", "measure", "unit")
_TEXTS = (*_NEEDED, "role", "task", "conditions", "opportunity", "clock", "setting", "version")
_PARTS = {
    "rule": {"of_subjects", "share", "passes", "of_trials"},
    "window": {"from_utc", "until_utc", "attempts", "named_utc"},
    "reference": {item.name for item in fields(Reference)},
}
_GUARD_KEYS = {"measure", "unit", "task", *RELATIONS}
_KEYS = {*_TEXTS, *_PARTS, *RELATIONS, "lives_days", "related", "guard"}
_MOST_SUBJECTS = 10_000


def parse(text: str, *, name: str, measures: Mapping[str, str] | None = None) -> Objective:
    """Return the objective that a TOML text describes.

    text       the file's content; docs/how-to/prove-a-lesson.md describes its keys
    name       what to call it in an error: the file's name
    measures   the known measures with their units; None: any name is accepted
    raises     ObjectiveError naming the key at fault and the remedy
    """
    given = parse_toml(text, name=name, refused=ObjectiveError)
    _check_keys(name, "", given, _KEYS)
    for part, keys in _PARTS.items():
        if not isinstance(given.get(part, {}), dict):
            raise ObjectiveError(name, place=f"key {part}", why=f"must be a table: write [{part}] above its keys")
        _check_keys(name, f"[{part}]", given.get(part, {}), keys)
    texts = {key: _text(given, key, name) for key in _TEXTS if key in given or key in _NEEDED}
    window, rule = given.get("window", {}), given.get("rule", {})
    objective = Objective(
        **{"role": "", **texts},
        standard=_standard(given, name),
        rule=_rule(rule, name),
        window_from_utc=_time(window, "from_utc", name),
        window_until_utc=_time(window, "until_utc", name),
        attempts=_list(window, "attempts", name),
        named_utc=_time(window, "named_utc", name),
        lives_days=_number(given, "lives_days", name, default=365.0),
        reference=_reference(given["reference"], name) if "reference" in given else None,
        related=_list(given, "related", name),
        guards=_guards(given, name),
    )
    check_objective(objective, name=name, measures=measures)
    return objective


def check_objective(objective: Objective, *, name: str, measures: Mapping[str, str] | None = None) -> None:
    """Check that a machine can decide an objective, and that it can be met at all.

    name       what to call it in an error
    measures   the known measures with their units; None: any name is accepted
    raises     ObjectiveError naming the key at fault and the remedy
    """
    fault = (
        _fault_of_ids(objective)
        or _fault_of_words(objective)
        or _fault_of_measure(objective, measures)
        or _fault_of_guards(objective.guards, measures)
        or _fault_of_rule(objective.rule, objective.subject)
        or _fault_of_window(objective)
    )
    if fault:
        place, why = fault
        raise ObjectiveError(name, place=f"key {place}", why=why)


def remarks_on(objective: Objective) -> tuple[str, ...]:
    """Return in sentences what whoever sets an objective should know of it; empty where there is nothing."""
    rule, found = objective.rule, []
    first, with_miss = (anytime.fewest_trials(rule.share, misses=n, at_level=anytime.level(1)) for n in (0, 1))
    if rule.of_subjects < first:
        found.append(
            f"{rule.of_subjects} subjects cannot show a share of {rule.share:g}, even if all pass: in the first round "
            f"it takes {first} without a miss, or {with_miss} with one. Plan that many, or require a smaller share."
        )
    if objective.seat == "watch" and not objective.guards:
        found.append(
            f"Only {objective.measure} decides: somebody who does nothing, or everything, may pass. Add [[guard]]s; "
            "`hotwash objective check` tries both."
        )
    return tuple(found)


def name_attempts(objective: Objective, attempts: Sequence[str], named_utc: datetime) -> Objective:
    """Return the objective with further attempts named, before they are flown.

    attempts    their ids, none of them named before; earlier ones stay named
    named_utc   now; it is recorded with the attempts and as the objective's last naming
    raises      ObjectiveError for an id that is named twice, or a window that has ended
    """
    twice = sorted({one for one in attempts if one in objective.attempts or list(attempts).count(one) > 1})
    if twice:
        why = "is already named; draw new seeds: a second try with the same seed shows nothing new"
        raise ObjectiveError(objective.objective_id, place=f"attempt {twice[0]}", why=why)
    if objective.window_until_utc is not None and named_utc > objective.window_until_utc:
        why = f"the window ended {objective.window_until_utc:%Y-%m-%d %H:%M}Z; give the objective a new one"
        raise ObjectiveError(objective.objective_id, place="window", why=why)
    return replace(objective, attempts=(*objective.attempts, *attempts), named_utc=named_utc)


def text_of(objective: Objective) -> str:
    """Return the objective as TOML text, which `parse` reads back unchanged."""
    keys: dict[str, Any] = {key: getattr(objective, key) for key in _TEXTS if getattr(objective, key) or key in _NEEDED}
    keys |= {objective.standard.relation: objective.standard.threshold, "lives_days": objective.lives_days}
    keys |= {"related": objective.related} if objective.related else {}
    window = {
        "from_utc": objective.window_from_utc, "until_utc": objective.window_until_utc,
        "attempts": objective.attempts or None, "named_utc": objective.named_utc,
    }  # fmt: skip
    parts = {"rule": _non_empty_fields(objective.rule), "window": window}
    if objective.reference is not None:
        parts["reference"] = _non_empty_fields(objective.reference)
    lines = _lines(keys)
    for guard in objective.guards:
        lines += ["", "[[guard]]", *_lines(_guard_keys(guard))]
    for part, values in parts.items():
        body = _lines({key: value for key, value in values.items() if value is not None})
        lines += ["", f"[{part}]", *body] if body else []
    return "\n".join(lines) + "\n"


def reference_of(incident: Incident, what: str, *, unit: str) -> Reference:
    """Return the figure of the real event, from its account: one event, with its bounds.

    what    the name of an interval in the account's durations, or a claim's id
    unit    the unit to return, that of the objective
    raises  ObjectiveError where the account has nothing of that name, states no figure, or in another kind of unit
    """
    intervals = incident.durations.filter(incident.durations["name"] == what).to_dicts()
    claims = incident.bundle.claims.filter(incident.bundle.claims["claim_id"] == what).to_dicts()
    if intervals:
        row = intervals[0]
        rows = (f"durations:{what}", *(row["rows"] or ()))
        return _bounded(what, row["minutes"], row["low"], row["high"], "min", unit, rows, row["why"] or "")
    if not claims:
        there = ", ".join([*incident.durations["name"], *incident.bundle.claims["claim_id"]][:12])
        raise ObjectiveError(
            what, place="reference", why=f"the account has no interval or claim of this name; choose from {there}"
        )
    claim = claims[0]
    low, high = _bounds_of(claim, what)
    value = None if claim["relation"] in ("at_most", "at_least", "less_than", "more_than", "between") else low
    about = claim["relation"] == "about"  # "about" states no bounds
    findings = incident.findings.filter(incident.findings["claim_id"] == what).to_dicts()
    rows = (f"claims:{what}", *(row for one in findings for row in one["rows"]))
    summary = "".join(f"{claim['summary']} ({one['verdict'].replace('_', ' ')})" for one in findings[:1])
    bounds = (None, None) if about else (low, high)
    return _bounded(what, value, *bounds, claim["unit"] or "", unit, rows, summary or claim["summary"])


# ---------------------------------------------------------------- checks


def _fault_of_ids(objective: Objective) -> tuple[str, str] | None:
    ids = [("objective_id", objective.objective_id), ("lesson_id", objective.lesson_id)]
    ids += [("attempts", one) for one in objective.attempts]
    return next(((key, why) for key, one in ids if (why := fault_of_id(one))), None)


def _fault_of_words(objective: Objective) -> tuple[str, str] | None:
    if why := fault_of_name(objective.title.strip()):
        return "title", why
    if objective.subject not in words.SUBJECT_KINDS:
        return "subject", f"{quote(objective.subject)} is not one of {', '.join(words.SUBJECT_KINDS)}"
    if objective.setting not in words.SETTINGS:
        return "setting", f"{quote(objective.setting)} is not one of {', '.join(words.SETTINGS)}"
    if objective.subject != "procedure" and not objective.role.strip():
        return "role", f"state the role of the {objective.subject}: role = 'watch officer'"
    if not 0.0 < objective.lives_days < float("inf"):
        return "lives_days", "state for how many days evidence stays valid: a number above 0, 365 by default"
    return None


def _fault_of_measure(objective: Objective, measures: Mapping[str, str] | None) -> tuple[str, str] | None:
    for key in ("measure", "opportunity"):
        measure = getattr(objective, key)
        if measure and measures is not None and measure not in measures:
            near = _near(measure, measures)
            return key, f"there is no measure {quote(measure)}; docs/reference/measures.md lists all of them{near}"
    if not objective.unit.strip():
        return "unit", "state the unit of the standard, that of the measure in docs/reference/measures.md"
    if measures is not None and measures[objective.measure] not in ("", objective.unit):
        return "unit", f"{objective.measure} is measured in {measures[objective.measure]}, not in {objective.unit}"
    reference = objective.reference
    if reference is not None and reference.unit != objective.unit:
        return (
            "reference.unit",
            f"is {reference.unit}, but the objective's is {objective.unit}: give both in the same unit",
        )
    return None


def _fault_of_guards(guards: Sequence[Guard], measures: Mapping[str, str] | None) -> tuple[str, str] | None:
    for number, guard in enumerate(guards, start=1):
        key = f"guard {number}"
        if guard.relation not in RELATIONS:
            return key, f"{guard.relation!r} is not one of {', '.join(RELATIONS)}"
        if measures is None:
            continue
        if guard.measure not in measures:
            return key, f"there is no measure {guard.measure!r}{_near(guard.measure, dict(measures))}"
        if measures[guard.measure] not in ("", guard.unit):
            return key, f"{guard.measure} is measured in {measures[guard.measure]}, not in {guard.unit}"
    return None


def _fault_of_rule(rule: Rule, subject: str) -> tuple[str, str] | None:
    if not 0.0 < rule.share < 1.0:
        return (
            "rule.share",
            "the share of subjects who must meet it lies above 0 and below 1: no number of trials shows a share of 1",
        )
    if not 1 <= rule.passes <= rule.of_trials:
        return "rule.passes", f"{rule.passes} of {rule.of_trials} is impossible: give at least 1 and at most of_trials"
    if subject == "procedure" and rule.of_trials > 1:
        return "rule.of_trials", "a procedure's subjects are seeds, each flown once: leave passes and of_trials out"
    if not 1 <= rule.of_subjects <= _MOST_SUBJECTS:
        return "rule.of_subjects", f"state how many subjects are tried: 1 to {_MOST_SUBJECTS}"
    return None


def _fault_of_window(objective: Objective) -> tuple[str, str] | None:
    opens, closes, when = objective.window_from_utc, objective.window_until_utc, objective.named_utc
    if opens is not None and closes is not None and closes <= opens:
        return "window.until_utc", "the window ends before it begins"
    if objective.attempts and when is None:
        return "window.named_utc", "attempts are planned, but not when; plan them with `hotwash objective plan`"
    if when is not None and closes is not None and when > closes:
        return "window.named_utc", "the attempts were named after their window; name them first, then fly them"
    if len(set(objective.attempts)) < len(objective.attempts):
        return "window.attempts", "an attempt is named twice; it counts once"
    return None


# ---------------------------------------------------------------- reading


def _standard(given: Mapping[str, Any], name: str) -> Standard:
    stated = [one for one in RELATIONS if one in given]
    if len(stated) != 1:
        raise ObjectiveError(name, place="key at_most", why="give exactly one standard: at_most = 900 or at_least = 8")
    return Standard(stated[0], _number(given, stated[0], name))


def _rule(given: Mapping[str, Any], name: str) -> Rule:
    if "of_subjects" not in given:
        why = (
            "is missing: state how many subjects (for a procedure: seeds) are tried; fifteen passes of fifteen show 0.8"
        )
        raise ObjectiveError(name, place="key rule.of_subjects", why=why)
    counts = {key: _integer(given, key, name) for key in ("of_subjects", "passes", "of_trials") if key in given}
    return Rule(**counts, share=_number(given, "share", name, default=0.8))


def _guards(given: Mapping[str, Any], name: str) -> tuple[Guard, ...]:
    rows = given.get("guard", [])
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise ObjectiveError(name, place="key guard", why="write each guard under [[guard]]")
    found = []
    for number, one in enumerate(rows, start=1):
        place = f"{name}, [[guard]] {number}"
        _check_keys(name, f"[[guard]] {number}", one, _GUARD_KEYS)
        standard = _standard(one, place)
        task = _text(one, "task", place) if "task" in one else ""
        texts = (_text(one, "measure", place), _text(one, "unit", place))
        found.append(Guard(*texts, standard.relation, standard.threshold, task))
    return tuple(found)


def _guard_keys(guard: Guard) -> dict[str, Any]:
    keys = {"measure": guard.measure, guard.relation: guard.threshold, "unit": guard.unit}
    return keys | ({"task": guard.task} if guard.task else {})


def _reference(given: Mapping[str, Any], name: str) -> Reference:
    low, high = (_number(given, key, name) if key in given else None for key in ("low", "high"))
    text = _text(given, "text", name) if "text" in given else ""
    rows = _list(given, "rows", name)
    return Reference(_number(given, "value", name), _text(given, "unit", name), low, high, rows, text)


def _check_keys(name: str, place: str, given: Mapping[str, Any], keys: set[str]) -> None:
    unknown = sorted(set(given) - keys)
    if unknown:
        why = f"unknown key{_near(unknown[0], keys)}; choose from {', '.join(sorted(keys))}"
        raise ObjectiveError(name, place=f"{place} key {unknown[0]}".strip(), why=why)


def _near(word: str, known: Mapping[str, str] | set[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def _text(given: Mapping[str, Any], key: str, name: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or (key in _NEEDED and not value.strip()):
        advice = "state the unit of the standard" if key == "unit" else "write a text in quotes"
        raise ObjectiveError(name, place=f"key {key}", why=f"is missing or not a text; {advice}")
    return value


def _list(given: Mapping[str, Any], key: str, name: str) -> tuple[str, ...]:
    value = given.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ObjectiveError(name, place=f"key {key}", why="must be a list of texts: ['a', 'b']")
    return tuple(value)


def _number(given: Mapping[str, Any], key: str, name: str, *, default: float | None = None) -> float:
    value = given.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise ObjectiveError(name, place=f"key {key}", why="must be a number")
    return float(value)


def _integer(given: Mapping[str, Any], key: str, name: str) -> int:
    value = _number(given, key, name)
    if value != int(value):
        raise ObjectiveError(name, place=f"key {key}", why="must be a whole number")
    return int(value)


def _time(given: Mapping[str, Any], key: str, name: str) -> datetime | None:
    value = given.get(key)
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ObjectiveError(
            name, place=f"key window.{key}", why="must be a time with a time zone: 2026-03-01T08:00:00Z"
        )
    return value.astimezone(UTC)


# ---------------------------------------------------------------- writing, and the account


def _non_empty_fields(value: Rule | Reference) -> dict[str, Any]:
    values = {item.name: getattr(value, item.name) for item in fields(value)}
    return {key: one for key, one in values.items() if one is not None and one not in ((), "")}


def _lines(keys: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in keys.items()]


def _toml(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, str):  # a JSON text is a TOML text except for one character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _bounds_of(claim: Mapping[str, Any], what: str) -> tuple[float | None, float | None]:
    try:
        low = float(claim["value"])
        high = float(claim["value_high"]) if claim["relation"] == "between" else low
    except (TypeError, ValueError):
        raise ObjectiveError(
            what, place="reference", why="the claim is not a number, so the objective cannot be compared with it"
        ) from None
    relation = claim["relation"]
    opens_below, opens_above = relation in ("at_most", "less_than"), relation in ("at_least", "more_than")
    return None if opens_below else low, None if opens_above else high


def _bounded(
    what: str, value: float | None, low: float | None, high: float | None, unit: str, to: str,
    rows: tuple[str, ...], text: str,
) -> Reference:  # fmt: skip
    """Return the reference in the objective's unit; without a stated value, the middle of its bounds."""
    stated = [one for one in (low, high) if one is not None]
    if value is None and not stated:
        why = f"the account states no figure: {text or 'a time is missing'}"
        raise ObjectiveError(what, place="reference", why=why)
    middle = sum(stated) / len(stated) if value is None else value
    is_count = to == "count" and unit in COUNT_UNITS
    try:
        scale = 1.0 if unit == to or is_count else units.convert(1.0, unit, to)
    except UnitError:
        why = f"is in {unit or 'no unit'}, the objective in {to}; name an interval or a claim with such a unit"
        raise ObjectiveError(what, place="reference", why=why) from None
    low, high = (None if one is None else one * scale for one in (low, high))
    return Reference(middle * scale, to, low, high, tuple(dict.fromkeys(rows)), text)

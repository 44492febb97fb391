"""What would settle an open question: the one observation that separates its answers, and who could have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from hotwash.claims.lines import fold
from hotwash.claims.words import join_words
from hotwash.incident.case import NOT_ASKED, SETTLED, UNTOLD, Answer, Case, Row

Rule = Callable[[Row, Answer, Case], tuple[str, str]]

# Roles by the words that name them, in the languages of our bundles.
_ROLES: Mapping[str, re.Pattern[str]] = {
    "tower": re.compile(r"\btower|air traffic control|\batc\b|wieża|\bturm\b|вежа", re.I),
    "navigation": re.compile(
        r"air navigation|\bansp\b|\bdfs\b|\bpansa\b|\bpażp\b|\bnats\b|skeyes|naviair|avinor|\blfv\b", re.I
    ),
    "airport": re.compile(r"airport|aerodrome|lotnisk|flughafen|lufthavn|\bport lotniczy|аеропорт", re.I),
    "police": re.compile(r"polic|polizei|polit(i|ie)\b|поліц", re.I),
    "prosecutor": re.compile(r"prosecut|prokurat|staatsanwalt|прокур", re.I),
    "investigation": re.compile(r"investigation|inquiry|review group|safety board", re.I),
    "air_command": re.compile(
        r"operational command|air force|air defence|air-defence|\bdorsz\b|luftwaffe|повітряні", re.I
    ),
    "border_guard": re.compile(r"border guard|straż graniczna|прикордон", re.I),
}
_MOST_NAMED = 2  # of one role
_MOST_WHOM = 3
_SHORT = 3  # letters: words as long as an aerodrome's name has by chance
_COMMON = {"airport", "aerodrome", "international", "regional", "airfield"}


def discriminate(question: Row, answer: Answer, case: Case) -> tuple[str | None, str | None]:
    """Return the observation that would settle a question, and who could have it; None while nothing is open."""
    is_closed = answer.standing == SETTLED or (answer.standing == NOT_ASKED and answer.how_sure != UNTOLD)
    if is_closed or question["kind"] not in _RULES:
        return None, None
    return _RULES[question["kind"]](question, answer, case)


def _whom(case: Case, *roles: str, otherwise: Sequence[str]) -> str:
    """Return the bundle's own bodies of some roles, and who else could have it.

    otherwise   for each role, whom to ask where the bundle names nobody of that role
    """
    named: list[str] = []
    for role, unnamed in zip(roles, otherwise, strict=True):
        own = [name for name in case.bodies if _ROLES[role].search(name)]
        fresh = [name for name in own if name not in named][:_MOST_NAMED]
        named += fresh or ([unnamed] if unnamed and not own else [])
    return join_words(named[:_MOST_WHOM], last="or")


def _of_aerodrome(role: str, question: Row, case: Case, *, otherwise: str) -> str:
    """Return the bundle's own tower or airport of the aerodrome in question; of several, the one of its name."""
    own = [name for name in case.bodies if _ROLES[role].search(name)]
    place = _place(question, case)
    words = {place.casefold(), *(word for word in fold(case.name_of(place)).split() if len(word) > _SHORT)} - _COMMON
    fitting = [name for name in own if any(word in fold(name) for word in words if word)]
    if fitting:
        return fitting[0]
    return own[0] if len(own) == 1 and len(case.bundle.brief.aerodromes) <= 1 else otherwise


def _place(question: Row, case: Case) -> str:
    """Return the aerodrome that a question is about, or the only one of the incident; empty where there is none."""
    aerodromes = case.bundle.brief.aerodromes
    of_interval = [item.from_subject for item in case.bundle.brief.intervals if item.name == question["subject_id"]]
    for name in (question["event_subject_id"], question["subject_id"], *of_interval):
        if name in case.own or (name and name in aerodromes):
            return str(name)
    return aerodromes[0] if len(aerodromes) == 1 else ""


def _at(question: Row, case: Case, *, word: str = " of ") -> str:
    place = _place(question, case)
    return f"{word}{place}" if place else ""


def _tower(question: Row, case: Case) -> str:
    at = _at(question, case)
    tower = _of_aerodrome("tower", question, case, otherwise=f"the tower{at}")
    airport = _of_aerodrome("airport", question, case, otherwise=f"the duty office{at or ' of the aerodrome'}")
    return f"{tower} or {airport}"


def _time(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    kind = question["subject_id"] or ""
    if "violation" in kind or "cross" in kind:
        return "the radar recording of the border, with its clock error", _radar(case)
    if "warning" in kind or "statement" in kind:
        return "the dispatch record of the message, to the minute", "the body that sent it"
    if any(word in kind for word in ("closed", "reopened", "runway", "airspace", "restrict")):
        which = "reopening" if "reopened" in kind else "closing" if "closed" in kind else "change"
        return f"the log entry of the {which}, to the minute", _tower(question, case)
    if "report" in kind:
        return "the record of the call, to the minute", _whom(
            case, "tower", "police", otherwise=("the tower", "the police control room")
        )
    what = kind.replace("_", " ") or "event"
    return f"a log entry of the {what}, to the minute", "whoever keeps the log of it"


def _duration(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    interval = next((item for item in case.bundle.brief.intervals if item.name == question["subject_id"]), None)
    if interval is None:
        return "the times of its beginning and its end, to the minute", _tower(question, case)
    kinds = list(dict.fromkeys((interval.from_kind, interval.to_kind)))
    untold = [kind for kind in kinds if not any(row["kind"] == kind for row in case.events)]
    asked = [f"“{kind.replace('_', ' ')}”" for kind in untold or kinds]
    noun = "the log entry of" if len(asked) == 1 else "the log entries of"
    whom = _tower(question, case) if any(_is_of_aerodrome(kind) for kind in kinds) else "whoever keeps the log of it"
    return f"{noun} {join_words(asked)}, to the minute", whom


def _is_of_aerodrome(kind: str) -> bool:
    return any(word in kind for word in ("closed", "reopened", "runway", "airspace", "restrict"))


def _status(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    if answer.missing == "log":
        return "the log of the whole night", _tower(question, case)
    asked = {"no reopening": "the log entry of the reopening", "no closing": "the log entry of the closing"}
    wanted = asked.get(answer.missing, "the log entries of the closing and the reopening")
    return f"{wanted}, to the minute", _tower(question, case)


def _presence(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    if answer.missing == "examination":
        return _identity(question, answer, case)
    navigation = _whom(case, "navigation", otherwise=("the air navigation service provider",))
    whom = [navigation, _whom(case, "police", otherwise=("the police",))]
    if case.own:
        operator = f"the airport operator{_at(question, case)}"
        whom.insert(1, _of_aerodrome("airport", question, case, otherwise=operator))
    if case.bundle.recording.detections.height:
        return "proof that the recorded sensors covered the place at that time, and what they show there", join_words(
            whom, last="or"
        )
    wanted = "a recording of a sensor that covered it: radar, radio frequency, Remote ID or camera"
    return wanted, join_words(whom, last="or")


def _radar(case: Case) -> str:
    return _whom(
        case,
        *("air_command", "navigation"),
        otherwise=("the air-defence command", "the air navigation service provider"),
    )


def _count(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    unit = question["unit"] or ""
    if unit in ("crossings", "airframes", "drones"):
        return "a radar recording that covers the whole border for the whole time" if unit == "crossings" else (
            "a radar recording that covers the whole area for the whole time"
        ), _radar(case)
    if unit in ("finds", "brought_down", "balloons"):
        wanted = (
            "the list of all finds, with the examination of each"
            if unit != "brought_down"
            else ("the record of each firing, matched with the finds")
        )
        whom = ("prosecutor", "police") if unit != "brought_down" else ("air_command", "prosecutor")
        names = {"prosecutor": "the prosecutor", "police": "the police", "air_command": "the air-defence command"}
        return wanted, _whom(case, *whom, otherwise=tuple(names[role] for role in whom))
    return _reported(unit, question, answer, case)


def _reported(unit: str, question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    spec = case.units.get(unit)
    airport = _of_aerodrome("airport", question, case, otherwise=f"airport operations{_at(question, case)}")
    final = "final " if answer.missing == "final number" else ""
    if unit.startswith("flights") or unit in ("diversions", "cancellations", "passengers", "aircraft"):
        which = "passenger" if unit == "passengers" else "flight"
        return (f"the {final}{which} list of the night", f"{airport} or the network manager")
    if unit in ("closures", "aerodromes_closed"):
        return "the notices to airmen of the night", "the air navigation service provider or the notice office"
    if spec is not None and spec.is_money:
        return "the invoice or the account of the costs", "whoever paid them"
    if unit in ("reports", "witnesses", "occasions"):
        return "the log of the reports received", _whom(case, "police", "tower", otherwise=("the police", "the tower"))
    many = spec.nouns[1] if spec is not None else "things counted"
    return f"the {final}list of the {many}", "whoever counted them"


def _identity(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    whom = _whom(case, "prosecutor", "investigation", otherwise=("the prosecutor", "the investigation authority"))
    return "the technical examination report", whom


def _range(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    whom = _whom(case, "prosecutor", "investigation", otherwise=("the prosecutor", "the investigation authority"))
    if not case.bundle.origins.height:
        return "a launch place, or the flight log of a find", whom
    return "the launch place, the tank or the flight log of a find", whom


def _finding(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    whom = _whom(case, *("investigation", "prosecutor", "police"), otherwise=("the investigation authority", "", ""))
    if answer.missing == "sensor":
        return _presence(question, answer, case)
    if answer.missing == "statement":
        return "a finding of the body that investigated it", whom
    if answer.missing == "basis":
        return "the evidence on which the statement rests", whom
    return "the evidence on which each statement rests, in the report of the inquiry", whom


_RULES: Mapping[str, Rule] = {
    "time": _time,
    "duration": _duration,
    "status": _status,
    "presence": _presence,
    "count": _count,
    "identity": _identity,
    "range": _range,
    "cause": _finding,
    "finding": _finding,
}

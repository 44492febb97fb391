"""What would settle an open question: the one observation that separates its answers, and who could have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from hotwash.claims.assessed import assessed_chance, name_of
from hotwash.claims.lines import fold
from hotwash.claims.words import join_names, join_words
from hotwash.course.changes import name_kind
from hotwash.course.refuted_ends import cancelled_before_end
from hotwash.course.tellings import beginning_of
from hotwash.incident.case import LIKELY, NOT_ASKED, SETTLED, UNTOLD, Answer, Case, Row
from hotwash.model.questions import MEASURED_KINDS

Rule = Callable[[Row, Answer, Case], tuple[str, str]]

# Roles by the words that name them, in the languages of our bundles.
_ROLES: Mapping[str, re.Pattern[str]] = {
    "tower": re.compile(r"\btower|air traffic control|\batc\b|wieża|\bturm\b|вежа", re.I),
    "navigation": re.compile(
        r"air navigation|\bansp\b|\bdfs\b|\bpansa\b|\bpażp\b|\bnats\b|skeyes|naviair|avinor|\blfv\b", re.I
    ),
    "airport": re.compile(r"airport|aerodrome|lotnisk|flughafen|lufthavn|\bport lotniczy|аеропорт", re.I),
    "notice": re.compile(r"\bnotam|notice office|aeronautical information|\bais\b", re.I),
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
_OF_OTHERS = ("press", "agency")  # kinds of sources that write of a notice, and are none
_SHORT = 3  # letters: words as long as an aerodrome's name has by chance
_COMMON = {"airport", "aerodrome", "international", "regional", "airfield"}


def discriminate(question: Row, answer: Answer, case: Case) -> tuple[str | None, str | None]:
    """Return the observation that would settle a question, and who could have it; None while nothing is open.

    Where the analyst names one that exists, `settled_by` of the question, it is that one.
    """
    is_closed = answer.standing == SETTLED or (answer.standing == NOT_ASKED and answer.how_sure != UNTOLD)
    if is_closed:
        return None, None
    if question["settled_by"]:
        return question["settled_by"].strip().rstrip("."), None
    if question["kind"] not in _RULES:
        return None, None
    return _RULES[question["kind"]](question, answer, case)


# A body is named by what it is, its place and its office: "Lublin police", "District prosecutor's office in Lublin".
# "Airport worker", "Police spokesman" and "officer at the police desk" are people there, who have no records to give.
_OFFICES = re.compile(
    r"(?:air|authority|agency|accident|board|branch|bureau|cent(?:re|er)|city|command|commission|committee|company|control"
    r"|county|department|directorate|district|duty|federal|forces?|general|group|guard|headquarters|inquiry"
    r"|investigat(?:ion|ors)|local|manager|military|municipal|national|navigation|offices?|operat(?:ing|ions|or)|provider"
    r"|public|regional|room|safety|services?|state|station|traffic|unit"
    r"|of|the|for|and|in|s|und|der|des|die|für|w|i|na|z|і|та|в)"
)
_PEOPLE = re.compile(
    r"(?:officers?|chief|commander|commissioner|controller|correspondent|hotline|inspector|minister|pilot|reporter"
    r"|resident|spokes(?:man|woman|person)|staff|witness|worker)"
)


def _bodies_of(role: str, case: Case) -> Sequence[str]:
    """Return the bodies of a bundle that are of a role; every open question asks for them again."""
    if role not in case.by_role:
        case.by_role[role] = [name for name in case.bodies if _is_role(name, role, case)]
    return case.by_role[role]


def _is_role(name: str, role: str, case: Case) -> bool:
    """Tell whether a body is of a role: as the bundle declares it, else by a name that names nothing but a body.

    A role word somewhere in a name tells nothing of whose it is. Of an airport its own role alone decides, where it has
    one; else its code or its whole name.
    """
    own = case.roles_of(name)
    if any(_names_body(word, role) for word in own):
        return True
    if role != "airport":
        return _names_body(name, role)
    codes = "|".join(map(re.escape, case.bundle.brief.aerodromes))
    is_coded = bool(codes) and _names_body(name, role, words=re.compile(rf"\b(?:{codes})\b"))
    return not own and (is_coded or _names_body(name, role))


def _names_body(name: str, role: str, *, words: re.Pattern[str] | None = None) -> bool:
    """Tell whether a name names a body of a role, and nobody at one and nothing of it.

    words   by which the role is known; as `_ROLES` has it by default
    """
    pattern = words or _ROLES[role]
    plain = re.sub(r"\(.*?\)", " ", name).strip()
    spans = [match.span() for match in pattern.finditer(plain)]
    if "," in plain or not (spans or pattern.search(name)):
        return False
    for word in re.finditer(r"\w+", plain):
        said = word.group().casefold()
        is_role = any(word.start() < end and first < word.end() for first, end in spans)
        is_name = (
            word.group()[0].casefold() != word.group()[0] or said.upper() == said
        )  # or of letters without capitals
        if _PEOPLE.fullmatch(said) or not (is_role or is_name or _OFFICES.fullmatch(said)):
            return False
    return True


def _whom(case: Case, *roles: str, otherwise: Sequence[str], but: Sequence[str] = ()) -> str:
    """Return the bundle's own bodies of some roles, and who else could have it.

    otherwise   for each role, whom to ask where the bundle names nobody of that role
    but         who is not asked, because they have told it
    """
    named: list[str] = []
    for role, unnamed in zip(roles, otherwise, strict=True):
        own = _bodies_of(role, case)
        fresh = [name for name in own if name not in named and name not in but][:_MOST_NAMED]
        named += fresh or ([unnamed] if unnamed and not own else [])
    return join_words(named[:_MOST_WHOM], last="or")


def _of_aerodrome(role: str, question: Row, case: Case, *, otherwise: str) -> str:
    """Return the bundle's own tower or airport of the aerodrome in question; of several, the one of its name."""
    own = _bodies_of(role, case)
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
    if _is_posted(kind):
        return _ORIGINAL, _posters([kind], question, case)
    if "violation" in kind or "cross" in kind:
        return "the radar recording of the border, with its clock error", _radar(case)
    tellers = _tellers_of_record(answer, case)
    if _is_of_aerodrome(kind):
        which = "reopening" if "reopened" in kind else "closing" if "closed" in kind else "change"
        if tellers:
            return _second_of_closing(f"the {which}", question, case, tellers)
        return f"the log entry of the {which}, to the minute", _tower(question, case)
    if "report" in kind:
        unnamed = ("the tower", "the police control room")
        if whom := _whom(case, "tower", "police", otherwise=unnamed, but=tellers):
            return "the record of the call, to the minute", whom
    what = _say_kinds([kind]) if kind else "the event"
    if tellers:
        return _second_of(what, tellers)
    if "warning" in kind or "statement" in kind:
        return "the dispatch record of the message, to the minute", "the body that sent it"
    return f"a log entry of {what}, to the minute", "whoever keeps the log of it"


def _duration(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    tellers = _tellers_of_record(answer, case) if answer.missing == "time" else ()
    interval = next((item for item in case.bundle.brief.intervals if item.name == question["subject_id"]), None)
    if interval is None:
        if tellers:
            ends = "the restriction and its lifting" if "restrict" in (question["subject_id"] or "") else _CLOSING
            return _second_of_closing(ends, question, case, tellers)
        return "the times of its beginning and its end, to the minute", _tower(question, case)
    kinds = list(dict.fromkeys((interval.from_kind, interval.to_kind)))
    facts = {row["kind"] for row in case.events}
    announced = {row["kind"] for row in case.announcements}
    untold = [kind for kind in kinds if kind not in facts | announced]
    asked = untold or [kind for kind in kinds if kind in facts] or kinds
    posted = [kind for kind in asked if _is_posted(kind)]
    if posted:
        return _records_of(asked, posted), _posters(posted, question, case)
    if tellers and not untold:
        what = _say_kinds(asked)
        if all(_is_of_aerodrome(kind) for kind in asked):
            return _second_of_closing(what, question, case, tellers)
        return _second_of(what, tellers)
    whom = _tower(question, case) if any(_is_of_aerodrome(kind) for kind in kinds) else "whoever keeps the log of it"
    return f"{_log_entries(asked)}, to the minute", whom


def _log_entries(kinds: Sequence[str]) -> str:
    noun = "the log entry of" if len(kinds) == 1 else "the log entries of"
    return f"{noun} {_say_kinds(kinds)}"


def _say_kinds(kinds: Sequence[str]) -> str:
    """Return kinds of events in words: "the closing and the reopening"."""
    return join_words([name_kind(kind) for kind in kinds])


# ---------------------------------------------------------------- a second record

_ORIGINAL = "the original file with its own time stamp"
_CLOSING = "the closing and the reopening"
_LINE = "the recorded radio or telephone line"
# A video, a photo, a post; but "post" is also an outpost, and what comes after something.
_POSTED = re.compile(
    r"(?:^|_)(?:videos?|photos?|photographs?|footage|posted|(?<!air_)(?<!radar_)(?:pictures?|images?)"
    r"|(?<!border_)(?<!command_)(?<!guard_)(?<!police_)posts?(?=$|_(?:published|shared|seen|deleted|made)))(?:_|$)"
)


def _tellers_of_record(answer: Answer, case: Case) -> tuple[str, ...]:
    """Return who tells an answer that rests on a record already: to the minute, by a source of reliability A or B.

    The log entry of such a teller would only repeat what is told: a second record must be somebody else's.
    """
    rows = [row for row in map(case.event_of, answer.rows) if row is not None]
    if answer.standing != LIKELY or not rows:
        return ()
    if not all(case.is_graded(row) and beginning_of(row).is_exact for row in rows):
        return ()
    return tuple(dict.fromkeys(sayer for row in rows for sayer in case.sayers(row)))


def _second_of(what: str, tellers: Sequence[str]) -> tuple[str, str]:
    other = f"by somebody other than {join_names(tellers, most=_MOST_NAMED)}"
    return f"a second record of {what}, {other}", "whoever else recorded it"


def _second_of_closing(what: str, question: Row, case: Case, tellers: Sequence[str]) -> tuple[str, str]:
    """Return the record of a closing that another body has: the notice, where it is not told already, or the line."""
    known = (*tellers, *(name for row in case.statements(question) for name in case.sayers(row)))
    place = _place(question, case)
    is_flow = "restrict" in (question["subject_id"] or "")
    if is_flow or _has_notice(place, known, case):
        said = "" if is_flow else _say_other_notice(place, case)
        wanted, roles = f"{_LINE} at {what}{said}", {"navigation": "the air navigation service provider"}
    else:
        wanted = f"the notice (NOTAM) of {what}, or {_LINE}"
        roles = {"navigation": "the air navigation service provider", "notice": "the notice office"}
    whom = _whom(case, *roles, otherwise=tuple(roles.values()), but=tellers)
    return wanted, whom or "whoever recorded the line"


def _say_other_notice(place: str, case: Case) -> str:
    """Return what the notice of a runway says, where it ended before the closing: " (the notice says 21:47)"; or ""."""
    states = case.state_rows
    for state in states:
        for row in cancelled_before_end(state, states, case.events) if place in ("", state["subject_id"]) else ():
            low, high = row["start_utc"] or row["utc_low"], row["start_utc"] or row["utc_high"]
            return f" (the notice says {case.clock.when(low, high).removeprefix('at ')})"
    return ""


def _has_notice(place: str, sayers: Sequence[str], case: Case) -> bool:
    """Tell whether a bundle has the notice of an aerodrome: an event of one, a source that is one, or its office."""
    notices = [row for row in (*case.events, *case.announcements) if "notam" in row["kind"]]
    if any(not place or row["subject_id"] in (None, place) for row in notices):
        return True
    if any(_is_role(name, "notice", case) for name in sayers):
        return True
    sources = case.bundle.recording.sources.select("publisher", "title", "kind").iter_rows()
    told = [(publisher, title, kind) for publisher, title, kind in sources if fold(kind or "") not in _OF_OTHERS]
    return any("notam" in f"{publisher} {title} {kind}".casefold() for publisher, title, kind in told)


def _is_posted(kind: str) -> bool:
    return _POSTED.search(kind) is not None


def _records_of(kinds: Sequence[str], posted: Sequence[str]) -> str:
    """Return the records of kinds of events of which some speak of something posted."""
    logged = [kind for kind in kinds if kind not in posted]
    return f"{_ORIGINAL}{f', and {_log_entries(logged)}' if logged else ''}"


def _posters(kinds: Sequence[str], question: Row, case: Case) -> str:
    """Return who says that something was posted, and the platform."""
    told = [row for row in case.events if row["kind"] in kinds] or case.standing(question)
    sayers = list(dict.fromkeys(name for row in told for name in case.sayers(row)))[:_MOST_NAMED]
    return join_words([*(sayers or ["whoever posted it"]), "the platform"], last="or")


def _is_of_aerodrome(kind: str) -> bool:
    return any(word in kind for word in ("closed", "reopened", "runway", "airspace", "restrict"))


def _status(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    if answer.missing == "log":
        return "the log of the whole night", _tower(question, case)
    if answer.missing == "time" and (tellers := _tellers_of_record(answer, case)):
        return _second_of_closing("the closing and the reopening", question, case, tellers)
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
        if _has_notice(_place(question, case), (), case):
            return "the log of the tower of that time", _tower(question, case)
        return "the notices to airmen of the night", "the air navigation service provider or the notice office"
    if spec is not None and spec.is_money:
        return "the invoice or the account of the costs", "whoever paid them"
    if unit in ("reports", "witnesses", "occasions"):
        return "the log of the reports received", _whom(case, "police", "tower", otherwise=("the police", "the tower"))
    many = spec.nouns[1] if spec is not None else "things counted"
    return f"the {final}list of the {many}", "whoever counted them"


def _identity(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    whom = _whom(case, "prosecutor", "investigation", otherwise=("the prosecutor", "the investigation authority"))
    judges = [
        row["assigned_by"]
        for row in (*case.finds, *case.sightings)
        if name_of(row) == question["subject_id"] and row["assigned_by"] and assessed_chance(row) is not None
    ]
    if judges:  # its report is told already
        return f"a second examination of it, by somebody other than {judges[-1]}", whom
    return "the technical examination report", whom


def _range(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    whom = _whom(case, "prosecutor", "investigation", otherwise=("the prosecutor", "the investigation authority"))
    if not case.bundle.origins.height:
        return "a launch place, or the flight log of a find", whom
    return "the launch place, the tank or the flight log of a find", whom


def _measured(question: Row, answer: Answer, case: Case) -> tuple[str, str]:
    whom = _whom(case, "navigation", otherwise=("the air navigation service provider",))
    return "a measurement of it: radar, Remote ID, or a picture with a known scale", whom


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
    **dict.fromkeys(MEASURED_KINDS, _measured),
    "cause": _finding,
    "finding": _finding,
}

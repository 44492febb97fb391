"""Tellings of one number or one time: which of them agree, and what the others give.

tellings ─agree_on─▶ groups, each with the part that its tellings have in common ─▶ the answer
                └▶ overruled: what the answer stands against
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from hotwash.claims.lines import fold
from hotwash.claims.lists import Own, say_listers, say_lists
from hotwash.claims.told_sums import Adds
from hotwash.claims.words import join_words
from hotwash.course import tellings as course
from hotwash.course.tellings import agree
from hotwash.incident.attribution import Said, attribute
from hotwash.incident.case import Case, Row, join_clauses
from hotwash.incident.sums_of_others import resting_row, say_adder

_MOST = 3  # contrary tellings named in one sentence


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling: the bounds of its value, who tells it and in which row.

    low, high   −∞ and ∞ where open
    is_exact    whether a value was told, not "about" and not a bound
    verdict     of a claim; "" for an event
    at          of a number: the time for which it stands, minutes since 1970; ∞ for the final one
    listed      of an entry of one thing: how many different ones are told, no fewer than; 0 for a number of its own
    own         of such an entry: each sayer who lists some, and how many
    is_share    whether it counts a part of what is asked, or the whole of that: it only bounds it
    as_told     of a number: the bounds of what it counts itself, a part or the whole
    sum_of      what the parts of a total add up to, where that excludes what it tells
    adds        what a total adds up that is of another subject than its own
    before      how a sum was told, of which a part was replaced since: it is what its parts give now
    echoes      statements that only repeat it, each with who makes it
    """

    row: str
    origin: Row
    who: tuple[str, ...]
    low: float
    high: float
    is_exact: bool
    is_graded: bool
    verdict: str = ""
    at: float = math.inf
    listed: int = 0
    own: Own = ()
    is_share: bool = False
    as_told: tuple[float, float] | None = None
    sum_of: tuple[float, float] | None = None
    adds: Adds = ()
    before: str = ""
    echoes: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Tellings that agree, and the part that they have in common."""

    low: float
    high: float
    tellings: tuple[Telling, ...]

    @property
    def who(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for telling in self.tellings for name in telling.who))

    @property
    def rows(self) -> tuple[str, ...]:
        return tuple(telling.row for telling in self.tellings)

    @property
    def tellers(self) -> tuple[Telling, ...]:
        """The tellings that tell its value; a bound that only admits it tells another: "below 400 ft" is not "100 m".

        Where every one is a bound, the value is what they leave, and all of them tell it.
        """
        own = tuple(item for item in self.tellings if self._is_told_by(item))
        return own or self.tellings

    def _is_told_by(self, item: Telling) -> bool:
        is_span = math.isfinite(item.low) and math.isfinite(item.high)
        is_rough = is_span and item.origin.get("relation") in (None, "about")
        return (
            (item.is_exact and not item.is_share)
            or (is_rough and not item.listed and not item.is_share)
            or (item.low, item.high) == (self.low, self.high)
        )

    @property
    def is_supported(self) -> bool:
        return any(telling.verdict == "supported" for telling in self.tellers)

    @property
    def is_of_claims(self) -> bool:
        """Whether nothing but statements tells it."""
        return all(telling.row.startswith("claims:") for telling in self.tellings)

    @property
    def is_well_told(self) -> bool:
        """Whether an event of a graded source tells it."""
        return not self.is_of_claims and any(telling.is_graded for telling in self.tellings)


def strongest(events: Sequence[Telling], claims: Sequence[Telling]) -> list[Telling]:
    """Return the tellings that an answer is taken from, the strongest kind that there is.

    Graded events; else supported claims; else everything that no evidence contradicts; else all. What a poorer source
    says is left out where it excludes all that graded ones say.
    """
    graded = [telling for telling in events if telling.is_graded]
    supported = [telling for telling in claims if telling.verdict == "supported"]
    rest = [*events, *(telling for telling in claims if telling.verdict != "contradicted")]
    return next((kind for kind in (graded, supported, keep_by_grade(rest)) if kind), list(claims))


def keep_by_grade(tellings: Sequence[Telling]) -> list[Telling]:
    """Return tellings without those of poorer sources that exclude all that graded ones say.

    Of a number at one time, what graded sources tell of that time decides; else what they tell of other times.
    """
    better = [item for item in tellings if item.is_graded]
    kept = []
    for item in tellings:
        beside = [other for other in better if other.at == item.at] or better
        if item.is_graded or not beside or any(_admits(item, other) for other in beside):
            kept.append(item)
    return kept


def _admits(one: Telling, other: Telling) -> bool:
    """Tell whether two tellings may both be right: a number told for a later time is no lower than an earlier one."""
    if one.at == other.at:
        return one.low <= other.high and other.low <= one.high
    earlier, later = sorted((one, other), key=lambda item: item.at)
    return earlier.low <= later.high


def agree_on(tellings: Sequence[Telling], *, is_clock: bool = False) -> tuple[list[Group], list[Telling]]:
    """Return the groups of tellings that agree, lowest first, and those that an exact telling overrules.

    is_clock   whether their values are times of day: one told to the minute holds for all of that minute, and of two
               within one minute neither contradicts the other; a number or a length holds for itself alone

    The rule is that of `course.tellings.agree`, for numbers as for times.
    """
    rows = {item.row: item for item in tellings}
    found = agree(
        course.Telling(
            name=item.row, low=item.low, high=item.high, sayers=item.who, is_graded=item.is_graded, is_clock=is_clock
        )
        for item in rows.values()
    )
    groups = [
        Group(group.low, group.high, _in_order(rows, {one.name for one in group.members})) for group in found.groups
    ]
    groups = _without_open(groups)
    overruled = [rows[one.name] for one in found.overruled]
    firm = tuple(item for item in overruled if _is_firm(item))
    if firm:
        groups.append(Group(max(item.low for item in firm), min(item.high for item in firm), firm))
    return groups, [item for item in overruled if item not in firm]


def _is_firm(item: Telling) -> bool:
    """Tell whether a bound gives way to no total: who enters each thing, or counts a part, does not tell roughly."""
    return bool(item.listed) or (item.is_share and item.origin["relation"] in (None, "exactly"))


def _without_open(groups: list[Group]) -> list[Group]:
    """Return groups without bounds that admit several of them: "at least 2" speaks neither for 6 nor for 7."""
    if len(groups) < 2:
        return groups
    left = []
    for group in groups:
        own = tuple(
            item
            for item in group.tellings
            if (math.isfinite(item.low) and math.isfinite(item.high))
            or sum(item.low <= one.high and one.low <= item.high for one in groups) < 2
        )
        left.append(replace(group, tellings=own or group.tellings))
    return left


def _in_order(rows: Mapping[str, Telling], names: Set[str]) -> tuple[Telling, ...]:
    return tuple(item for name, item in rows.items() if name in names)


def contrary(
    tellings: Sequence[Telling],
    low: float,
    high: float,
    case: Case,
    *,
    say: Callable[[Telling], str],
    but: Sequence[Telling] = (),
    slack: float = 0.0,
) -> str:
    """Return what tells otherwise than an answer, as a sentence; empty where nothing does.

    A claim that evidence admits speaks against nothing, such as a later number beside one that was still rising.

    low, high   the answer
    say         how the value of a telling is said
    but         tellings that are part of the answer
    slack       as far apart as two tellings of one thing may be
    """
    own = {item.row for item in but}
    others = [
        item
        for item in tellings
        if item.row not in own and item.verdict != "compatible" and (item.high < low - slack or item.low > high + slack)
    ]
    by_value: dict[str, list[Telling]] = {}
    for item in sorted(others, key=lambda item: (not item.is_graded, item.row)):
        by_value.setdefault(say(item), []).append(item)
    said = [f"{value} {say_who(items, case)}{_say_replaced(items, case)}" for value, items in by_value.items()]
    if len(said) > _MOST:
        said = [*said[:_MOST], f"{len(said) - _MOST} other value{'s' if len(said) > _MOST + 1 else ''}"]
    return f"{join_clauses(said)}." if said else ""


def _say_replaced(tellings: Sequence[Telling], case: Case) -> str:
    """Return who has replaced a value that only others still repeat: " (which Police has replaced)"; "" else."""
    who: list[str] = []
    for item in tellings:
        origins = {fold(name) for name in item.origin.get("derived_from") or ()}
        if not item.row.startswith("claims:") or not origins:
            return ""
        before = [
            row["said_by"]
            for row in case.replaced_statements(item.origin)
            if (row["low"], row["high"], row["unit"]) == (item.low, item.high, item.origin["unit"])
            and not origins.isdisjoint(fold(row[name] or "") for name in ("claim_id", "said_by", "source_id"))
        ]
        if not before:
            return ""
        who += before
    who = list(dict.fromkeys(who))
    return f" (which {join_words(who)} {'has' if len(who) == 1 else 'have'} replaced)"


def say_who(tellings: Sequence[Telling], case: Case, *, alone: bool = False) -> str:
    """Return who tells one value, and who repeats them: "according to Crew, whom Paper repeats"."""
    if (added := say_adder([item.origin for item in tellings], case)) and not any(item.echoes for item in tellings):
        return added
    said = [one for item in tellings for one in ((item.origin, item.who), *item.echoes)]
    return attribute(said, case, alone=alone)


def say_support(
    group: Group, case: Case, *, say: Callable[[Telling], str], alone: bool, lead: Telling | None = None
) -> str:
    """Return who tells the value of a group; who only admits it, with their own words: "(Police: about 50)".

    alone   whether nobody but speakers tells it
    lead    the telling whose words stand for the group; the part that all have in common by default
    """
    flat = [item for item in group.tellings if item.is_exact and not item.is_share]
    if lead is None and not flat and all(item.listed for item in group.tellings):
        return _say_listed(group, case)
    led = [] if lead is None else [item for item in group.tellings if say(item) == say(lead)]
    exact = led or flat or [item for item in group.tellings if (item.low, item.high) == (group.low, group.high)]
    exact = exact or list(group.tellers)
    tellers = list(dict.fromkeys(name for item in exact for name in item.who))
    looser: dict[str, list[str]] = {}
    lists: dict[str, int] = {}
    joint = ""
    for item in group.tellings:
        if item.listed:
            for name, many in item.own:
                if many > 1 or item.listed == 1:
                    lists[name] = max(many, lists.get(name, 0))
            clauses = say_lists(item.own, item.listed, in_parts=tells_in_parts([item]))
            joint = clauses[-1] if len(clauses) > len(item.own) else joint
        elif item not in exact and not set(item.who) <= set(tellers):
            looser.setdefault(say(item), []).extend(item.who)
    said = [f"{join_words(list(dict.fromkeys(who)))}: {value}" for value, who in looser.items()]
    alike: dict[int, list[str]] = {}
    for name, many in lists.items():
        if name not in tellers:
            alike.setdefault(many, []).append(name)
    said += [f"{join_words(names)}: at least {many}" for many, names in alike.items()]
    admitted = "; ".join([*said, *([joint] if joint else [])])
    return f"{say_who(exact, case, alone=alone and not admitted)}{f' ({admitted})' if admitted else ''}"


def _say_listed(group: Group, case: Case) -> str:
    """Return who enters things one by one: whose own list is the longest, and what the others list."""
    longest = max(group.tellings, key=lambda item: item.listed)
    most, in_parts = max(many for _, many in longest.own), tells_in_parts(group.tellings)
    if most == 1 and longest.listed > 1:
        return say_listers(longest.own, in_parts=in_parts)
    if most < longest.listed:
        each = "; ".join(f"{name}: at least {many}" for name, many in longest.own)
        return f"{say_listers(longest.own, in_parts=in_parts)} ({each})"
    full = {name for name, many in longest.own if many == most}
    rows = [(item.origin, [name for name in item.who if name in full]) for item in group.tellings]
    rest = "; ".join(f"{name}: at least {many}" for name, many in longest.own if many < most)
    return f"{attribute(rows, case)}{f' ({rest})' if rest else ''}"


def tells_in_parts(tellings: Sequence[Telling]) -> bool:
    """Tell whether things are told in parts of several, and not one by one."""
    return any(item.origin["value"] not in (1, 1.0, "1") for item in tellings)


def lines_of_group(group: Group, case: Case) -> int:
    """Return on how many independent lines a group rests; entries of a list bound a number and tell none."""
    tellers = [telling.origin for telling in group.tellers if not telling.listed]
    rows = tellers or [group.tellings[0].origin]
    resting = [resting_row(row, case) for row in rows]
    told = case.lines_behind(resting)
    if resting != rows:  # the lines of a verdict on a sum are those of all its parts, of which each may have one
        return told
    supported = [item.origin for item in group.tellers if item.verdict == "supported"]
    lines = case.lines_of(supported)
    return max(told, case.lines_in_words(lines))

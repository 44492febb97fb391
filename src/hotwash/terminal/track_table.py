"""The table of tracks: which are shown, in which order, in which columns; and one track in a line of words.

view.tracks ─ shown_rows ─▶ rows ─ cells ─▶ texts ─ fit ─▶ the columns, from the left, that the width allows
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from hotwash.errors import CommandError
from hotwash.model.watch_scenario import FAST_MPS, JET_MPS
from hotwash.model.words import suggest
from hotwash.visible import clip, on_one_line
from hotwash.watch.policies.policy import by_concern, is_jet

Row = Mapping[str, Any]

LINE_M = 10_000.0  # near the line: a drone of 50 m/s flies so far in little more than three minutes
LONGEST = 10  # letters of a name in a cell; the line of the chosen track has all
# What matters first stands first: where the width does not allow all, the last are left out.
COLUMNS = {
    "track": "track", "class": "class", "inside": "inside", "edge": "edge\nkm", "speed": "speed\nm/s",
    "course": "course", "aerodrome": "aerodrome\nkm", "ident": "ident", "height": "height\nm", "status": "status",
}  # fmt: skip
_WORDS = ("track", "class", "aerodrome", "ident", "status")  # from the left; numbers from the right
ORDERS = {
    "urgency": "most urgent first", "speed": "fastest first", "line": "nearest to the line first",
    "aerodrome": "nearest to an aerodrome first", "number": "by number",
}  # fmt: skip
FILTERS = {
    "all": "all", "unnamed": "without a transponder", "named": "with a transponder",
    "line": f"within {LINE_M / 1e3:g} km of the line", "speed": "by speed",
}  # fmt: skip
SORT_USE, SHOW_USE = f"sort {'|'.join(ORDERS)}", f"show {'|'.join(FILTERS)}, or show speed LOW HIGH"
_KEYS: Mapping[str, Callable[[Row], float]] = {
    "speed": lambda row: -row["speed_mps"],
    "line": lambda row: 1e9 if row["distance_m"] is None else abs(row["distance_m"]),
    "aerodrome": lambda row: 1e9 if row["aerodrome_m"] is None else row["aerodrome_m"],
    "number": lambda row: row["track_id"],
}


@dataclass(frozen=True, slots=True)
class Choice:
    """How the table is sorted, and what of the picture it shows.

    order, filter   of ORDERS and of FILTERS
    low_mps, high_mps   of the filter by speed
    """

    order: str = "urgency"
    filter: str = "all"
    low_mps: float = FAST_MPS
    high_mps: float = JET_MPS

    @property
    def text(self) -> str:
        """What is shown, and in which order."""
        kept = f"{self.low_mps:g} to {self.high_mps:g} m/s" if self.filter == "speed" else FILTERS[self.filter]
        return ORDERS[self.order] if self.filter == "all" else f"{kept}; {ORDERS[self.order]}"

    def holds(self, row: Row) -> bool:
        """Tell whether a track is shown."""
        if self.filter in ("named", "unnamed"):
            return (row["ident"] is not None) == (self.filter == "named")
        if self.filter == "line":
            return row["distance_m"] is not None and abs(row["distance_m"]) <= LINE_M
        return self.filter == "all" or self.low_mps <= row["speed_mps"] <= self.high_mps


def choose(line: str, choice: Choice) -> Choice | None:
    """Return what a line such as `sort speed`, `show line`, `show speed 25 90` chooses; None for another line.

    raises   CommandError for a word that is none, or a range of speeds that is none
    """
    verb, *words = line.lower().split()
    if verb not in ("sort", "show"):
        return None
    known, use = (ORDERS, SORT_USE) if verb == "sort" else (FILTERS, SHOW_USE)
    has_range = verb == "show" and words[:1] == ["speed"] and len(words) == 3
    if len(words) != 1 and not has_range:
        raise CommandError("line", place=verb, why=f"it is used so: {use}")
    if words[0] not in known:
        raise CommandError("line", place=words[0], why=f"nothing is shown by that; {suggest(words[0], known)}")
    low, high = _speeds(words[1:]) if has_range else (FAST_MPS, JET_MPS)
    if verb == "sort":
        return Choice(words[0], choice.filter, choice.low_mps, choice.high_mps)
    return Choice(choice.order, words[0], low, high)


def _speeds(words: Sequence[str]) -> tuple[float, float]:
    try:
        low, high = (float(word) for word in words)
    except ValueError:
        low, high = 0.0, -1.0
    if not low <= high:  # and so no nan
        raise CommandError("line", place=" ".join(words), why="write two speeds in m/s, the lower first: 25 90")
    return low, high


def following(names: Mapping[str, str], name: str) -> str:
    """Return the name after another, the first after the last."""
    some = list(names)
    return some[(some.index(name) + 1) % len(some)]


def shown_rows(rows: list[dict[str, Any]], choice: Choice) -> list[dict[str, Any]]:
    """Return the tracks that are shown, in their order."""
    kept = [row for row in by_concern(rows) if choice.holds(row)]
    return kept if choice.order == "urgency" else sorted(kept, key=_KEYS[choice.order])


def cells(row: Row) -> dict[str, str]:
    """Return the cells of a track, by column."""
    inside, edge, away = row["probability_inside"], row["distance_m"], row["aerodrome_m"]
    known = "" if inside is None else f"{inside:.2f}"
    return {
        "track": str(row["track_id"]),
        "class": "(jet speed)" if is_jet(row) else row["label"] or "",
        "inside": "BREACH" if row["is_declared"] else known,
        "edge": "" if edge is None else _km(edge, "+"),
        "speed": f"{row['speed_mps']:.0f}",
        "course": f"{row['course_deg']:03.0f}",
        "aerodrome": "" if away is None else f"{_name(row['aerodrome_id'])} {_km(away)}",
        "ident": _name(row["ident"] or ""),
        "height": "" if row["height_hae_m"] is None else f"{row['height_hae_m']:.0f}",
        "status": row["status"],
    }


def _km(distance_m: float, sign: str = "") -> str:
    return f"{distance_m / 1e3:{sign}.{0 if abs(distance_m) >= 99_950.0 else 1}f}"


def _name(text: str) -> str:
    return clip(on_one_line(text), LONGEST)


def fit(rows: Sequence[Mapping[str, str]], width: int) -> tuple[str, ...]:
    """Return the columns that fit into a width, in their order; the first four always."""
    left, kept = width, list[str]()
    for name, title in COLUMNS.items():
        left -= 1 + max(map(len, [*title.split("\n"), *(row[name] for row in rows)]))
        if left < 0 and len(kept) >= 4:
            break
        kept.append(name)
    return tuple(kept)


def cell(column: str, text: str) -> Text:
    """Return a cell, or a title, with the gap before it: words begin at the left, numbers end at the right."""
    spaced = "\n".join(f" {line}" for line in text.split("\n"))
    return Text(spaced, justify="left" if column in _WORDS else "right", no_wrap=True)


def describe(row: Row) -> str:
    """Return what the picture knows of one track in a line."""
    inside, edge, height = row["probability_inside"], row["distance_m"], row["height_hae_m"]
    said = [
        f"{row['track_id']}", row["status"], f"existence {row['existence']:.2f}",
        "no transponder" if row["ident"] is None else f"says {on_one_line(row['ident'])}",
        "" if inside is None else f"inside {inside:.2f}", "" if edge is None else f"edge {edge / 1e3:+.1f} km",
        "height unknown" if height is None else f"{height:.0f} m", f"shown since {row['begun_utc']:%H:%M:%S}",
        "breach declared" if row["is_declared"] else "",
    ]  # fmt: skip
    return ", ".join(part for part in said if part)


def title(shown: Sequence[Row], every: Sequence[Row], choice: Choice) -> str:
    """Return the title of the table: how many of how many, what they are, and how many are as fast as jets."""
    count = f"{len(shown)}" if len(shown) == len(every) else f"{len(shown)} of {len(every)}"
    jets = sum(map(is_jet, shown))
    fast = f"; {jets} at jet speed{' stand behind' if choice.order == 'urgency' else ''}" if jets else ""
    return f"Tracks: {count}, {choice.text}{fast}"

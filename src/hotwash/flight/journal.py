"""A flight noted step by step while it is flown: seed and commands give it again, so nothing else need be kept.

    head: one line of JSON ({"journal": 1, "seats": …, "scenario": …}) │ row of each step: 8 numbers a seat │ …

A program that is killed leaves whole rows and perhaps part of one. The same machine flies the same rows bit for bit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hotwash.errors import ReadError
from hotwash.flight.columns import FloatArray
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command

_VERSION = 1
_NUMBER = "<f8"


@dataclass(frozen=True, slots=True, eq=False)
class FlightJournal:
    """What was noted of a flight.

    scenario   its text, with all that it names, seed and world
    seats      in the order of the rows
    rows       (t, seats, 8) commands
    """

    scenario: str
    seats: tuple[str, ...]
    rows: FloatArray

    def commands(self) -> Iterator[Mapping[str, Command]]:
        """Yield the commands of each step, by seat."""
        for row in self.rows:
            yield {name: Command(row[at : at + 1]) for at, name in enumerate(self.seats)}


def encode_head(scenario: str, seats: Sequence[str]) -> bytes:
    """Return how a journal begins."""
    return json.dumps({"journal": _VERSION, "seats": list(seats), "scenario": scenario}).encode() + b"\n"


def encode_step(commands: Mapping[str, Command], seats: Sequence[str]) -> bytes:
    """Return the row of one step of one world."""
    return b"".join(commands[name].rows[0].astype(_NUMBER).tobytes() for name in seats)


def decode(content: bytes, *, name: str) -> FlightJournal:
    """Return what a journal holds; part of a row at its end is left out.

    name     what to call it in an error
    raises   ReadError
    """
    head, line_end, rest = content.partition(b"\n")
    try:
        given = json.loads(head)
        is_known = given["journal"] == _VERSION and bool(line_end)
        scenario, seats = given["scenario"], tuple(given["seats"])
    except (ValueError, TypeError, KeyError, RecursionError):
        is_known = False
    if not is_known or not isinstance(scenario, str) or not all(isinstance(one, str) for one in seats) or not seats:
        raise ReadError(name, why="is no journal of a flight that this version of hotwash wrote")
    width = len(seats) * fields.COMMANDS * np.dtype(_NUMBER).itemsize
    whole = rest[: len(rest) // width * width]
    rows = np.frombuffer(whole, dtype=_NUMBER).astype(np.float64).reshape(-1, len(seats), fields.COMMANDS)
    return FlightJournal(scenario, seats, rows)

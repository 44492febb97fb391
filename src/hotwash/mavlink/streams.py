"""What each client is sent: its own rates, its own answers, and what is said to all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotwash.mavlink import encoder
from hotwash.mavlink.messages import FieldValue
from hotwash.mavlink.telemetry import TELEMETRY, Values

SYSTEM, COMPONENT = 1, 1
Said = tuple[str, dict[str, FieldValue]]  # name and fields of a message

_CALLS_S = 0.2  # a vehicle that nobody answers calls so often, to be found at once
_MOST_SAID = 1_000  # of what is said to all, for clients that come later; a flight says some dozens


def _usual_periods() -> dict[str, float]:
    return {name: 1.0 / rate if rate else math.inf for name, (rate, _) in TELEMETRY.items()}


def _first_times() -> dict[str, float]:
    return {name: 0.0 if rate else math.inf for name, (rate, _) in TELEMETRY.items()}


@dataclass(slots=True)
class Stream:
    """What goes to one client.

    periods_s, due_s   of each message of TELEMETRY, in simulated time
    answers            that wait to be sent
    told               how much of what is said to all has been sent
    sequence           running number of its frames: a client that saw gaps would take its link for a bad one
    """

    periods_s: dict[str, float] = field(default_factory=_usual_periods)
    due_s: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(TELEMETRY, 0.0) | {"AUTOPILOT_VERSION": math.inf}
    )
    answers: list[Said] = field(default_factory=list)
    told: int = 0
    sequence: int = 0

    def set_period(self, name: str, period_us: float, *, time_s: float) -> bool:
        """Set how often a message is sent: -1 never, 0 as usual; return whether that is a period."""
        if not math.isfinite(period_us) or (period_us < 0.0 and period_us != -1.0):
            return False
        usual_s = _usual_periods()[name]
        self.periods_s[name] = math.inf if period_us == -1.0 else usual_s if period_us == 0.0 else period_us * 1e-6
        self.due_s[name] = math.inf if math.isinf(self.periods_s[name]) else time_s
        return True

    def period_us(self, name: str) -> int:
        """Return how often a message is sent, as MESSAGE_INTERVAL says it."""
        period_s = self.periods_s[name]
        return -1 if math.isinf(period_s) else round(period_s * 1e6)

    def due_names(self, time_s: float, *, is_alone: bool) -> list[str]:
        """Return the messages that are due, and count them as sent."""
        names = [name for name in TELEMETRY if time_s + 1e-9 >= self.due_s[name]]
        for name in names:
            period_s = self.periods_s[name]
            if name == "HEARTBEAT" and is_alone:
                period_s = min(period_s, _CALLS_S)
            self.due_s[name] = max(self.due_s[name] + period_s, time_s)
        return names

    def frame(self, name: str, values: Values) -> bytes:
        """Return a frame with the next running number."""
        self.sequence += 1
        return encoder.encode(name, values, sequence=self.sequence - 1, system=SYSTEM, component=COMPONENT)


class Streams:
    """All clients' streams, by whatever tells clients apart, and what is said to all of them."""

    def __init__(self) -> None:
        self._streams: dict[object, Stream] = {}
        self._said: list[Said] = []
        self._forgotten = 0  # how many of what was said are no longer kept

    def of(self, client: object) -> Stream:
        """Return a client's stream; the first client hears what was said before anybody was there."""
        if client not in self._streams:
            told = self._forgotten if not self._streams else self._forgotten + len(self._said)
            self._streams[client] = Stream(told=told)
        return self._streams[client]

    @property
    def all(self) -> Mapping[object, Stream]:
        return self._streams

    def say(self, name: str, values: dict[str, FieldValue]) -> None:
        """Send a message to all clients."""
        self._said.append((name, values))
        if len(self._said) > _MOST_SAID:
            self._said.pop(0)
            self._forgotten += 1

    def take(self, client: object) -> list[Said]:
        """Return what waits for a client, its answers last: words that explain a refusal come before it."""
        stream = self.of(client)
        waiting = [*self._said[max(stream.told - self._forgotten, 0) :], *stream.answers]
        stream.told, stream.answers = self._forgotten + len(self._said), []
        return waiting

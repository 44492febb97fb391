"""What a pilot at a ground station is told on the way: the scenario's messages, the lane's call-outs, its points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hotwash.flight.seats.pilot import View


@dataclass(frozen=True, slots=True)
class Briefing:
    """The words that a view has only the numbers of.

    messages   of the scenario for this seat, in the order in which they come
    calls      what is called out at each task of the lane
    """

    messages: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


class Prompter:
    """Says what is new in a view, as an instructor beside the pilot would."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._message, self._task, self._points = 0, -1, 0.0

    def news(self, view: View) -> Iterator[str]:
        """Yield what came since the last view: points first, then the next task, then messages."""
        points, task, message = float(view.points[0]), int(view.task[0]), int(view.inject[0])
        calls = self._briefing.calls
        if points != self._points:
            yield f"{points - self._points:+g} points, {points:g} so far"
        if task != self._task and calls:
            yield f"Task {task + 1} of {len(calls)}: {calls[task]}" if task < len(calls) else "All tasks are done"
        yield from self._briefing.messages[self._message : message]
        self._message, self._task, self._points = message, task, points

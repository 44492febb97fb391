"""What the commands print: progress on standard error, and a result as text for a person or JSON for a program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from hotwash.progress import Progress, silent
from hotwash.visible import escape_json, make_visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.segment import Segments
    from rich.table import Table

    from hotwash.work.demo import Step

# ---------------------------------------------------------------- long work


@contextmanager
def steps(*, quiet: bool) -> Iterator[Progress]:
    """Show what is being done on standard error, where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield lambda what, _: status.update(what)


_SILENT_S = 15.0  # a pipe hears of a step that takes longer, so that nobody takes it for dead


@contextmanager
def number_steps(*, quiet: bool) -> Iterator[Callable[[Step], None]]:
    """Show step by step what is being done, and how long it takes from here, on standard error.

    One line for a person in a terminal; a line for each step where it goes to a file or a pipe.
    """
    if quiet:
        yield lambda _: None
        return
    with _one_line() if sys.stderr.isatty() else _line_by_line() as tell:
        yield tell


@contextmanager
def _one_line() -> Iterator[Callable[[Step], None]]:
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.text import Text

    console, spinner, at = Console(stderr=True), Spinner("dots"), _Elapsed()

    def draw() -> Spinner:
        line = Text(at.text(is_brief=False))
        line.truncate(console.width - 3, overflow="ellipsis")
        spinner.update(text=line)
        return spinner

    with Live(get_renderable=draw, console=console, transient=True, refresh_per_second=8):
        yield at.tell


@contextmanager
def _line_by_line() -> Iterator[Callable[[Step], None]]:
    at, is_over = _Elapsed(), Event()
    said, said_s = "", monotonic()

    def say(line: str) -> None:
        nonlocal said, said_s
        said, said_s = line, monotonic()
        print(line, file=sys.stderr, flush=True)

    def tell(step: Step) -> None:
        at.tell(step)
        if at.text(is_brief=True) != said.partition("; ")[0]:
            say(at.text(is_brief=True) + at.left())

    def remind() -> None:
        while not is_over.wait(1.0):
            if monotonic() - said_s > _SILENT_S:
                say(at.text(is_brief=True) + f"; still at it after {at.elapsed_s:.0f} s")

    reminder = Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield tell
    finally:
        is_over.set()
        reminder.join()


class _Elapsed:
    """The step that is being done, and for how long."""

    def __init__(self) -> None:
        self._step: Step | None = None
        self._begun_s = self._told_s = monotonic()

    def tell(self, step: Step) -> None:
        self._told_s = monotonic()
        if self._step is None or self._step.number != step.number:
            self._begun_s = self._told_s
        self._step = step

    @property
    def elapsed_s(self) -> float:
        return monotonic() - self._begun_s

    def text(self, *, is_brief: bool) -> str:
        """Return the step in words: brief where each step is told once."""
        one = self._step
        if one is None:
            return "Starting"
        step = f"Step {one.number} of {one.of}: {one.text}"
        return step if is_brief else step + self.left() + (f" ({one.detail})" if one.detail else "")

    def left(self) -> str:
        if self._step is None or self._step.seconds_left is None:
            return ""
        seconds = self._step.seconds_left - (monotonic() - self._told_s)
        return f"; about {seconds:.0f} s left" if seconds >= 1.0 else "; nearly done"


@contextmanager
def lines(*, quiet: bool) -> Iterator[Progress]:
    """Say what is being done on standard error, a line each: for those who fly or watch beside it."""
    said = ""

    def tell(stage: str, _: float | None) -> None:
        nonlocal said
        if not quiet and stage != said:
            print(f"{stage}.", file=sys.stderr, flush=True)
        said = stage

    yield tell


@contextmanager
def bar(*, quiet: bool) -> Iterator[Progress]:
    """Show what is being done, and how far it is, on standard error, where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def tell(stage: str, share: float | None) -> None:
            shown.update(task, description=stage, total=None if share is None else 1.0, completed=share or 0.0)

        yield tell


# ---------------------------------------------------------------- results

_WIDTH = 140  # a pipe has no width of its own; a table of findings wants more than the customary 80


def answer(value: Any, text: str | Iterable[Any], *, as_json: bool) -> None:
    """Print a result: one JSON object for a program, or text for a person.

    value    records, times and what holds them
    text     lines and tables (rich), looked at only when they are printed; lines are printed without markup
    """
    if as_json:
        print(escape_json(json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)))
        return
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    for part in [text] if isinstance(text, str) else text:
        if isinstance(part, str):
            print(make_visible(part))
        else:
            console.print(_visible(part, console))


def add_row(table: Table, *cells: object) -> None:
    """Add a row to a table; text from data is no markup, whatever brackets it has."""
    from rich.text import Text

    table.add_row(*(Text(make_visible(str(one))) for one in cells))


def _visible(part: Any, console: Console) -> Segments:
    """Return what is printed of a table or another part, its text written out where it would drive the terminal."""
    from rich.segment import Segment, Segments

    return Segments(Segment(make_visible(one.text), one.style, one.control) for one in console.render(part))


def _plain(value: Any) -> Any:
    """Return JSON values: times as text, records by their fields."""
    from hotwash.lessons.json_values import plain

    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else plain(value)


def open_page(page: Path, *, is_wanted: bool) -> None:
    """Open a page in the browser, where that is wanted; where it cannot be done, say so on standard error and go on."""
    if not is_wanted:
        return
    import webbrowser

    has_screen = sys.platform in ("darwin", "win32") or any(
        name in os.environ for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    try:
        is_open = has_screen and webbrowser.open(page.resolve().as_uri())
    except (OSError, webbrowser.Error):
        is_open = False
    if not is_open:
        print(f"No browser could be opened; open {page} yourself.", file=sys.stderr)


def count_of(many: int, what: str) -> str:
    """Return "1 attempt", "2 attempts", "1,000 attempts"."""
    return f"{many:,} {what}{'' if many == 1 else 's'}"

"""Stand a watch in the terminal: tables, a small map, a clock that can be stopped, and a line for every decision."""

from __future__ import annotations

import asyncio
import signal
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Footer, Input, RichLog, Static

from hotwash.errors import CommandError, ReadError
from hotwash.score.watch.measure import measure_watch
from hotwash.terminal import map_view, track_table
from hotwash.terminal.text_page import HELP, TextPage
from hotwash.visible import on_one_line
from hotwash.watch import command_line
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.seat import WatchCommand, WatchView

TICK_S = 0.1
SPEEDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
HALVES_KM = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)
LEAST_MAP = 8  # lines of the map below which it needs the room of its legend
NARROW = 110  # columns of a terminal below which table and map take turns
_ON_THE_TABLE = (
    "pause", "faster", "slower", "begin", "cancel", "ask", "nearer", "wider", "explain", "leave", "sort", "filter",
    "turn",
)  # fmt: skip
_IN_THE_LINE = ("take", "table", "choose")
_LETTERS_S = 1.0  # a line that has not handled its letters by then is used as it is
CONFIRM_S = 10.0  # leaving takes two key presses within this time


def check_terminal() -> None:
    """Refuse a watch by a person where keys cannot be read or the screen cannot be drawn.

    raises   ReadError
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):  # textual draws on standard error
        why = "a person stands a watch in a terminal: start it in one, not piped and not in the background"
        raise ReadError("terminal", why=why)


class WatchApp(App[None]):
    """The watch of one exercise, which must have been reset."""

    CSS = """
    #clock { height: 1; background: $accent; color: $text; padding: 0 1; }
    #upper { height: 7fr; }
    #tracks { width: 7fr; border: round $primary; scrollbar-size-vertical: 1; }
    #side { width: 3fr; }
    #map { height: 3fr; border: round $primary; }
    #about { height: 2fr; border: round $primary; scrollbar-size-vertical: 1; }
    #places { height: auto; }
    .narrow #side { display: none; }
    .narrow.turned #side { display: block; }
    .narrow.turned #tracks { display: none; }
    #lower { height: 3fr; }
    #reports, #log { width: 1fr; border: round $primary; }
    #line { height: 3; border: round $primary; }
    #line:focus { border: round $accent; }
    """
    BINDINGS: ClassVar = [
        # Priority: each key is handled before the next; otherwise a line typed quickly would go to the table, letter by
        # letter. `check_action` disables them while a line is typed.
        Binding("f1", "help", "Help"),
        Binding("space", "pause", "Stop/go", priority=True),
        Binding("f2", "stop_or_go", "Stop/go", show=False, priority=True),
        Binding("plus,equals_sign", "faster", "Faster", priority=True),
        Binding("minus", "slower", "Slower", show=False, priority=True),
        Binding("s", "sort", "Sort", priority=True),
        Binding("f", "filter", "Show", priority=True),
        Binding("c", "begin('classify')", "Classify", priority=True),
        Binding("b", "begin('declare')", "Declare", priority=True),
        Binding("r", "begin('revoke')", "Revoke", show=False, priority=True),
        Binding("m", "begin('merge')", "Merge", show=False, priority=True),
        Binding("d", "begin('drop')", "Drop", show=False, priority=True),
        Binding("w", "begin('warn')", "Warn", priority=True),
        Binding("x", "cancel", "Cancel", show=False, priority=True),
        Binding("a", "begin('recommend', False)", "Recommend", priority=True),
        Binding("k", "ask", "Ask", priority=True),
        Binding("n", "begin('log', False)", "Note", priority=True),
        Binding("v", "turn", "Map or table", show=False, priority=True),
        Binding("left_square_bracket", "nearer", "Nearer", show=False, priority=True),
        Binding("right_square_bracket", "wider", "Wider", show=False, priority=True),
        Binding("question_mark", "explain", show=False, priority=True),
        Binding("q", "leave", "Leave", priority=True),
        Binding("enter", "take", "Take", priority=True),
        Binding("escape", "table", "Table", priority=True),
        Binding("up", "choose(-1)", show=False, priority=True),
        Binding("down", "choose(1)", show=False, priority=True),
        Binding("ctrl+q,ctrl+c", "away", "Leave", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, exercise: WatchExercise, *, speed: float = 1.0) -> None:
        super().__init__()
        self.exercise, self.speed, self.is_paused = exercise, speed, False
        self.view: WatchView = exercise.look()
        self._owed_s, self._half = 0.0, HALVES_KM.index(40.0)
        self._shown_reports = 0
        self._choice = track_table.Choice()
        self._columns: tuple[str, ...] = ()
        self._rows: dict[str, dict[str, Any]] = {}
        self._fallen_on: str | None = None  # where the cursor went by itself when the chosen track was gone
        self._is_score_shown = False
        self._leave_pressed_s = -CONFIRM_S

    # ------------------------------------------------------------ laying out

    def compose(self) -> ComposeResult:
        """Return the panels."""
        yield Static(id="clock", markup=False)
        with Horizontal(id="upper"):
            yield DataTable(id="tracks", cursor_type="row", zebra_stripes=True, header_height=2, cell_padding=0)
            with Vertical(id="side"):
                yield Static(id="map", markup=False)
                with VerticalScroll(id="about", can_focus=False):
                    yield Static(id="places", markup=False)
        with Horizontal(id="lower"):
            yield RichLog(id="reports", wrap=True, markup=False, min_width=20)
            yield RichLog(id="log", wrap=True, markup=False, min_width=20)
        yield Input(
            id="line", select_on_focus=False, placeholder="classify 12 drone    recommend EPLB suspend    warn 12 5km"
        )
        yield Footer()

    def on_mount(self) -> None:
        """Begin the clock."""
        titles = {"about": "Warnings, aerodromes, sensors", "reports": "Reports"}
        for name, title in {**titles, "log": "Your decisions and the replies", "line": "A decision"}.items():
            self.query_one(f"#{name}").border_title = title
        self.query_one("#line").border_subtitle = "Enter takes it, arrows choose a track, Escape goes back to the table"
        self.screen.set_focus(self._table)
        self.say(f"{self.exercise.scenario.watch.marked}. F1 explains how to stand this watch.")
        self.show()
        self.set_interval(TICK_S, self.tick)
        _on_hanging_up(self.exit)

    def on_resize(self) -> None:
        """Let table and map take turns where they do not fit beside each other, and draw them anew."""
        self.screen_stack[0].set_class(self.size.width < NARROW, "narrow")
        self.call_after_refresh(self.show)

    @property
    def _table(self) -> DataTable[Any]:
        return self.query_one("#tracks", DataTable)

    @property
    def track_at_cursor(self) -> str | None:
        """Number of the track at the cursor."""
        if not self._table.row_count:
            return None
        return str(self._table.coordinate_to_cell_key(self._table.cursor_coordinate).row_key.value)

    # ------------------------------------------------------------ time

    def tick(self) -> None:
        """Advance by the time since the last tick, times the speed."""
        if self.is_paused or self._is_score_shown:
            return
        self._owed_s += TICK_S * self.speed
        steps = int(self._owed_s / self.exercise.step_s)
        self._owed_s -= steps * self.exercise.step_s
        if steps:
            self.advance(steps)

    def advance(self, steps: int) -> None:
        """Advance some steps, and show the result."""
        for _ in range(steps):
            if self.exercise.is_over[0]:
                break
            seat = self.exercise.seats[0]
            self.view = self.exercise.step({seat: WatchCommand()})[seat]
            for note in self.view.notes:
                self.say(note)
        self.show()
        if self.exercise.is_over[0] and not self._is_score_shown:
            self._is_score_shown = True
            self.end()

    def end(self) -> None:
        """Show the score, then leave."""
        measured = measure_watch(self.exercise.recording(), attempt_id="person-watch")
        rows = "\n".join(f"  {name:44} {outcome:>14} {known:>14}" for name, outcome, known in measured.table)
        text = f"THE WATCH IS OVER\n\n{measured.text}\n\nMeasures: by what happened, by what could be known\n\n{rows}"
        page = TextPage(f"{text}\n\nThis holds in this exercise.", closing="Enter leaves")
        self.push_screen(page, lambda _: self.exit())

    # ------------------------------------------------------------ deciding

    async def action_take(self) -> None:
        """Carry out the typed line."""
        line = self.query_one("#line", Input)
        is_typed = asyncio.Event()
        line.call_later(is_typed.set)  # the line first handles its own letters
        with suppress(TimeoutError):
            await asyncio.wait_for(is_typed.wait(), _LETTERS_S)
        text, line.value = line.value.strip(), ""
        if text:
            self.take(text)

    def take(self, text: str) -> None:
        """Carry out a line: change the table, or decide; show the reason where it is refused."""
        try:
            choice = track_table.choose(text, self._choice)
            if choice is None:
                self.exercise.decide((command_line.decision(text),))
        except CommandError as fault:
            self.say(f"Refused: {text}: {fault}")
            return
        if choice is not None:
            self._choose(choice)
            return
        self.say(f"You: {text}")
        self.view = self.exercise.look()
        self.show()

    def _choose(self, choice: track_table.Choice) -> None:
        self._choice, self._fallen_on = choice, None
        self.show_tracks()
        self._fallen_on = None
        self.show_map()

    def action_begin(self, verb: str, of_track: bool = True) -> None:  # noqa: FBT001, FBT002 - as key bindings give it
        """Start a line, with the track at the cursor if the verb needs one.

        What can be taken back is carried out at once, but not of a track that the cursor only fell on.
        """
        track = self.track_at_cursor if of_track else None
        if of_track and track is None:
            self.say("There is no track to choose.")
            return
        text = f"{verb} {track}" if track else verb
        if verb in ("declare", "revoke") and track != self._fallen_on:
            self.take(text)
            return
        self._write(f"{text} ")
        if verb == "drop":
            self.say(f"Press Enter to drop {track}: it does not come back. Escape keeps it.")

    def action_ask(self) -> None:
        """Start a question about the track at the cursor."""
        sensors = self.view.sensors["sensor_id"].to_list()
        self._write(f"ask {sensors[0] if sensors else ''} {self.track_at_cursor or ''}".rstrip())

    def action_cancel(self) -> None:
        """Start to cancel a warning, naming it if only one is in force."""
        in_force = self.view.warnings["warning_id"].to_list()
        if not in_force:
            self.say("There is no warning to cancel.")
            return
        self._write(f"cancel {in_force[0] if len(in_force) == 1 else ''}")

    def _write(self, text: str) -> None:
        line = self.query_one("#line", Input)
        text = on_one_line(text)  # ids of sensors and warnings come from data
        line.value = text
        self.screen.set_focus(line)  # at once: with `focus` quick keys would go to the table
        line.cursor_position = len(text)

    # ------------------------------------------------------------ other keys

    def action_pause(self) -> None:
        """Stop or restart the clock."""
        self.is_paused = not self.is_paused
        self.show_clock()

    def action_stop_or_go(self) -> None:
        """Stop or restart the clock, by a key that is no letter in a line."""
        if len(self.screen_stack) == 1:
            self.action_pause()

    def action_sort(self) -> None:
        """Sort the table in the next order."""
        self.take(f"sort {track_table.following(track_table.ORDERS, self._choice.order)}")

    def action_filter(self) -> None:
        """Show the next selection of tracks."""
        self.take(f"show {track_table.following(track_table.FILTERS, self._choice.filter)}")

    def action_turn(self) -> None:
        """Show the map in place of the table, or the table again, where the terminal is narrow."""
        self.screen.toggle_class("turned")
        self.call_after_refresh(self.show)

    def action_choose(self, step: int) -> None:
        """Choose the next track or the one before, while the line is typed."""
        self._table.move_cursor(row=self._table.cursor_row + step)

    def action_faster(self) -> None:
        """Take the next higher speed."""
        self.speed = next((one for one in SPEEDS if one > self.speed), self.speed)
        self.show_clock()

    def action_slower(self) -> None:
        """Take the next lower speed."""
        self.speed = next((one for one in reversed(SPEEDS) if one < self.speed), self.speed)
        self.show_clock()

    def action_nearer(self) -> None:
        """Zoom the map in."""
        self._half = max(self._half - 1, 0)
        self.show_map()

    def action_wider(self) -> None:
        """Zoom the map out."""
        self._half = min(self._half + 1, len(HALVES_KM) - 1)
        self.show_map()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key acts now: not while a line is typed or a page is open, which have keys of their own."""
        if action not in _ON_THE_TABLE and action not in _IN_THE_LINE:
            return True
        is_typing = isinstance(self.focused, Input)
        return len(self.screen_stack) == 1 and is_typing == (action in _IN_THE_LINE)

    def action_help(self) -> None:
        """Show the help; the clock keeps running."""
        if len(self.screen_stack) == 1:
            self.push_screen(TextPage(HELP))

    def action_explain(self) -> None:
        """Show the help, by a key that is also a letter in a line."""
        self.action_help()

    def action_table(self) -> None:
        """Go back to the table; what was begun in the line is given up."""
        self.query_one("#line", Input).value = ""
        self.screen.set_focus(self._table)

    def action_leave(self) -> None:
        """Leave after a second press, so that a slip does not end the watch."""
        now_s = time.monotonic()
        if now_s - self._leave_pressed_s < CONFIRM_S or self._is_score_shown:
            self.exit()
            return
        self._leave_pressed_s = now_s
        self.say(f"Press q again within {CONFIRM_S:.0f} s to leave: the watch then counts as left early.")

    def action_away(self) -> None:
        """Leave, by the keys that end other programs at once."""
        self.action_leave()

    # ------------------------------------------------------------ showing

    def say(self, text: str) -> None:
        """Write a line with the time into the log; what in it comes from data makes no line of its own."""
        self.query_one("#log", RichLog).write(f"{self.exercise.time_utc:%H:%M:%S} {on_one_line(text)}")

    def show(self) -> None:
        """Show the current state of everything."""
        self.show_clock()
        self.show_tracks()
        self.show_map()
        self.query_one("#places", Static).update(_places(self.view))
        reports = self.view.reports.to_dicts()
        for row in reports[self._shown_reports :]:
            self.query_one("#reports", RichLog).write(_report(row))
        self._shown_reports = len(reports)

    def show_clock(self) -> None:
        """Show the time, the speed and the time left."""
        pace = "STOPPED" if self.is_paused else f"{self.speed:g}x"
        left = self.view.time_left_s
        scenario = self.exercise.scenario
        self.query_one("#clock", Static).update(
            f"{self.exercise.time_utc:%Y-%m-%d %H:%M:%S}Z   {pace}   {left // 60:.0f}:{left % 60:02.0f} left   "
            f"{scenario.watch.marked}   {on_one_line(scenario.title or scenario.name)}"
        )

    def show_tracks(self) -> None:
        """Show the tracks, with the cursor on the same track as before; where it is gone, say so."""
        track, at, table = self.track_at_cursor, self._table.cursor_row, self._table
        every = self.view.tracks.to_dicts()
        rows = track_table.shown_rows(every, self._choice)
        shown = [track_table.cells(row) for row in rows]
        self._rows = {str(row["track_id"]): row for row in rows}
        columns = track_table.fit(shown, table.size.width - 1 if table.size.width else 80)
        table.clear(columns=columns != self._columns)
        if columns != self._columns:
            self._columns = columns
            for name in columns:
                table.add_column(track_table.cell(name, track_table.COLUMNS[name]), key=name)
        for one in shown:
            table.add_row(*(track_table.cell(name, one[name]) for name in columns), key=one["track"])
        names = list(self._rows)
        if track in self._rows:
            table.move_cursor(row=names.index(track))
        elif names:
            table.move_cursor(row=at)
            self._fallen_on = self.track_at_cursor if track is not None else None
        table.border_title = track_table.title(rows, every, self._choice)
        self.show_details()

    def show_details(self) -> None:
        """Show what is known of the track at the cursor, below the table."""
        row = self._rows.get(self.track_at_cursor or "")
        self._table.border_subtitle = Content("" if row is None else track_table.describe(row))

    @on(DataTable.RowHighlighted)
    def follow_cursor(self) -> None:
        """Show what is known of the track that the cursor has come to."""
        self.show_details()

    def show_map(self) -> None:
        """Show the map at its current scale."""
        panel = self.query_one("#map", Static)
        size = panel.content_size
        columns = max(size.width, 20)
        half_km = HALVES_KM[self._half]
        legend = textwrap.wrap(map_view.LEGEND, columns) if size.height > LEAST_MAP else []
        rows = max(size.height - len(legend), 1)
        drawn = map_view.draw_map(
            self.view, list(self._rows.values()), self.exercise.scenario.place, self.exercise.zone, half_km=half_km,
            columns=columns, rows=rows,
        )  # fmt: skip
        crowded = f"{drawn.unlabelled} labels do not fit: [ zooms in" if drawn.unlabelled else ""
        panel.border_title = Content(f"Map, {2.0 * half_km:g} km wide, north up")
        panel.border_subtitle = Content(crowded)
        panel.update("\n".join([*drawn.lines, *legend]))


def _on_hanging_up(leave: Callable[[], None]) -> None:
    """Leave, and so save the decisions, when the terminal is closed or the program is told to end."""
    for name in ("SIGHUP", "SIGTERM"):
        with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):  # outside a main thread
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), leave)


def _places(view: WatchView) -> str:
    """Return warnings, aerodromes and sensors as lines."""
    lines = []
    for row in view.warnings.iter_rows(named=True):
        lines.append(f"{row['warning_id']}: {row['radius_m'] / 1e3:g} km since {row['issued_utc']:%H:%M:%S}")
    for row in view.aerodromes.iter_rows(named=True):
        hours = "" if row["is_open"] else " (closed)"
        measures = f": {', '.join(row['held'])}" if row["held"] not in ([], ["suspend"]) else ""
        movements = "1 movement" if row["movements"] == 1 else f"{row['movements']} movements"
        lines.append(f"{row['aerodrome_id']}{hours} {row['state']}{measures}, {movements} in 10 min")
    for row in view.sensors.sort("is_silent", descending=True, maintain_order=True).iter_rows(named=True):
        silent = "never heard" if row["silent_s"] is None else f"heard {row['silent_s']:.0f} s ago"
        lines.append(f"{row['sensor_id']}: {silent}{' SILENT' if row['is_silent'] else ''}")
    return "\n".join(map(on_one_line, lines))


def _report(row: dict[str, Any]) -> str:
    where = "" if row["lat_deg"] is None else f" at {row['lat_deg']:.3f} {row['lon_deg']:.3f}"
    towards = "" if row["azimuth_deg"] is None else f", towards {row['azimuth_deg']:03.0f}"
    far = "" if row["distance_m"] is None else f", {row['distance_m'] / 1e3:.1f} km off"
    nothing = " [saw nothing]" if row["saw_nothing"] else ""
    said = f"{row['report_id']}, {row['role']}{where}{towards}{far}: {row['text']}{nothing}"
    return f"{row['known_utc']:%H:%M:%S} {on_one_line(said)}"

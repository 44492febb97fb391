"""A person can keep a whole watch in the terminal: see, decide, be refused, stop the clock, leave, be scored."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import kept
import polars as pl
import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, RichLog, Static

from hotwash.errors import CommandError, ReadError
from hotwash.terminal import map_view, track_table
from hotwash.terminal.app import WatchApp
from hotwash.terminal.text_page import TextPage
from hotwash.terminal.track_table import Choice
from hotwash.watch import command_line
from hotwash.watch.exercise import WatchExercise
from hotwash.work.watching import watch_by_hand


def begun() -> WatchExercise:
    watch = WatchExercise(kept.scenario(), record=True, given=kept.staged())
    assert watch is not None
    watch.reset(1)
    return watch


def kept_by(
    work: Callable[[WatchApp, Pilot[None]], Awaitable[None]], *, size: tuple[int, int] = (150, 50)
) -> WatchExercise:
    """Let a person work in a terminal; the clock stands still but for what `work` lets pass."""
    exercise = begun()
    app = WatchApp(exercise)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            app.is_paused = True
            await work(app, pilot)

    # In a thread of its own: the browser's tests leave a loop of events running in the main one.
    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, run()).result()
    return exercise


def log_of(app: WatchApp) -> str:
    return "\n".join(line.text for line in app.query_one("#log", RichLog).lines)


def kinds(exercise: WatchExercise) -> list[str]:
    return exercise.recording().decisions["kind"].to_list()


async def typed(pilot: Pilot[None], text: str) -> None:
    line = pilot.app.query_one("#line", Input)
    line.focus()
    line.value = text
    await pilot.press("enter")
    await pilot.pause()


def test_keys_and_lines_give_every_decision():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("b")  # of the chosen track, at once
        await pilot.press("r")
        await pilot.press("c")
        assert app.query_one("#line", Input).value.startswith("classify ")
        await pilot.press(*"drone", "enter")
        for text in (
            "merge 1 2", "split 1 2", "recommend EPXX suspend", "recommend EPXX resume", "warn 2 5km",
            "widen W1 8km", "cancel W1", "ask R1 2", "log All quiet.", "drop 2",
        ):  # fmt: skip
            await typed(pilot, text)

    assert kinds(kept_by(work)) == [
        "declare_breach", "revoke_breach", "classify", "merge", "split", "recommend", "recommend", "warn",
        "widen_warning", "cancel_warning", "ask", "log", "drop",
    ]  # fmt: skip


def test_the_screen_shows_tracks_map_places_and_reports():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        app.advance(60)
        await pilot.pause()
        assert app.query_one("#tracks", DataTable).row_count == app.view.tracks.height
        shown = str(app.query_one("#map", Static).render())
        assert {"·", "^", "A", "+", "2"} <= set(shown)
        assert "EPXX open" in str(app.query_one("#places", Static).render())
        assert "humming light" in "".join(line.text for line in app.query_one("#reports", RichLog).lines)

    kept_by(work)


HOSTILE = "[/red]\x1b[2J\u202eX\nforged"
SHOWN = "[/red]\\x1b[2J\\u202eX\\nforged"


def test_text_from_data_drives_neither_the_terminal_nor_the_screen():
    """A table took brackets in an identity for its own marking, and ended with an error at "[/red]"."""

    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        app.advance(60)
        hostile = pl.lit(HOSTILE)
        app._shown_reports = 0  # all are shown anew
        app.view = dataclasses.replace(
            app.view,
            tracks=app.view.tracks.with_columns(ident=hostile),
            reports=app.view.reports.with_columns(text=hostile),
            sensors=app.view.sensors.with_columns(sensor_id=hostile),
        )
        app.show()
        app.say(f"Refused: {HOSTILE}")
        await pilot.pause()
        table = app.query_one("#tracks", DataTable)
        assert any(str(cell).strip().startswith(SHOWN[:6]) for cell in table.get_row_at(0))
        assert not any("\x1b" in str(cell) or "\u202e" in str(cell) for cell in table.get_row_at(0))
        assert SHOWN in str(app.query_one("#places", Static).render())
        assert SHOWN in log_of(app)
        reports = "\n".join(line.text for line in app.query_one("#reports", RichLog).lines)
        assert "\x1b" not in reports
        assert "\\x1b[2J" in reports
        app.action_ask()
        assert app.query_one("#line", Input).value.startswith(f"ask {SHOWN}")

    kept_by(work)


def test_what_cannot_be_is_refused_in_words_and_the_line_is_cleared_for_the_next():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await typed(pilot, "drop 99")
        assert "Refused: drop 99: " in log_of(app)
        assert "no such track" in log_of(app)
        assert app.query_one("#line", Input).value == ""
        assert app.focused is app.query_one("#line", Input)
        await typed(pilot, "fire 1")
        assert "no such command" in log_of(app)

    assert kinds(kept_by(work)) == []


def test_the_clock_runs_stops_and_changes_its_speed():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        app.tick()
        assert app.exercise.time_s == 0.0
        await pilot.press("space")
        assert not app.is_paused
        await pilot.press("plus", "plus")
        assert app.speed == 5.0
        await pilot.press("minus")
        assert app.speed == 2.0
        await pilot.press("space")
        app.speed, app.is_paused = 60.0, False
        app.tick()
        assert app.exercise.time_s >= 5.0
        app.is_paused = True

    kept_by(work)


def test_help_opens_and_closes_and_the_map_changes_its_scale():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("f1")
        assert isinstance(app.screen, TextPage)
        assert "These are all commands" in app.screen.text
        await pilot.press("escape")
        await pilot.press("right_square_bracket")
        assert "160 km wide" in str(app.query_one("#map").border_title)

    kept_by(work)


def test_a_watch_ends_with_its_score():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        app.advance(500)
        await pilot.pause()
        assert isinstance(app.screen, TextPage)
        assert "seat_misses" in app.screen.text
        await pilot.press("enter")

    assert kept_by(work).is_over[0]


def test_leaving_wants_two_keys():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("q")
        assert app.is_running
        assert "Press q again" in log_of(app)
        await pilot.press("q")

    assert not kept_by(work).is_over[0]


def test_a_line_typed_at_once_after_its_key_is_one_decision():
    """Letters that came before the line had the focus dropped and revoked tracks."""

    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("c", *"bird", "enter", "escape")
        await pilot.press("n", *"board, drum + q?", "enter")
        assert app.is_running
        assert app.query_one("#line", Input).value == ""

    exercise = kept_by(work)
    assert kinds(exercise) == ["classify", "log"]
    assert exercise.recording().decisions["text"].to_list()[-1] == "board, drum + q?"


def test_leaving_wants_the_two_keys_soon_after_each_other_and_control_q_is_no_short_cut():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+q")
        assert app.is_running
        app._leave_pressed_s -= 60.0  # a minute later
        await pilot.press("q")
        assert app.is_running
        assert log_of(app).count("Press q again") == 2

    kept_by(work)


def test_the_one_warning_in_force_is_the_one_that_is_cancelled():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("x")
        assert "There is no warning" in log_of(app)
        await typed(pilot, "warn 2 5km")
        await pilot.press("escape", "x", "enter")

    assert kinds(kept_by(work)) == ["warn", "cancel_warning"]


def test_a_long_line_of_the_log_is_wrapped_and_no_column_is_cut_off():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        app.advance(60)
        await typed(pilot, "log " + "a long note " * 12)
        log, table = app.query_one("#log", RichLog), app.query_one("#tracks", DataTable)
        assert max(len(line.text) for line in log.lines) <= log.size.width
        assert table.virtual_size.width <= table.size.width

    kept_by(work)


# ---------------------------------------------------------------- keys, lines and the chosen track


def test_a_second_line_typed_after_the_first_goes_to_the_line():
    """The focus went back to the table, where the letters of the next line dropped and revoked tracks."""

    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await typed(pilot, "classify 2 bird")
        await pilot.press(*"drop 1 now", "enter")  # refused: three words
        await pilot.press(*"declare 2", "enter")

    assert kinds(kept_by(work)) == ["classify", "declare_breach"]


def test_a_letter_in_the_table_drops_nothing_before_it_is_confirmed():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        chosen = app.track_at_cursor
        await pilot.press("d")
        assert f"Press Enter to drop {chosen}" in log_of(app)
        await pilot.press("escape")
        assert app.exercise.recording().decisions.is_empty()
        await pilot.press("d", "enter")
        assert chosen not in app._rows

    assert kinds(kept_by(work)) == ["drop"]


def test_arrows_choose_a_track_while_the_line_is_typed():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        app.advance(60)
        names = list(app._rows)
        app._table.move_cursor(row=0)
        await typed(pilot, "log ready")
        await pilot.press("down", "up", "down")
        assert app.track_at_cursor == names[1]
        assert app.focused is app.query_one("#line", Input)

    kept_by(work)


def test_a_key_does_not_act_at_once_on_a_track_that_the_cursor_only_fell_on():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        app.advance(60)
        gone = app.track_at_cursor
        await typed(pilot, f"drop {gone}")
        await pilot.press("escape", "b")
        assert app.query_one("#line", Input).value == f"declare {app.track_at_cursor} "
        assert app.track_at_cursor != gone

    assert kinds(kept_by(work)) == ["drop"]


# ---------------------------------------------------------------- the table: what it shows, sorted how


def row(track: int, *, speed: float = 40.0, edge: float = 5e3, **other: object) -> dict[str, object]:
    known = {
        "track_id": track, "label": None, "ident": None, "status": "confirmed", "probability_inside": 1.0,
        "distance_m": edge, "speed_mps": speed, "course_deg": 90.0, "height_hae_m": None, "aerodrome_id": "LKPR",
        "aerodrome_m": 20e3, "is_declared": False, "existence": 1.0,
    }  # fmt: skip
    return known | other


def numbers(rows: list[dict[str, object]], choice: Choice) -> list[object]:
    return [one["track_id"] for one in track_table.shown_rows(rows, choice)]


SKY = [row(1, speed=240.0), row(2, speed=30.0, edge=-60e3, aerodrome_m=50e3), row(3, ident="OK4711", speed=70.0),
       row(4, speed=55.0, edge=-900.0)]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("sort speed", [1, 3, 4, 2]), ("sort line", [4, 1, 3, 2]), ("sort number", [1, 2, 3, 4]),
        ("sort urgency", [4, 2, 1, 3]), ("show named", [3]), ("show unnamed", [4, 2, 1]), ("show line", [4, 1, 3]),
        ("show speed", [4, 2, 3]), ("show speed 50 60", [4]), ("show all", [4, 2, 1, 3]),
    ],
)  # fmt: skip
def test_the_table_is_sorted_and_selected_by_a_line(line: str, shown: list[int]):
    choice = track_table.choose(line, Choice())
    assert choice is not None
    assert numbers(SKY, choice) == shown


@pytest.mark.parametrize("line", ["sort", "sort colour", "show", "show speed 90 20", "show speed nan 5", "show line 5"])
def test_a_word_that_selects_nothing_is_refused_with_its_use(line: str):
    with pytest.raises(CommandError):
        track_table.choose(line, Choice())


def test_what_is_not_shown_and_what_is_as_fast_as_a_jet_is_said_in_the_title():
    """A track at 230 m/s without a transponder stood among the candidates for a drone, and nothing said so."""
    some = Choice(filter="unnamed")
    shown = track_table.shown_rows(SKY, some)
    assert track_table.title(shown, SKY, some) == (
        "Tracks: 3 of 4, without a transponder; most urgent first; 1 at jet speed stand behind"
    )
    assert track_table.cells(shown[-1])["class"] == "(jet speed)"
    assert track_table.cells(row(1, speed=240.0, label="aircraft"))["class"] == "aircraft"
    assert track_table.cells(row(1, speed=240.0, is_declared=True))["inside"] == "BREACH"


def test_text_of_a_transponder_neither_drives_the_table_nor_takes_its_room():
    assert track_table.cells(row(1, ident="\x1b[2J" + "X" * 90))["ident"] == "\\x1b[2JXXX…"
    assert str(track_table.cell("ident", "[red]A[/]")) == " [red]A[/]"


@pytest.mark.parametrize(("width", "height", "many"), [(120, 40, 10), (80, 24, 9), (60, 20, 4)])
def test_the_columns_that_matter_first_fit_into_the_terminal(width: int, height: int, many: int):
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        app.advance(60)
        await typed(pilot, "classify 2 helicopter")
        table = app.query_one("#tracks", DataTable)
        await pilot.pause()
        assert table.virtual_size.width <= table.size.width
        assert tuple(app._columns[:4]) == ("track", "class", "inside", "edge")
        assert len(app._columns) >= many

    kept_by(work, size=(width, height))


def test_in_a_narrow_terminal_the_map_takes_turns_with_the_table():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        side, table = app.query_one("#side"), app.query_one("#tracks")
        assert (table.display, side.display) == (True, False)
        await pilot.press("v")
        assert (table.display, side.display) == (False, True)
        await pilot.press("v")
        assert (table.display, side.display) == (True, False)

    kept_by(work, size=(80, 24))


def test_keys_sort_and_select_and_a_filter_stays_while_the_clock_runs():
    async def work(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("s", "f", "f")
        assert (app._choice.order, app._choice.filter) == ("speed", "named")
        app.advance(60)
        assert app._table.row_count == 0
        assert "Tracks: 0 of " in str(app._table.border_title)

    kept_by(work)


# ---------------------------------------------------------------- the map


def drawn(places: list[tuple[int, float, float]]) -> map_view.CharacterMap:
    exercise = begun()
    tracks = [row(number, lat_deg=lat, lon_deg=lon) for number, lat, lon in places]
    return map_view.draw_map(
        exercise.look(), tracks, exercise.scenario.place, None, half_km=20.0, columns=40, rows=12
    )  # fmt: skip


def test_labels_of_tracks_close_together_do_not_cover_each_other():
    """Two tracks beside each other, 23 and 28, were drawn as 2328."""
    found = drawn([(123, 52.0, 20.90), (128, 52.0, 20.93), (131, 52.0, 20.915)])
    words = [word for line in found.lines for word in line.replace("+", " ").replace("^", " ").split()]
    assert {"123", "128", "131"} <= set(words)
    assert found.unlabelled == 0


def test_labels_that_find_no_room_are_counted_and_their_tracks_still_drawn():
    found = drawn([(100 + n, 52.0 + 0.03 * (n // 6), 20.95 + 0.015 * (n % 6)) for n in range(30)])
    assert found.unlabelled > 0
    assert sum(line.count("+") for line in found.lines) >= 20


@pytest.mark.parametrize("out", [None, "night"])
def test_where_there_is_no_terminal_no_watch_is_begun(tmp_path: Path, out: str | None):
    with pytest.raises(ReadError, match="start it in one, not piped"):
        watch_by_hand("watch-night", out=None if out is None else tmp_path / out)


LINES = {
    "classify 12 drone": ("classify", {"track_id": "12", "class_label": "drone"}),
    "recommend EPXX restrict 06L": ("recommend", {"place_id": "EPXX", "measure": "restrict", "part": "06L"}),
    "warn 52.1, 21 5km": ("warn", {"lat_deg": 52.1, "lon_deg": 21.0, "radius_m": 5_000.0}),
    "widen W1 800m": ("widen_warning", {"warning_id": "W1", "radius_m": 800.0}),
    "ask R1 52 21": ("ask", {"place_id": "R1", "lat_deg": 52.0}),
    "LOG the tower called": ("log", {"text": "the tower called"}),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_means_a_decision(line: str):
    kind, fields = LINES[line]
    found = command_line.decision(line)
    assert found.kind == kind
    assert {name: getattr(found, name) for name in fields} == fields


@pytest.mark.parametrize("line", ["", "clasify 1 bird", "classify 1", "warn 1 wide", "warn a b 5km", "merge 1 2 3"])
def test_a_line_that_means_nothing_says_how_it_is_written(line: str):
    with pytest.raises(CommandError):
        command_line.decision(line)

"""A watch seat as a Gymnasium environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hotwash.errors import CommandError
from hotwash.front.watches import load_watch
from hotwash.geo.frames import geodetic2enu
from hotwash.gym import watch_fields as f
from hotwash.gym.asking import check_options, whole_action
from hotwash.gym.watch_reward import REFUSED, Earned
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario
from hotwash.model.words import TRAFFIC_MEASURES, WATCH_CLASSES
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.policies import policy
from hotwash.watch.seat import Decision, WatchCommand, WatchView

Seen = dict[str, NDArray[np.float32]]
Action = NDArray[np.int64]
_PARTS = {
    "tracks": (f.TRACKS, f.TRACK), "reports": (f.REPORTS, f.REPORT), "aerodromes": (f.AERODROMES, f.AERODROME),
    "warnings": (f.WARNINGS, f.WARNING),
}  # fmt: skip
_STATES = ("informed", "held", "restricted", "suspended")


class WatchEnv(gymnasium.Env[Seen, Action]):
    """Keep the watch of an exercise.

    exercise      a shipped name, a TOML file, a folder to replay, or a WatchScenario
    record        whether `recording` can be had
    given         the staged recording to play, in place of the exercise's own
    render_mode   "ansi": some lines of text; or None

    An observation is a dict of the tables of `watch_fields`: the tracks that want looking at first, the newest reports,
    aerodromes, warnings, and the clock. An action is three whole numbers: what (watch_fields.KINDS), of which row of
    the last observation, with which argument; one decision a step. What cannot be done does nothing, costs 0.01 and is
    told as info["refused"]; an action outside the action space, a step before a reset, after the end or after `close`
    raises CommandError. The reward is described in `watch_reward`. An episode is truncated at the time limit; it
    never terminates before.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012 - Gymnasium's own way

    def __init__(
        self, exercise: str | Path | Scenario = "watch-night", *, record: bool = False, given: Recording | None = None,
        render_mode: str | None = None,
    ) -> None:  # fmt: skip
        scenario, recorded = load_watch(exercise)
        self.exercise = WatchExercise(scenario, record=record, given=given or recorded)
        self.render_mode = render_mode
        box = {name: spaces.Box(-1.0, 1.0, (many, len(row)), np.float32) for name, (many, row) in _PARTS.items()}
        box["clock"] = spaces.Box(-1.0, 1.0, (len(f.CLOCK),), np.float32)
        self.observation_space = cast("spaces.Space[Seen]", spaces.Dict(dict(box)))
        self._sizes = (len(f.KINDS), f.TRACKS, f.ARGUMENTS)
        self.action_space = cast("spaces.Space[Action]", spaces.MultiDiscrete(list(self._sizes)))
        self._why_not = "it has not begun; call reset(seed) before the first step"

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Seen, dict[str, Any]]:
        """Begin an episode. With a seed it is that one; without, each is drawn from the seed given last.

        raises   CommandError for options, of which there are none
        """
        check_options(options)
        super().reset(seed=seed)
        drawn = int(self.np_random.integers(2**31)) if seed is None else seed
        self._why_not = ""
        view = self.exercise.reset(drawn)[self.exercise.seats[0]]
        self._earned = Earned(self.exercise)
        return self._look(view), {"refused": ""}

    def step(self, action: Action) -> tuple[Seen, float, bool, bool, dict[str, Any]]:
        """Decide one thing, or nothing, and let a step pass; returns observation, reward, False, truncated, info."""
        if self._why_not:
            raise CommandError(self.exercise.scenario.name, why=self._why_not)
        kind, row, argument = whole_action(action, self._sizes)
        refused = ""
        taken: tuple[Decision, ...] = ()
        try:
            taken = self._decision(f.KINDS[kind].name, row, argument)
            self.exercise.decide(taken)
        except CommandError as fault:
            refused, taken = str(fault), ()
        reward = self._earned.of(self._view, taken) - (REFUSED if refused else 0.0)
        seat = self.exercise.seats[0]
        view = self.exercise.step({seat: WatchCommand()})[seat]
        is_over = bool(self.exercise.is_over[0])
        if is_over:
            self._why_not = "the episode is over; call reset(seed) for the next"
        return self._look(view), reward, False, is_over, {"refused": refused}

    def render(self) -> str | None:
        """Return some lines on where the watch stands."""
        if self.render_mode != "ansi":
            return None
        view = self._view
        lines = [f"{view.time_s:7.0f} s  {view.tracks.height} tracks  {view.reports.height} reports"]
        lines += [f"  {row['aerodrome_id']} {row['state']}" for row in view.aerodromes.iter_rows(named=True)]
        return "\n".join(lines)

    def recording(self) -> Recording:
        """Return the recording of this episode so far; needs record=True."""
        return self.exercise.recording()

    def table_rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of one part of the last observation, as the view has them: what an action's row counts."""
        return self._rows[table]

    def close(self) -> None:
        """Let go of the exercise; nothing more is played."""
        self._why_not = "it was closed; make a new one"
        self.exercise.close()

    # ------------------------------------------------------------ actions

    def _decision(self, kind: str, row: int, argument: int) -> tuple[Decision, ...]:
        """Return the decision that an action means.

        raises   CommandError where its row or argument holds nothing
        """
        if kind == "nothing":
            return ()
        if kind == "recommend":
            measure = self._at(TRAFFIC_MEASURES, argument, "measure")
            return (Decision(kind, place_id=self._named("aerodromes", row), measure=measure),)
        if kind in ("widen_warning", "cancel_warning"):
            radius = f.RADII_M[argument] if kind == "widen_warning" else None
            return (Decision(kind, warning_id=self._named("warnings", row), radius_m=radius),)
        if kind == "warn_at_report":
            report = self._at(self._rows["reports"], row, "report")
            where = {key: report[key] for key in ("lat_deg", "lon_deg")}
            return (Decision("warn", radius_m=f.RADII_M[argument], **where),)
        if kind == "ask":
            return (Decision("ask", place_id=self._named("aerodromes", row)),)
        if kind == "ask_sensor":
            sensor = self._at(self._view.sensors["sensor_id"].to_list(), row, "sensor")
            return (Decision("ask", place_id=sensor, track_id=self._named("tracks", argument)),)
        return (self._of_track(kind, self._named("tracks", row), argument),)

    def _of_track(self, kind: str, track: str, argument: int) -> Decision:
        if kind == "classify":
            return Decision(kind, track_id=track, class_label=self._at(WATCH_CLASSES, argument, "class"))
        if kind == "merge":
            return Decision(kind, track_id=track, other_track_id=self._named("tracks", argument))
        if kind == "split":
            into = [name for name, to in self.exercise.in_force.merged.items() if to == track]
            return Decision(kind, track_id=track, other_track_id=into[-1] if into else None)
        if kind == "warn_at_track":
            return Decision("warn", track_id=track, radius_m=f.RADII_M[argument])
        return Decision(kind, track_id=track)

    def _named(self, table: str, row: int) -> str:
        key = {"tracks": "track_id", "aerodromes": "aerodrome_id", "warnings": "warning_id"}[table]
        return str(self._at(self._rows[table], row, table)[key])

    def _at(self, among: Any, at: int, what: str) -> Any:
        if not 0 <= at < len(among):
            raise CommandError("action", place=f"{what} {at}", why=f"there are {len(among)}, counted from 0")
        return among[at]

    # ------------------------------------------------------------ observations

    def _look(self, view: WatchView) -> Seen:
        self._view = view
        reports = view.reports.to_dicts()[-f.REPORTS :][::-1]
        self._rows: dict[str, list[dict[str, Any]]] = {
            "tracks": policy.by_concern(view.tracks.to_dicts())[: f.TRACKS], "reports": reports,
            "aerodromes": view.aerodromes.to_dicts()[: f.AERODROMES],
            "warnings": view.warnings.to_dicts()[-f.WARNINGS :],
        }  # fmt: skip
        writers = {"tracks": self._track, "reports": self._report, "aerodromes": _aerodrome, "warnings": _warning}
        seen = {name: np.zeros((many, len(row)), np.float32) for name, (many, row) in _PARTS.items()}
        for name, rows in self._rows.items():
            where = self._where(rows)
            for at, row in enumerate(rows):
                seen[name][at] = [1.0, *where[at], *writers[name](row)]
        whole = self.exercise.scenario.time_limit_s
        silent = view.sensors["is_silent"].to_list()
        seen["clock"] = np.array([view.time_left_s / whole, sum(silent) / max(len(silent), 1)], np.float32)
        return seen

    def _where(self, rows: Iterable[Mapping[str, Any]]) -> list[tuple[float, float]]:
        """Return east and north of rows, scaled; zeros where a row says no place."""
        place = self.exercise.scenario.place
        found = []
        for row in rows:
            if row["lat_deg"] is None or row["lon_deg"] is None:
                found.append((0.0, 0.0))
                continue
            east, north, _ = geodetic2enu(row["lat_deg"], row["lon_deg"], 0.0, place.lat_deg, place.lon_deg, 0.0)
            found.append((_scaled(float(east), f.FAR_M), _scaled(float(north), f.FAR_M)))
        return found

    def _track(self, row: Mapping[str, Any]) -> list[float]:
        height, away = row["height_hae_m"], row["aerodrome_m"]
        shown_s = (self._view.time_utc - row["begun_utc"]).total_seconds()
        return [
            _scaled(row["v_east_mps"], f.SPEED_MPS), _scaled(row["v_north_mps"], f.SPEED_MPS),
            float(height is not None), _scaled(height, f.HEIGHT_M), row["existence"] or 0.0,
            {"confirmed": 1.0, "coasting": 0.5}.get(row["status"], 0.0), float(row["ident"] is not None),
            row["probability_inside"] or 0.0, _scaled(row["distance_m"], f.EDGE_M),
            1.0 if away is None else _scaled(away, f.FAR_M), _scaled(shown_s, f.AGE_S), float(row["is_declared"]),
            *(float(row["label"] == word) for word in WATCH_CLASSES),
        ]  # fmt: skip

    def _report(self, row: Mapping[str, Any]) -> list[float]:
        age_s = (self._view.time_utc - row["known_utc"]).total_seconds()
        return [float(row["saw_nothing"]), float(row["is_answer"]), _scaled(age_s, f.AGE_S)]


def _aerodrome(row: Mapping[str, Any]) -> list[float]:
    states = [float(row["state"] == word) for word in _STATES]
    return [float(row["is_open"]), *states, _scaled(row["movements"], 5.0)]


def _warning(row: Mapping[str, Any]) -> list[float]:
    return [_scaled(row["radius_m"], f.FAR_M)]


def _scaled(value: float | None, scale: float) -> float:
    return 0.0 if value is None else float(value / (abs(value) + scale))

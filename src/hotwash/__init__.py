"""hotwash: from an air-space incident to an account, to lessons, to measured drills.

The names in `__all__` are the front: they take values or paths, return values, and write nothing. They are loaded when
first used. Everything else is an inner part and may change without notice.
"""

from __future__ import annotations

from hotwash.version import __version__ as __version__

TYPE_CHECKING = False  # that of `typing` would cost more time than all the rest; type checkers know the name
if TYPE_CHECKING:
    from hotwash.errors import HotwashError as HotwashError
    from hotwash.front.breaches import find_breaches as find_breaches
    from hotwash.front.bundles import read_bundle as read_bundle
    from hotwash.front.bundles import reconstruct as reconstruct
    from hotwash.front.centres import measure_skills as measure_skills
    from hotwash.front.centres import open_centre as open_centre
    from hotwash.front.centres import verify as verify
    from hotwash.front.evaluation import evaluate_tracks as evaluate_tracks
    from hotwash.front.exercises import load_scenario as load_scenario
    from hotwash.front.exercises import replay as replay
    from hotwash.front.exercises import start_exercise as start_exercise
    from hotwash.front.flights import fly as fly
    from hotwash.front.recordings import read_recording as read_recording
    from hotwash.front.recordings import score_recording as score_recording
    from hotwash.front.tracks import track_detections as track_detections
    from hotwash.front.watches import keep_watch as keep_watch
    from hotwash.incident.occurrence_fields import occurrence_fields as occurrence_fields
    from hotwash.model.flight_scenario import FlightScenario as FlightScenario
    from hotwash.model.incident import Bundle as Bundle
    from hotwash.model.incident import Incident as Incident
    from hotwash.model.recording import Recording as Recording
    from hotwash.model.watch_scenario import WatchScenario as WatchScenario

_HOMES = {
    "errors": ("HotwashError",),
    "front.breaches": ("find_breaches",),
    "front.bundles": ("read_bundle", "reconstruct"),
    "front.centres": ("measure_skills", "open_centre", "verify"),
    "front.evaluation": ("evaluate_tracks",),
    "front.exercises": ("load_scenario", "replay", "start_exercise"),
    "front.flights": ("fly",),
    "front.recordings": ("read_recording", "score_recording"),
    "front.tracks": ("track_detections",),
    "front.watches": ("keep_watch",),
    "incident.occurrence_fields": ("occurrence_fields",),
    "model.flight_scenario": ("FlightScenario",),
    "model.incident": ("Bundle", "Incident"),
    "model.recording": ("Recording",),
    "model.watch_scenario": ("WatchScenario",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Bundle",
    "FlightScenario",
    "HotwashError",
    "Incident",
    "Recording",
    "WatchScenario",
    "evaluate_tracks",
    "find_breaches",
    "fly",
    "keep_watch",
    "load_scenario",
    "measure_skills",
    "occurrence_fields",
    "open_centre",
    "read_bundle",
    "read_recording",
    "reconstruct",
    "replay",
    "score_recording",
    "start_exercise",
    "track_detections",
    "verify",
]

if not TYPE_CHECKING:  # a type checker should see the names above, and no others

    def __getattr__(name):
        if name not in _HOME_OF:
            raise AttributeError(f"module 'hotwash' has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f"hotwash.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)

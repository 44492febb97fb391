"""Places where a sensor's false plots crowd, as a whole recording shows them: remarks that a map can draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.track import layout
from hotwash.track.arrays import IntArray
from hotwash.track.belief import Seen, fields_of
from hotwash.track.clutter_map import AZIMUTHS, Field, box_ratios
from hotwash.track.projection import Plane, plane2geodetic
from hotwash.track.tracker import Chunk, Tracker

# A spot has five times the false plots a m2 of the whole disc: fewer move no track. Beyond 5 sigma and 5 plots chance
# makes none in ten thousand cells.
TIMES, SIGMAS = 5.0, 5.0
_SHARE_OF_HALF = 0.25  # each half of the recording shows at least this share: what passes is weather, no place
_WITHIN = 0.9  # of its plots lie within the radius
_LEAST_RADIUS_M = 100.0  # what lies in one place has a radius too; straight above an antenna all plots do
_MOST = 10  # spots of one sensor, those with most plots
_LEAST_PLOTS, _LEAST_SHARE = 20, 0.01  # of the sensor's false plots: fewer are the rim of another spot
Said = list[Mapping[str, object]]


def remark_on_hot_spots(tracker: Tracker, chunks: Sequence[Chunk], tracks: pl.DataFrame) -> Said:
    """Return rows of REMARKS, one for each spot, with its middle and the radius that holds nine in ten of its plots.

    tracks   TRACKS: what no confirmed or coasting row used counts as false
    """
    if not chunks or tracker.plane is None:
        return []
    is_false = ~_on_tracks(chunks, tracks)
    seen = see_all(tracker, chunks)
    said: Said = []
    for n, field in fields_of(seen).items():
        said += _of_sensor(seen, field, is_false[field.plot], n, str(tracker.sensors["sensor_id"][n]), tracker.plane)
    return said


def _on_tracks(chunks: Sequence[Chunk], tracks: pl.DataFrame) -> NDArray[np.bool_]:
    """Return which plots went into tracks that count, with those that no row of theirs has."""
    used = tracks.filter(pl.col("status") != "tentative")["detection_id"].drop_nulls().to_numpy()
    is_on: NDArray[np.bool_] = np.isin(np.concatenate([chunk.detection_id for chunk in chunks]), used)
    whole, early = (np.concatenate([part for chunk in chunks for part in getattr(chunk, name)])
                    for name in ("whole", "early"))  # fmt: skip
    hits = whole[whole[:, layout.ROW_PLOT] >= 0]
    counting = np.unique(hits[is_on[hits[:, layout.ROW_PLOT]], layout.ROW_TRACK])
    is_on[early[np.isin(early[:, layout.EARLY_TRACK], counting), layout.EARLY_PLOT]] = True
    return is_on


def see_all(tracker: Tracker, chunks: Sequence[Chunk]) -> Seen:
    """Return all plots that the tracker used, and what it learnt of the sensors."""
    time_s, sensor, place, is_bearing = (
        np.concatenate([getattr(chunk.placed, name) for chunk in chunks])
        for name in ("time_s", "sensor", "place", "is_bearing")
    )
    stated = tracker.sensors["false_per_scan"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return Seen(time_s, sensor, place, is_bearing, tracker.learnt, tracker.habits, stated)


def _of_sensor(seen: Seen, field: Field, is_false: NDArray[np.bool_], n: int, name: str, plane: Plane) -> Said:
    weight = is_false.astype(np.float64)
    times, excess = box_ratios(field, weight)
    label = _label(((times >= TIMES) & (excess > SIGMAS)).astype(np.int64))
    spot = np.where(is_false, label[field.ring, field.turn], 0)
    spots: list[tuple[int, Mapping[str, object]]] = []
    for number in range(1, int(label.max(initial=0)) + 1):
        mine = np.flatnonzero(spot == number)
        if mine.size < max(_LEAST_PLOTS, _LEAST_SHARE * np.count_nonzero(is_false)):
            continue
        late = np.count_nonzero(field.look[mine] > field.seen[field.seen.size // 2]) / max(mine.size, 1)
        if not _SHARE_OF_HALF <= late <= 1.0 - _SHARE_OF_HALF:
            continue
        place = seen.place[field.plot[mine], :2]
        middle = np.median(place, axis=0)
        radius_m = max(float(np.quantile(np.hypot(*(place - middle).T), _WITHIN)), _LEAST_RADIUS_M)
        lat, lon = (float(value) for value in plane2geodetic(middle[0], middle[1], plane))
        east, north = middle - seen.learnt.fixed[n, :2]
        far_km, azimuth = np.hypot(east, north) / 1_000.0, np.degrees(np.arctan2(east, north)) % 360.0
        most = float(times[label == number].max())
        is_near = far_km * 1_000.0 < _LEAST_RADIUS_M
        where = "above its antenna" if is_near else f"{far_km:.0f} km out at {azimuth:03.0f} deg"
        text = (
            f"{name} has a hot spot {where}: {mine.size / field.seen.size:.2g} "
            f"false plots per scan within {radius_m / 1_000.0:.1f} km, up to {most:.0f} times as many as elsewhere on "
            "the mean. Tracks that begin there need more plots."
        )
        row = {"kind": "hot_spot", "sensor_id": name, "lat_deg": lat, "lon_deg": lon, "radius_m": radius_m}
        spots.append((mine.size, {**row, "rows": int(mine.size), "text": text}))
    return [row for _, row in sorted(spots, key=lambda one: -one[0])[:_MOST]]


def _label(is_hot: IntArray) -> IntArray:
    """Return a number from 1 for each group of cells that touch one another, 0 elsewhere; azimuths go round."""
    label = np.zeros_like(is_hot)
    number = 0
    for start in np.argwhere(is_hot).tolist():
        if label[start[0], start[1]]:
            continue
        number += 1
        label[start[0], start[1]], open_cells = number, [(start[0], start[1])]
        while open_cells:
            ring, turn = open_cells.pop()
            for up in (-1, 0, 1):
                for aside in (-1, 0, 1):
                    cell = ring + up, (turn + aside) % AZIMUTHS
                    if 0 <= cell[0] < is_hot.shape[0] and is_hot[cell] and not label[cell]:
                        label[cell] = number
                        open_cells.append(cell)
    return label

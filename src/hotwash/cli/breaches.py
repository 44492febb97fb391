"""`hotwash breaches`: which tracks entered which zone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson
from hotwash.cli.output import add_row, answer, count_of, steps

if TYPE_CHECKING:
    from hotwash.work.breaching import BreachesWritten
app = typer.Typer()


@app.command()
def breaches(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS", help="Table of tracks, CSV or Parquet.")],
    zones: Annotated[
        str, typer.Option(metavar="FILE", help="GeoJSON file with one or more zones, or an included zone: PL-land.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write, .csv or .parquet.")],
    aerodrome: Annotated[
        list[str] | None,
        typer.Option(metavar="ICAO", help="Aerodrome; the nearest one is named for each stay. May be repeated."),
    ] = None,
    merge_s: Annotated[
        float,
        typer.Option(min=0.0, metavar="S", help="Longest excursion outside the zone that does not end a stay [s]."),
    ] = 60.0,
    merge_m: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="M",
            help="Deepest excursion outside the zone that does not end a stay [m]. Default: the border's precision.",
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="Number of random draws for counts and intervals.")
    ] = 400,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of the random draws.")] = 0,
    correlation_m: Annotated[
        float, typer.Option(min=1.0, metavar="M", help="Correlation length of the border's error [m].")
    ] = 5000.0,
    detections: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Table of detections, to name the sensor of each row.")
    ] = None,
    sensors: Annotated[Path | None, typer.Option(metavar="FILE", help="Table of sensors, with --detections.")] = None,
    sigma_range_m: Annotated[
        float, typer.Option(min=0.0, metavar="M", help="Range bias of each sensor, one sigma [m].")
    ] = 0.0,
    sigma_azimuth_deg: Annotated[
        float, typer.Option(min=0.0, metavar="DEG", help="Azimuth bias of each sensor, one sigma [deg].")
    ] = 0.0,
    sigma_clock_s: Annotated[
        float, typer.Option(min=0.0, metavar="S", help="Clock error of each sensor, one sigma [s].")
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Find which tracks entered which zone, and how surely.

    Writes one row for each stay.
    Exit codes: 0 written, even if rows were rejected (they are listed); 2 a file was refused.
    """
    from hotwash.work import breaching

    with steps(quiet=as_json) as progress:
        done = breaching.write_breaches(
            tracks,
            zones,
            out=out,
            aerodromes=aerodrome or (),
            detections=detections,
            sensors=sensors,
            seed=seed,
            progress=progress,
            draws=draws,
            merge_s=merge_s,
            merge_m=merge_m,
            correlation_m=correlation_m,
            sigma_range_m=sigma_range_m,
            sigma_azimuth_deg=sigma_azimuth_deg,
            sigma_clock_s=sigma_clock_s,
        )
    answer(done.flat(), _breach_lines(done), as_json=as_json)


_SHOWN_BREACHES = 40  # a screen; all of them stand in the file


def _breach_lines(done: BreachesWritten) -> Iterator[Any]:
    from rich.table import Table

    from hotwash.report.phrases import say_line

    found = done.found
    rows = found.breaches.head(_SHOWN_BREACHES).iter_rows(named=True)
    stays = Table("track", "zone", "in", "out", "depth", "probability", "answer", box=None)
    for row in rows:
        moments = [f"{row[name]:%Y-%m-%d %H:%M:%S}Z" if row[name] else "–" for name in ("enter_utc", "exit_utc")]
        depth = "–" if row["depth_m"] is None else f"{row['depth_m']:,.0f} ± {row['depth_sigma_m'] or 0.0:,.0f} m"
        add_row(
            stays, str(row["track_id"]), row["zone_id"], *moments, depth, f"{row['probability']:.2f}", row["answer"]
        )
    counts = Table("zone", "count", "of", "most likely", "90 %", box=None)
    for one in found.counts:
        whom = "unidentified" if one.is_unidentified_only else "all"
        add_row(counts, one.zone_id, one.unit, whom, str(one.most_likely), f"{one.low_90} to {one.high_90}")
    yield from (stays, "", counts, "")
    more = found.breaches.height - _SHOWN_BREACHES
    if more > 0:
        yield f"{count_of(more, 'more row')} in the file."
    for zone in found.merged:
        yield f"{zone.zone_id}: {count_of(zone.before, 'stay')} before merging, {zone.after} after."
    for row in found.zones.head(_SHOWN_BREACHES).iter_rows(named=True):
        yield say_line(row)
    if found.zones.height > _SHOWN_BREACHES:
        yield f"There are {found.zones.height} zones in all; --json lists their lines."
    for reject in found.rejects.head(_SHOWN_BREACHES).iter_rows(named=True):
        yield f"Rejected {reject['file']}:{reject['line']}: {reject['reason']}; {reject['advice']}"
    if found.rejects.height > _SHOWN_BREACHES:
        yield f"{found.rejects.height} rows were rejected in all; --json lists them."
    yield f"The breaches: {done.path}"

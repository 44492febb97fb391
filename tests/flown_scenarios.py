"""Small exercises that several files of tests fly."""

from __future__ import annotations

from typing import Any

from hotwash.model.scenario import Scenario, parse

PLACE = "[place]\nlat_deg = 52.0\nlon_deg = 13.0\n"
SEAT = '[[seats]]\nname = "{name}"\nairframe = "{airframe}"\nmode = "{mode}"\nposition_m = {at}\n'
GUSTY = "[weather]\nwind_mps = 4.0\nwind_from_deg = 250.0\nturbulence = 'light'\n"
RANDOM = '[randomise]\n"weather.wind_mps" = [0, 4]\n'


def lane_text(name: str, tasks: str, *, time_limit_s: int = 60) -> str:
    """A lane of one part; tasks as TOML tables, one a line."""
    return (
        f'name = "{name}"\nversion = "1"\ntitle = "{name}"\ntext = "For tests."\ntime_limit_s = {time_limit_s}\n'
        '[sources]\nown = "made for tests"\n[numbers]\n'
        'half_m = { value = 0.5, source = "own", confidence = "high" }\n'
        f'[[parts]]\nname = "all"\nsource = "own"\nconfidence = "high"\ntasks = [\n{tasks}\n]\n'
    )


NEAR = 'tolerance_m = "half_m", height_tolerance_m = "half_m"'
HOP = lane_text(
    "hop",
    f'  {{ name = "up", kind = "take_off", points = 1, at_m = [0, 0, 2], {NEAR}, hold_s = 1 }},\n'
    f'  {{ name = "over", kind = "hold", points = 1, at_m = [2, 1, 2], {NEAR}, hold_s = 1 }},\n'
    '  { name = "down", kind = "land", points = 1, at_m = [2, 1, 0], tolerance_m = "half_m" },',
)


def scenario(
    *, lane: str | None = HOP, time_limit_s: float = 60.0, extra: str = "", seats: tuple[str, ...] = ("pilot",),
    airframe: str = "quad-900g", mode: str = "position_hold", **top: Any,
) -> Scenario:  # fmt: skip
    """A scenario with the lane `hop`, or without any."""
    head = f'name = "hop"\ntime_limit_s = {time_limit_s}\n'
    head += "".join(f"{key} = {value!r}\n" for key, value in top.items())
    head += 'lane = "hop"\n' if lane else ""
    rows = "".join(
        SEAT.format(name=name, airframe=airframe, mode=mode, at=[5.0 * at, 0.0, 0.0]) for at, name in enumerate(seats)
    )
    carried = f"[carried.lanes]\nhop = '''\n{lane}'''\n" if lane else ""
    return parse(head + PLACE + rows + extra + carried, name="hop.toml")

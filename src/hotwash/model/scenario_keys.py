"""Each key that a scenario's TOML file may have: its kind, unit, bounds, default and meaning, declared once.

The parser (`scenario`) and the manual (docs/reference/scenario.md) both follow these tables.
"""

from __future__ import annotations

from hotwash.model import watch_keys, words
from hotwash.model.key import FLAG, NUMBER, PLACE, TEXT, TEXTS, TIME, WHOLE, Key, key, needed, number, share, word
from hotwash.model.weather import TURBULENCE_W20_MPS

SEAT_KINDS = ("pilot", "watch")
SIGHTS = ("line_of_sight", "camera", "none")
SENSED = "sensors"  # its keys are the columns of SENSORS


TOP = (
    needed("name", TEXT, "name of the scenario, as it is flown by"),
    key("version", TEXT, "its version: part of the evidence of an attempt", default="1"),
    key("title", TEXT, "what it is, in a few words", default=""),
    key("lane", TEXT, "the test lane that judges it; without one nothing is judged"),
    key("start_utc", TIME, "simulated time at which it starts; left out, 10:00 UTC on 1 June 2026"),
    number(name="step_s", meaning="time between two commands", unit="s", default=0.02, least=0.002, most=0.1),
    number(name="time_limit_s", meaning="when it ends", unit="s", default=600.0, least=1.0, most=86_400.0),
    number(name="pass_points", meaning="points that pass; the school's own mark", unit="points", least=0.0),
    number(name="pass_seconds", meaning="time that passes; the school's own mark", unit="s", least=0.0),
    key("measures", TEXTS, "measures that the school looks at first", default=()),
)

PLACE_KEYS = (
    needed("lat_deg", NUMBER, "latitude of the point 0, 0, 0", unit="deg", least=-90.0, most=90.0),
    needed("lon_deg", NUMBER, "longitude of it", unit="deg", least=-180.0, most=180.0),
    number(
        name="height_hae_m", meaning="height of the ground above the ellipsoid", unit="m", default=0.0,
        least=-1000.0, most=9000.0,
    ),
)  # fmt: skip

WEATHER = (
    number(name="wind_mps", meaning="mean wind", unit="m/s", default=0.0, least=0.0, most=60.0),
    number(name="wind_from_deg", meaning="where it comes from", unit="deg", default=0.0, least=0.0, most=360.0),
    number(
        name="wind_height_m", meaning="height above ground of that wind", unit="m", default=10.0, least=0.5, most=1000.0
    ),
    number(
        name="shear_exponent", meaning="power law of wind with height; 0 is the same wind everywhere",
        default=0.0, least=0.0, most=1.0,
    ),
    word(name="turbulence", meaning="gusts, by a word", default="none", one_of=tuple(TURBULENCE_W20_MPS)),
    number(name="turbulence_w20_mps", meaning="wind at 20 ft that sets the gusts, in place of the word", unit="m/s",
           least=0.0, most=50.0),
    number(name="temperature_c", meaning="of the air on the ground", unit="°C", default=15.0, least=-60.0, most=60.0),
    number(name="pressure_hpa", meaning="of the air on the ground", unit="hPa", default=1013.25, least=500.0,
           most=1100.0),
)  # fmt: skip

NAVIGATION = (
    number(name="sigma_m", meaning="slow error of the satellite position on each axis, one standard deviation",
           unit="m", default=0.2, least=0.0, most=20.0),
    number(name="time_constant_s", meaning="how slowly that error wanders", unit="s", default=60.0, least=1.0),
    number(name="sigma_velocity_mps", meaning="error of the velocity, one standard deviation", unit="m/s",
           default=0.03, least=0.0, most=5.0),
    number(name="sigma_height_m", meaning="slow error of the barometer, one standard deviation", unit="m",
           default=0.1, least=0.0, most=20.0),
    key("satellites", WHOLE, "how many are in use while nothing is wrong", default=16, least=4, most=60),
)  # fmt: skip

FAILSAFES = (
    number(name="link_timeout_s", meaning="silence after which the link counts as lost", unit="s", default=0.5,
           least=0.02, most=10.0),
    number(name="link_hover_s", meaning="how long it hovers before it returns by itself", unit="s", default=5.0,
           least=0.0, most=600.0),
    number(name="return_height_m", meaning="least height above take-off of the way home", unit="m", default=20.0,
           least=0.0, most=120.0),
    number(name="fix_timeout_s", meaning="how long a fix must be back before the mode that needs it", unit="s",
           default=2.0, least=0.0, most=60.0),
    share(name="battery_warn", meaning="charge at which it warns", default=0.3),
    share(name="battery_return", meaning="charge at which it returns by itself; the pilot may call it off",
          default=0.15),
    share(name="battery_land", meaning="charge at which it lands where it is; the pilot may only steer", default=0.07),
)  # fmt: skip

SEATS = (
    needed("name", TEXT, "name of the seat, unique; its drone is called so too"),
    word(name="kind", meaning="what the seat does", default="pilot", one_of=SEAT_KINDS),
    word(name="airframe", meaning="name of the airframe, shipped or carried; a pilot needs one", default=""),
    key("position_m", PLACE, "where it starts, east, north and up of the place", unit="m", default=(0.0, 0.0, 0.0)),
    number(name="heading_deg", meaning="where its nose points at the start", unit="deg", default=0.0, least=-360.0,
           most=360.0),
    word(name="sight", meaning="what the seat sees the drone by", default="line_of_sight", one_of=SIGHTS),
    word(name="mode", meaning="flight mode at the start", default="position_hold", one_of=words.FLIGHT_MODES),
    key("is_armed", FLAG, "whether its motors are ready at the start", default=True),
    number(name="video_delay_s", meaning="age of the picture that a camera seat sees", unit="s", default=0.1,
           least=0.0, most=2.0),
)  # fmt: skip

INJECTS = (
    needed("time_s", NUMBER, "when it comes", unit="s", least=0.0),
    needed("text", TEXT, "what the seat is told"),
    key("seat", TEXT, "whom it is for; left out, all"),
)

FAULTS = (
    needed("kind", TEXT, "what fails"),
    key("name", TEXT, "name of the fault, unique; left out, its kind"),
    key("seat", TEXT, "whose drone; left out, the first seat's"),
    number(name="onset_s", meaning="when it sets in", unit="s", least=0.0),
    number(name="end_s", meaning="when it ends; left out, never", unit="s", least=0.0),
    key("when_task", TEXT, "in place of onset_s: sets in when the lane comes to this task; end_s counts from there"),
)

_TOWARDS = number(name="direction_deg", meaning="direction of the error, from north", unit="deg", default=90.0,
                  least=-360.0, most=360.0)  # fmt: skip
# What each kind of fault takes; at most two numbers, which the compiled code sees in this order.
FAULT_VALUES: dict[str, tuple[Key, ...]] = {
    "satnav_off": (),
    "satnav_stuck": (),
    "satnav_drift": (
        needed("speed_mps", NUMBER, "how fast the position drifts", unit="m/s", least=0.0, most=50.0),
        _TOWARDS,
    ),
    "satnav_jump": (
        needed("distance_m", NUMBER, "how far the position jumps", unit="m", least=0.0, most=10_000.0),
        _TOWARDS,
    ),
    "link_delay": (needed("delay_s", NUMBER, "added way of each command", unit="s", least=0.0, most=2.0),),
    "link_jitter": (needed("jitter_s", NUMBER, "greatest further delay, drawn anew", unit="s", least=0.0, most=1.0),),
    "link_loss": (share(name="share", meaning="share of the commands that is lost; 1 is all", default=1.0),),
    "motor_loss": (
        needed("rotor", WHOLE, "which motor, counted from 0 as in the airframe", least=0, most=3),
        share(name="share", meaning="share of its thrust that is left", default=0.0),
    ),
    "compass_offset": (
        needed("offset_deg", NUMBER, "added to the heading", unit="deg", least=-180.0, most=180.0),
    ),
    "video_freeze": (),
    "battery": (share(name="share", meaning="charge that is left at the onset", default=0.2),),
    "gust_front": (
        needed("speed_mps", NUMBER, "added wind", unit="m/s", least=0.0, most=40.0),
        number(name="from_deg", meaning="where it comes from; left out, as the wind", unit="deg", least=0.0,
               most=360.0),
    ),
}  # fmt: skip

# What each kind of fault does, as the manual says it.
FAULT_MEANINGS = {
    "satnav_off": "satellite navigation gives no fix.",
    "satnav_stuck": "position and velocity stay as they were, and count as a fix.",
    "satnav_drift": "the position drifts away from the true one, and the velocity agrees with it.",
    "satnav_jump": "the position is off by a fixed way.",
    "link_delay": "commands come late, and so does the picture of a camera.",
    "link_jitter": "commands come late by a delay that is drawn anew each step; they keep their order.",
    "link_loss": "commands do not come, and neither do the instruments and the picture.",
    "motor_loss": "one motor pushes less. That of a wing is number 0.",
    "compass_offset": "the heading that the drone believes is off.",
    "video_freeze": "the picture of a camera stands still, and looks as if it did not.",
    "battery": "the charge falls to a share at the onset, where it is above it.",
    "gust_front": "the wind grows at once, and falls again at the end.",
}

FLOWN = (
    needed("seed", WHOLE, "seed that it was flown with"),
    needed("world", WHOLE, "number of the world in that exercise", least=0),
)

SECTIONS: dict[str, tuple[Key, ...]] = {
    "": TOP,
    "place": PLACE_KEYS,
    "weather": WEATHER,
    "navigation": NAVIGATION,
    "failsafes": FAILSAFES,
    "seats": SEATS,
    "faults": FAULTS,
    "injects": INJECTS,
    "flown": FLOWN,
    **watch_keys.SECTIONS,
}
LISTS = ("seats", "faults", "injects", SENSED, *watch_keys.LISTS)  # written as [[seats]]
OTHER = ("randomise", "carried", watch_keys.VARIED)

# What [randomise] may name: `weather.wind_mps = [0, 8]`. Each world draws its own number, even between the two.
RANDOM_WEATHER = ("wind_mps", "wind_from_deg", "shear_exponent", "turbulence_w20_mps", "temperature_c", "pressure_hpa")
RANDOM_SEAT = {
    "east_m": "where it starts, east of the place [m]",
    "north_m": "north of it [m]",
    "up_m": "above the ground [m]",
    "heading_deg": "where its nose points [deg]",
}
RANDOM_FAULT = ("onset_s", "end_s")  # and the numbers of its kind
# Factors of the airframe's own numbers.
RANDOM_AIRFRAME = {
    "mass": "factor of its mass",
    "inertia": "factor of its moments of inertia",
    "thrust": "factor of the thrust of its rotors, or of its motor",
    "drag": "factor of the drag of its body",
    "motor_lag": "factor of the time that its motors take",
    "battery": "factor of its battery's capacity",
}

"""A scenario is read from its text, refuses what cannot be, and carries what it names."""

from __future__ import annotations

import dataclasses

import pytest

from hotwash.errors import ScenarioError
from hotwash.model.flight_scenario import FAULT_VALUES, randomisable
from hotwash.model.key import NUMBER
from hotwash.model.scenario import SECTIONS, Scenario, parse, to_text

PLAIN = """
name = "drill"

[place]
lat_deg = 52.0
lon_deg = 21.0

[[seats]]
name = "ann"
airframe = "quad-900g"
"""

FULL = (
    PLAIN.replace('name = "drill"', 'name = "drill"\nlane = "bperp"\nmeasures = ["points"]\npass_points = 30')
    + """
position_m = [1.0, 2.0, 0.5]
sight = "camera"

[[seats]]
name = "bo"
airframe = "own"

[weather]
wind_mps = 4
turbulence = "light"

[[faults]]
kind = "satnav_drift"
speed_mps = 0.5
onset_s = 20
end_s = 40

[[faults]]
kind = "motor_loss"
name = "worn"
seat = "bo"
rotor = 2
share = 0.8
when_task = "landing"

[[faults]]
kind = "gust_front"
speed_mps = 6
onset_s = 5

[[injects]]
time_s = 12.5
text = "a walker steps on the field"

[[sensors]]
sensor_id = "r1"
kind = "primary_radar"
lat_deg = 52.0
lon_deg = 21.01
max_range_m = 5000.0

[randomise]
weather.wind_mps = [0, 8]
"airframe.mass" = [0.9, 1.1]
faults.worn.share = [0.5, 1.0]
seats.bo.heading_deg = [0, 360]

[carried.airframes]
own = '''
mass = "a 'quoted' thing"
'''
"""
)


def test_what_a_file_leaves_out_has_its_default():
    scenario = parse(PLAIN, name="drill.toml")
    assert scenario.step_s == 0.02
    assert scenario.weather.wind_mps == 0.0
    assert scenario.seats[0].mode == "position_hold"
    assert scenario.text == PLAIN


def test_every_part_of_a_scenario_is_read():
    scenario = parse(FULL, name="drill.toml")
    assert scenario.faults[0].seat == "ann"
    assert scenario.faults[0].values == {"speed_mps": 0.5, "direction_deg": 90.0}
    assert scenario.faults[1].when_task == "landing"
    assert scenario.faults[2].values["from_deg"] is None
    assert scenario.randomise["airframe.mass"] == (0.9, 1.1)
    assert scenario.sensors[0]["max_range_m"] == 5000.0
    assert scenario.seat("bo").airframe == "own"


def without_text(scenario: Scenario) -> Scenario:
    return dataclasses.replace(scenario, text="")


@pytest.mark.parametrize("text", [PLAIN, FULL])
def test_a_carried_text_is_read_as_the_same_scenario(text: str):
    first = parse(text, name="drill.toml")
    again = parse(to_text(first, lanes=first.lanes, airframes=first.airframes), name="again")
    assert without_text(again) == without_text(first)


@pytest.mark.parametrize("inner", ["a\n'''\nb", "ends in '", 'tab\tand \\ and "', "\x7f\x00", "é\nü\n", "a\r\nb", ""])
def test_a_carried_file_comes_back_as_it_was(inner: str):
    text = to_text(parse(PLAIN, name="a"), lanes={"odd name": inner}, seed=7, world=3)
    again = parse(text, name="again")
    assert again.lanes == {"odd name": inner}
    assert (again.seed, again.world) == (7, 3)


BAD = [
    ("name = 3", "key name", "not what it holds"),
    (PLAIN + "postion_m = [0, 0, 0]", "[seats ann] postion_m", "did you mean position_m?"),
    (PLAIN + "position_m = [0, 0, -1]", "position_m", "below ground"),
    (PLAIN + "position_m = [0, 0]", "position_m", "three"),
    (PLAIN + "position_m = [0, nan, 0]", "position_m", "three"),
    (PLAIN + '[[seats]]\nname = "ann"\nairframe = "a"', "seats ann", "two have this name"),
    (PLAIN.replace("52.0", "152.0"), "lat_deg", "at most 90"),
    (PLAIN.replace("52.0", "nan"), "lat_deg", "cannot be"),
    (PLAIN + 'mode = "sport"', "mode", "there are rate"),
    (PLAIN + 'mode = "positionhold"', "mode", "did you mean position_hold?"),
    (PLAIN + "[wether]\nwind_mps = 3", "key wether", "did you mean weather?"),
    (PLAIN + "[weather]\nwind_mps = -3", "wind_mps", "at least 0"),
    (PLAIN + '[[faults]]\nkind = "satnav_of"\nonset_s = 1', "kind", "did you mean satnav_off?"),
    (PLAIN + '[[faults]]\nkind = "battery"', "faults battery", "either onset_s or when_task"),
    (PLAIN + '[[faults]]\nkind = "battery"\nonset_s = 2\nend_s = 1', "end_s", "before it sets in"),
    (PLAIN + '[[faults]]\nkind = "battery"\nwhen_task = "a"', "when_task", "only a lane has tasks"),
    (PLAIN + '[[faults]]\nkind = "battery"\nonset_s = 2\nseat = "an"', "seat", "did you mean ann?"),
    (PLAIN + "[randomise]\nairframe.mass = [-1, 2]", "airframe.mass", "above 0"),
    (PLAIN + "[randomise]\nairframe.mas = [1, 2]", "airframe.mas", "did you mean airframe.mass?"),
    (PLAIN + "[randomise]\nweather.wind_mps = [2, 1]", "wind_mps", "no range"),
    (PLAIN + "[randomise]\nweather.wind_mps = [-2, 1]", "wind_mps", "at least 0"),
    (PLAIN + '[[injects]]\ntime_s = 1\ntext = "a"\nseat = "cy"', "injects 0", "there is no cy"),
    (PLAIN + "[failsafes]\nbattery_return = 0.5", "battery_warn", "charges must fall"),
    (PLAIN + '[[sensors]]\nsensor_id = "a"\nkind = "radar"', "kind", "there is no radar"),
    (PLAIN + "[carried]\nlanes = 3", "carried", "TOML"),
    (PLAIN + "seats = 3", "seats ann", "no seats"),
    ("weather = 3\n" + PLAIN, "weather", "write [weather]"),
    ("seats = 3\n" + PLAIN.partition("[[seats]]")[0], "seats", "write [[seats]]"),
    (PLAIN.partition("[[seats]]")[0], "[[seats]]", "nobody"),
    ("name = ", "drill.toml", "is not valid TOML"),
]


@pytest.mark.parametrize(("text", "place", "why"), BAD)
def test_a_scenario_that_cannot_be_names_the_key_and_the_way_out(text: str, place: str, why: str):
    with pytest.raises(ScenarioError) as caught:
        parse(text, name="drill.toml")
    said = str(caught.value)
    assert "drill.toml" in said
    assert place in said
    assert why in said


def test_every_key_has_a_meaning_and_every_number_a_unit_or_is_a_power_or_the_shape_of_a_law():
    for section, known in (*SECTIONS.items(), *FAULT_VALUES.items()):
        for one in known:
            assert one.meaning, (section, one.name)
            if one.kind == NUMBER and not one.unit:
                assert one.name in ("shear_exponent", "clutter_shape"), (section, one.name)


def test_every_kind_of_fault_takes_at_most_two_numbers():
    assert all(len(numbers) <= 2 for numbers in FAULT_VALUES.values())


def test_the_names_that_may_be_drawn_are_those_of_the_scenario():
    known = randomisable(parse(FULL, name="drill"))
    assert {"weather.wind_mps", "airframe.mass", "seats.bo.east_m", "faults.worn.share"} <= set(known)

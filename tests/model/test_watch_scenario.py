"""A watch scenario is read from its text, refuses what cannot be, and is written so that it is read the same."""

from __future__ import annotations

import dataclasses

import pytest
import watching

from hotwash.errors import ScenarioError
from hotwash.model.scenario import parse, to_text
from hotwash.model.watch_scenario import WatchScenario, number_reports

PLAIN = """
name = "w"
[place]
lat_deg = 52.0
lon_deg = 21.0
[[seats]]
name = "ann"
kind = "watch"
"""
OBJECT = """
[[objects]]
name = "d"
kind = "drone"
speed_mps = 30
route = [[52.0, 21.0], [52.1, 21.0]]
"""
PILOT = PLAIN.replace('kind = "watch"', 'airframe = "quad-900g"')


def test_a_watch_needs_no_airframe_and_has_defaults():
    scenario = parse(PLAIN, name="w.toml")
    assert isinstance(scenario, WatchScenario)
    assert scenario.watch.step_s == 5.0
    assert scenario.watch.marked == "EXERCISE"
    assert scenario.objects == ()


def test_every_part_of_a_watch_is_read():
    night = watching.night()
    assert [one.name for one in night.objects] == ["d1", "a1", "b1"]
    assert night.objects[1].heights_m == (3000.0, 400.0)
    assert night.zones[0].ring[1] == (51.0, 23.3)
    assert night.outages[0].to_s == 160.0
    assert night.aerodromes[1].is_open is False
    assert night.senses[0] == {"sensor_id": "RADAR", "is_rotating": True, "reference_range_m": 60_000.0,
                               "latency_s": 0.5, "clock_error_s": 0.4}  # fmt: skip
    assert night.vary["drones"] == (0.0, 3.0)
    assert "an example" in night.rules["example"]


@pytest.mark.parametrize("text", [PLAIN, PLAIN + OBJECT, watching.TEXT])
def test_a_written_watch_is_read_as_the_same_scenario(text: str):
    first = parse(text, name="w.toml")
    again = parse(to_text(first), name="again")
    assert dataclasses.replace(again, text="") == dataclasses.replace(first, text="")


def test_reports_reach_the_seat_under_numbers_in_the_order_in_which_they_come():
    names = {name: one.report_id for name, one in number_reports(watching.night().reports).items()}
    assert names == {"R001": "false-one", "R002": "seen-by-police"}


BAD = [
    (PILOT + "[watch]\nstep_s = 5", "watch", "only a watch has this"),
    (PILOT + OBJECT, "objects", "only a watch has this"),
    (PILOT.replace('airframe = "quad-900g"', ""), "[seats ann] airframe", "missing"),
    (PLAIN + '[[seats]]\nname = "bo"\nairframe = "quad-900g"', "[[seats]]", "either pilots or one watch"),
    (PLAIN + '[[seats]]\nname = "bo"\nkind = "watch"', "[[seats]]", "either pilots or one watch"),
    ('lane = "bperp"' + PLAIN, "lane", "for pilots"),
    (PLAIN + "[watch]\nstep_s = 0.1", "step_s", "at least 1"),
    (PLAIN + '[watch]\nrules = "home"', "[watch] rules", "there is no home"),
    (PLAIN + OBJECT.replace('"drone"', '"unknown"'), "kind", "there is no unknown"),
    (PLAIN + OBJECT.replace('"drone"', '"drones"'), "kind", "did you mean drone?"),
    (PLAIN + OBJECT.replace(", [52.1, 21.0]]", "]"), "[objects d] route", "needs 2 or more"),
    (PLAIN + OBJECT.replace("[52.1, 21.0]", "[52.0, 21.0]"), "[objects d] route", "the same"),
    (PLAIN + OBJECT.replace("[52.1, 21.0]", "[95.0, 21.0]"), "route", "not what it holds"),
    (PLAIN + OBJECT + "heights_m = [1, 2, 3]", "heights_m", "3 heights for 2 points"),
    (PLAIN + OBJECT.replace('"drone"', '"bird"') + 'flown = "wing"', "flown", "this is a bird"),
    (PLAIN + OBJECT + OBJECT, "[objects d] name", "two have this name"),
    (PLAIN + '[[reports]]\nreport_id = "r"\ntime_s = 5\nknown_s = 1\nrole = "police"', "known_s", "before it was seen"),
    (PLAIN + '[[reports]]\nreport_id = "r"\ntime_s = 5\nrole = "police"\nabout = "x"', "about", "there is no x"),
    (PLAIN + '[[reports]]\nreport_id = "r"\ntime_s = 5\nrole = "police"\ntruth = "maybe"', "truth", "there are true"),
    (PLAIN + '[[traffic]]\naerodrome_id = "EPWA"', "[traffic 0]", "there is no EPWA"),
    (PLAIN + '[[outages]]\nsensor_id = "r"\nfrom_s = 1', "[outages 0]", "there is no r"),
    (PLAIN + '[[senses]]\nsensor_id = "r"', "[senses r]", "there is no r"),
    (PLAIN + '[[zones]]\nzone_id = "z"\nring = [[1, 2], [3, 4]]', "[zones z] ring", "three corners"),
    (PLAIN + "[vary]\ndrone = [0, 1]", "[vary] drone", "did you mean drones?"),
    (PLAIN + "[vary]\ndrones = [3, 1]", "[vary] drones", "no range"),
    (PLAIN + "[vary]\ndrones = [0.5, 1]", "[vary] drones", "no count"),
    (PLAIN + "[vary]\ndrones = [-1, 1]", "drones", "at least 0"),
    (PLAIN + "[vary]\ndetection = [0.5, 1.5]", "detection", "at most 1"),
    (PLAIN + "[randomise]\nairframe.mass = [0.9, 1.1]", "airframe.mass", "there are weather"),
    (PLAIN + "[carried]\nrules = 3", "carried", "TOML"),
]


@pytest.mark.parametrize(("text", "place", "why"), BAD)
def test_a_watch_that_cannot_be_names_the_key_and_the_way_out(text: str, place: str, why: str):
    with pytest.raises(ScenarioError) as caught:
        parse(text, name="w.toml")
    said = str(caught.value)
    assert "w.toml" in said
    assert place in said
    assert why in said

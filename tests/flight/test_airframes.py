"""Airframe files: every number with its unit and source, and what cannot be or cannot hover is refused by its key."""

from __future__ import annotations

import re

import numpy as np
import pytest
from flying import QUADS, text_with

from hotwash.errors import AirframeError
from hotwash.flight import airframes
from hotwash.flight.quantities import KINDS


@pytest.mark.parametrize("name", airframes.SHIPPED)
def test_every_number_that_travels_has_its_unit_and_a_source_in_words(name: str):
    airframe = airframes.load_airframe(name)
    assert airframe.provenance in airframes.PROVENANCES
    assert set(airframe.numbers) == set(KINDS[airframe.kind])
    for key, number in airframe.numbers.items():
        assert number.unit == KINDS[airframe.kind][key].unit
        assert len(number.source) > 10, key


@pytest.mark.parametrize("name", QUADS)
def test_every_multirotor_has_thrust_to_spare_and_control_for_its_tilt(name: str):
    airframe = airframes.load_airframe(name)
    assert 0.05 < airframe.hover_thrust < 0.65
    assert np.cos(np.radians(airframe.limits.max_tilt_deg)) > airframe.hover_thrust


def test_the_published_airframes_hold_the_published_numbers():
    bird = airframes.load_airframe("hummingbird")
    assert (bird["body.mass"], bird["rotors.thrust"], bird["rotors.torque"]) == (0.5, 5.57e-6, 1.36e-7)
    assert bird.row("body.inertia").tolist() == [3.65e-3, 3.68e-3, 7.03e-3]
    assert np.linalg.norm(bird.row("rotors.position"), axis=1) == pytest.approx([0.17] * 4)
    assert bird.row("rotors.spin").tolist() == [1.0, -1.0, 1.0, -1.0]


BAD = [
    ({"body__mass": "-1.0"}, "body.mass"),
    ({"body__mass": "0"}, "body.mass"),
    ({"body__mass": "nan"}, "body.mass"),
    ({"body__mass": "[1.0, 2.0]"}, "body.mass"),
    ({"body__mass": '"heavy"'}, "body.mass"),
    ({"body__mass": "60.0"}, "cannot hover"),
    ({"rotors__thrust": "1e-9"}, "cannot hover"),
    ({"battery__resistance": "2.0"}, "cannot hover"),
    ({"body__inertia": "[1.0, 0.1, 0.1]"}, "body.inertia"),
    ({"body__drag": "[-1.0, 0.1, 0.1]"}, "body.drag"),
    ({"rotors__spin": "[1, 1, 1, 1]"}, "apart from each other"),
    ({"rotors__spin": "[1, -1, 1, 0.5]"}, "rotors.spin"),
    ({"rotors__position": "[[0.1, 0, 0], [0.1, 0, 0], [0.1, 0, 0], [0.1, 0, 0]]"}, "apart from each other"),
    ({"rotors__position": "[[1, 1, 0], [1, -1, 0], [-1, -1, 0.1], [-1, 1, 0]]"}, "one height"),
    ({"rotors__lag": "0.0"}, "rotors.lag"),
    ({"battery__empty": "99.0"}, "battery.empty"),
    ({"camera__gimbal_lowest": "40.0"}, "gimbal_lowest"),
    ({"limits__tilt": "95.0"}, "limits.tilt"),
]


@pytest.mark.parametrize(("change", "why"), BAD)
def test_an_airframe_that_cannot_be_is_refused_and_the_key_is_named(change: dict[str, str], why: str):
    with pytest.raises(AirframeError, match=re.escape(why)) as caught:
        airframes.parse(text_with("quad-900g", **change), name="mine")
    assert caught.value.thing == "mine"


SOUND = text_with("quad-900g")
SPOILT = [
    (SOUND.replace("format = 1", "format = 9"), "format"),
    (SOUND.replace('kind = "multirotor"', 'kind = "balloon"'), "kind"),
    (SOUND.replace('provenance = "estimated"', 'provenance = "guessed"'), "provenance"),
    (re.sub(r"(?m)^mass = .*$", "", SOUND), "body.mass"),
    (SOUND.replace("[body]\n", "[body]\ncolour = 3\n"), "body.colour"),
    (SOUND.replace('unit = "kg",', 'unit = "g",'), "body.mass"),
    (SOUND.replace('source = "weight"', 'source = "hearsay"'), "hearsay"),
    (re.sub(r"(?m)^mass = .*$", "mass = 0.9", SOUND), "body.mass"),
    (SOUND.replace("[sources]", "[origins]"), "sources"),
    ("mass = = 3", "is not valid TOML"),
    ("", "format"),
]


@pytest.mark.parametrize(("text", "why"), SPOILT)
def test_a_file_that_is_not_in_order_is_refused_and_the_place_is_named(text: str, why: str):
    with pytest.raises(AirframeError, match=re.escape(why)):
        airframes.parse(text, name="mine")


def test_an_unknown_airframe_is_answered_with_those_there_are():
    with pytest.raises(AirframeError, match="quad-900g"):
        airframes.load_airframe("zeppelin")

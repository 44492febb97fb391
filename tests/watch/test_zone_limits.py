"""A zone of a scenario may have a floor and a ceiling: the seat's picture counts them, where heights are known."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
import watching

from hotwash.errors import ScenarioError
from hotwash.model.scenario import parse, to_text
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.staging import stage

DRONE_AMSL_M = 500.0  # of d1 in the night by hand
LIMITS = 'ceiling_m = {ceiling}\nceiling_ref = "AMSL"\n'


def limited(ceiling, *, is_3d):
    text = watching.TEXT.partition("[vary]")[0] + "[carried.rules]" + watching.TEXT.partition("[carried.rules]")[2]
    text = text.replace("ring = [[51.0, 22.0]", LIMITS.format(ceiling=ceiling) + "ring = [[51.0, 22.0]")
    return watching.night(text.replace("is_rotating = true", f"is_rotating = true\nis_3d = {str(is_3d).lower()}"))


def answers(ceiling, *, is_3d):
    """Return the answers that the picture gave of nameless tracks plainly beyond the line."""
    watch = WatchExercise(limited(ceiling, is_3d=is_3d), record=True)
    view = watch.reset(seed=3)["watch"]
    found = []
    while not watch.is_over[0]:
        inside = view.tracks.filter(pl.col("ident").is_null() & (pl.col("distance_m") > 3_000.0))
        found += inside.filter(pl.col("status") == "confirmed")["answer"].to_list()
        view = watch.step({"watch": watching_nothing()})["watch"]
    return found


def watching_nothing():
    from hotwash.watch.seat import WatchCommand

    return WatchCommand()


def test_limits_stand_in_the_staged_zone_and_go_through_a_file_and_back():
    one = limited(DRONE_AMSL_M + 300.0, is_3d=False)
    assert parse(to_text(one), name="again").zones == one.zones
    (row,) = stage(one, seed=3).zones.to_dicts()
    assert (row["ceiling_m"], row["ceiling_ref"], row["floor_m"]) == (DRONE_AMSL_M + 300.0, "AMSL", None)


def test_a_radar_without_heights_leaves_it_undecided_who_is_below_a_ceiling():
    assert set(answers(DRONE_AMSL_M + 1_000.0, is_3d=False)) == {"undecided"}


def test_a_radar_with_heights_tells_who_is_below_and_who_is_above():
    below, above = (answers(DRONE_AMSL_M + by_m, is_3d=True) for by_m in (10_000.0, -490.0))
    assert "inside" in below
    assert "inside" not in above
    assert "outside" in above


@pytest.mark.parametrize("half", ["floor_m = 100.0", 'ceiling_ref = "AMSL"'])
def test_half_a_limit_is_refused(half):
    text = watching.TEXT.replace("ring = [[51.0, 22.0]", f"{half}\nring = [[51.0, 22.0]")
    with pytest.raises(ScenarioError, match="go together"):
        watching.night(text)


def test_a_replay_does_not_know_where_the_sea_lies():
    watch = watching.fixed().watch
    assert watch.level_hae_m == 33.0
    assert replace(watch, is_replay=True).level_hae_m is None

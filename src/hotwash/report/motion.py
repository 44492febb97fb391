"""What a track's motion is compatible with: modest words from speed over ground alone, never a class, never a count."""

from __future__ import annotations

from dataclasses import dataclass

from hotwash.report.phrases import join_words, plain, sentence


@dataclass(frozen=True, slots=True)
class Motion:
    """One sort of thing that flies, the speeds over ground [m/s] it is seen at, and why these."""

    name: str
    least_mps: float
    most_mps: float
    why: str


# Bounds are wide on purpose: speed over ground holds the wind, and several sorts fly at one speed.
MOTIONS = (
    Motion("balloon", 0.0, 30.0, "drifts with the wind; below 30 m/s near the ground except in a storm"),
    Motion("bird", 0.0, 30.0, "air speeds of 138 species: 8 to 23 m/s (Alerstam and others 2007, PLoS Biology 5:e197)"),
    Motion(
        "multirotor", 0.0, 30.0, "class C1 is limited to 19 m/s (Regulation (EU) 2019/945); unmarked ones are faster"
    ),
    Motion("helicopter", 0.0, 90.0, "hovers; never-exceed speeds of the usual types lie between 65 and 85 m/s"),
    Motion("small fixed-wing aircraft", 15.0, 90.0, "crewed or not: light ones stall near 23 m/s, cruise below 80 m/s"),
    Motion("large aeroplane", 60.0, 350.0, "approach speeds begin near 60 m/s; 350 m/s is a fast jet with a tail wind"),
)
FEWEST_ROWS = 5  # quartiles of fewer speeds say nothing


def compatible_with(low_mps: float | None, high_mps: float | None) -> tuple[str, ...]:
    """Return the sorts of thing whose speeds hold the middle half of a track's speeds; empty where speeds are unknown.

    low_mps, high_mps   lower and upper quartile of the speed over ground
    """
    if low_mps is None or high_mps is None:
        return ()
    return tuple(item.name for item in MOTIONS if item.least_mps <= low_mps and high_mps <= item.most_mps)


def say_motion(low_mps: float | None, median_mps: float | None, high_mps: float | None) -> str:
    """Return the phrase: "motion compatible with: bird or multirotor (14 m/s, middle half 12 to 16 m/s)"."""
    if low_mps is None or median_mps is None or high_mps is None:
        return f"speed known in fewer than {FEWEST_ROWS} rows: motion says nothing"
    found = join_words(compatible_with(low_mps, high_mps), last="or") or "none of the kinds listed"
    speeds = (
        f"{plain(round(median_mps))} m/s over ground, middle half {plain(round(low_mps))} to {plain(round(high_mps))}"
    )
    return f"motion compatible with: {found} ({speeds} m/s)"


def motion_rules() -> tuple[str, ...]:
    """Return each sort with its speeds and their reason, as lines for the account's method."""
    return tuple(
        f"{sentence(item.name)}: {plain(item.least_mps)} to {plain(item.most_mps)} m/s; {item.why}." for item in MOTIONS
    )

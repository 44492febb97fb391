"""How tracks were classified: the matrix against truth, d′ and criterion.

A trial is one confirmed track. A signal is a drone by truth; the answer is yes where the seat took the track for a
drone in the end. A track that stood for nothing real is noise.
"""

from __future__ import annotations

from collections import Counter
from statistics import NormalDist
from typing import NamedTuple

from hotwash.score.watch.conditions import DRONE, LEAST_TRIALS
from hotwash.score.watch.decision_log import DecisionLog
from hotwash.score.watch.real_objects import NOBODY, RealObject, TrackMatches
from hotwash.score.watch.score_rows import Row, no_data, no_opportunity, score_row

NOTHING = "nothing"  # what a track stood for that no object was near
_NORMAL = NormalDist()


class Answers(NamedTuple):
    """Trials by what there was and what was said."""

    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int


class Sensitivity(NamedTuple):
    """How well signals are told from noise, and how readily one says yes: a criterion below 0 leans to yes."""

    d_prime: float
    criterion: float


def rates(answers: Answers) -> tuple[float, float]:
    """Return hit rate and false alarm rate with the log-linear correction: half a trial is added on either side.

    Source: Hautus 1995, Behavior Research Methods, Instruments & Computers 27, 46-51.
    """
    signals, noise = answers.hits + answers.misses, answers.false_alarms + answers.correct_rejections
    return (answers.hits + 0.5) / (signals + 1.0), (answers.false_alarms + 0.5) / (noise + 1.0)


def sensitivity(hit_rate: float, false_alarm_rate: float) -> Sensitivity:
    """Return d′ and criterion of two rates, both above 0 and below 1.

    Source: Macmillan and Creelman 2005, Detection Theory, equations 1.5 and 2.1.
    """
    hit, false = _NORMAL.inv_cdf(hit_rate), _NORMAL.inv_cdf(false_alarm_rate)
    return Sensitivity(hit - false, -0.5 * (hit + false))


def trials(objects: tuple[RealObject, ...], matches: TrackMatches, log: DecisionLog) -> list[tuple[str, str]]:
    """Return what each confirmed track was, and what the seat took it for in the end."""
    found = []
    for track in matches.picture.tracks.tolist():
        number = matches.mostly(track)
        found.append((NOTHING if number == NOBODY else objects[number].kind, log.label_of(track)))
    return found


def answers(pairs: list[tuple[str, str]]) -> Answers:
    """Return trials as hits, misses, false alarms and correct rejections."""
    count = Counter((true == DRONE, said == DRONE) for true, said in pairs)
    return Answers(count[True, True], count[True, False], count[False, True], count[False, False])


def class_rows(pairs: list[tuple[str, str]]) -> list[Row]:
    """Return the four counts, d′ and criterion, and the cells of the matrix that are not empty."""
    found = answers(pairs)
    rows = [
        score_row(name, many, "count") if pairs else no_opportunity(name, "count")
        for name, many in found._asdict().items()
    ]  # fmt: skip
    signals, noise = found.hits + found.misses, found.false_alarms + found.correct_rejections
    if min(signals, noise) < LEAST_TRIALS:
        rows += [no_data("d_prime", "1"), no_data("criterion", "1")]
    else:
        rows += [score_row(name, value, "1") for name, value in sensitivity(*rates(found))._asdict().items()]
    matrix = sorted(Counter(pairs).items())
    return rows + [score_row(f"classified_{true}_as_{said}", many, "count") for (true, said), many in matrix]
